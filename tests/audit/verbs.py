"""The verbs of the made-up province: each tries to write something valid, at random."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from honghui.record.agreements import Consent, Decision, Review
from honghui.record.entries import Entry
from honghui.record.pools import Pool
from honghui.record.steps import Back, In, Leg, Link, Out, Shrink, Via
from honghui.record.values import Count
from tests.audit.bookkeeper import (
    APPROVES,
    ASKS,
    AT,
    CHAIR,
    ENDED,
    SOCIETIES,
    TODAY,
    Bookkeeper,
)

PEOPLE = (None, Count(value=10), Count(value=9, qualifier="about"))
ON_HAND = {"stage": "on_hand", "commodity": "CNY", "source": "donation"}
PLACES = {"flood": "330602", "general": "330100", "school": None, ENDED: "330600"}


class Verbs(Bookkeeper):
    # What comes in.

    def gift(self) -> bool:
        pool = self.pool(purpose=self.chance.choice(("general", "flood", "school", ENDED)))
        day = {"occurred_on": date(2020, 6, 17)} if pool.purpose == ENDED else {}
        self.take_in("gift", pool, self.chance.randint(1, 30), **day)
        return True

    def take_in(self, act: str, pool: Pool, quantity: int, **more: Any) -> None:
        one = self.entry(act, pool.society, In(pool=pool, quantity=quantity), **more)
        self.units.put(pool, quantity, one.id)
        self.gifts[one.id] = pool, quantity

    def gift_in_two_parts(self) -> bool:
        """One gift of money and goods, in two records that stand in a row."""
        pool = self.pool(purpose="flood")
        goods = self.pool(
            pool.society, purpose="flood", commodity=self.lot("torch", None), place="store"
        )
        first = self.entry("gift", pool.society, In(pool=pool, quantity=5), parts=2)
        self.done["gift in parts"] += 1
        more = {"part": 2, "parts": 2, "occurred_on": first.occurred_on, "id": first.id,
                "request": first.request}  # fmt: skip
        self.entry("gift", pool.society, In(pool=goods, quantity=3), **more)
        for into, quantity in ((pool, 5), (goods, 3)):
            self.units.put(into, quantity, first.id)
        self.gifts[first.id] = pool, 8
        return True

    def appropriation(self) -> bool:
        self.take_in("appropriation", self.pool(source="appropriation"), 20)
        return True

    def earning(self) -> bool:
        pool = self.pool(source="own", purpose="general")
        self.take_in("earning", pool, self.chance.randint(5, 20))
        return True

    def goods(self) -> bool:
        item = self.chance.choice(("blanket", "torch"))
        pool = self.pool(purpose="flood", commodity=self.lot(item, None), place="store")
        self.take_in("gift", pool, self.chance.randint(2, 12))
        return True

    # What moves.

    def move(self) -> bool:  # type: ignore[override]
        found = self.some(**ON_HAND)
        if not found or found[0].purpose == ENDED:
            return False
        pool, free = found
        place = self.chance.choice(("330100", "330602"))
        purpose = "flood" if pool.purpose == "general" else pool.purpose
        into = replace(pool, place=place, purpose=purpose)
        if into == pool:
            return False
        self.carry("move", pool, self.chance.randint(1, free), into)
        return True

    def carry(self, act: str, pool: Pool, quantity: int, into: Pool, **more: Any) -> Entry:
        return super().move(act, pool, quantity, into, **more)

    def reserve(self) -> bool:
        found = self.some(**ON_HAND)
        if not found or found[0].purpose == ENDED:
            return False
        pool, free = found
        into = replace(pool, stage="reserved", ref=self.name())
        self.carry("reserve", pool, self.chance.randint(1, free), into)
        return True

    def release(self) -> bool:
        found = self.some(stage=self.chance.choice(("reserved", "decided")), commodity="CNY")
        if not found:
            return False
        pool, free = found
        quantity = self.chance.randint(1, free)
        more = {"decision": pool.ref} if pool.stage == "decided" else {}
        self.carry("release", pool, quantity, replace(pool, stage="on_hand", ref=None), **more)
        return True

    def decide(self) -> bool:
        found = self.some(**ON_HAND)
        if not found or found[0].purpose == ENDED:
            return False
        pool, free = found
        quantity = self.chance.randint(1, free)
        decision = self.write(
            Decision(
                id=self.name(), recorded_at=AT, society=pool.society, body="committee",
                purpose=pool.purpose, commodity="CNY", quantity=quantity, decided_on=TODAY,
                requested_by=ASKS, approved_by=(APPROVES, CHAIR),
            )
        )  # fmt: skip
        into = replace(pool, stage="decided", ref=decision.id)
        self.carry("decide", pool, quantity, into, decision=decision.id)
        return True

    def transfer_out(self) -> bool:
        found = self.some(**ON_HAND)
        if not found or found[0].purpose == ENDED:
            return False
        pool, free = found
        to = self.chance.choice([one for one in SOCIETIES if one != pool.society])
        way = replace(pool, stage="in_transit", ref=self.name())
        quantity = min(15, self.chance.randint(1, free))
        one = self.carry("transfer_out", pool, quantity, way, counterparty=to)
        self.sent.append((one.id, way, to))
        return True

    def transfer_in(self) -> bool:
        """Accepts what was sent, or less."""
        if not self.sent:
            return False
        sent, way, to = self.chance.choice(self.sent)
        free = self.units.free(way)
        if not free:
            return False
        into = replace(way, society=to, stage="on_hand", ref=None)
        self.carry(
            "transfer_in", way, self.chance.randint(1, free), into,
            of=sent, counterparty=way.society,
        )  # fmt: skip
        return True

    def change_of_purpose(self) -> bool:
        found = self.some(purpose="general", **ON_HAND)
        if not found:
            return False
        pool, free = found
        quantity = self.chance.randint(1, free)
        consent = self.consent(pool, "school", quantity)
        self.carry(
            "change_of_purpose", pool, quantity, replace(pool, purpose="school"),
            consent=consent.id,
        )  # fmt: skip
        return True

    def consent(self, pool: Pool, to: str, quantity: int) -> Consent:
        one: Consent = self.write(
            Consent(
                id=self.name(), recorded_at=AT, society=pool.society, given_by="agreement",
                from_purpose=pool.purpose, to_purpose=to, given_on=TODAY, commodity="CNY",
                quantity=quantity, evidence=("e" * 64,),
            )
        )  # fmt: skip
        return one

    def leftover(self) -> bool:
        found = self.some(purpose=ENDED, **ON_HAND)
        if not found:
            return False
        pool, free = found
        self.carry("leftover", pool, free, replace(pool, purpose="general"), occurred_on=TODAY)
        return True

    # What turns into something else.

    def _convert(self, act: str, legs: list[tuple[Pool, int]], into: Pool, quantity: int) -> None:
        """One part of several legs. What comes of it is nobody's gift: a gift is given back in the
        money it was given in."""
        part = tuple(Leg(pool=pool, quantity=amount) for pool, amount in legs)
        link = Link(into=into, quantity=quantity, parts=(part,))
        taken = [self.units.lowest(pool, amount) for pool, amount in legs]
        one = self.entry(act, into.society, link)
        for units in taken:
            self.units.leave(units, one.id)
        self.units.put(into, quantity, one.id)
        self.uses[one.id] = into

    def purchase(self) -> bool:
        """Of one lot, from up to three pools of a purpose, at what the lot says it cost."""
        first = self.some(purpose="flood", **ON_HAND)
        if not first:
            return False
        like = {"society": first[0].society, "purpose": "flood", **ON_HAND}
        pools = [
            pool
            for pool in self.units.pools
            if all(getattr(pool, key) == value for key, value in like.items())
            and self.units.free(pool)
        ][:3]
        free = [self.units.free(pool) for pool in pools]
        price = self.chance.randint(1, 3)
        quantity = sum(free) // price
        if not quantity:
            return False
        legs, due = [], quantity * price
        for pool, amount in zip(pools, free, strict=True):
            if due:
                legs.append((pool, min(due, amount)))
                due -= min(due, amount)
        lot = self.lot(self.chance.choice(("blanket", "torch")), price)
        into = replace(first[0], commodity=lot, place="store")
        self._convert("purchase", legs, into, quantity)
        return True

    def sale(self) -> bool:
        found = self.some(stage="on_hand", place="store", source="donation")
        if not found:
            return False
        pool, free = found
        into = replace(pool, commodity="CNY", place="bank")
        self._convert("sale", [(pool, free)], into, self.chance.randint(1, 30))
        return True

    def exchange(self) -> bool:
        found = self.some(purpose="general", **ON_HAND)
        if not found:
            return False
        pool, free = found
        into = replace(pool, commodity="USD")
        self._convert("exchange", [(pool, free)], into, max(1, free // 7))
        return True

    def pack(self) -> bool:
        """Kits of two blankets and a torch, from as many lots as it takes."""
        stock: dict[str, list[tuple[Pool, int]]] = {"blanket": [], "torch": []}
        society = self.chance.choice(SOCIETIES)
        for pool in self.units.pools:
            item = pool.commodity.rpartition("-")[0]
            free = self.units.free(pool)
            if item in stock and pool.society == society and pool.stage == "on_hand" and free:
                stock[item].append((pool, free))
        count = {item: sum(free for _pool, free in found) for item, found in stock.items()}
        kits = min(count["blanket"] // 2, count["torch"])
        if not kits:
            return False
        parts, taken = [], []
        for item, each in (("blanket", 2), ("torch", 1)):
            due, legs = kits * each, []
            for pool, free in stock[item]:
                amount = min(due, free)
                if amount:
                    legs.append(Leg(pool=pool, quantity=amount))
                    taken.append(self.units.lowest(pool, amount))
                    due -= amount
            parts.append(tuple(legs))
        into = self.pool(society, purpose="flood", commodity=self.lot("kit", None), place="store")
        one = self.entry("pack", society, Link(into=into, quantity=kits, parts=tuple(parts)))
        for units in taken:
            self.units.leave(units, one.id)
        self.units.put(into, kits, one.id)
        return True

    # What reaches its end.

    def use(self) -> bool:
        stage = self.chance.choice(("on_hand", "reserved", "decided", "in_transit"))
        found = self.some(stage=stage, source="donation")
        if not found or found[0].purpose == ENDED or found[0].commodity == "USD":
            return False
        pool, free = found
        quantity = self.chance.randint(1, free)
        if pool.purpose == "school" and stage != "decided":
            quantity = min(quantity, 15)
        step = Out(
            pool=pool, quantity=quantity, use="award" if pool.purpose == "school" else "relief",
            place=PLACES[pool.purpose],
            recipients=self.chance.choice(PEOPLE),
        )  # fmt: skip
        self._out("use", step, decision=pool.ref if stage == "decided" else None)
        return True

    def _out(self, act: str, step: Out, **more: Any) -> Entry:
        if step.at:
            units = [
                unit for first, past in step.at for unit in self.units.pools[step.pool][first:past]
            ]
        else:
            units = self.units.lowest(step.pool, step.quantity)
        one = self.entry(act, step.pool.society, step, **more)
        self.units.leave(units, one.id)
        self.uses[one.id] = step.pool
        return one

    def overhead(self) -> bool:
        """As much as the cap leaves, to the last fen."""
        found = self.some(purpose="general", **ON_HAND)
        if not found:
            return False
        pool, free = found
        quantity = min(free, self._room("general"))
        if quantity < 1:
            return False
        step = Out(pool=pool, quantity=quantity, use="overhead", place="330000")
        self._out("use", step)
        self.done["overhead"] += 1
        return True

    def _room(self, purpose: str) -> int:
        """What the cap of a tenth still leaves for fees and overhead."""
        received = charged = 0
        for record in self.records:
            if isinstance(record, Entry):
                for step in record.steps:
                    money = step.pool if not isinstance(step, Link) else step.into
                    if money.purpose != purpose or money.commodity != "CNY":
                        continue
                    if isinstance(step, In) and record.act in (
                        "gift",
                        "appropriation",
                        "earning",
                        "stocktake",
                    ):  # noqa: E501
                        received += step.quantity
                    if isinstance(step, Out) and step.use in ("fee", "overhead"):
                        charged += step.quantity
                    if isinstance(step, Shrink):
                        charged += step.loss
        return received // 10 - charged

    def emergency(self) -> bool:
        """Released by one alone; another looks at it afterwards."""
        found = self.some(stage="on_hand", place="store")
        if not found:
            return False
        pool, free = found
        step = Out(pool=pool, quantity=free, use="relief", place="330602")
        one = self._out("use", step, approved_by=(), emergency=True, text="f" * 64)
        self.write(
            Review(
                id=self.name(), recorded_at=AT, society=pool.society, of=one.id,
                reviewed_by=CHAIR, reviewed_on=TODAY, outcome="in_order",
            )
        )  # fmt: skip
        return True

    def loss(self) -> bool:
        found = self.some(stage="on_hand", place="store")
        if not found:
            return False
        self._out("loss", Out(pool=found[0], quantity=1, use="loss"))
        return True

    def stocktake(self) -> bool:
        found = self.some(stage="on_hand", place="store")
        if not found:
            return False
        pool, _free = found
        if self.chance.random() < 0.5:
            self.take_in("stocktake", pool, 1)
        else:
            self._out("stocktake", Out(pool=pool, quantity=1, use="stocktake"))
        return True

    def shrink(self) -> bool:
        """A fee that everybody in the pool bears."""
        found = self.some(purpose="general", **ON_HAND)
        if not found:
            return False
        pool, free = found
        loss = min(free, self._room("general"), 3)
        if loss < 1:
            return False
        step = Shrink(pool=pool, remainder=free, loss=loss, use="fee")
        units = self.units.lowest(pool, free)
        one = self.entry("shrink", pool.society, step)
        self.units.leave(units, one.id)
        if free > loss:
            hops = [Via(entry=one.id, step=0)] * free
            self.units.carry(units, pool, free - loss, hops)
        return True

    def give_back(self) -> bool:
        """What came back of a use: the same pool has it again."""
        uses = [
            (use, pool, units)
            for use, pool in self.uses.items()
            if (units := [one for one in self.units.pools[pool] if one.left_by == use])
            and not any(one.settled for one in units)
            and self._is_use(use)
        ]
        if not uses:
            return False
        use, pool, units = self.chance.choice(uses)
        units = units[: self.chance.randint(1, len(units))]
        at = self.units.intervals(pool, units)
        step = Back(
            pool=pool, at=at, spent_by=use, use="award" if pool.purpose == "school" else "relief"
        )  # noqa: E501
        one = self.entry("return", pool.society, step, of=use)
        for unit in units:
            unit.settled = True
        self.units.carry(units, pool, len(units), [Via(entry=one.id, step=0)] * len(units))
        return True

    def _is_use(self, name: str) -> bool:
        return any(
            isinstance(one, Entry) and one.id == name and one.act in ("use", "loss", "stocktake")
            for one in self.records
        )

"""One wrong each: a society whose last record breaks one rule, and would be in order but for that.

`WRONGS` maps each to the rule that names it. Each begins with what it needs, done properly.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from honghui.record.agreements import Decision, Review
from honghui.record.clauses import Cap, Uses
from honghui.record.credentials import CertificateRevocation
from honghui.record.entries import Entry
from honghui.record.log_events import RecoveryMark
from honghui.record.pools import Pool
from honghui.record.references import Item, Lot, Place, Society
from honghui.record.statements import Bulletin, Closing, Figure, Reconciliation, Sum, Thing
from honghui.record.steps import Back, Cover, In, Leg, Link, Out, Shrink, Via
from honghui.record.values import Count
from tests.audit.bookkeeper import APPROVES, ASKS, AT, CHAIR, TODAY
from tests.audit.stating import Stating

Wrong = Callable[["Wrongs"], Any]
WRONGS: dict[Wrong, str] = {}


def breaks(rule: str) -> Callable[[Wrong], Wrong]:
    def note(wrong: Wrong) -> Wrong:
        WRONGS[wrong] = rule
        return wrong

    return note


class Wrongs(Stating):
    """A society with a life behind it, then a pool that nobody has touched, and ways to spoil the
    last record."""

    def __init__(self, chance: random.Random, *verbs: str) -> None:
        super().__init__(chance)
        for verb in verbs:
            getattr(self, verb)()
        self.write(Place(id=self.name(), recorded_at=AT, code="desk", kind="cash_box"))
        self.money = self.pool("330600", purpose="general", place="desk")
        self.take_in("gift", self.money, 1000)

    def spoil(self, **changes: Any) -> None:
        self.records[-1] = replace(self.records[-1], **changes)

    def spoil_step(self, **changes: Any) -> None:
        last = self.records[-1]
        assert isinstance(last, Entry)
        self.spoil(steps=(*last.steps[:-1], replace(last.steps[-1], **changes)))

    def use_some(self, quantity: int = 10, **more: Any) -> Entry:
        """A use that is in order."""
        step = {"pool": self.money, "quantity": quantity, "use": "relief", "place": "330100"}
        return self._out("use", Out(**(step | more)))

    def kit_pool(self) -> Pool:
        return self.pool("330600", purpose="flood", commodity=self.lot("kit", None), place="store")

    def goods_pool(self, item: str, quantity: int) -> Pool:
        pool = self.pool("330600", purpose="flood", commodity=self.lot(item, None), place="store")
        self.take_in("gift", pool, quantity)
        return pool

    def one(self, kind: type, *verbs: str) -> Any:
        """A record of that kind, written by one of its verbs."""
        while not isinstance(self.records[-1], kind):
            for verb in verbs:
                getattr(self, verb)()
        return self.records[-1]


# Pools.


@breaks("pool.overdrawn")
def more_than_is_left(society: Wrongs) -> None:
    society.use_some()
    society.spoil_step(quantity=1001)


@breaks("pool.overdrawn")
def one_more_than_was_sent(society: Wrongs) -> None:
    way = replace(society.money, stage="in_transit", ref=society.name())
    sent = society.carry("transfer_out", society.money, 10, way, counterparty="330100")
    into = replace(way, society="330100", stage="on_hand", ref=None)
    society.carry("transfer_in", way, 10, into, of=sent.id, counterparty="330600")
    link = society.records[-1].steps[0]  # type: ignore[union-attr]
    society.spoil_step(
        quantity=11,
        parts=((replace(link.parts[0][0], quantity=11),),),  # type: ignore[union-attr]
    )


@breaks("pool.too-large")
def beyond_what_json_keeps(society: Wrongs) -> None:
    society.entry("gift", "330600", In(pool=society.money, quantity=2**53 - 1))


@breaks("pool.positions")
def positions_in_the_wrong_order(society: Wrongs) -> None:
    society.use_some()
    society.spoil_step(at=((15, 20), (5, 10)))


@breaks("pool.positions")
def positions_that_overlap(society: Wrongs) -> None:
    society.use_some()
    society.spoil_step(at=((5, 10), (9, 14)))


@breaks("pool.positions")
def positions_that_are_empty(society: Wrongs) -> None:
    society.use_some()
    society.spoil_step(at=((5, 5), (6, 16)))


@breaks("pool.positions")
def positions_beyond_the_pool(society: Wrongs) -> None:
    society.use_some()
    society.spoil_step(at=((995, 1005),))


@breaks("pool.positions-taken")
def positions_that_have_left(society: Wrongs) -> None:
    society.use_some()
    society.use_some()
    society.spoil_step(at=((9, 19),))


@breaks("pool.positions-taken")
def positions_that_were_named_before(society: Wrongs) -> None:
    society.use_some(at=((500, 510),))
    society.use_some()
    society.spoil_step(at=((509, 519),))


@breaks("pool.positions-sum")
def positions_that_are_not_the_quantity(society: Wrongs) -> None:
    society.use_some()
    society.spoil_step(at=((0, 9),))


@breaks("pool.remainder")
def a_remainder_that_is_not_there(society: Wrongs) -> None:
    step = Shrink(pool=society.money, remainder=999, loss=1, use="fee")
    society.entry("shrink", "330600", step)


@breaks("pool.loss")
def a_loss_of_more_than_all(society: Wrongs) -> None:
    step = Shrink(pool=society.money, remainder=1000, loss=1001, use="fee")
    society.entry("shrink", "330600", step)


@breaks("pool.not-spent")
def a_return_of_what_was_never_spent(society: Wrongs) -> None:
    use = society.use_some()
    step = Back(pool=society.money, at=((5, 15),), spent_by=use.id, use="relief")
    society.entry("return", "330600", step, of=use.id)


@breaks("pool.settled-twice")
def a_return_of_the_same_twice(society: Wrongs) -> None:
    use = society.use_some()
    for _ in range(2):
        step = Back(pool=society.money, at=((0, 5),), spent_by=use.id, use="relief")
        society.entry("return", "330600", step, of=use.id)


def _reserve(society: Wrongs) -> Pool:
    own = society.pool("330600", purpose="general", source="own")
    society.take_in("earning", own, 500)
    return own


@breaks("pool.settled-twice")
def a_cover_of_the_same_twice(society: Wrongs) -> None:
    own, use = _reserve(society), society.use_some()
    for _ in range(2):
        step = Cover(pool=society.money, at=((0, 5),), spent_by=use.id, by=own)
        society.entry("cover", "330600", step)


@breaks("pool.not-spent")
def a_cover_of_what_nobody_spent(society: Wrongs) -> None:
    own, use = _reserve(society), society.use_some()
    step = Cover(pool=society.money, at=((10, 12),), spent_by=use.id, by=own)
    society.entry("cover", "330600", step)


@breaks("pool.overdrawn")
def a_cover_by_a_reserve_that_is_too_short(society: Wrongs) -> None:
    own = _reserve(society)
    short = society.units.free(own) + 1
    use = society.use_some(short)
    step = Cover(pool=society.money, at=((0, short),), spent_by=use.id, by=own)
    society.entry("cover", "330600", step)


@breaks("pool.cover")
def a_cover_by_the_pool_itself(society: Wrongs) -> None:
    use = society.use_some()
    step = Cover(pool=society.money, at=((0, 5),), spent_by=use.id, by=society.money)
    society.entry("cover", "330600", step)


def _gift(society: Wrongs) -> str:
    society.take_in("gift", society.money, 100)
    return society.records[-1].id


def _give_back(society: Wrongs, gift: str, first: int, past: int, act: str = "refund") -> Entry:
    step = Out(pool=society.money, quantity=past - first, at=((first, past),))
    return society.entry(act, "330600", step, of=gift)


@breaks("pool.not-the-gifts")
def a_refund_out_of_somebody_elses_gift(society: Wrongs) -> None:
    _give_back(society, _gift(society), 999, 1009)


@breaks("pool.not-the-gifts")
def a_refund_that_names_no_positions(society: Wrongs) -> None:
    _give_back(society, _gift(society), 1000, 1010)
    society.spoil_step(at=())


@breaks("pool.positions-taken")
def a_gift_reversed_twice(society: Wrongs) -> None:
    gift = _gift(society)
    for _ in range(2):
        _give_back(society, gift, 1000, 1040, "reversal")


@breaks("pool.beyond-the-gift")
def more_given_back_than_was_given(society: Wrongs) -> None:
    """All of it where a fee has carried it, and then one fen where it lay before."""
    gift, own = _gift(society), _reserve(society)
    fee = society.entry(
        "shrink", "330600", Shrink(pool=society.money, remainder=1100, loss=5, use="fee")
    )
    road = (Via(entry=fee.id, step=0),)
    step = Out(pool=society.money, quantity=100, at=((2095, 2195),), via=road)
    society.entry("refund", "330600", step, of=gift)
    cover = Cover(pool=society.money, at=((1000, 1001),), spent_by=fee.id, by=own)
    society.entry("refund", "330600", cover, of=gift)


@breaks("entry.of")
def a_reversal_of_a_reversal(society: Wrongs) -> None:
    one = _give_back(society, _gift(society), 1000, 1040, "reversal")
    _give_back(society, one.id, 1040, 1050, "reversal")


@breaks("entry.of")
def a_refund_of_nothing(society: Wrongs) -> None:
    _give_back(society, "0" * 32, 0, 10)


@breaks("entry.of")
def a_return_of_a_gift(society: Wrongs) -> None:
    gift = _gift(society)
    step = Back(pool=society.money, at=((1000, 1010),), spent_by=gift, use="relief")
    society.entry("return", "330600", step, of=gift)


# Entries.


@breaks("entry.parts")
def a_part_that_is_missing(society: Wrongs) -> None:
    society.entry("gift", "330600", In(pool=society.money, quantity=1), parts=2)


@breaks("entry.parts")
def a_part_too_many(society: Wrongs) -> None:
    society.entry("gift", "330600", In(pool=society.money, quantity=1), part=2)


@breaks("entry.parts-differ")
def parts_of_two_days(society: Wrongs) -> None:
    society.gift_in_two_parts()
    society.spoil(occurred_on=TODAY - timedelta(days=9))


@breaks("record.id-twice")
def an_id_used_twice(society: Wrongs) -> None:
    society.entry("gift", "330600", In(pool=society.money, quantity=1), id=society.records[0].id)


@breaks("record.request-twice")
def the_same_request_twice(society: Wrongs) -> None:
    one = society.entry("gift", "330600", In(pool=society.money, quantity=1))
    more = {"request": one.request, "occurred_on": one.occurred_on}
    society.entry("gift", "330600", In(pool=society.money, quantity=1), **more)


@breaks("record.dated-ahead")
def a_day_that_has_not_come(society: Wrongs) -> None:
    society.use_some()
    society.spoil(occurred_on=TODAY + timedelta(days=2))


@breaks("entry.step-not-allowed")
def a_gift_that_goes_out(society: Wrongs) -> None:
    society.entry("gift", "330600", Out(pool=society.money, quantity=1, use="relief"))


@breaks("entry.society")
def somebody_elses_pool(society: Wrongs) -> None:
    society.use_some()
    society.spoil(society="330100")


@breaks("entry.stage")
def a_gift_into_a_reservation(society: Wrongs) -> None:
    pool = replace(society.money, stage="reserved", ref=society.name())
    society.entry("gift", "330600", In(pool=pool, quantity=1))


@breaks("entry.ref")
def a_reservation_for_nobody(society: Wrongs) -> None:
    society.carry("reserve", society.money, 1, replace(society.money, stage="reserved"))


@breaks("entry.source")
def a_donation_turned_into_own_money(society: Wrongs) -> None:
    society.carry("move", society.money, 1, replace(society.money, source="own"))


@breaks("entry.source")
def a_gift_booked_as_an_appropriation(society: Wrongs) -> None:
    pool = replace(society.money, source="appropriation")
    society.entry("gift", "330600", In(pool=pool, quantity=1))


@breaks("entry.commodity")
def yuan_moved_into_dollars(society: Wrongs) -> None:
    society.carry("move", society.money, 1, replace(society.money, commodity="USD"))


@breaks("entry.quantity")
def a_move_that_gains_one(society: Wrongs) -> None:
    society.carry("move", society.money, 5, replace(society.money, place="330100"))
    society.spoil_step(quantity=6)


@breaks("entry.same-pool")
def a_circle_of_one(society: Wrongs) -> None:
    leg = Leg(pool=society.money, quantity=5)
    society.entry("move", "330600", Link(into=society.money, quantity=5, parts=((leg,),)))


@breaks("entry.counterparty")
def a_transfer_to_nobody(society: Wrongs) -> None:
    way = replace(society.money, stage="in_transit", ref=society.name())
    society.carry("transfer_out", society.money, 10, way)


@breaks("entry.counterparty")
def accepted_by_whom_it_was_not_for(society: Wrongs) -> None:
    way = replace(society.money, stage="in_transit", ref=society.name())
    sent = society.carry("transfer_out", society.money, 10, way, counterparty="330100")
    into = replace(way, society="330000", stage="on_hand", ref=None)
    society.carry("transfer_in", way, 10, into, of=sent.id, counterparty="330600")


@breaks("entry.use")
def used_for_nothing(society: Wrongs) -> None:
    society.use_some(use=None)


@breaks("entry.count-too-small")
def nine_people_exactly(society: Wrongs) -> None:
    society.use_some(recipients=Count(value=9))


@breaks("entry.purposes")
def an_old_version_of_the_purpose(society: Wrongs) -> None:
    old = society.purposes["general"].id
    society.new_version()
    society.use_some()
    society.spoil(purposes=(old,))


@breaks("entry.contents")
def a_kit_with_a_torch_too_many(society: Wrongs) -> None:
    _pack(society, blankets=4, torches=3)


@breaks("entry.contents")
def a_kit_without_a_torch(society: Wrongs) -> None:
    _pack(society, blankets=4, torches=0)


def _pack(society: Wrongs, *, blankets: int, torches: int) -> None:
    parts = [(Leg(pool=society.goods_pool("blanket", 9), quantity=blankets),)]
    if torches:
        parts.append((Leg(pool=society.goods_pool("torch", 9), quantity=torches),))
    link = Link(into=society.kit_pool(), quantity=2, parts=tuple(parts))
    society.entry("pack", "330600", link)


@breaks("entry.price")
def a_lot_that_cost_one_fen_more(society: Wrongs) -> None:
    lot = society.lot("torch", 20)
    into = replace(society.money, commodity=lot, place="store")
    leg = Leg(pool=society.money, quantity=41)
    society.entry("purchase", "330600", Link(into=into, quantity=2, parts=((leg,),)))


# Four eyes.


@breaks("four-eyes.missing")
def nobody_approved(society: Wrongs) -> None:
    society.use_some()
    society.spoil(approved_by=())


@breaks("four-eyes.same")
def the_one_who_asked_approved(society: Wrongs) -> None:
    society.use_some()
    society.spoil(approved_by=(APPROVES, ASKS))


@breaks("four-eyes.twice")
def the_same_approver_twice(society: Wrongs) -> None:
    society.use_some()
    society.spoil(approved_by=(APPROVES, CHAIR, APPROVES))


@breaks("four-eyes.no-reason")
def an_emergency_without_a_reason(society: Wrongs) -> None:
    society.use_some()
    society.spoil(approved_by=(), emergency=True)


@breaks("four-eyes.review")
def a_review_by_the_one_who_released_it(society: Wrongs) -> None:
    society.goods_pool("torch", 9)
    society.one(Review, "emergency")
    society.spoil(reviewed_by=ASKS)


@breaks("four-eyes.same")
def a_bulletin_that_one_person_made(society: Wrongs) -> None:
    _bulletin(society)
    society.spoil(requested_by=APPROVES, approved_by=(APPROVES,))


# References.


@breaks("reference.unknown")
def a_purpose_nobody_declared(society: Wrongs) -> None:
    pool = replace(society.money, purpose="nobodys")
    society.records.append(
        replace(_some_gift(society), steps=(In(pool=pool, quantity=1),), purposes=())
    )


def _some_gift(society: Wrongs) -> Entry:
    one = society.entry("gift", "330600", In(pool=society.money, quantity=1))
    society.records.pop()
    return one


@breaks("reference.unknown")
def a_lot_nobody_declared(society: Wrongs) -> None:
    pool = replace(society.money, purpose="flood", commodity="torch-x", place="store")
    society.entry("gift", "330600", In(pool=pool, quantity=1))


@breaks("reference.unknown")
def a_place_nobody_declared(society: Wrongs) -> None:
    society.use_some(place="999999")


@breaks("reference.not-in-force")
def a_society_that_is_closed(society: Wrongs) -> None:
    old = next(one for one in society.records if isinstance(one, Society) and one.upper)
    society.write(replace(old, id=society.name(), closed_on=date(2020, 6, 1)))
    society.take_in("gift", society.pool(old.code, purpose="general"), 1)


@breaks("reference.not-in-force")
def a_purpose_that_is_over(society: Wrongs) -> None:
    society.take_in("gift", society.pool("330600", purpose="ended"), 1, occurred_on=TODAY)


@breaks("reference.circle")
def a_place_within_itself(society: Wrongs) -> None:
    society.write(
        Place(id=society.name(), recorded_at=AT, code="330000", kind="division", within="330602")
    )


@breaks("reference.version")
def a_version_left_out(society: Wrongs) -> None:
    society.new_version()
    society.spoil(version=4)


@breaks("reference.again")
def a_lot_declared_again(society: Wrongs) -> None:
    society.lot("torch", None)
    one = society.records[-1]
    assert isinstance(one, Lot)
    society.write(replace(one, id=society.name(), item="blanket"))


@breaks("reference.lot-value")
def a_value_without_a_basis(society: Wrongs) -> None:
    society.lot("torch", 100)
    society.spoil(value_basis=None)


@breaks("reference.unknown")
def an_item_of_no_unit(society: Wrongs) -> None:
    society.write(Item(id=society.name(), recorded_at=AT, code="tent", unit="metre"))


# Purposes and decisions.


@breaks("purpose.clause")
def a_use_that_is_not_allowed(society: Wrongs) -> None:
    society.use_some(use="training")


@breaks("purpose.clause")
def a_place_that_is_not_allowed(society: Wrongs) -> None:
    society.use_some(place=None)


@breaks("purpose.clause")
def one_fen_above_the_cap(society: Wrongs) -> None:
    society.use_some(society._room("general") + 1, use="overhead")


@breaks("purpose.clause")
def above_the_limit_in_two_steps(society: Wrongs) -> None:
    pool = society.pool("330600", purpose="flood")
    society.take_in("gift", pool, 20_000)
    step = Out(pool=pool, quantity=5_001, use="relief", place="330602")
    society.entry("use", "330600", step, step)


@breaks("purpose.clause")
def above_the_threshold_without_a_decision(society: Wrongs) -> None:
    pool = society.pool("330600", purpose="school")
    society.take_in("gift", pool, 100)
    society._out("use", Out(pool=pool, quantity=16, use="award"))


@breaks("purpose.clause")
def used_before_its_first_day(society: Wrongs) -> None:
    pool = society.pool("330600", purpose="flood")
    society.take_in("gift", pool, 100)
    step = Out(pool=pool, quantity=16, use="relief", place="330602")
    society._out("use", step, occurred_on=date(2020, 5, 31))


@breaks("purpose.clause")
def goods_of_another_kind(society: Wrongs) -> None:
    society.write(Item(id=society.name(), recorded_at=AT, code="book", unit="piece"))
    pool = society.pool("330600", purpose="flood", commodity=society.lot("book", None))
    society.take_in("gift", replace(pool, place="store"), 3)


@breaks("purpose.overhead-uncapped")
def overhead_where_no_cap_is_set(society: Wrongs) -> None:
    society.purpose("open", Uses(only=("overhead", "relief")))
    pool = society.pool("330600", purpose="open")
    society.take_in("gift", pool, 100)
    society._out("use", Out(pool=pool, quantity=1, use="overhead"))


@breaks("purpose.not-attested")
def nobody_vouches(society: Wrongs) -> None:
    society.use_some()
    society.spoil(attested=())


@breaks("purpose.widened")
def a_purpose_made_wider(society: Wrongs) -> None:
    old = society.purposes["general"]
    cap = Cap(uses=("overhead", "fee"), share_bp=1001)
    society.purpose("general", *old.clauses[:-1], cap)


@breaks("purpose.changed")
def moved_to_a_wider_purpose(society: Wrongs) -> None:
    pool = society.pool("330600", purpose="flood")
    society.take_in("gift", pool, 100)
    society.carry("move", pool, 5, replace(pool, purpose="general"))


@breaks("purpose.consent")
def more_than_was_consented_to(society: Wrongs) -> None:
    consent = society.consent(society.money, "school", 10)
    into = replace(society.money, purpose="school")
    for quantity in (6, 5):
        society.carry("change_of_purpose", society.money, quantity, into, consent=consent.id)


@breaks("purpose.consent")
def a_change_without_consent(society: Wrongs) -> None:
    into = replace(society.money, purpose="school")
    society.carry("change_of_purpose", society.money, 5, into)


@breaks("purpose.leftover")
def a_leftover_of_a_purpose_that_goes_on(society: Wrongs) -> None:
    society.carry("leftover", society.money, 5, replace(society.money, purpose="flood"))


@breaks("decision.exceeded")
def one_fen_more_than_was_decided(society: Wrongs) -> None:
    _decide(society)
    link = society.records[-1].steps[0]  # type: ignore[union-attr]
    leg = replace(link.parts[0][0], quantity=link.quantity + 1)  # type: ignore[union-attr]
    society.spoil_step(quantity=link.quantity + 1, parts=((leg,),))  # type: ignore[union-attr]


def _decide(society: Wrongs) -> None:
    decision = Decision(
        id=society.name(), recorded_at=AT, society="330600", body="committee", purpose="general",
        commodity="CNY", quantity=10, decided_on=TODAY, requested_by=ASKS,
        approved_by=(APPROVES,),
    )  # fmt: skip
    society.write(decision)
    into = replace(society.money, stage="decided", ref=decision.id)
    society.carry("decide", society.money, 10, into, decision=decision.id)


@breaks("decision.unknown")
def a_decision_of_another_purpose(society: Wrongs) -> None:
    _decide(society)
    last = society.records.pop()
    decision = society.records.pop()
    society.records += [replace(decision, purpose="ended"), last]


@breaks("decision.late")
def a_decision_that_has_expired(society: Wrongs) -> None:
    _decide(society)
    last = society.records.pop()
    decision = society.records.pop()
    society.records += [replace(decision, last_on=date(2020, 6, 1)), last]


# Statements.


def _bulletin(society: Wrongs) -> Bulletin:
    """A new one, over all societies."""
    while True:
        society.bulletin()
        last = society.records[-1]
        assert isinstance(last, Bulletin)
        if last.figures[0].measure.with_branches:
            return last


@breaks("statement.as-of")
def a_bulletin_about_the_future(society: Wrongs) -> None:
    _bulletin(society)
    society.spoil(as_of=len(society.records))


@breaks("bulletin.figure")
def a_bulletin_off_by_one_fen(society: Wrongs) -> None:
    last = _bulletin(society)
    used = next(one for one in last.figures if one.name == "used")
    others = tuple(one for one in last.figures if one.name != "used")
    society.spoil(figures=(*others, replace(used, value=used.value + 1)))


@breaks("bulletin.figure-name")
def a_figure_twice(society: Wrongs) -> None:
    last = _bulletin(society)
    society.spoil(figures=(*last.figures, last.figures[0]))


@breaks("bulletin.unit")
def yuan_called_boxes(society: Wrongs) -> None:
    last = _bulletin(society)
    held = tuple(replace(one, unit="boxes") if one.name == "held" else one for one in last.figures)
    society.spoil(figures=held)


@breaks("bulletin.mixed-units")
def yuan_and_torches_added_up(society: Wrongs) -> None:
    society.goods_pool("torch", 9)
    last = _bulletin(society)
    measure = replace(last.figures[2].measure, held=True, flows=(), commodities=(),
                      societies=("330000",), with_branches=True)  # fmt: skip
    figure = Figure(name="all", measure=measure, value=9, unit="fen")
    society.spoil(figures=(figure,), sums=())


@breaks("bulletin.sum")
def a_total_that_is_not_its_parts(society: Wrongs) -> None:
    last = _bulletin(society)
    names = tuple(one.name for one in last.figures if one.name.startswith("received-"))
    society.spoil(sums=(Sum(total="received", of=(*names, "held")),))


@breaks("closing.line")
def a_closing_off_by_one_fen(society: Wrongs) -> None:
    last = _close(society)
    line = replace(last.lines[0], held=last.lines[0].held + 1)
    society.spoil(lines=(line, *last.lines[1:]))


@breaks("closing.missing-line")
def a_closing_that_leaves_a_line_out(society: Wrongs) -> None:
    society.spoil(lines=_close(society).lines[1:])


@breaks("closing.after")
def a_closing_that_follows_nothing(society: Wrongs) -> None:
    _close(society)
    society.spoil(after="0" * 32)


def _close(society: Wrongs) -> Closing:
    while True:
        society.closing()
        last = society.records[-1]
        assert isinstance(last, Closing)
        if last.lines and last.parts == 1:
            return last


@breaks("reconciliation.difference")
def a_bank_statement_off_by_one_fen(society: Wrongs) -> None:
    last = society.one(Reconciliation, "reconciliation")
    society.spoil(statement=last.statement + 1)


@breaks("rescue.total")
def one_rescuer_too_many(society: Wrongs) -> None:
    society.rescue_summary()
    society.spoil(people=Count(value=178))


@breaks("entry.count-too-small")
def three_people_rescued_exactly(society: Wrongs) -> None:
    society.rescue_summary()
    society.spoil(helped=(Thing(kind="people", count=Count(value=3)),))


@breaks("certificate.unknown")
def a_revocation_of_no_certificate(society: Wrongs) -> None:
    society.one(CertificateRevocation, "certificate")
    society.spoil(of="0" * 32)


@breaks("certificate.revoked-twice")
def a_certificate_revoked_twice(society: Wrongs) -> None:
    last = society.one(CertificateRevocation, "certificate")
    society.write(replace(last, id=society.name()))


@breaks("log.key-chain")
def a_key_out_of_the_chain(society: Wrongs) -> None:
    society.key_change()
    old = society.records[-1].new_key  # type: ignore[union-attr]
    society.key_change()
    society.spoil(old_key=old.replace("example", "elsewhere"))


@breaks("statement.as-of")
def a_restore_from_the_future(society: Wrongs) -> None:
    society.write(
        RecoveryMark(
            id=society.name(), recorded_at=AT, restored_to=len(society.records) + 1, replayed=0
        )
    )


@breaks("statement.unknown")
def a_correction_of_nothing(society: Wrongs) -> None:
    _bulletin(society)
    society.correction()
    society.spoil(of="0" * 32, figures=(), as_of=None)

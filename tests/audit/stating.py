"""What the made-up province states of its own books, counted again from the plain list of facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

from honghui.record.credentials import Certificate, CertificateRevocation
from honghui.record.log_events import KeyChange, RecoveryMark
from honghui.record.measures import Measure
from honghui.record.statements import (
    Bulletin,
    Closing,
    ClosingLine,
    Correction,
    Figure,
    Outstanding,
    Reconciliation,
    RescueSummary,
    Responded,
    Sum,
    Thing,
)
from honghui.record.values import Count
from tests.audit.bookkeeper import APPROVES, ASKS, AT, SOCIETIES, TODAY, Fact
from tests.audit.undoing import Undoing

GAINS = ("received", "shortfall", "transferred_in", "converted_in", "repurposed_in")
KEY = "example.org/a+00000001+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
PEOPLE = {"requested_by": ASKS, "approved_by": (APPROVES,)}


class Stating(Undoing):
    def sum_of(self, flows: tuple[str, ...], society: str | None, **like: str) -> int:
        """Over one society's books; with None over all, what went between them left out."""
        return sum(
            fact.quantity
            for fact in self.facts
            if fact.flow in flows
            and (society is None or fact.society == society)
            and not (society is None and fact.other is not None)
            and all(getattr(fact, key) == value for key, value in like.items())
        )

    def bulletin(self) -> bool:
        society = self.chance.choice((None, *SOCIETIES))
        scope = {"societies": (society or "330000",), "with_branches": society is None}
        money = {"commodities": ("CNY",)}

        def figure(name: str, value: int, flows: tuple[str, ...], **more: object) -> Figure:
            return Figure(
                name=name, value=value, unit="fen",
                measure=Measure(flows=flows, **scope, **money, **more),  # type: ignore[arg-type]
            )  # fmt: skip

        figures = [
            figure(
                f"received-{source}",
                self.sum_of(("received",), society, commodity="CNY", source=source),
                ("received",),
                sources=(source,),
            )
            for source in ("donation", "appropriation", "own")
        ]
        total = figure("received", sum(one.value for one in figures), ("received",), last=TODAY)
        moved = ("received", "transferred_in")
        income = figure("income", self.sum_of(moved, society, commodity="CNY"), moved)
        used = figure("used", self.sum_of(("used",), society, commodity="CNY"), ("used",))
        held = Figure(
            name="held", unit="fen",
            value=sum(
                self.units.free(pool)
                for pool in self.units.pools
                if pool.commodity == "CNY" and society in (None, pool.society)
            ),
            measure=Measure(held=True, **scope, **money),  # type: ignore[arg-type]
        )  # fmt: skip
        self.write(
            Bulletin(
                id=self.name(), recorded_at=AT, society=society or "330000", published_on=TODAY,
                as_of=len(self.records), figures=(total, income, used, held, *figures),
                sums=(Sum(total="received", of=tuple(one.name for one in figures)),), **PEOPLE,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        return True

    def correction(self) -> bool:
        """A figure of the last bulletin, stated anew as of today."""
        last = [one for one in self.records if isinstance(one, Bulletin)]
        if not last:
            return False
        old = next(one for one in last[-1].figures if one.name == "used")
        scope = None if old.measure.with_branches else last[-1].society
        value = self.sum_of(("used",), scope, commodity="CNY")
        figure = Figure(name="used", value=value, unit="fen", measure=old.measure)
        self.write(
            Correction(
                id=self.name(), recorded_at=AT, society=last[-1].society, of=last[-1].id,
                reason="late", corrected_on=TODAY, as_of=len(self.records), figures=(figure,),
                **PEOPLE,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        return True

    def closing(self) -> bool:
        society = self.chance.choice(SOCIETIES)
        after, since = self.closed.get(society, (None, 0))
        books: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        for fact in self.facts:
            if fact.society == society:
                _count(books[fact.purpose, fact.source, fact.commodity], fact, since)
        lines = tuple(
            ClosingLine(
                purpose=purpose, source=source, commodity=commodity, opening=one["opening"],
                came=one["came"], went=one["went"],
                held=one["opening"] + one["came"] - one["went"],
            )
            for (purpose, source, commodity), one in sorted(books.items())  # type: ignore[misc]
            if any(one.values())
        )  # fmt: skip
        name, size = self.name(), len(self.records)
        half = len(lines) // 2 if self.chance.random() < 0.5 else 0
        some = (lines[:half], lines[half:]) if half else (lines,)
        for part, part_lines in enumerate(some, 1):
            self.write(
                Closing(
                    id=name, recorded_at=AT, society=society, first=TODAY.replace(day=1),
                    last=TODAY - timedelta(days=1), as_of=size, after=after, lines=part_lines,
                    part=part, parts=len(some), **PEOPLE,  # type: ignore[arg-type]
                )
            )  # fmt: skip
        self.closed[society] = name, size
        return True

    def reconciliation(self) -> bool:
        society = self.chance.choice(SOCIETIES)
        book = 0
        for pool, units in self.units.pools.items():
            if (pool.society, pool.place, pool.commodity) != (society, "bank", "CNY"):
                continue
            if pool.stage == "shortfall":
                book -= sum(one.left_by is not None and not one.settled for one in units)
            else:
                book += self.units.free(pool)
        way = self.chance.randint(-5, 5)
        self.write(
            Reconciliation(
                id=self.name(), recorded_at=AT, society=society, place="bank", commodity="CNY",
                statement_on=TODAY, statement=book - way, as_of=len(self.records),
                outstanding=(Outstanding(quantity=way, reason="not_yet_at_bank"),), **PEOPLE,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        return True

    def rescue_summary(self) -> bool:
        teams = tuple(
            Responded(
                society=society, team="team", people=Count(value=people),
                things=(Thing(kind="boat", count=Count(value=boats)),),
            )
            for society, people, boats in (("330000", 92, 3), ("330100", 50, 2), ("330600", 35, 0))
        )  # fmt: skip
        self.write(
            RescueSummary(
                id=self.name(), recorded_at=AT, society="330000", call_out=self.name(),
                happened_on=TODAY, place="330000", teams=teams, people=Count(value=177),
                things=(Thing(kind="boat", count=Count(value=5)),),
                helped=(Thing(kind="people", count=Count(value=40, qualifier="about")),), **PEOPLE,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        return True

    def certificate(self) -> bool:
        one = self.write(
            Certificate(
                id=self.name(), recorded_at=AT, society="330600", kind="first-aider",
                issued_on=TODAY, holder="9" * 64,
            )
        )  # fmt: skip
        if self.chance.random() < 0.5:
            self.write(
                CertificateRevocation(
                    id=self.name(), recorded_at=AT, society="330600", of=one.id,
                    revoked_on=TODAY, reason="error",
                )
            )  # fmt: skip
        return True

    def key_change(self) -> bool:
        number = self.done["key_change/1"]
        keys = [KEY.replace("00000001", f"{number + more:08x}") for more in (1, 2)]
        self.write(
            KeyChange(
                id=self.name(), recorded_at=AT, old_key=keys[0], new_key=keys[1], from_on=TODAY
            )
        )
        return True

    def recovery(self) -> bool:
        size = self.chance.randint(0, len(self.records))
        self.write(
            RecoveryMark(
                id=self.name(), recorded_at=AT, restored_to=size,
                replayed=len(self.records) - size,
            )
        )  # fmt: skip
        return True


def _count(line: Counter[str], fact: Fact, since: int) -> None:
    """What came back of a use has a negative quantity, and counts as having come."""
    came = (fact.flow in GAINS) == (fact.quantity > 0)
    if fact.index < since:
        line["opening"] += abs(fact.quantity) if came else -abs(fact.quantity)
    else:
        line["came" if came else "went"] += abs(fact.quantity)

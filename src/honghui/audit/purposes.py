"""The purposes as they stand, what money came for each, and what of it went to which use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from honghui.audit.allowances import Consented
from honghui.audit.findings import Broken
from honghui.audit.people import check_people
from honghui.record.entries import Entry
from honghui.record.facts import Fact
from honghui.record.judging import Rulebook, compile_clauses, narrows
from honghui.record.lookups import Lookups
from honghui.record.references import Purpose
from honghui.record.values import is_currency

# Acts that go on when a purpose has ended: they spend nothing of it for a new end.
AFTER_THE_END = frozenset(
    {
        "refund", "reversal", "return", "cover", "release", "stocktake", "loss", "leftover",
        "change_of_purpose", "move", "transfer_in",
    }
)  # fmt: skip


class Money:
    """Of one purpose, over all societies: received by currency, used by currency and use."""

    __slots__ = ("_received", "_used")

    def __init__(self) -> None:
        self._received: defaultdict[str, int] = defaultdict(int)
        self._used: defaultdict[tuple[str, str | None], int] = defaultdict(int)

    def received(self, currency: str) -> int:
        return self._received[currency]

    def used(self, currency: str, use: str) -> int:
        return self._used[currency, use]

    def count(self, fact: Fact, sign: int) -> None:
        if fact.flow == "received":
            self._received[fact.pool.commodity] += sign * fact.change
        elif fact.flow == "used" or fact.flow == "covered":
            self._used[fact.pool.commodity, fact.use] -= sign * fact.change


class Standing:
    """One purpose: its version in force, the id of the one before, its clauses ready to judge."""

    __slots__ = ("before", "current", "money", "rulebook")

    def __init__(self) -> None:
        self.current: Purpose
        self.before: str | None = None
        self.rulebook: Rulebook
        self.money = Money()


class Purposes:
    def __init__(self, lookups: Lookups, consents: dict[str, Consented]) -> None:
        self._lookups = lookups
        self._consents = consents
        self._standing: dict[str, Standing] = {}
        self._narrower: dict[tuple[str, str], bool] = {}

    def __getitem__(self, code: str) -> Standing:
        standing = self._standing.get(code)
        if standing is None:
            raise Broken("reference.unknown", kind="purpose", code=code)
        return standing

    def __len__(self) -> int:
        return len(self._standing)

    def learn(self, purpose: Purpose) -> None:
        """A version, the next in order. Raises Broken where it widens the one before and nobody
        consented."""
        check_people(purpose.requested_by, purpose.approved_by, at_least=1, act="purpose")
        known = self._standing.get(purpose.code)
        expected = known.current.version + 1 if known else 1
        if purpose.version != expected:
            raise Broken(
                "reference.version",
                code=purpose.code,
                expected=expected,
                version=purpose.version,
            )
        if known:
            self._check_consent(known.current, purpose)
        standing = known or Standing()
        standing.before = known.current.id if known else None
        standing.current = purpose
        standing.rulebook = compile_clauses(purpose.clauses)
        self._standing[purpose.code] = standing
        self.look_again()

    def look_again(self) -> None:
        """Which purpose is narrower may be another answer, now that the map or the kinds of goods
        have changed."""
        self._narrower.clear()

    def _check_consent(self, old: Purpose, new: Purpose) -> None:
        if new.consent is not None:
            consent = self._consents.get(new.consent)
            if consent is None or not (
                consent.from_purpose == consent.to_purpose == new.code and consent.commodity is None
            ):
                raise Broken("purpose.consent", act="purpose", consent=new.consent)
            return
        number = narrows(new.clauses, old.clauses, self._lookups)
        if number is not None:
            raise Broken("purpose.widened", purpose=new.code, version=new.version, number=number)

    def narrower(self, before: str, after: str) -> bool:
        """Whether everything that `after` allows, `before` allows too."""
        key = before, after
        found = self._narrower.get(key)
        if found is None:
            old, new = self[before].current, self[after].current
            found = narrows(new.clauses, old.clauses, self._lookups) is None
            self._narrower[key] = found
        return found

    def check_in_force(self, code: str, act: str, day: date) -> None:
        current = self[code].current
        ended = current.ends_on is not None and day > current.ends_on
        if (ended and act not in AFTER_THE_END) or day < current.starts_on:
            raise Broken("reference.not-in-force", kind="purpose", code=code, day=day)

    def check_cited(self, entry: Entry, codes: Iterable[str], *, takes: bool) -> None:
        """What takes from a purpose names the version it relied on. A gift need not, for it waits
        in a queue; what it names may be the version before."""
        for code in codes:
            standing = self[code]
            if standing.current.id in entry.purposes:
                continue
            if takes or (entry.purposes and standing.before not in entry.purposes):
                raise Broken("entry.purposes", purpose=code, id=standing.current.id)

    def count(self, facts: Iterable[Fact], sign: int = 1) -> None:
        for fact in facts:
            if is_currency(fact.pool.commodity):
                self._standing[fact.pool.purpose].money.count(fact, sign)

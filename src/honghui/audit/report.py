"""What an audit found, for a program (`as_json`) and for a reader (`report_words`)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from honghui.audit.balance import unbalanced
from honghui.audit.books import Books
from honghui.audit.findings import Finding
from honghui.audit.pools import Held
from honghui.audit.replaying import Replayed
from honghui.record.measures import INFLOWS, OUTFLOWS
from honghui.record.pools import Pool, in_words
from honghui.record.rules import Language
from honghui.tlog.checkpoints import SignedCheckpoint

# By purpose and currency, then by flow.
Flows = dict[tuple[str, str], dict[str, int]]


@dataclass
class Report:
    """`findings` in the order of the log; none: everything is proven. `pools` only where the books
    were replayed in this process."""

    size: int
    kinds: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    signed: SignedCheckpoint | None = None
    acts: dict[str, int] = field(default_factory=dict)
    flows: Flows = field(default_factory=dict)
    pools: Mapping[Pool, Held] = field(default_factory=dict)
    pool_count: int = 0
    societies: int = 0
    purposes: int = 0
    clauses_proven: int = 0
    clauses_attested: int = 0
    figures: int = 0
    emergencies: int = 0
    reviewed: int = 0
    not_in_order: int = 0
    late: int = 0

    @property
    def proven(self) -> bool:
        return not self.findings

    def take(self, books: Books, findings: list[Finding], replayed: Replayed) -> None:
        """What the two passes say, put together and compared."""
        self.acts = dict(books.acts)
        self.flows = _by_purpose(books)
        self.pool_count = replayed.pools
        self.societies = len(books.world.societies)
        self.purposes = len(books.purposes)
        self.clauses_proven = books.spendings.proven
        self.clauses_attested = books.spendings.attested
        self.figures = books.statements.computed
        self.late = books.statements.late
        self.emergencies = replayed.emergencies
        self.reviewed = replayed.reviewed
        self.not_in_order = replayed.not_in_order
        self.findings += findings + replayed.findings
        self.findings.sort(key=lambda one: one.index)
        if not self.findings:
            self.findings += unbalanced(books.totals, replayed.held)

    def as_json(self) -> str:
        """For programs. Sentences in both languages; pools only where they are at hand."""
        body = {
            "proven": self.proven,
            "records": self.size,
            "log": None
            if self.signed is None
            else {
                "origin": self.signed.head.origin,
                "size": self.signed.head.size,
                "root": self.signed.head.root.hex(),
            },
            "kinds": dict(sorted(self.kinds.items())),
            "acts": dict(sorted(self.acts.items())),
            "societies": self.societies,
            "purposes": self.purposes,
            "pools": self.pool_count,
            "clauses": {"proven": self.clauses_proven, "attested": self.clauses_attested},
            "figures": self.figures,
            "emergencies": {
                "released": self.emergencies,
                "reviewed": self.reviewed,
                "not_in_order": self.not_in_order,
            },
            "late_bookings": self.late,
            "money": [
                {"purpose": purpose, "currency": currency, **flows}
                for (purpose, currency), flows in sorted(self.flows.items())
            ],
            "findings": [_finding(one) for one in self.findings],
        }
        return json.dumps(body, ensure_ascii=False, indent=2)


def _finding(one: Finding) -> dict[str, object]:
    languages: tuple[Language, ...] = ("zh", "en")
    return {
        "record": one.index if one.index >= 0 else None,
        "rule": one.rule,
        **{language: one.say(language) for language in languages},
    }


def _by_purpose(books: Books) -> Flows:
    found: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for (purpose, currency, flow), quantity in books.flows.items():
        found[purpose, currency][flow] = quantity
    for flows in found.values():
        flows["held"] = sum(flows.get(one, 0) for one in INFLOWS) - sum(
            flows.get(one, 0) for one in OUTFLOWS
        )
    return dict(found)


def pools_as_json(pools: Mapping[Pool, Held]) -> str:
    """One line a pool: its key in words, what it took in, what is booked, what is left."""
    return "\n".join(
        json.dumps([in_words(pool), held.taken_in, held.booked, held.free], ensure_ascii=False)
        for pool, held in sorted(pools.items(), key=lambda one: in_words(one[0]))
    )

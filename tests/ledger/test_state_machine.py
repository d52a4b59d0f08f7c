"""The ledger and a unit-by-unit queue side by side, act by act: hypothesis chooses what is done,
what is tried in vain, what is sent again, and when the sequencer has its turn.

After every step the pools are those of the units, and what was refused or repeated has changed no
row. At the end of every run all gifts and all uses are traced, forward and backward, and must be
unit for unit where the units are; the books count again, and the log audits clean.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from msgspec import ValidationError
from msgspec.structs import replace

from honghui.audit.auditing import audit_records
from honghui.kernel.errors import CannotRun, Refused
from honghui.ledger import lineage
from honghui.ledger.acts import KINDS
from honghui.ledger.answering import find_entry, whereabouts
from honghui.ledger.placing import BATCH_MAX, begin_epoch, place, place_all
from honghui.ledger.recounting import recount
from honghui.record.entries import Entry
from honghui.record.errors import BadRecord
from honghui.record.pools import Pool
from honghui.record.schemas import Record, reread
from honghui.record.steps import Leg, Link, Via
from tests.audit.societies import WEIGHTS
from tests.audit.wrongs import WRONGS
from tests.committed import clone_of_test_database, connected_to, drop_database
from tests.ledger import books
from tests.ledger.points import Points
from tests.ledger.queued import QueuedSociety
from tests.ledger.refused_steps import NO_NUMBER, REFUSED, gift_of
from tests.ledger.test_lineage import became, entries
from tests.ledger.test_wrongs import LEDGERS, what_is_there

# Hundreds before a release; fewer in the suite, which runs on every change.
RUNS = int(os.environ.get("HONGHUI_TEST_RUNS", "16"))
STEPS_A_RUN = 150

# What the society does, what else happens, and how often.
VERBS = {**WEIGHTS, "declare_anew": 1}
SAYING = {
    "bulletin", "correction", "closing", "reconciliation", "recovery", "rescue_summary",
    "certificate", "key_change", "new_version", "declare_anew",
}  # fmt: skip
OFTEN = {
    **dict.fromkeys(VERBS, 4), **dict.fromkeys(SAYING, 2), **dict.fromkeys(REFUSED, 3),
    "gift": 10, "use": 8, "give_back": 6, "reversal": 6, "refund": 6, "cover": 8, "earning": 6,
    "bulletin": 4, "correction": 6, "turn": 14, "turn_of_few": 14, "take_over": 3,
    "send_again": 8, "refused_as_the_audit_would": 2, "what_still_waits": 6,
    "the_same_covered_twice": 8,
}  # fmt: skip
# Speak of the log as it stands, so nothing may wait.
OF_THE_LOG = {"bulletin", "correction", "closing", "reconciliation", "recovery"}
GIFTS = ("gift", "appropriation", "earning", "shortfall")
USES = ("use", "loss", "stocktake", "shrink", "refund", "reversal")


class Machine(RuleBasedStateMachine):
    def __init__(self, template: str, reached: Counter[str]) -> None:
        super().__init__()
        self.society = QueuedSociety()
        self.reached = reached
        with connected_to(template):
            self.database, _address = clone_of_test_database()
        self.connected = connected_to(self.database)
        self.connected.__enter__()
        rows("SET synchronous_commit = off")
        self.epoch = begin_epoch()

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.turn()
                check_whole(self.society)
        finally:
            self.connected.__exit__()
            drop_database(self.database)

    # One rule for all, because hypothesis turns whole rules off for a run, and without gifts there
    # is nothing to do.
    @rule(
        name=st.sampled_from([name for name, weight in OFTEN.items() for _ in range(weight)]),
        chance=st.randoms(use_true_random=False),
    )
    def step(self, name: str, chance: random.Random) -> None:
        self.society.chance = chance
        if name in VERBS:
            self.do(name)
        elif name in REFUSED:
            self.refuse(name)
        else:
            getattr(self, name)()

    def do(self, verb: str) -> None:
        society, before = self.society, len(self.society.records)
        if verb in OF_THE_LOG:
            self.turn()
        if verb == "new_version" and society.purposes["general"].version > 1:
            return
        if not getattr(society, verb)():
            assert len(society.records) == before
            return
        self.reached[verb] += 1
        for parts in books.grouped(society.records[before:]):
            posted = books.book(parts)
            if isinstance(parts[0], Entry):
                assert posted is not None
                assert (posted.id, posted.is_new) == (parts[0].id, True)
                self.reached[f"act {parts[0].act}"] += 1
        if verb in ("new_version", "declare_anew"):
            society.units.place(len(society.units.waiting))

    # What the sequencer does.

    def turn(self, batch_max: int = BATCH_MAX) -> None:
        """First come first; how many go of a batch that is too small is the sequencer's to say."""
        units, waiting = self.society.units, self.society.units.waiting
        if batch_max == BATCH_MAX:
            place_all(self.epoch)
            assert count("journal_waiting") == 0
        else:
            place(self.epoch, batch_max=batch_max)
        left = [row[0].hex for row in rows("SELECT id FROM ledger_arrival ORDER BY number")]
        assert left == waiting[len(waiting) - len(left) :]
        assert not left or batch_max < BATCH_MAX
        units.place(len(waiting) - len(left))
        self.reached["several waited"] += len(waiting) > 1
        self.reached["some waited on"] += bool(left)

    def turn_of_few(self) -> None:
        self.turn(self.society.chance.randint(1, 3))

    def take_over(self) -> None:
        old, self.epoch = self.epoch, begin_epoch()
        with unchanged(), pytest.raises(CannotRun):
            place(old)
        self.reached["taken over"] += 1

    # What is tried in vain, or again.

    def refuse(self, name: str) -> None:
        drafted = REFUSED[name](self.society)
        if drafted is None:
            return
        parts, rules = drafted
        with unchanged():
            assert refusal(parts) in rules, name
        self.reached[name] += 1

    def refused_as_the_audit_would(self) -> None:
        """What it needs is prepared on a copy of the units, and all of it taken back after."""
        wrong = self.society.chance.choice(LEDGERS)
        other = self.society.with_nothing_waiting()
        before = len(self.society.records)
        wrong(other)
        *groups, last = books.grouped(other.records[before:])
        with unchanged(), transaction.atomic():
            place_all(self.epoch)
            for group in groups:
                books.book(group)
                place_all(self.epoch)
            with unchanged():
                assert refusal(last) == WRONGS[wrong], wrong
            transaction.set_rollback(True)
        self.reached["refused as the audit would"] += 1

    def send_again(self) -> None:
        """The same request, word for word or told anew: the first entry is handed back."""
        found = self.society.entries()
        if not found:
            return
        parts = self.society.chance.choice(found)
        is_told_anew = self.society.chance.random() < 0.5
        sent = tuple(told_anew(one) for one in parts) if is_told_anew else parts
        with unchanged():
            posted = books.book(sent)
        assert posted is not None
        assert (posted.id, posted.is_new) == (parts[0].id, False)
        self.reached["sent again"] += 1

    # What always holds.

    @invariant()
    def pools_are_those_of_the_units(self) -> None:
        found = {pool: held for pool, held in books.pools().items() if held[0]}
        assert found == self.society.units.state()
        assert count("ledger_arrival") == len(self.society.units.waiting)
        booked = len(self.society.entries()) - len(self.society.units.waiting)
        assert count("ledger_entry") == booked


def told_anew(entry: Entry) -> Entry:
    return replace(entry, id=f"{int(entry.id, 16) + 2**100:032x}", text="7" * 64)


def refusal(parts: tuple[Record, ...]) -> str:
    """The rule that it was refused by, or NO_NUMBER."""
    with pytest.raises((Refused, BadRecord, ValidationError)) as refused:
        books.book(parts)
    if isinstance(refused.value, Refused):
        return refused.value.code.removeprefix("ledger.")
    return NO_NUMBER


def rows(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall() if cursor.description else []


def count(table: str) -> int:
    return rows(f"SELECT count(*) FROM {table}")[0][0]


@contextmanager
def unchanged() -> Iterator[None]:
    before = what_is_there()
    yield
    assert what_is_there() | {"journal_logstate": ""} == before | {"journal_logstate": ""}


# At the end of a run.


def check_whole(society: QueuedSociety) -> None:
    assert not [one for _what, differences in recount() for one in differences]
    log = books.log()
    assert len(log) == len(society.records)
    report = audit_records(log)
    assert not report.findings
    held = {pool: (one.taken_in, one.booked) for pool, one in report.pools.items()}
    assert held == society.units.state()
    records = [reread(data) for data in log]
    half = len(records) // 2
    # Heads are signed between entries, never between the parts of one.
    while records[half - 1].id == records[half].id:
        half += 1
    for as_of in (None, half):
        check_traces(records, as_of)
    check_owners_and_roads(society)


def check_traces(log: list[Record], as_of: int | None) -> None:
    """Both ways, against points that are moved one by one."""
    pools, seen = books.pools_by_id(), log[:as_of]
    points = Points().replay(seen)
    for gift in entries(seen, *GIFTS):
        assert became(gift, as_of, pools) == points.became(gift), (as_of, gift)
    for use in entries(seen, *USES):
        bore: Counter[str] = Counter()
        for one in lineage.who_bore(use, as_of=as_of):
            bore[one.gift] += one.quantity
        assert bore == points.bore(use), (as_of, use)


def check_owners_and_roads(society: QueuedSociety) -> None:
    """Every unit lies where its owner's trace says, and on the road that it remembers: as long as
    it is what was given. What was bought or packed is nobody's gift to the units."""
    ids = {pool: number for number, pool in books.pools_by_id().items()}
    given = set(entries(society.records, *GIFTS))
    told: dict[tuple[int, int], str] = {}
    for gift in given:
        for one in lineage.what_became_of(gift):
            if one.outcome in ("held", "spent", "returned"):
                told |= {(one.pool_id, at): gift for at in range(one.pool_first, one.pool_past)}
    roads: defaultdict[tuple[str, Pool, tuple[Via, ...]], set[int]] = defaultdict(set)
    for pool, units in society.units.pools.items():
        for at, unit in enumerate(units):
            if unit.owner in given:
                roads[unit.owner, pool, unit.road].add(at)
                if unit.left_by is None:
                    assert told[ids[pool], at] == unit.owner
    for (gift, pool, road), positions in roads.items():
        found = whereabouts(came_in(gift), road, ids[pool])
        assert {at for first, past in found for at in range(first, past)} == positions


def came_in(gift: str) -> list[tuple[int, int, int]]:
    found = find_entry(gift)
    assert found is not None
    return rows(f"SELECT in_pool, in_lo, in_hi FROM ledger_movement WHERE number = {found.number}")


@pytest.fixture
def opened(committed: str) -> str:
    """The name of a database in which everything is declared, and nothing given."""
    books.keep(QueuedSociety().records)
    return connection.settings_dict["NAME"]


def test_every_act_goes_as_the_units_go(opened: str) -> None:
    reached: Counter[str] = Counter()
    acts = {f"act {act}" for act in KINDS}
    others = {
        "several waited", "some waited on", "taken over", "sent again",
        "refused as the audit would",
    }  # fmt: skip
    wanted = {*acts, *others, *VERBS, *REFUSED}
    # What is seldom possible is now and then not met in so few runs: then there are more of them.
    for runs in (RUNS, 4 * RUNS):
        run_state_machine_as_test(
            lambda: Machine(opened, reached),
            settings=settings(
                max_examples=runs, stateful_step_count=STEPS_A_RUN, derandomize=True, database=None,
                deadline=None, phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
        if wanted <= set(+reached):
            break
    print(*sorted((+reached).items()), sep="\n")  # noqa: T201 (with -s: how often each was reached)
    assert wanted <= set(+reached)


# What the machine has found, at its smallest.


def test_a_move_of_nothing_is_refused(opened: str) -> None:
    society = QueuedSociety()
    pool = society.pool("330600", purpose="general")
    leg = Leg(pool=pool, quantity=0)
    link = Link(into=replace(pool, place="store"), quantity=0, parts=((leg,),))
    assert refusal((society.draft("move", "330600", link),)) == NO_NUMBER


def test_a_gift_sent_again_two_versions_later_is_handed_back(opened: str) -> None:
    society = QueuedSociety()
    one = gift_of(society, 5)
    books.book((one,))
    place_all(begin_epoch())
    for _ in range(2):
        society.new_version()
        books.book((society.records[-1],))
    assert books.book((one,)) == (find_entry(one.id).number, one.id, False)

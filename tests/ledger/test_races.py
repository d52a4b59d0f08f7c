"""Many at once on a real PostgreSQL: nothing is overdrawn or doubled, nobody waits in a circle."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from msgspec.structs import replace

from honghui.audit.auditing import audit_records
from honghui.kernel.errors import CannotRun, Refused
from honghui.ledger.placing import begin_epoch, place, place_all
from honghui.ledger.recounting import recount
from honghui.record.entries import Entry
from honghui.record.pools import Pool
from honghui.record.references import Place
from honghui.record.schemas import reread
from honghui.record.steps import In, Leg, Link, Out
from tests.audit.bookkeeper import AT, TODAY, Bookkeeper
from tests.ledger import books

WRITERS = 8
ACTS = 60
PLACES = ("bank", "store", "330100", "330602")


@pytest.fixture
def keeper(committed: str) -> Bookkeeper:
    """Its references are declared; what it drafts afterwards is nobody's yet."""
    keeper = Bookkeeper(random.Random(1))
    books.keep(keeper.records)
    return keeper


def pool(place: str = "bank", purpose: str = "general") -> Pool:
    return Pool(society="330600", purpose=purpose, source="donation", commodity="CNY", place=place)


def gift(keeper: Bookkeeper, quantity: int, into: Pool | None = None) -> Entry:
    return keeper.entry(
        "gift", "330600", In(pool=into or pool(), quantity=quantity), occurred_on=TODAY
    )


def use(keeper: Bookkeeper, quantity: int, of: Pool | None = None) -> Entry:
    step = Out(pool=of or pool(), quantity=quantity, use="relief", place="330100")
    return keeper.entry("use", "330600", step, occurred_on=TODAY)


def move(keeper: Bookkeeper, quantity: int, before: Pool, after: Pool) -> Entry:
    link = Link(into=after, quantity=quantity, parts=((Leg(pool=before, quantity=quantity),),))
    return keeper.entry("move", "330600", link, occurred_on=TODAY)


def outcomes(*given: Entry) -> list[str]:
    """Each in a thread and a connection of its own, all at the same moment."""
    together = threading.Barrier(len(given))

    def one(entry: Entry) -> str:
        try:
            together.wait()
            posted = books.book((entry,))
            assert posted is not None
            return "booked" if posted.is_new else "known"
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(given)) as threads:
        return sorted(threads.map(one, given))


def test_one_of_two_spends_the_last_fen(keeper: Bookkeeper) -> None:
    books.book((gift(keeper, 1),))
    place_all(begin_epoch())
    assert outcomes(use(keeper, 1), use(keeper, 1)) == ["booked", "ledger.pool.overdrawn"]


@pytest.mark.parametrize("act", ["gift", "use"])
def test_the_same_request_at_once_is_booked_once(keeper: Bookkeeper, act: str) -> None:
    books.book((gift(keeper, 100),))
    place_all(begin_epoch())
    one = gift(keeper, 5) if act == "gift" else use(keeper, 5)
    twins = [replace(one, id=keeper.name()) for _ in range(6)]
    found = outcomes(*twins)
    assert found.count("booked") == 1
    assert set(found) <= {"booked", "known", "ledger.request.at-once"}
    place_all(begin_epoch())
    again = books.book((replace(one, id=keeper.name()),))
    assert again is not None
    assert not again.is_new
    with pytest.raises(Refused) as refused:
        books.book((replace(one, id=keeper.name(), occurred_on=date_before(one)),))
    assert refused.value.code == "ledger.request.other-content"


def date_before(one: Entry):  # type: ignore[no-untyped-def]
    return one.occurred_on.replace(day=one.occurred_on.day - 1)


def test_one_of_two_reverses_a_gift(keeper: Bookkeeper) -> None:
    one = gift(keeper, 10)
    books.book((one,))
    place_all(begin_epoch())
    step = Out(pool=pool(), quantity=10, at=((0, 10),))
    both = [keeper.entry("reversal", "330600", step, of=one.id, occurred_on=TODAY) for _ in "ab"]
    found = outcomes(*both)
    assert found[0] == "booked"
    assert found[1] in {"ledger.pool.positions-taken", "ledger.pool.beyond-the-gift"}


def test_a_slow_spender_delays_no_gift_and_a_slow_mover_only_its_pool(
    committed: str, keeper: Bookkeeper
) -> None:
    for place_ in ("bank", "store"):
        books.book((gift(keeper, 10, pool(place_)),))
    epoch = begin_epoch()
    place_all(epoch)
    with psycopg.connect(committed) as slow:
        slow.execute("SELECT * FROM ledger_booking FOR UPDATE")
        books.book((gift(keeper, 10),))
        assert place_all(epoch) == 1
        slow.execute(
            "SELECT * FROM ledger_intake JOIN ledger_pool ON id = pool_id WHERE place = 'store'"
            " FOR UPDATE OF ledger_intake"
        )
        books.book((gift(keeper, 10, pool("store")),))
        books.book((gift(keeper, 10),))
        assert place_all(epoch) == 1
        slow.rollback()
        assert place_all(epoch) == 1


def test_a_fenced_sequencer_ends(keeper: Bookkeeper) -> None:
    first = begin_epoch()
    begin_epoch()
    with pytest.raises(CannotRun) as refused:
        place(first)
    assert refused.value.code == "sequencer.fenced"


def test_many_writers_a_sequencer_and_new_versions_all_at_once(keeper: Bookkeeper) -> None:
    """A life with deadlock watch: at the end books, log and audit are one."""
    for place_ in PLACES:
        books.book((gift(keeper, 500, pool(place_)),))
    place_all(begin_epoch())
    before = _deadlocks()
    acknowledged: list[str] = []
    stop = threading.Event()
    with ThreadPoolExecutor(WRITERS + 2) as threads:
        sequencer = threads.submit(_own(_sequence), stop)
        versions = threads.submit(_own(_declare_anew), keeper, stop)
        lock = threading.Lock()
        writers = [
            threads.submit(_own(_write), number, keeper, lock, acknowledged)
            for number in range(WRITERS)
        ]
        for writer in writers:
            writer.result()
        stop.set()
        versions.result()
        sequencer.result()
    place_all(begin_epoch())
    assert _deadlocks() == before
    assert {what for what, found in recount() if found} == set()
    log = books.log()
    booked = [one.id for one in map(reread, log) if isinstance(one, Entry)]
    assert sorted(booked[len(PLACES) :]) == sorted(acknowledged)
    report = audit_records(log)
    assert not report.findings
    held = {one: (there.taken_in, there.booked) for one, there in report.pools.items()}
    assert {one: there for one, there in books.pools().items() if there[0]} == held


def _own(function: Callable[..., None]) -> Callable[..., None]:
    """With connections of the thread's own, which are closed at its end."""

    def run(*given: object) -> None:
        try:
            function(*given)
        finally:
            connections.close_all()

    return run


def _sequence(stop: threading.Event) -> None:
    epoch = begin_epoch()
    while not stop.wait(0.01):
        place_all(epoch)


def _declare_anew(keeper: Bookkeeper, stop: threading.Event) -> None:
    number = 0
    while not stop.wait(0.15):
        number += 1
        books.book(
            (Place(id=f"{number:032x}", code="store", kind="warehouse", within="330600",
                   recorded_at=AT),)
        )  # fmt: skip


def _write(number: int, keeper: Bookkeeper, lock: threading.Lock, acknowledged: list[str]) -> None:
    chance = random.Random(number)
    for _ in range(ACTS):
        before, after = (pool(place_) for place_ in chance.sample(PLACES, 2))
        quantity = chance.randint(1, 30)
        with lock:
            act = chance.choice("gmu")
            if act == "g":
                one = gift(keeper, quantity, before)
            elif act == "m":
                one = move(keeper, quantity, before, after)
            else:
                one = use(keeper, quantity, before)
        try:
            books.book((one,))
        except Refused:
            continue
        except OperationalError as error:
            assert "lock timeout" in str(error), error
            continue
        acknowledged.append(one.id)
        time.sleep(0.001)


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        found: int = cursor.fetchone()[0]
    return found

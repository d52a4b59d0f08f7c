"""What the database holds by itself, what the schemas never let in, and what may be done although
it looks wrong: to date an entry back."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from msgspec import ValidationError
from msgspec.structs import replace

from honghui.kernel.errors import Refused
from honghui.ledger.placing import begin_epoch, place_all
from honghui.ledger.sequencer import health
from honghui.record.errors import BadRecord
from honghui.record.steps import Out
from honghui.record.values import INTEGER_MAX
from tests.audit.bookkeeper import TODAY, Bookkeeper
from tests.audit.societies import random_society
from tests.ledger import books
from tests.ledger.test_races import gift, pool, use

TABLES = ("ledger_movement", "ledger_entry", "ledger_pool", "ledger_reference",
          "journal_record", "journal_leaf")  # fmt: skip
REWRITES = ("UPDATE {table} SET number = number", "DELETE FROM {table}", "TRUNCATE {table}")


@pytest.fixture
def keeper(committed: str) -> Bookkeeper:
    keeper = Bookkeeper(random.Random(1))
    books.keep(keeper.records)
    books.book((gift(keeper, 100),))
    place_all(begin_epoch())
    return keeper


@pytest.mark.parametrize("role", ["origin", "replica"])
def test_what_was_recorded_cannot_be_rewritten(committed: str, role: str) -> None:
    books.keep(random_society(2, 60).records)
    for table in TABLES:
        for rewrite in REWRITES:
            statement = rewrite.format(table=table)
            if table == "ledger_pool":
                statement = statement.replace("number = number", "id = id")
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL session_replication_role = {role}")
                with pytest.raises(Error, match="append-only"), transaction.atomic():
                    cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE ledger_booking SET booked = 101", "would be booked"),
        ("UPDATE ledger_booking SET booked = 60, cursor = 60", "only grows"),
        ("UPDATE ledger_intake SET taken_in = 99", "only grows"),
        ("UPDATE ledger_booking SET cursor = 90", "booking_cursor_leaves_nothing_behind"),
        ("DELETE FROM ledger_booking", "append-only"),
        (
            "INSERT INTO ledger_movement (number, piece, step, part, leg, out_pool, out_lo, out_hi)"
            " SELECT number, 7, 0, 0, 0, out_pool, out_lo, out_hi FROM ledger_movement"
            " WHERE out_pool IS NOT NULL",
            "movement_out_begins_once",
        ),
    ],
)
def test_the_database_holds_both_ends_of_a_pool(
    keeper: Bookkeeper, statement: str, constraint: str
) -> None:
    books.book((use(keeper, 80),))
    with (
        pytest.raises(Error, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("quantity", [0, -1, INTEGER_MAX + 1])
def test_a_quantity_that_is_none_is_no_record(keeper: Bookkeeper, quantity: int) -> None:
    """Struct fields are not checked when they are made, so the schema is asked before anything."""
    one = gift(keeper, 1)
    wrong = replace(one, steps=(replace(one.steps[0], quantity=quantity),))
    with pytest.raises((BadRecord, ValidationError, Refused)):
        books.book((wrong,))
    place_all(begin_epoch())
    assert books.pools()[pool()] == (100, 0)


def test_a_gift_too_large_for_any_pool_is_refused(keeper: Bookkeeper) -> None:
    with pytest.raises(Refused) as refused:
        books.book((gift(keeper, INTEGER_MAX),))
    assert refused.value.code == "ledger.pool.too-large"


def test_an_entry_may_be_dated_back_and_moves_no_position(keeper: Bookkeeper) -> None:
    before = _movements()
    one = gift(keeper, 7)
    books.book((replace(one, occurred_on=TODAY - timedelta(days=9)),))
    place_all(begin_epoch())
    after = _movements()
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert books.pools()[pool()] == (107, 0)


def test_what_cannot_be_placed_waits_and_holds_nobody_up(keeper: Bookkeeper) -> None:
    """An id that a program used for two requests: the second stays where everybody can see it."""
    one, other = gift(keeper, 1), gift(keeper, 2)
    books.book((one,))
    books.book((replace(other, id=one.id),))
    books.book((gift(keeper, 4),))
    place_all(begin_epoch())
    assert books.pools()[pool()] == (105, 0)
    assert health().waiting == 1


def test_a_use_of_more_than_there_is_says_how_much_there_is(keeper: Bookkeeper) -> None:
    step = Out(pool=pool(), quantity=101, use="relief", place="330100")
    with pytest.raises(Refused) as refused:
        books.book((keeper.entry("use", "330600", step, occurred_on=TODAY),))
    assert "100" in str(refused.value.sentence)
    assert "101" in str(refused.value.sentence)


def _movements() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_movement ORDER BY number, piece")
        return list(cursor.fetchall())

"""Totals rebuilt from the movements: clean books are clean, and every damage has its name."""

from __future__ import annotations

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from honghui.ledger.acts import ARRIVING
from honghui.ledger.cli import ledger
from honghui.ledger.jobs import recount_nightly
from honghui.ledger.placing import begin_epoch, place_all
from honghui.ledger.recounting import QUESTIONS, Difference, recount
from honghui.record.entries import Entry
from tests.audit.societies import random_society
from tests.ledger import books

_ONLY = "pool_id = (SELECT min(pool_id) FROM {table} WHERE {those})"
_FIRST = "(number, piece) = (SELECT number, piece FROM ledger_movement WHERE {those} LIMIT 1)"


def total(table: str, change: str, those: str) -> str:
    return f"UPDATE ledger_{table} SET {change} WHERE " + _ONLY.format(
        table=f"ledger_{table}", those=those
    )


def movement(change: str, those: str) -> str:
    return f"UPDATE ledger_movement SET {change} WHERE " + _FIRST.format(those=those)


_COVER = "out_pool IS NOT NULL AND settled_pool IS NOT NULL"
_LINK = "out_pool IS NOT NULL AND in_pool IS NOT NULL AND out_pool <> in_pool"
# What somebody with all rights might do to the tables: what it is, the statement, and the questions
# that tell of it. Each tells by one alone, where it can be told by one alone.
DAMAGE: dict[str, tuple[str, set[str]]] = {
    "a pool said to have taken in more": (
        total("intake", "taken_in = taken_in + 1", "taken_in > 0"), {"taken_in"},
    ),
    "a gift that lies one position too low": (
        """
        UPDATE ledger_movement SET in_lo = in_lo - 1, in_hi = in_hi - 1
        WHERE (number, piece) = (
            SELECT m.number, m.piece FROM ledger_movement m JOIN ledger_movement b
              ON b.in_pool = m.in_pool AND b.part = 0 AND b.in_hi = m.in_lo
              AND b.in_hi - b.in_lo > 1
            JOIN ledger_intake i ON i.pool_id = m.in_pool AND i.taken_in > m.in_hi
            WHERE m.out_pool IS NULL AND m.settled_pool IS NULL LIMIT 1
        )
        """,
        {"taken_in_without_gaps"},
    ),
    "a pool said to have spent more": (
        total("booking", "booked = booked + 1", "booked > 0"), {"booked"},
    ),
    "a position that was spent twice": (
        """
        UPDATE ledger_movement SET out_lo = out_lo + 1, out_hi = out_hi + 1
        WHERE (number, piece) = (
            SELECT m.number, m.piece FROM ledger_movement m JOIN ledger_movement n
              ON n.out_pool = m.out_pool AND n.out_lo = m.out_hi
            JOIN ledger_booking b ON b.pool_id = m.out_pool AND b.cursor > m.out_hi
            WHERE m.out_hi - m.out_lo > 1 AND m.part_length IS NULL AND NOT EXISTS (
                SELECT FROM ledger_movement s WHERE s.settled_pool = m.out_pool
            ) LIMIT 1
        )
        """,
        {"booked_once"},
    ),
    "a cursor that has passed what is free": (
        total("booking", "cursor = cursor + 1", "cursor = booked"), {"cursor"},
    ),
    "something made good twice": (
        """
        UPDATE ledger_movement a SET settled_pool = b.settled_pool,
            settled_lo = b.settled_lo + 1,
            settled_hi = b.settled_lo + 1 + a.settled_hi - a.settled_lo
        FROM ledger_movement b WHERE (a.number, a.piece, b.number, b.piece) = (
            SELECT c.number, c.piece, d.number, d.piece FROM ledger_movement c, ledger_movement d
            WHERE c.out_pool IS NOT NULL AND (c.number, c.piece) <> (d.number, d.piece)
              AND c.settled_hi - c.settled_lo < d.settled_hi - d.settled_lo LIMIT 1
        )
        """,
        {"settled_once"},
    ),
    "something made good that was never spent": (
        movement(
            "settled_lo = settled_lo + 1000000, settled_hi = settled_hi + 1000000", _COVER
        ),
        {"settled_was_spent"},
    ),
    "a shift with half a map": (
        movement("onto_lo = 0", f"{_LINK} AND part_length IS NULL"), {"one_of_six_shapes"},
    ),
    "a border between two pieces that lies elsewhere": (
        """
        UPDATE ledger_movement m SET
            in_hi = m.in_hi - CASE WHEN m.piece = two.piece THEN 1 ELSE 0 END,
            in_lo = m.in_lo - CASE WHEN m.piece > two.piece THEN 1 ELSE 0 END
        FROM (
            SELECT a.number, a.piece FROM ledger_movement a JOIN ledger_movement b
              ON b.number = a.number AND b.step = a.step AND b.part = a.part
              AND b.piece = a.piece + 1 AND b.in_lo = a.in_hi
            WHERE a.in_lo < a.in_hi AND b.out_pool IS NOT NULL AND a.out_pool IS NOT NULL LIMIT 1
        ) AS two WHERE m.number = two.number AND m.piece IN (two.piece, two.piece + 1)
        """,
        {"both_ends"},
    ),
    "what came back is longer than what was spent": (
        movement(
            "settled_hi = settled_hi - 1",
            "settled_pool IN (SELECT id FROM ledger_pool WHERE commodity = 'CNY')"
            " AND in_pool IS NOT NULL AND settled_hi - settled_lo > 1",
        ),
        {"both_ends", "used"},
    ),
    "a cover of less than it cost": (
        movement("settled_hi = settled_hi - 1", f"{_COVER} AND settled_hi - settled_lo > 1"),
        {"covers"},
    ),
    "a part that is said to be longer": (
        movement("part_length = part_length * 2, onto = onto * 2", f"{_LINK} AND part_length > 0"),
        {"parts_laid_end_to_end"},
    ),
    "torches for all kits but one": (
        movement(
            '"offset" = 0, part_length = out_hi - out_lo, onto_lo = in_lo,'
            " onto = in_hi - in_lo - 1, in_hi = in_hi - 1",
            "part = 1 AND part_length IS NULL AND (number, step) IN (SELECT number, step"
            " FROM ledger_movement WHERE part = 1 GROUP BY 1, 2 HAVING count(*) = 1)",
        ),
        {"parts_cover_the_same"},
    ),
    "a pool said to have more parents": (
        total("intake", "parts = parts + 1", "taken_in > 0"), {"parts"},
    ),
    "a purpose that received less": (
        "UPDATE ledger_received SET quantity = quantity - 1"
        " WHERE (purpose, currency) = (SELECT purpose, currency FROM ledger_received LIMIT 1)",
        {"received"},
    ),
    "a purpose of which less was used": (
        "UPDATE ledger_used SET quantity = quantity - 1 WHERE use = 'relief'", {"used"},
    ),
    "a use that nobody counted": ("DELETE FROM ledger_used WHERE use = 'cover'", {"used"}),
    "a row that is there for its lock, with a number": (
        "UPDATE ledger_used SET quantity = 5 WHERE use = ''", {"used"},
    ),
    "a decision that is taken up less": (
        "UPDATE ledger_allowance SET taken = taken - 1 WHERE kind = 'decision'", {"allowances"},
    ),
    "a consent that is taken up less": (
        "UPDATE ledger_allowance SET taken = taken - 1 WHERE kind = 'consent'", {"allowances"},
    ),
    "a decision that is gone": ("DELETE FROM ledger_allowance WHERE taken > 0", {"allowances"}),
    "a pool without its second row": (
        "DELETE FROM ledger_booking WHERE booked = 0", {"totals_of_a_pool"},
    ),
    "totals of no pool": (
        "INSERT INTO ledger_intake VALUES (999999, 0, 1)", {"totals_of_a_pool"},
    ),
    "a movement of no pool": (
        movement("settled_pool = 999999", _COVER), {"pool_of_a_movement", "settled_was_spent"},
    ),
    "movements of no entry": (
        "DELETE FROM ledger_entry WHERE act = 'use'", {"movement_of_an_entry"},
    ),
    "an entry of no record": (
        "INSERT INTO ledger_entry SELECT number + 1000000000, act, society, occurred_on, '\\x00',"
        " content, of FROM ledger_entry LIMIT 1",
        {"entry_of_a_record"},
    ),
    "a leaf of no record": (
        "DELETE FROM journal_record WHERE number NOT IN (SELECT number FROM ledger_entry)",
        {"leaf_of_a_record"},
    ),
    "a turn of no record": (
        "INSERT INTO journal_waiting VALUES (1000000000, 1000000000)", {"leaf_of_a_record"},
    ),
    "a leaf at another index": (
        "UPDATE journal_leaf SET index = index + 1000000 WHERE index = 3", {"leaves_without_gaps"},
    ),
    "a log said to be longer": (
        "UPDATE journal_logstate SET size = size + 1", {"leaves_without_gaps"},
    ),
    "a record in the log that waits for it": (
        "INSERT INTO journal_waiting SELECT number, number FROM journal_leaf WHERE index = 3",
        {"record_in_the_log_or_waiting"},
    ),
    "an entry that is about to arrive": (
        "INSERT INTO ledger_arrival SELECT 1000000000, request, content, gen_random_uuid(), act,"
        " society, occurred_on, now(), '{}', '{}', '{}' FROM ledger_entry LIMIT 1",
        {"record_in_the_log_or_waiting"},
    ),
    "a number that is about to arrive": (
        "INSERT INTO ledger_arrival SELECT number, '\\x00', content, gen_random_uuid(), act,"
        " society, occurred_on, now(), '{}', '{}', '{}' FROM ledger_entry LIMIT 1",
        {"record_in_the_log_or_waiting"},
    ),
    "a record that is neither in the log nor waits for it": (
        "DELETE FROM journal_leaf WHERE index = 3",
        {"record_in_the_log_or_waiting", "leaves_without_gaps"},
    ),
}  # fmt: skip


def keep(seed: int, acts: int) -> None:
    books.keep(random_society(seed, acts).records)


def differing() -> dict[str, list[Difference]]:
    return {what: found for what, found in recount() if found}


@pytest.mark.parametrize("seed", range(4))
def test_what_the_ledger_kept_is_the_same_when_counted_again(committed: str, seed: int) -> None:
    keep(seed, 300)
    assert differing() == {}
    done = CliRunner().invoke(ledger, ["recount"])
    assert done.exit_code == 0
    assert done.output.count("the same") == len(QUESTIONS)


def test_what_still_waits_in_the_queues_is_no_difference(committed: str) -> None:
    groups = books.grouped(random_society(5, 120).records)
    epoch = begin_epoch()
    last = max(at for at, group in enumerate(groups) if arrives(group[0]))
    for at, group in enumerate(groups[: last + 1]):
        books.book(group)
        # Before the last few, everything has its turn.
        if at < last - 1:
            place_all(epoch)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_arrival")
        assert cursor.fetchone()[0] > 0
    assert differing() == {}
    place_all(epoch)
    assert differing() == {}


def arrives(record: object) -> bool:
    return isinstance(record, Entry) and record.act in ARRIVING


def test_every_damage_is_told_by_its_question_and_by_no_other(committed: str) -> None:
    """Each in the same books, and taken back before the next."""
    keep(3, 400)
    assert set().union(*(told for _damage, told in DAMAGE.values())) == set(QUESTIONS)
    found = {}
    for name, (damage, _told) in DAMAGE.items():
        with transaction.atomic():
            unguarded(damage, name)
            found[name] = set(differing())
            transaction.set_rollback(True)
    assert found == {name: told for name, (_damage, told) in DAMAGE.items()}
    assert differing() == {}


def unguarded(damage: str, name: str) -> None:
    """As somebody does it who has taken every guard away first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgrelid::regclass::text ~ '^(ledger|journal)_'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        cursor.execute(
            "SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE contype = 'c'"
            " AND conrelid::regclass::text ~ '^(ledger|journal)_'"
        )
        for constraint, table in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint} CASCADE")
        cursor.execute(damage)
        assert cursor.rowcount, f"nothing to damage: {name}"


def test_a_difference_says_where_what_is_stored_and_what_was_counted(
    committed: str, caplog: pytest.LogCaptureFixture
) -> None:
    keep(6, 60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT purpose, currency, quantity FROM ledger_received LIMIT 1")
        purpose, currency, quantity = cursor.fetchone()
        cursor.execute(
            "UPDATE ledger_received SET quantity = quantity + 7"
            " WHERE purpose = %s AND currency = %s",
            [purpose, currency],
        )
    where = f"{purpose} {currency}"
    assert differing() == {
        "received": [Difference("received", where, str(quantity + 7), str(quantity))]
    }
    done = CliRunner().invoke(ledger, ["recount"])
    assert done.exit_code == 1
    assert f"{where}: stored {quantity + 7}, counted {quantity}" in done.output
    recount_nightly(timestamp=0)
    [said] = [one for one in caplog.records if one.name == "honghui.ledger"]
    assert (said.levelname, said.getMessage()) == ("ERROR", f"recount: received at {where}")


def test_whoever_works_meanwhile_does_not_disturb(committed: str) -> None:
    keep(6, 60)
    found = {}
    for at, (what, differs) in enumerate(recount()):
        found[what] = differs
        if at == 0:
            with psycopg.connect(committed, autocommit=True) as other:
                other.execute("UPDATE ledger_received SET quantity = quantity + 1")
                other.execute("INSERT INTO journal_waiting VALUES (1000000000, 1)")
    assert not any(found.values())
    assert set(differing()) == {"received", "leaf_of_a_record"}

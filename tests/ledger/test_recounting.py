"""Totals rebuilt from the movements: clean books are clean, and every damage has its name."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.db import connection

from honghui.ledger.cli import ledger
from honghui.ledger.recounting import QUESTIONS, recount
from tests.audit.societies import random_society
from tests.ledger import books

# By question: what somebody with all rights might do to the tables.
DAMAGE = {
    "taken_in": "UPDATE ledger_intake SET taken_in = taken_in + 1 WHERE taken_in > 0",
    "taken_in_without_gaps": "UPDATE ledger_movement SET in_hi = in_hi - 1"
    " WHERE out_pool IS NULL AND settled_pool IS NULL AND in_hi - in_lo > 1",
    "booked": "UPDATE ledger_booking SET booked = booked + 1 WHERE booked > 0",
    "booked_once": "UPDATE ledger_movement SET out_hi = out_hi + 1 WHERE out_pool IS NOT NULL",
    "cursor": "UPDATE ledger_movement SET out_lo = out_lo + 1 WHERE out_hi - out_lo > 1",
    "settled_once": "UPDATE ledger_movement SET settled_hi = 1000000"
    " WHERE settled_pool IS NOT NULL",
    "settled_was_spent": "UPDATE ledger_movement SET settled_hi = settled_hi + 1000000"
    " WHERE settled_pool IS NOT NULL",
    "both_ends": "UPDATE ledger_movement SET in_hi = in_hi + 1"
    " WHERE in_pool IS NOT NULL AND out_pool IS NOT NULL",
    "covers": "UPDATE ledger_movement SET settled_hi = settled_hi + 1"
    " WHERE out_pool IS NOT NULL AND settled_pool IS NOT NULL",
    "parts_laid_end_to_end": "UPDATE ledger_movement SET part_length = part_length + 1"
    " WHERE part_length IS NOT NULL",
    "parts": "UPDATE ledger_intake SET parts = 0",
    "received": "UPDATE ledger_received SET quantity = quantity - 1",
    "used": "UPDATE ledger_used SET quantity = quantity + 1",
    "movement_of_an_entry": "DELETE FROM ledger_entry WHERE act = 'use'",
    "entry_of_a_record": "DELETE FROM journal_record WHERE number IN"
    " (SELECT number FROM ledger_entry)",
    "leaves_without_gaps": "UPDATE journal_leaf SET index = index + 1000000 WHERE index = 3",
    "record_in_the_log_or_waiting": "DELETE FROM journal_leaf WHERE index % 7 = 3",
}


@pytest.fixture
def kept(committed: str) -> None:
    books.keep(random_society(3, 300).records)


def test_what_the_ledger_kept_is_the_same_when_counted_again(kept: None) -> None:
    assert {what for what, found in recount() if found} == set()
    done = CliRunner().invoke(ledger, ["recount"])
    assert done.exit_code == 0
    assert done.output.count("the same") == len(QUESTIONS)


def test_every_damage_is_named(kept: None) -> None:
    assert set(DAMAGE) == set(QUESTIONS)
    for what, damage in DAMAGE.items():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            for table in _guarded(cursor):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            for name, table in _checks(cursor):
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
            cursor.execute(damage)
            assert cursor.rowcount
            cursor.execute(f"{QUESTIONS[what]} LIMIT 100")
            assert cursor.fetchall(), what
            cursor.execute("ROLLBACK")


def _guarded(cursor) -> list[str]:  # type: ignore[no-untyped-def]
    cursor.execute(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        " AND (tgrelid::regclass::text LIKE 'ledger%' OR tgrelid::regclass::text LIKE 'journal%')"
    )
    return [row[0] for row in cursor.fetchall()]


def _checks(cursor) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    cursor.execute(
        "SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE contype = 'c'"
        " AND conrelid::regclass::text ~ '^(ledger|journal)_'"
    )
    return list(cursor.fetchall())

"""Puts public records down in the transaction of their act, in the order of its locks."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from honghui.kernel import clock
from honghui.record.schemas import Record, encode

_PUT = """
    INSERT INTO journal_record (number, part, id, data, recorded_at)
    SELECT %s, part, %s, data, %s
    FROM unnest(%s::smallint[], %s::bytea[]) AS new (part, data)
"""


def next_number() -> int:
    """Draw it while everything the act needs is locked: then numbers follow the order of acts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('journal_record_number')")
        number: int = cursor.fetchone()[0]
    return number


def put(*parts: Record) -> int:
    """One record, or all parts of one, ready for the log; its number. Raises BadRecord for what no
    schema allows."""
    number = next_number()
    put_at(number, parts[0].id, [encode(part) for part in parts])
    wait_for_log(number)
    return number


def put_at(number: int, id_: str, data: list[bytes]) -> None:
    """All parts of one thing, encoded."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT,
            [number, UUID(id_), clock.machine_now(), list(range(1, len(data) + 1)), data],
        )


def wait_for_log(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_waiting (number, turn) VALUES (%s, %s)", [number, number]
        )

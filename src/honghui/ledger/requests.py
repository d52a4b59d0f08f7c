"""Each request once, and each id once: whatever else happens at the same moment.

Requests meet at the unique indexes of the queue of arrivals. What arrives stays there until it is
an entry. Whatever else is written holds a row there while its transaction lasts: a twin waits for
it, and then finds what it has left.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from honghui.kernel import clock
from honghui.ledger.refusals import refuse

_HOLD = """
    INSERT INTO ledger_arrival (
        number, request, content, id, act, society, occurred_on, recorded_at, parts, pools,
        quantities
    ) VALUES (1, %s, '', %s, '', '', 'epoch', %s, '{}', '{}', '{}') ON CONFLICT DO NOTHING
"""
_KNOWN = """
    SELECT EXISTS (SELECT FROM ledger_entry WHERE request = %(request)s),
        EXISTS (SELECT FROM journal_record WHERE id = %(id)s)
"""


@contextmanager
def held(id_: str, request: bytes = b"") -> Iterator[None]:
    """Nobody else writes under this id, or for this request, until the transaction ends. Raises
    Refused where somebody has. A record that answers no request is held by its id alone."""
    request = request or UUID(id_).bytes
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [request, UUID(id_), clock.machine_now()])
        if not cursor.rowcount:
            raise refuse("request.at-once")
        cursor.execute(_KNOWN, {"id": UUID(id_), "request": request})
        same_request, same_id = cursor.fetchone()
    if same_request:
        raise refuse("request.at-once")
    if same_id:
        raise refuse("record.id-twice", id=id_)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_arrival WHERE request = %s", [request])

"""The trace page, for the table of access: whoever has a code may read, whoever they are."""

from __future__ import annotations

from typing import Any

from tests.access.rows import EVERYBODY, Row, Values
from tests.access.rows import page as _page


def _code(it: Any) -> Values:
    return {"code": it.money.donation.code}


# Within the test nothing is published: the gift waits, and so does its proof.
_WAITS = frozenset({404})
TRACE_PAGES: tuple[Row, ...] = (
    _page("trace", EVERYBODY),
    _page("trace_gift", EVERYBODY, others=EVERYBODY, given=_code),
    _page("trace_proof", EVERYBODY, others=EVERYBODY, given=_code, let_in=_WAITS),
    _page("trace_record", EVERYBODY, others=EVERYBODY, given=_code, let_in=_WAITS),
)

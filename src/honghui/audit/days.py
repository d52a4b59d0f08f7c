"""Nothing is written down before it happened. Anything may be written down later."""

from __future__ import annotations

from datetime import date, timedelta

from honghui.audit.findings import Broken
from honghui.record.schemas import KINDS, Record

_DAYS = {
    "occurred_on", "decided_on", "given_on", "reviewed_on", "corrected_on", "published_on",
    "revoked_on", "issued_on", "happened_on", "statement_on",
}  # fmt: skip
_DAY_OF: dict[type, str] = {
    kind: name for kind in KINDS for name in kind.__struct_fields__ if name in _DAYS
}
_ONE_DAY = timedelta(days=1)


def check_day(record: Record) -> None:
    """What is told of a day is not written down before it. One day of grace: the hour is UTC."""
    name = _DAY_OF.get(type(record))
    if name is None:
        return
    day: date = getattr(record, name)
    if day > date.fromisoformat(record.recorded_at[:10]) + _ONE_DAY:
        raise Broken("record.dated-ahead", day=day, recorded_at=record.recorded_at)

"""One gift through everything: access, purpose, ledger, act and record, in one durable transaction."""

from __future__ import annotations

import time
from datetime import date
from statistics import median
from typing import Any

ROUNDS = 400


def receive_ms() -> float:
    """The whole action, one client (median)."""
    from honghui.kernel.actors import system_actor
    from honghui.kernel.ids import new_public_id
    from honghui.ledger.actions import declare_record, receive
    from honghui.record.clauses import Dates, Uses
    from honghui.record.pools import Pool
    from honghui.record.references import Place, Purpose, Society

    by, code, day = system_actor("bench"), "330000", date(2020, 6, 20)
    new: dict[str, Any] = {"recorded_at": "2020-06-20T01:00Z"}
    for record in (
        Place(id=new_public_id(), code=code, kind="division", **new),
        Society(
            id=new_public_id(), code=code, level="province", place=code, since=day, **new
        ),
        Purpose(
            id=new_public_id(), code="general", society=code, starts_on=day,
            clauses=(Uses(only=("relief",)), Dates(what="received", first=day)),
            requested_by="a" * 32, approved_by=("b" * 32,), **new,
        ),
    ):  # fmt: skip
        declare_record(by=by, society=code, parts=(record,))
    pool = Pool(society=code, purpose="general", source="donation", commodity="CNY", place=code)
    times = []
    for number in range(ROUNDS):
        begun = time.perf_counter()
        receive(
            by=by, act="gift", pool=pool, quantity=5000, occurred_on=day,
            request=f"payment/{number}",
        )  # fmt: skip
        times.append((time.perf_counter() - begun) * 1000)
    return median(times[50:])

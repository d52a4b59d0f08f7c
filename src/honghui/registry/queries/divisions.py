"""Divisions on a day, and what became of them.

Every read takes a day, because a code does not say enough: a record of 2020 prints 下城区, and
330102 is not the same land before and after 9 April 2021. Where `until` is left out it is the
clock's today: a world pinned to 2020 knows nothing of 2021.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

from honghui.kernel import clock
from honghui.registry.divisions import valid_on
from honghui.registry.models import Division, DivisionSuccession
from honghui.registry.models.divisions import Level


def division_on(code: str, on: date) -> Division | None:
    """What the code stood for on that day; None if nothing. One query."""
    return Division.objects.filter(valid_on(on), code=code).first()


def name_on(code: str, on: date) -> str:
    """The name to print in a record of that day; "" if the code was no division then."""
    found = division_on(code, on)
    return found.name if found else ""


def counties_on(on: date) -> list[Division]:
    """The counties, districts and cities of county level, by code. One query."""
    return list(Division.objects.filter(valid_on(on), level=Level.COUNTY).order_by("code"))


def successors(code: str, on: date, until: date | None = None) -> list[Division]:
    """Which divisions of the day `until` hold land that was the code's on the day `on`: itself
    if nothing happened, [] if the code was no division. Two queries."""
    until = until or clock.today()
    edges = DivisionSuccession.objects.filter(on__gt=on, on__lte=until)
    return _walked(
        division_on(code, on),
        edges.select_related("after").order_by("on"),
        lambda edge: edge.before_id,
        lambda edge: edge.after,
    )


def origins(code: str, on: date, since: date | None = None) -> list[Division]:
    """Which divisions of the day `since` (left out: of the beginning of our data) held land that
    is the code's on the day `on`. Two queries."""
    edges = DivisionSuccession.objects.filter(on__gt=since or date.min, on__lte=on)
    return _walked(
        division_on(code, on),
        edges.select_related("before").order_by("-on"),
        lambda edge: edge.after_id,
        lambda edge: edge.before,
    )


def changes_between(a: date, b: date) -> list[DivisionSuccession]:
    """What makes the map of day `b` differ from that of day `a`, oldest first. One query."""
    return list(
        DivisionSuccession.objects.filter(on__gt=a, on__lte=b)
        .select_related("before", "after")
        .order_by("on", "before__code", "after__code")
    )


def _walked(
    start: Division | None,
    edges: Iterable[DivisionSuccession],
    leaving: Callable[[DivisionSuccession], UUID],
    reached: Callable[[DivisionSuccession], Division],
) -> list[Division]:
    """The rows at which the walk along the edges ends. The edges come in the walk's own order
    of time, so one pass reaches everything."""
    if start is None:
        return []
    open_rows, left = {start.pk: start}, set()
    for edge in edges:
        if leaving(edge) in open_rows:
            left.add(leaving(edge))
            open_rows[reached(edge).pk] = reached(edge)
    ends = [row for pk, row in open_rows.items() if pk not in left]
    return sorted(ends, key=lambda row: row.code)

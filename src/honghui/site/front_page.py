"""The front page's numbers, straight from the database. At most eight queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from honghui.funds import access
from honghui.funds.models import Fund
from honghui.funds.queries.sums import Sums, sums_of
from honghui.registry.models import DivisionSuccession, GrassRootsUnit
from honghui.registry.queries.divisions import changes_between
from honghui.registry.queries.societies import SocietyCounts, counts_of, society_tree
from honghui.registry.societies_map import counties_in_each_city
from honghui.ui.maps import TileMap

UNITS_SHOWN = 5


@dataclass(frozen=True)
class MoneyNow:
    """All open funds together, in fen, as the log's first `as_of` records tell."""

    sums: Sums
    as_of: int
    funds: list[tuple[Fund, Sums]]


@dataclass(frozen=True)
class FrontPage:
    money: MoneyNow
    counts: SocietyCounts
    grid: TileMap
    newest_units: QuerySet[GrassRootsUnit]
    changes: list[DivisionSuccession]


def front_page(on: date) -> FrontPage:
    """Everything the front page tells, as of a day."""
    province = society_tree(on)
    return FrontPage(
        money=money_now(),
        counts=counts_of(province, on),
        grid=counties_in_each_city(province),
        newest_units=GrassRootsUnit.objects.filter(closed_on=None)
        .select_related("society")
        .order_by("-opened_on", "name")[:UNITS_SHOWN],
        changes=changes_between(date(on.year - 2, 1, 1), on),
    )


def money_now() -> MoneyNow:
    """Two queries."""
    funds = list(access.open_funds())
    sums = sums_of(funds)
    each = [(fund, sums.of(fund)) for fund in funds]
    return MoneyNow(sum((one for _fund, one in each), Sums()), sums.as_of, each[:UNITS_SHOWN])

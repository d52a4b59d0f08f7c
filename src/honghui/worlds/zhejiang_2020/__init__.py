"""Zhejiang in June 2020: the facts of issue 370 of the provincial society's newspaper.

Three kinds of things stand in this world. Facts, with "第 370 期" as their source: the divisions
of that day and the organisations the issue names. Samples, marked "示例": grass-roots units. And
the cast (worlds/cast.py), who exist nowhere. No person named in the issue is in it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from honghui.kernel.clock import CHINA
from honghui.worlds.loader import Report

NAME = "zhejiang_2020"
TITLE = "浙江 2020"
PINNED_AT = datetime(2020, 6, 24, 9, 0, tzinfo=CHINA)


def load(report: Report, *, without: Collection[str] = ()) -> None:
    """In the order of that June, as the journal would have it."""
    from honghui.worlds.zhejiang_2020 import books, funds, registry, rescue

    registry.load(report)
    books.load(report)
    with_rescue = "rescue" not in without
    if with_rescue:
        rescue.found_teams(report)
    funds.load(report)
    if with_rescue:
        rescue.load(report)
    funds.spend(report)
    registry.load_duplicate(report)
    if with_rescue:
        rescue.load_flood(report)


def after_publishing(report: Report) -> None:
    """Once the records above stand in the log."""
    from honghui.worlds.zhejiang_2020 import bulletins

    bulletins.after_publishing(report)

"""The province's plan for the flood season, and what was counted of it: samples.

The newspaper tells that the societies were to get ready for floods without delay; what each should
have in store, and has, is nobody's fact. Some have too little, and some have not counted yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from honghui.kernel import clock
from honghui.kernel.clock import CHINA
from honghui.registry.models import Society
from honghui.rescue.actions.readiness import count_stock, make_plan, set_targets
from honghui.rescue.models import ReadinessPlan
from honghui.rescue.rules.readiness import Target
from honghui.worlds.zhejiang_2020.cast import actor_named
from honghui.worlds.zhejiang_2020.registry import SYSTEM

PLANNED_AT = datetime(2020, 6, 5, 16, 0, tzinfo=CHINA)
COUNTED_AT = datetime(2020, 6, 16, 15, 30, tzinfo=CHINA)
TYPED = ("family_kits", "quilts", "pumps")
# A society, then "counted/planned" of family kits, quilts and pumps: ? nobody has counted, - not
# planned. The counties lie where the plum rain is heaviest: Shaoxing, Quzhou, Jinhua.
STOCK = """
    330000 1500/2000 2600/3000 12/12
    330100 420/400 600/600 8/6; 330200 300/400 500/600 6/6; 330300 400/400 ?/600 6/6
    330400 180/200 300/300 4/4; 330500 200/200 240/300 2/4; 330600 260/300 400/400 4/6
    330700 300/300 450/400 5/6; 330800 210/300 320/400 6/6; 330900 150/150 200/200 4/4
    331000 ?/400 ?/500 ?/6; 331100 160/300 400/400 3/6
    330602 80/60 120/100 2/2; 330603 60/60 80/100 2/2; 330604 40/60 100/100 1/2
    330624 50/50 60/80 -; 330681 90/80 100/100 3/3; 330683 ?/50 ?/80 ?/2
    330802 60/50 80/80 2/2; 330803 30/50 40/80 1/2; 330822 50/60 90/80 2/2
    330824 60/60 80/80 2/2; 330825 60/60 70/80 ?/2; 330881 70/60 120/100 2/2
    330702 50/50 80/80 2/2; 330703 ?/50 ?/80 -; 330723 40/40 60/60 1/1
    330727 20/40 60/60 1/1; 330781 80/60 100/80 3/2; 330784 60/60 80/80 1/2
"""
# Of what our own rows count: teams, people ready, on stand-by now, boats, vehicles.
FORCES = {
    "330600": {"teams": 4, "ready": 60, "on_stand_by": 6, "boats": 4, "vehicles": 4},
    "330324": {"teams": 1, "ready": 40},
    "330784": {"teams": 1, "ready": 40},
    "331081": {"teams": 1, "ready": 80},
}
COUNTED_BY = {"330000": "province", "330600": "officer"}


def plan() -> None:
    """Made by the province, for the whole flood season."""
    by = actor_named("province")
    with clock.at(PLANNED_AT):
        made = make_plan(
            by=by, society=Society.objects.get(pk="330000"), title="2020年防汛备汛计划（示例）",
            title_en="Ready for the floods of 2020 (sample)",
            from_on=date(2020, 4, 15), until_on=date(2020, 10, 15),
        )  # fmt: skip
        set_targets(by=by, plan=made, targets=list(_targets()))


def count() -> None:
    """What is in the stores, as each society typed it; where nobody of the cast works, the world
    itself types it."""
    societies = Society.objects.in_bulk()
    assert ReadinessPlan.objects.exists(), "what is counted belongs to a plan"
    with clock.at(COUNTED_AT):
        for code, measure, counted, _planned in _stock():
            if counted is not None:
                by = actor_named(COUNTED_BY[code]) if code in COUNTED_BY else SYSTEM
                count_stock(by=by, society=societies[code], measure=measure, value=counted)


def _targets() -> Iterator[Target]:
    for code, measure, _counted, planned in _stock():
        yield Target(code, measure, planned)
    for code, forces in FORCES.items():
        for measure, value in forces.items():
            yield Target(code, measure, value)


def _stock() -> Iterator[tuple[str, str, int | None, int]]:
    """(society, measure, counted, planned)."""
    for row in STOCK.replace("\n", ";").split(";"):
        code, *cells = row.split() or [""]
        for measure, cell in zip(TYPED, cells, strict=False):
            counted, _slash, planned = cell.partition("/")
            if planned:
                yield code, measure, None if counted == "?" else int(counted), int(planned)

"""A week of stand-by, 24 hours each: a sample. Saturday is one short, and one turn is on offer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from honghui.kernel import clock
from honghui.kernel.clock import CHINA
from honghui.rescue.actions.gear import issue_gear, return_gear
from honghui.rescue.actions.rosters import ask_swap, open_stand_by, take_turn
from honghui.rescue.models import StandBy
from honghui.worlds.zhejiang_2020.cast import actor_named
from honghui.worlds.zhejiang_2020.rescue.teams import RELIEF, members_of, team_named

OPENED_AT = datetime(2020, 6, 16, 16, 0, tzinfo=CHINA)
FROM_AT = datetime(2020, 6, 22, 9, 0, tzinfo=CHINA)
DAYS, EACH = 7, 3
SHORT_ON = date(2020, 6, 27)


def load() -> None:
    by, team = actor_named("officer"), team_named(RELIEF)
    with clock.at(OPENED_AT):
        open_stand_by(
            by=by, team=team, reason="flood_season", from_at=FROM_AT,
            until_at=FROM_AT + timedelta(days=DAYS), minimum_people=EACH, each_hours=24,
            title="梅汛期备勤（示例）", title_en="Ready in the plum rain (sample)",
        )  # fmt: skip
        people = members_of(team)
        turns = StandBy.objects.filter(team=team, from_at__gte=FROM_AT).order_by("from_at")
        for number, turn in enumerate(turns):
            is_short = turn.from_at.astimezone(CHINA).date() == SHORT_ON
            for member in people[number * EACH : (number + 1) * EACH - is_short]:
                place = take_turn(by=by, stand_by=turn, member=member)
    with clock.at(OPENED_AT + timedelta(minutes=30)):
        ask_swap(by=by, place=place, member=people[DAYS * EACH])
        _try_gear()


def _try_gear() -> None:
    """For the stand-by: lights and pumps are tried. One light comes back damaged, the pumps are
    still out."""
    by, gear = actor_named("officer"), {one.kind: one for one in team_named(RELIEF).gear.all()}
    lights = issue_gear(by=by, gear=gear["light"], quantity=4, note="备勤试灯（示例）")
    issue_gear(by=by, gear=gear["pump"], quantity=2, note="备勤试机，留在值班点（示例）")
    return_gear(by=by, issue=lights, returned=3, damaged=1, note="一盏灯座开裂（示例）")

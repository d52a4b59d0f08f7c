"""Rescue in this world: teams and plans, a drill, the night in Wenling, and a flood going on.

The one hard idea: only the night in Wenling is told by the newspaper (wenling.py). Of the flood
season it tells that everybody was to get ready at once; how ready they are, the drill, the warnings
and the flood of 23 June are samples, and say so in their names or sources.
"""

from __future__ import annotations

from honghui.rescue.rules.roll import RollLine
from honghui.worlds.loader import Report
from honghui.worlds.zhejiang_2020.rescue import (
    alerts,
    drill,
    flood,
    readiness,
    rosters,
    teams,
    wenling,
)


def found_teams(report: Report) -> None:
    """4 and 5 June: who is there, what they have, and what the season asks for."""
    wenling.found_teams()
    teams.found_teams()
    readiness.plan()
    report(f"{len(wenling.TEAMS) + len(teams.TEAMS)} rescue teams, {len(rolled())} people")


def load(report: Report) -> None:
    """12 to 16 June: a drill, the night in Wenling, and who stands by next week."""
    drill.load()
    wenling.load(report)
    readiness.count()
    rosters.load()
    report("a drill, a plan for the flood season, and a week of stand-by: samples")


def load_flood(report: Report) -> None:
    """From the evening of 23 June to the moment at which this world stands still."""
    alerts.take_in()
    incident = flood.open_it()
    flood.first_night(incident)
    flood.next_morning(incident)
    report("a flood that is going on, with its warnings: samples")


def rolled() -> list[RollLine]:
    """Everybody of all teams: nobody of them exists."""
    return [*wenling.rolled(), *teams.rolled()]

"""Rescue in the sample world: what a visitor finds at the moment at which it stands still."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client

from honghui.kernel import clock
from honghui.messaging.models import Incoming
from honghui.registry.models import Account
from honghui.rescue import access, team_access
from honghui.rescue.alerting.reading import read
from honghui.rescue.models import (
    Alert,
    Gear,
    Hours,
    Incident,
    Member,
    Mission,
    RescueReport,
    Responder,
    Swap,
    Team,
    Vehicle,
)
from honghui.rescue.queries.alerts import standing
from honghui.rescue.queries.board import board_of
from honghui.rescue.queries.duty import duty_of
from honghui.rescue.queries.papers import endings
from honghui.rescue.queries.readiness import current_plan, readiness
from honghui.rescue.queries.rosters import week_of
from honghui.rescue.queries.situation import newest, reports_of
from honghui.rescue.rules.duty import Why
from honghui.worlds.zhejiang_2020 import PINNED_AT
from honghui.worlds.zhejiang_2020.cast import actor_named
from honghui.worlds.zhejiang_2020.rescue import alerts, flood, teams
from honghui.worlds.zhejiang_2020.rescue import readiness as planned

pytestmark = pytest.mark.usefixtures("loaded")
SAMPLE = "示例"


def _flood() -> Incident:
    return Incident.objects.get(state="open", is_drill=False)


def _team(code: str) -> Team:
    return Team.objects.get(code=code)


def test_only_what_the_newspaper_tells_has_it_as_its_source() -> None:
    told = {"wenling-rescue", "yongjia-sea-eagle", "yongkang-rescue"}
    for team in Team.objects.all():
        is_told = team.code in told
        assert (team.source, SAMPLE in team.name) == (
            ("第 370 期" if is_told else SAMPLE),
            not is_told,
        )
    for incident in Incident.objects.all():
        is_told = incident.cause == "explosion"
        assert (incident.source == "第 370 期", SAMPLE in incident.title) == (is_told, not is_told)
        assert ("sample" in incident.title_en) is not is_told
    ours = Alert.objects.filter(direction="out")
    assert ours and all(SAMPLE in one.headline and "sample" in one.headline_en for one in ours)
    sent = Alert.objects.filter(direction="in")
    assert sent and all(one.sender.endswith(".example") and SAMPLE in one.headline for one in sent)


def test_papers_are_what_a_keeper_of_papers_meets() -> None:
    by = actor_named("officer")
    found = endings(team_access.members(by), within=30)
    kinds = {(one.skill, one.on, one.is_over) for one in found}
    assert kinds == {
        ("nurse", date(2020, 5, 19), True),
        ("medic", date(2020, 7, 8), False),
        ("", date(2020, 7, 1), False),
        ("", None, True),
    }
    ours = Member.objects.filter(team__society=teams.SHAOXING)
    duty = duty_of(ours, at=clock.now(), skill=None)
    reasons = [reason.why for one in duty.values() for reason in one.reasons]
    for why in (Why.CERTIFICATE_EXPIRED, Why.UNINSURED, Why.AWAY):
        assert reasons.count(why) == 1
    assert sum(one.only_if_short for one in duty.values()) == 1


def test_saturday_is_one_short_and_a_turn_is_on_offer() -> None:
    team = _team(teams.RELIEF)
    days = week_of([team], date(2020, 6, 22))[0].days
    assert [(day.taken, day.wanted, day.short) for day in days] == [
        (3, 3, 0), (3, 3, 0), (3, 3, 0), (3, 3, 0), (3, 3, 0), (2, 3, 1), (3, 3, 0),
    ]  # fmt: skip
    swap = Swap.objects.get()
    assert swap.state == "asked"
    assert swap.place.stand_by.from_at.astimezone(clock.CHINA).date() == date(2020, 6, 28)


def test_some_gear_is_out_some_damaged_and_some_overdue() -> None:
    gear = {(one.team.code, one.kind): one for one in Gear.objects.select_related("team")}
    assert gear[teams.RELIEF, "light"].damaged == 1
    assert gear[teams.RELIEF, "pump"].issues.get().returned_at is None
    assert gear[teams.WATER, "life_jacket"].damaged == 1
    today = clock.today()
    late = {kind for (_code, kind), one in gear.items() if (one.inspection_due_on or today) < today}
    assert late == {"generator", "aed"}
    assert [one.name for one in Vehicle.objects.filter(is_fit=False)] == ["橡皮艇1（示例）"]
    assert Vehicle.objects.get(inspection_due_on__lt=today).team.code == teams.RELIEF


def test_the_plan_for_the_season_is_met_here_and_short_there() -> None:
    by = actor_named("province")
    plan = current_plan(by)
    assert plan is not None and SAMPLE in plan.title
    found = readiness(by, plan)
    stock = list(planned._stock())
    cells = {(row.society.pk, cell.measure): cell for row in found.rows for cell in row.cells}
    for code, measure, counted, target in stock:
        assert (cells[code, measure].actual, cells[code, measure].target) == (counted, target)
    shares = {row.share for row in found.rows}
    assert {0, 100} < shares and len(shares) >= 5
    missing = [cell for cell in cells.values() if cell.target and cell.actual is None]
    assert len(missing) == sum(counted is None for _code, _m, counted, _t in stock) > 0
    assert {one.team.code for one in found.drills if one.last} == {teams.WATER, teams.MEDICAL}
    ready = [one for one in found.stand_bys if one.stand_by.team.code == teams.MEDICAL]
    assert [(one.is_running, one.turned_out) for one in ready] == [(True, False)]


def test_the_flood_is_going_on_as_the_world_stands_still() -> None:
    incident = _flood()
    assert (incident.level, incident.society_id) == (3, teams.SHAOXING)
    missions = {one.team.code: one.state for one in incident.missions.select_related("team")}
    assert missions == {
        teams.WATER: "there",
        teams.RELIEF: "departed",
        teams.COMFORT: "closed",
        "yongkang-rescue": "asked",
    }
    board = board_of(incident, PINNED_AT, is_past=False)
    heads = board.rows[0].heads
    assert (heads.there.value, heads.way.value) == (flood.WATER_COMING, flood.RELIEF_COMING)
    assert board.rows[0].vehicles == {"boat": 2, "rescue": 1, "truck": 1}
    assert len(board.needs) == 3 and board.needs[0].met == 60
    assert len(board.rows[0].expected) == flood.RELIEF_COMING
    assert min(one.at for _team_row, one in board.rows[0].expected) > PINNED_AT
    assert not RescueReport.objects.filter(incident=incident).exists()


def test_what_is_known_of_it_is_the_newest_snapshot_and_no_sum() -> None:
    reports = reports_of(_flood())
    assert [(one.number, one.stage) for one in reports] == [(1, "first"), (2, "following")]
    known = {(one.measure, one.figure.unit): one.figure for one in newest(reports)}
    _as_of, figures, *_texts = flood.SECOND_SITUATION
    for one in figures:
        figure = known[one.measure, one.unit]
        assert (figure.value, figure.qualifier) == (one.value, one.qualifier)
    assert known["affected", "person"].value == 420
    assert known["treated", "person_time"].value == 18 and known["teams_out", "team"].value == 3


def test_one_answer_waits_for_a_person() -> None:
    assert Incoming.objects.filter(state__in=["unclear", "unknown"]).count() == 1


def test_those_who_are_home_have_their_hours_and_a_colleague_confirmed_them() -> None:
    for incident, people in ((_flood(), 3), (Incident.objects.get(is_drill=True), 6)):
        rows = Hours.objects.filter(responder__mission__incident=incident)
        assert rows.count() == people
        assert all(one.confirmed_at and one.minutes > 60 for one in rows)


def test_the_drill_is_over_and_its_report_says_who_came_when() -> None:
    report = RescueReport.objects.get(incident__is_drill=True)
    assert report.state == "released" and report.record_id is not None
    assert report.written_by != report.released_by
    contents = report.contents
    assert contents["is_drill"] and contents["people"] == [6, "exact"]
    arrived = {
        team["code"]: team["groups"][0]["told"]["arrived"][0][11:16] for team in contents["teams"]
    }
    assert arrived == {teams.WATER: "06:35", teams.MEDICAL: "06:52"}
    assert not Mission.objects.filter(incident__is_drill=True).exclude(state="closed").exists()


def test_warnings_came_in_and_ours_went_out_by_two_people() -> None:
    first, second = (read(xml) for xml in alerts.messages())
    assert (first.message_type, second.message_type) == ("Alert", "Update")
    assert len(second.references) == 1 and first.identifier in second.references[0]
    taken = list(Alert.objects.filter(direction="in").order_by("sent_at"))
    assert [bytes(one.xml) for one in taken] == alerts.messages()
    ours = {one.state: one for one in Alert.objects.filter(direction="out")}
    assert set(ours) == {"published", "draft"}
    published = ours["published"]
    assert published.written_by != published.approved_by
    assert ours["draft"].references and ours["draft"].message_type == "Update"
    kinds = {one.alert.pk: one.kind for one in standing([*taken, *ours.values()])}
    assert kinds[taken[0].pk] != kinds[taken[1].pk]
    assert kinds[published.pk] == kinds[taken[1].pk]


@pytest.mark.parametrize("username", ["leader-yongkang", "leader-yongjia", "auditor"])
def test_names_of_a_team_are_its_own_societys_business(username: str) -> None:
    by = actor_named(username)
    mission = Mission.objects.get(incident=_flood(), team__code=teams.WATER)
    assert access.may_see_names(by, mission.team) is (username == "auditor")
    sees = access.missions(by).filter(pk=mission.pk).exists()
    assert sees is (username != "leader-yongjia")


def test_the_english_log_names_teams_in_english(client: Client) -> None:
    client.force_login(
        Account.objects.get(username="officer"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    page = client.get(f"/en{_flood().get_absolute_url()}").content.decode()
    log = page[page.index('<ol class="log">') :]
    assert "Zhuji Water Rescue Team (sample)" in log
    assert "诸暨水上救生队" not in log


def test_nobody_of_the_flood_has_told_of_a_time_to_come() -> None:
    latest = max(
        at
        for one in Responder.objects.filter(mission__incident=_flood())
        for at in (one.departed_at, one.arrived_at, one.back_at)
        if at
    )
    assert latest < PINNED_AT
    assert isinstance(latest, datetime)

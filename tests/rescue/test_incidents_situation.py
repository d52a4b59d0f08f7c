"""Situation reports are snapshots: the newest holds, nothing is ever summed. Needs beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from honghui.registry.models import Society
from honghui.registry.queries.desk import waiting_for
from honghui.rescue.actions import incidents, needs
from honghui.rescue.actions.situation import report_situation
from honghui.rescue.models import Incident, SituationFigure, SituationReport, Skill
from honghui.rescue.queries.situation import course, due, known_before, newest, reports_of
from honghui.rescue.rules.situation import Figure
from honghui.rescue.words.lines import say
from honghui.rescue.words.places import Place
from tests.registry.samples import actor, overlapped

NOON = datetime(2020, 6, 23, 12, 0, tzinfo=clock.CHINA)
SOURCE = "温岭市应急管理局"

Make = Callable[..., Actor]


def opened(by: Actor, society: Society, **values: Any) -> Incident:
    given = {"cause": "explosion", "place": Place("331081"), "known_at": NOON, **values}
    return incidents.open_incident(by=by, society=society, **given)


@pytest.fixture
def incident(system: Actor, shaoxing: Society) -> Incident:
    return opened(system, shaoxing)


def told(
    by: Actor, incident: Incident, hours: float, *figures: tuple[Any, ...], **values: Any
) -> SituationReport:
    """Figures as (measure, value, unit, qualifier)."""
    return report_situation(
        by=by, incident=incident, as_of=NOON + timedelta(hours=hours), source=SOURCE,
        figures=[Figure(*one) for one in figures], **values,
    )  # fmt: skip


def known(incident: Incident) -> dict[tuple[str, str], tuple[int | None, str]]:
    return {
        (one.measure, one.figure.unit): (one.figure.value, one.figure.qualifier)
        for one in newest(reports_of(incident))
    }


def test_the_newest_snapshot_holds_and_two_are_never_added(
    as_actor: Make, incident: Incident
) -> None:
    by = as_actor("officer")
    told(by, incident, 1, ("injured", 100, "person", "over"), ("dead", 10, "person"))
    told(by, incident, 5, ("injured", 172, "person"))
    assert known(incident) == {
        ("dead", "person"): (10, "exact"),
        ("injured", "person"): (172, "exact"),
    }
    rows = {one.measure: one for one in newest(reports_of(incident))}
    # Each with the moment it speaks of.
    assert rows["dead"].report.as_of == NOON + timedelta(hours=1)
    assert rows["injured"].report.number == 2


def test_a_late_report_of_an_earlier_moment_changes_nothing_of_what_is_known(
    as_actor: Make, incident: Incident
) -> None:
    by = as_actor("officer")
    told(by, incident, 5, ("injured", 172, "person"))
    told(by, incident, 1, ("injured", 100, "person"))
    assert known(incident)["injured", "person"] == (172, "exact")


def test_people_and_person_times_are_two_figures(as_actor: Make, incident: Incident) -> None:
    by = as_actor("officer")
    told(by, incident, 1, ("moved", 500, "person"), ("moved", 120, "household"))
    told(by, incident, 2, ("moved", 900, "person_time"))
    assert set(known(incident)) == {
        ("moved", "person"), ("moved", "household"), ("moved", "person_time")
    }  # fmt: skip


def test_unknown_stays_unknown(as_actor: Make, incident: Incident) -> None:
    told(as_actor("officer"), incident, 1, ("missing", None, "person"))
    assert known(incident) == {("missing", "person"): (None, "exact")}
    assert SituationFigure.objects.get(report__incident=incident).value is None


def test_stages_follow_and_nothing_follows_the_final_one(
    as_actor: Make, incident: Incident
) -> None:
    by = as_actor("officer")
    stages = [
        told(by, incident, 1, ("dead", 1, "person")).stage,
        told(by, incident, 2, ("dead", 2, "person")).stage,
        told(by, incident, 3, ("dead", 2, "person"), is_final=True).stage,
    ]
    assert stages == ["first", "following", "final"]
    with pytest.raises(Conflict) as refused:
        told(by, incident, 4, ("dead", 3, "person"))
    assert refused.value.code == "rescue.situation.final"
    assert incident.situation_reports.count() == 3


def test_a_lower_figure_asks_for_a_reason_and_is_told_in_the_log(
    as_actor: Make, incident: Incident
) -> None:
    by = as_actor("officer")
    told(by, incident, 1, ("missing", 12, "person", "about"))
    with pytest.raises(Invalid) as refused:
        told(by, incident, 2, ("missing", 3, "person"))
    assert refused.value.code == "rescue.situation.lowered"
    assert refused.value.field == "reason"
    assert incident.situation_reports.count() == 1
    told(by, incident, 2, ("missing", 3, "person"), reason="九人已经找到。")
    assert newest(reports_of(incident))[0].is_lower
    line = incident.log_lines.get(kind="figure_lowered")
    assert say(line) == "失踪：现为3人，此前约12人。九人已经找到。"


def test_a_correction_stands_in_the_place_of_what_it_corrects(
    as_actor: Make, incident: Incident
) -> None:
    by = as_actor("officer")
    first = told(by, incident, 1, ("dead", 20, "person"), ("injured", 5, "person"))
    fixed = told(
        by, incident, 1, ("dead", 2, "person"), corrects=first, reason="多打了一个零。"
    )  # fmt: skip
    assert known(incident) == {("dead", "person"): (2, "exact")}
    assert (fixed.number, fixed.stage) == (2, "first")
    with pytest.raises(Conflict):
        told(by, incident, 1, ("dead", 3, "person"), corrects=first, reason="再改一次看看。")
    with pytest.raises(Invalid):
        told(by, incident, 1, ("dead", 3, "person"), corrects=fixed)


@pytest.mark.parametrize(
    ("figures", "values", "code"),
    [
        ([("dead", -1, "person")], {}, "rescue.figure.negative"),
        ([("dead", 10**16, "person")], {}, "rescue.figure.negative"),
        ([("dead", 1, "household")], {}, "rescue.figure.wrong_unit"),
        ([("dead", 1, "furlong")], {}, "rescue.figure.wrong_unit"),
        ([("dead", 1, "person", "maybe")], {}, "rescue.figure.qualifier"),
        ([("dead", None, "person", "about")], {}, "rescue.figure.qualifier"),
        ([("aliens", 1, "person")], {}, "rescue.figure.unknown"),
        ([("dead", 1, "person"), ("dead", 2, "person")], {}, "rescue.figure.twice"),
        ([], {}, "rescue.situation.empty"),
        ([("dead", 1, "person")], {"source": " "}, "rescue.situation.no_source"),
        (
            [("dead", 1, "person")],
            {"as_of": NOON + timedelta(days=9)},
            "rescue.time.in_future",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    as_actor: Make,
    incident: Incident,
    figures: Sequence[tuple[Any, ...]],
    values: dict[str, Any],
    code: str,
) -> None:
    given = {
        "as_of": NOON, "source": SOURCE, "figures": [Figure(*one) for one in figures], **values
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        report_situation(by=as_actor("officer"), incident=incident, **given)
    assert refused.value.code == code
    assert not incident.situation_reports.exists()
    assert incident.log_lines.count() == 1


def test_a_team_leader_writes_no_report(as_actor: Make, system: Actor) -> None:
    theirs = opened(system, Society.objects.get(pk="331081"))
    with pytest.raises(NotAllowed):
        told(as_actor("team-leader"), theirs, 1, ("dead", 1, "person"))


def test_two_reports_that_race_get_two_numbers(committed: str) -> None:
    by, other = actor("officer"), actor("officer2")
    incident = opened(by, Society.objects.get(pk="330600"))
    ours, theirs = overlapped(
        committed,
        lambda: told(by, incident, 1, ("dead", 1, "person")),
        lambda: told(other, incident, 1, ("dead", 1, "person")),
    )
    assert {ours.number, theirs.number} == {1, 2}
    assert {ours.stage, theirs.stage} == {"first", "following"}


def test_two_incidents_that_race_get_two_letters(committed: str) -> None:
    by, other = actor("officer"), actor("officer2")
    society = Society.objects.get(pk="330600")
    ours, theirs = overlapped(
        committed, lambda: opened(by, society), lambda: opened(other, society)
    )
    assert {ours.number, theirs.number} == {"330600-20200623-a", "330600-20200623-b"}


def test_the_first_report_is_awaited_for_a_day(as_actor: Make, incident: Incident) -> None:
    by = as_actor("officer")
    waiting = due(incident, has_report=False)
    assert waiting is not None and not waiting.is_late  # 24 June, 9:00: 21 hours later
    assert waiting.words == "首报还剩3小时"
    tasks = [task for task in waiting_for(by) if incident.title in task.subject]
    assert [task.state for task in tasks] == ["half"]
    with clock.at(NOON + timedelta(hours=26)):
        late = due(incident, has_report=False)
        assert late is not None and late.is_late
        assert late.words == "首报已超时2小时"
    told(by, incident, 1, ("dead", 1, "person"))
    assert not [task for task in waiting_for(by) if incident.title in task.subject]


def test_a_watch_awaits_no_report(system: Actor, shaoxing: Society) -> None:
    assert due(opened(system, shaoxing, is_watch=True), has_report=False) is None


def test_the_curve_needs_two_points(as_actor: Make, incident: Incident) -> None:
    by = as_actor("officer")
    told(by, incident, 1, ("injured", 100, "person", "over"), ("dead", 10, "person"))
    assert course(reports_of(incident)) is None
    told(by, incident, 5, ("injured", 172, "person"))
    drawn = course(reports_of(incident))
    assert drawn is not None
    assert [value for _label, cells in drawn.rows for value, _text in cells] == [100, 172]
    before = known_before(incident, NOON + timedelta(hours=2), leave_out=None)
    assert before["injured", "person"] == (100, "over")


# ── the form ─────────────────────────────────────────────────────────────────────────────────


def sent(client: Client, address: str, **values: str) -> Any:
    once = client.get(address).context["form"].once_key
    given = {"once": once, "as_of": "2020-06-23T13:00", "source": SOURCE, **values}
    return client.post(address, given)


def test_figures_are_typed_as_they_were_told(
    sign_in: Callable[[str], Client], incident: Incident
) -> None:
    client = sign_in("officer")
    address = reverse("situation_new", args=[incident.pk])
    answer = sent(
        client, address, injured="近400人", moved="约三十户、80余人", missing="不详",
        houses_collapsed="12户30间", loss="1.2亿元",
    )  # fmt: skip
    assert answer.status_code == 302
    assert known(incident) == {
        ("missing", "person"): (None, "exact"),
        ("injured", "person"): (400, "under"),
        ("moved", "household"): (30, "about"),
        ("moved", "person"): (80, "over"),
        ("houses_collapsed", "household"): (12, "exact"),
        ("houses_collapsed", "room"): (30, "exact"),
        ("loss", "yuan"): (120_000_000, "exact"),
    }
    page = client.get(incident.get_absolute_url()).content.decode()
    assert "不足400人" in page and "约30户" in page and "不详" in page


def test_a_figure_that_cannot_be_read_comes_back_on_its_line(
    sign_in: Callable[[str], Client], incident: Incident
) -> None:
    client = sign_in("officer")
    address = reverse("situation_new", args=[incident.pk])
    answer = sent(client, address, injured="数十人", dead="-1", affected="12户")
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"injured", "dead", "affected"}
    assert not incident.situation_reports.exists()


def test_a_lower_figure_comes_back_and_asks_why(
    sign_in: Callable[[str], Client], system: Actor, incident: Incident
) -> None:
    told(system, incident, 0.5, ("missing", 12, "person"))
    client = sign_in("officer")
    address = reverse("situation_new", args=[incident.pk])
    answer = sent(client, address, missing="3人")
    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors
    assert sent(client, address, missing="3人", reason="九人已经找到。").status_code == 302
    page = client.get(reverse("situation", args=[incident.pk, 2])).content.decode()
    assert "九人已经找到。" in page


def test_a_correction_begins_with_what_it_corrects(
    sign_in: Callable[[str], Client], system: Actor, incident: Incident
) -> None:
    told(system, incident, 0.5, ("missing", 12, "person", "about"), ("loss", 10_000, "yuan"))
    client = sign_in("officer")
    address = reverse("situation_correct", args=[incident.pk, 1])
    form = client.get(address).context["form"]
    assert (form["missing"].value(), form["loss"].value()) == ("约12人", "10,000元")
    answer = sent(client, address, missing="约2人", reason="听错了一个字。")
    assert answer.status_code == 302
    old = client.get(reverse("situation", args=[incident.pk, 1])).content.decode()
    assert "不再有效" in old


def test_a_number_that_was_never_written_is_not_found(
    sign_in: Callable[[str], Client], incident: Incident
) -> None:
    answer = sign_in("officer").get(reverse("situation", args=[incident.pk, 7]))
    assert answer.status_code == 404


# ── needs ────────────────────────────────────────────────────────────────────────────────────


def test_a_need_is_told_met_in_part_and_closed(as_actor: Make, incident: Incident) -> None:
    by = as_actor("officer")
    need = needs.tell_need(
        by=by, incident=incident, what="冲锋舟", what_en="boats", value=4, unit="boat"
    )
    needs.change_need(by=by, need=need, met=1)
    needs.change_need(by=by, need=need, met=3)
    need.refresh_from_db()
    # The whole so far: 1 and then 3 is 3.
    assert need.met == 3
    needs.close_need(by=by, need=need)
    with pytest.raises(Conflict):
        needs.close_need(by=by, need=need)
    with pytest.raises(Conflict):
        needs.change_need(by=by, need=need, met=4)
    kinds = [line.kind for line in incident.log_lines.all()]
    assert kinds[1:] == ["need_told", "need_changed", "need_changed", "need_closed"]


def test_people_of_a_skill_may_be_needed_without_a_number(
    as_actor: Make, incident: Incident
) -> None:
    skill = Skill.objects.get_or_create(
        code="diving", defaults={"name": "潜水", "name_en": "Diving", "source": "样例"}
    )[0]
    need = needs.tell_need(by=as_actor("officer"), incident=incident, what="", skill=skill)
    assert (need.what, need.value, need.unit) == (skill.name, None, "")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"what": ""}, "rescue.need.nothing"),
        ({"what": "帐篷", "value": -1, "unit": "item"}, "rescue.need.not_a_count"),
        ({"what": "帐篷", "value": 5, "unit": "furlong"}, "rescue.choice.unknown"),
        ({"what": "帐篷", "told_at": NOON + timedelta(days=9)}, "rescue.time.in_future"),
    ],
)
def test_a_need_that_cannot_be_is_refused(
    as_actor: Make, incident: Incident, values: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        needs.tell_need(by=as_actor("officer"), incident=incident, **values)
    assert refused.value.code == code
    assert not incident.needs.exists()


def test_a_need_is_written_down_on_the_page(
    sign_in: Callable[[str], Client], incident: Incident
) -> None:
    client = sign_in("officer")
    address = reverse("need_new", args=[incident.pk])
    once = client.get(address).context["form"].once_key
    answer = client.post(address, {"once": once, "what": "搜救队员", "quantity": "约二十人"})
    assert answer.status_code == 302
    need = incident.needs.get()
    assert (need.value, need.qualifier, need.unit) == (20, "about", "person")
    met = reverse("need_met", args=[incident.pk, need.pk])
    once = client.get(met).context["form"].once_key
    assert client.post(met, {"once": once, "met": "12"}).status_code == 302
    close = reverse("need_close", args=[incident.pk, need.pk])
    once = client.get(close).context["close"].once_key
    assert client.post(close, {"once": once}).status_code == 302
    need.refresh_from_db()
    assert need.met == 12 and need.closed_at is not None

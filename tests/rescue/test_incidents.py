"""Incidents: opened in one short form, asked about, raised and lowered, closed; and their log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from honghui.registry.models import Society
from honghui.rescue import access, panels
from honghui.rescue.actions import incidents as actions
from honghui.rescue.actions import log as log_actions
from honghui.rescue.models import Incident, LogLine, Mission, Team, TeamKind
from honghui.rescue.queries.incidents import incident_list
from honghui.rescue.rules import incidents as rules
from honghui.rescue.words.lines import say
from honghui.rescue.words.places import Place

WENLING = Place("331081", "沈海高速温岭段大溪镇良山村旁", "G15 expressway at Liangshan village")
NOON = datetime(2020, 6, 24, 8, 30, tzinfo=clock.CHINA)

Make = Callable[..., Actor]


def opened(by: Actor, society: Society, **values: Any) -> Incident:
    given = {"cause": "explosion", "place": WENLING, **values}
    return actions.open_incident(by=by, society=society, **given)


@pytest.fixture
def incident(system: Actor, shaoxing: Society) -> Incident:
    return opened(system, shaoxing, known_at=NOON)


def said(incident: Incident) -> list[str]:
    return [say(line) for line in incident.log_lines.all()]


# ── opened ───────────────────────────────────────────────────────────────────────────────────


def test_cause_and_place_are_enough(as_actor: Make, shaoxing: Society) -> None:
    incident = opened(as_actor("officer"), shaoxing, place=Place("331081"))
    assert incident.title == "温岭市爆炸事故"
    assert incident.title_en == "Explosion in Wenling City"
    assert incident.happened_at is None
    assert incident.known_at == clock.now()
    assert said(incident) == ["事件立案：爆炸"]


def test_numbers_of_a_day_are_told_apart_by_a_letter(system: Actor, shaoxing: Society) -> None:
    numbers = [opened(system, shaoxing, known_at=NOON).number for _ in range(3)]
    assert numbers == [f"330600-20200624-{letter}" for letter in "abc"]
    assert [rules.letters(place) for place in (0, 25, 26, 701, 702)] == [
        "a",
        "z",
        "aa",
        "zz",
        "aaa",
    ]


def test_the_same_form_sent_twice_opens_one(as_actor: Make, shaoxing: Society) -> None:
    by = as_actor("officer").with_once("a" * 32)
    first, second = (opened(by, shaoxing, known_at=NOON) for _ in range(2))
    assert first == second
    assert Incident.objects.filter(number__startswith="330600-20200624-").count() == 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"known_at": NOON + timedelta(hours=9)}, "rescue.time.in_future"),
        ({"happened_at": NOON + timedelta(days=2)}, "rescue.time.in_future"),
        ({"happened_at": NOON, "known_at": NOON - timedelta(hours=1)}, "rescue.time.reversed"),
        ({"happened_qualifier": "perhaps"}, "rescue.choice.unknown"),
        ({"cause": "alien"}, "rescue.choice.unknown"),
        ({"place": Place("999999")}, "rescue.place.unknown"),
        ({"place": Place("331081", latitude_microdegrees=1)}, "rescue.point.not_on_earth"),
        ({"place": Place("331081", "", "", 91_000_000, 0)}, "rescue.point.not_on_earth"),
        ({"requester": "king"}, "rescue.choice.unknown"),
        ({"requester_name": "诸暨市防汛指挥部"}, "rescue.choice.unknown"),
        ({"wanted": "冲锋舟两艘"}, "rescue.choice.unknown"),
        ({"requester": "citizen", "requester_name": "张三"}, "rescue.request.private_name"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    system: Actor, shaoxing: Society, values: dict[str, Any], code: str
) -> None:
    before = Incident.objects.count(), LogLine.objects.count(), Act.objects.count()
    with pytest.raises(Invalid) as refused:
        opened(system, shaoxing, **values)
    assert refused.value.code == code
    assert (Incident.objects.count(), LogLine.objects.count(), Act.objects.count()) == before


def test_about_a_time_may_be_known_before_it(system: Actor, shaoxing: Society) -> None:
    incident = opened(
        system, shaoxing, known_at=NOON, happened_at=NOON + timedelta(minutes=3),
        happened_qualifier="about",
    )  # fmt: skip
    assert incident.happened_qualifier == "about"


def test_a_place_far_away_stands_under_its_province(system: Actor, shaoxing: Society) -> None:
    incident = opened(system, shaoxing, cause="flood", place=Place("410700", "卫辉市"))
    assert (incident.title, incident.title_en) == ("河南省洪涝灾害", "Flood in Henan")


# ── asked, raised, lowered ───────────────────────────────────────────────────────────────────


def test_several_may_ask_for_the_same(as_actor: Make, incident: Incident) -> None:
    by = as_actor("officer")
    actions.request_heard(
        by=by, incident=incident, requester="sister_team", requester_name="临海市红十字救援队",
        requester_name_en="Linhai team", wanted="搜寻力量", wanted_en="People to search.",
        by_means="phone",
    )  # fmt: skip
    actions.request_heard(by=by, incident=incident, requester="upper_society")
    assert incident.requests.count() == 2
    assert said(incident)[1:] == ["临海市红十字救援队请求支援。搜寻力量", "上级红十字会请求支援。"]
    with translation.override("en"):
        assert said(incident)[1] == "Linhai team asked for help. People to search."


def test_levels_are_opened_raised_lowered_and_ended(as_actor: Make, incident: Incident) -> None:
    by = as_actor("officer")
    for level in (4, 2, 3, None):
        actions.set_level(by=by, incident=incident, level=level, reason="省红十字会通知。")
    incident.refresh_from_db()
    assert incident.level is None
    assert list(incident.level_changes.values_list("level", flat=True)) == [4, 2, 3, None]
    kinds = [line.kind for line in incident.log_lines.all()]
    assert kinds[1:] == ["level_opened", "level_raised", "level_lowered", "level_ended"]
    assert said(incident)[2] == "应急响应由Ⅳ级提升至Ⅱ级。省红十字会通知。"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"level": 5}, "rescue.level.unknown"),
        ({"level": 0}, "rescue.level.unknown"),
        ({"level": None}, "rescue.level.same"),
        ({"level": 4, "reason": "x"}, "registry.reason.missing"),
        ({"level": 4, "from_at": NOON + timedelta(days=3)}, "rescue.time.in_future"),
    ],
)
def test_a_level_that_cannot_be_is_refused(
    as_actor: Make, incident: Incident, values: dict[str, Any], code: str
) -> None:
    given = {"reason": "省红十字会通知。", **values}
    with pytest.raises(Refused) as refused:
        actions.set_level(by=as_actor("officer"), incident=incident, **given)
    assert refused.value.code == code
    assert not incident.level_changes.exists()


def test_a_level_is_not_changed_before_the_change_before_it(
    as_actor: Make, incident: Incident
) -> None:
    by = as_actor("officer")
    actions.set_level(by=by, incident=incident, level=4, reason="省红十字会通知。", from_at=NOON)
    with pytest.raises(Invalid):
        actions.set_level(
            by=by, incident=incident, level=3, reason="省红十字会通知。",
            from_at=NOON - timedelta(hours=1),
        )  # fmt: skip
    assert incident.level_changes.count() == 1


def test_a_response_is_not_ended_by_a_thumb_that_chose_nothing(
    as_actor: Make, incident: Incident, sign_in: Callable[[str], Client]
) -> None:
    actions.set_level(by=as_actor("officer"), incident=incident, level=4, reason="省红十字会通知。")
    client, address = sign_in("officer"), reverse("incident_level", args=[incident.pk])

    def sent(**values: str) -> int:
        form = client.get(address).context["form"]
        given = {"once": form.once_key, "from_at": "2020-06-24T09:00", "reason": "全部归队。"}
        return client.post(address, {**given, **values}).status_code

    assert (sent(), sent(level="5"), sent(level="4")) == (422, 422, 422)
    incident.refresh_from_db()
    assert incident.level == 4
    assert sent(level="end") == 302
    incident.refresh_from_db()
    assert incident.level is None


# ── watch, closed, open again ────────────────────────────────────────────────────────────────


def test_a_watch_becomes_an_incident_once(as_actor: Make, shaoxing: Society) -> None:
    by = as_actor("officer")
    incident = opened(by, shaoxing, cause="typhoon", is_watch=True)
    assert incident.state == "watch"
    incident = actions.begin_incident(by=by, incident=incident, reason="台风已经登陆。")
    assert incident.state == "open"
    with pytest.raises(Conflict):
        actions.begin_incident(by=by, incident=incident, reason="台风已经登陆。")


def test_closing_ends_the_response_and_opening_again_needs_a_reason(
    as_actor: Make, incident: Incident
) -> None:
    by = as_actor("officer")
    actions.set_level(by=by, incident=incident, level=4, reason="省红十字会通知。")
    closed = actions.close_incident(by=by, incident=incident, reason="搜救结束，全部归队。")
    assert (closed.state, closed.level) == ("closed", None)
    with pytest.raises(Conflict) as refused:
        actions.set_level(by=by, incident=incident, level=4, reason="省红十字会通知。")
    assert refused.value.code == "rescue.incident.closed"
    with pytest.raises(Invalid):
        actions.reopen_incident(by=by, incident=incident, reason="")
    again = actions.reopen_incident(by=by, incident=incident, reason="又有一人失联。")
    assert (again.state, again.closed_at) == ("open", None)


def test_an_incident_with_a_team_out_is_not_closed_and_says_which(
    as_actor: Make, incident: Incident, shaoxing: Society, sign_in: Callable[[str], Client]
) -> None:
    kind = TeamKind.objects.get_or_create(
        code="search", defaults={"name": "搜救", "name_en": "Search", "source": "样例"}
    )[0]
    team = Team.objects.create(code="sx-test", society=shaoxing, kind=kind, name="样例救援队")
    mission = Mission.objects.create(
        incident=incident, team=team, state="there", requester="own", opened_at=NOON
    )
    with pytest.raises(Conflict) as refused:
        actions.close_incident(by=as_actor("officer"), incident=incident, reason="搜救结束。")
    assert "样例救援队" in str(refused.value)
    incident.refresh_from_db()
    assert incident.state == "open"
    close = reverse("incident_close", args=[incident.pk])
    client = sign_in("officer")
    assert mission.get_absolute_url() in client.get(close).content.decode(), "one press away"
    Mission.objects.filter(pk=mission.pk).update(state="back")
    assert mission.get_absolute_url() not in client.get(close).content.decode()
    actions.close_incident(by=as_actor("officer"), incident=incident, reason="搜救结束。")


def test_what_was_written_in_a_hurry_is_put_right(as_actor: Make, incident: Incident) -> None:
    changed = actions.change_incident(
        by=as_actor("officer"), incident=incident, title="槽罐车爆炸", title_en="Tanker explosion",
        place=Place("331081", WENLING.words, WENLING.words_en, 28_451_200, 121_410_300),
        happened_at=NOON - timedelta(minutes=10), happened_qualifier="about",
    )  # fmt: skip
    assert changed.latitude_microdegrees == 28_451_200
    line = incident.log_lines.get(kind="incident_changed")
    assert line.values["changed"] == ["title", "point", "happened_at"]
    assert say(line) == "更正已知情况：标题、地图上的点、发生时间"


# ── the log ──────────────────────────────────────────────────────────────────────────────────


def test_a_note_may_speak_of_an_earlier_time(as_actor: Make, incident: Incident) -> None:
    line = log_actions.note_line(
        by=as_actor("officer"), incident=incident, text="指挥部要求二十人待命。",
        at=NOON - timedelta(minutes=20), at_qualifier="about",
    )  # fmt: skip
    assert list(incident.log_lines.all())[0] == line
    assert line.noted_at > line.at


def test_a_correction_strikes_the_old_line_and_changes_nothing_of_it(
    as_actor: Make, incident: Incident
) -> None:
    by = as_actor("officer")
    old = log_actions.note_line(by=by, incident=incident, text="第二批18时到达。")
    newer = log_actions.correct_line(by=by, line=old, text="第二批17时50分到达。")
    old.refresh_from_db()
    assert (old.text, newer.corrects_id, newer.at) == ("第二批18时到达。", old.pk, old.at)
    with pytest.raises(Conflict):
        log_actions.correct_line(by=by, line=old, text="再改一次。")
    assert incident.log_lines.count() == 3


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_an_empty_line_is_refused(as_actor: Make, incident: Incident, text: str) -> None:
    with pytest.raises(Invalid):
        log_actions.note_line(by=as_actor("officer"), incident=incident, text=text)
    assert incident.log_lines.count() == 1


def test_a_line_of_an_unknown_kind_is_still_shown(incident: Incident) -> None:
    line = LogLine(incident=incident, kind="from_tomorrow", values={}, at=NOON, noted_at=NOON)
    assert say(line) == "from_tomorrow"
    line = LogLine(incident=incident, kind="level_raised", values={}, at=NOON, noted_at=NOON)
    assert say(line)


# ── who may ──────────────────────────────────────────────────────────────────────────────────


def test_the_province_sees_what_a_society_below_leads_and_a_sister_does_not(
    as_actor: Make, incident: Incident
) -> None:
    assert access.incident(as_actor("province"), incident.pk) == incident
    with pytest.raises(NotFound):
        access.incident(as_actor("team-leader"), incident.pk)
    with pytest.raises(NotAllowed):
        actions.close_incident(by=as_actor("province"), incident=incident, reason="搜救结束。")


def test_open_ones_stand_first_the_highest_level_on_top(system: Actor, shaoxing: Society) -> None:
    closed, plain, watch, high = (
        opened(system, shaoxing, title=name, is_watch=name == "丙") for name in "甲乙丙丁"
    )
    actions.set_level(by=system, incident=high, level=2, reason="省红十字会通知。")
    actions.close_incident(by=system, incident=closed, reason="没有人受伤。")
    listed = [each for each in incident_list(system) if each in (closed, plain, watch, high)]
    assert listed == [high, plain, watch, closed]
    assert list(incident_list(system, state="closed", query="甲")) == [closed]


# ── pages ────────────────────────────────────────────────────────────────────────────────────


def test_the_short_form_opens_an_incident(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("officer")
    shown = client.get(reverse("incident_new"))
    once, society = shown.context["form"].once_key, "330600"
    sent = {
        "once": once, "society": society, "cause": "flood", "place_code": "330681",
        "known_at": "2020-06-24T02:10", "requester": "police", "wanted": "冲锋舟两艘",
        "requester_name": "样例派出所",
        "latitude": "２９.７１", "longitude": "120.24", "is_drill": "on",
    }  # fmt: skip
    answer = client.post(reverse("incident_new"), sent, follow=True)
    incident = Incident.objects.get(society="330600", cause="flood")
    assert answer.redirect_chain[0][0] == incident.get_absolute_url()
    assert (incident.latitude_microdegrees, incident.is_drill) == (29_710_000, True)
    page = answer.content.decode()
    assert "演练" in page and "冲锋舟两艘" in page and "样例派出所" in page


def test_a_time_in_the_future_comes_back_with_its_reason(
    sign_in: Callable[[str], Client],
) -> None:
    client = sign_in("officer")
    once = client.get(reverse("incident_new")).context["form"].once_key
    sent = {
        "once": once, "society": "330600", "cause": "flood", "place_code": "330681",
        "known_at": "2020-06-25T02:10",
    }  # fmt: skip
    answer = client.post(reverse("incident_new"), sent)
    assert answer.status_code == 422
    assert "known_at" in answer.context["form"].errors
    assert not Incident.objects.filter(society="330600", cause="flood").exists()


def test_lists_and_pages_cost_few_queries_however_long_the_log(
    sign_in: Callable[[str], Client], system: Actor, shaoxing: Society, incident: Incident
) -> None:
    client = sign_in("officer")
    for number in range(30):
        log_actions.note_line(by=system, incident=incident, text=f"第{number}条。")
        opened(system, shaoxing)
    client.get(reverse("incidents"))
    for address, budget in (
        (reverse("incidents"), 10),
        (incident.get_absolute_url(), 12 + 6 * len(panels.panels())),
        (reverse("incident_log", args=[incident.pk]), 10),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= budget, [each["sql"][:90] for each in queries]


def test_the_log_is_written_from_the_page_and_stays_in_two_languages(
    sign_in: Callable[[str], Client], incident: Incident
) -> None:
    client = sign_in("officer")
    form = client.get(incident.get_absolute_url()).context["panels"][-1][1]["form"]
    sent = {"once": form.once_key, "text": "电话已通知。", "at": "2020-06-24T08:45",
            "at_qualifier": "exact"}  # fmt: skip
    assert client.post(reverse("incident_note", args=[incident.pk]), sent).status_code == 302
    page, log = incident.get_absolute_url(), reverse("incident_log", args=[incident.pk])
    for path in (page, f"/en{page}"):
        assert "电话已通知。" in client.get(path).content.decode()
    english = client.get(f"/en{log}").content.decode()
    assert "Incident opened: Explosion" in english

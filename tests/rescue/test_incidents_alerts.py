"""Warnings as CAP 1.2: ours judged by somebody else's validator, strangers' read with care."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from honghui.registry.models import Society
from honghui.rescue.actions import alerts as actions
from honghui.rescue.actions.alerts import WarningText
from honghui.rescue.alerting import cap
from honghui.rescue.alerting.reading import BYTES_MAX, read
from honghui.rescue.alerting.writing import written
from honghui.rescue.models import Alert, Incident
from honghui.rescue.queries.alerts import standing

Make = Callable[..., Actor]
NAMESPACE = {"c": cap.NAMESPACE}
TYPHOON = WarningText(
    event="台风", event_en="Typhoon", headline="台风将于今夜登陆，请远离江河",
    headline_en="Typhoon tonight: stay away from rivers", area_codes=("331081", "331082"),
    area_text="台州沿海", area_text_en="Coast of Taizhou",
    expires_at=datetime(2020, 6, 25, 9, 0, tzinfo=clock.CHINA), category="Met",
    severity="Severe", instruction="听从当地安排。", instruction_en="Follow local orders.",
    circle=cap.Circle(28_451_200, 121_410_300, 30_000),
)  # fmt: skip


def drafted(by: Actor, society: Society, **values: Any) -> Alert:
    return actions.draft_alert(by=by, society=society, warning=replace(TYPHOON, **values))


@pytest.fixture
def published(as_actor: Make, shaoxing: Society) -> Alert:
    return actions.publish_alert(
        by=as_actor("officer2"), alert=drafted(as_actor("officer"), shaoxing)
    )


# ── written ──────────────────────────────────────────────────────────────────────────────────


def valid(data: bytes) -> bool:
    from capvalidator import check_schema

    return bool(check_schema(data).passed)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"is_exercise": True},
        {"scope": "Private", "addresses": "永嘉海鹰救援队，永康 Team"},
        {"circle": None, "description": "<b>&amp; ]]>"},
    ],
)
def test_somebody_elses_validator_finds_our_warnings_valid(
    as_actor: Make, shaoxing: Society, values: dict[str, Any]
) -> None:
    draft = drafted(as_actor("officer"), shaoxing, **values)
    alert = actions.publish_alert(by=as_actor("officer2"), alert=draft)
    assert valid(bytes(alert.xml))
    # And the validator can say no.
    assert not valid(bytes(alert.xml).replace(b"Severe", b"Awful"))


def test_both_languages_the_area_and_the_circle_are_in_it(published: Alert) -> None:
    root = Xml.fromstring(bytes(published.xml))
    languages = [each.text for each in root.findall("c:info/c:language", NAMESPACE)]
    assert languages == ["zh-CN", "en-GB"]
    assert root.findtext("c:info/c:area/c:circle", None, NAMESPACE) == "28.451200,121.410300 30"
    codes = [each.text for each in root.findall("c:info[1]/c:area/c:geocode/c:value", NAMESPACE)]
    assert codes == ["331081", "331082"]
    assert root.findtext("c:sent", None, NAMESPACE) == "2020-06-24T09:00:00+08:00"
    assert read(bytes(published.xml)).identifier == published.identifier


def test_nobody_publishes_what_they_wrote(as_actor: Make, shaoxing: Society) -> None:
    draft = drafted(as_actor("officer"), shaoxing)
    with pytest.raises(Conflict) as refused:
        actions.publish_alert(by=as_actor("officer"), alert=draft)
    assert refused.value.code == "access.four_eyes"
    draft.refresh_from_db()
    assert (draft.state, bytes(draft.xml)) == ("draft", b"")


def test_a_draft_is_withdrawn_and_what_is_published_is_not(
    as_actor: Make, shaoxing: Society, published: Alert
) -> None:
    by = as_actor("officer")
    withdrawn = actions.withdraw_alert(by=by, alert=drafted(by, shaoxing))
    assert withdrawn.state == "withdrawn"
    for alert in (withdrawn, published):
        with pytest.raises(Conflict):
            actions.withdraw_alert(by=by, alert=alert)


def test_an_update_and_a_cancellation_follow_the_whole_chain(
    as_actor: Make, shaoxing: Society, published: Alert
) -> None:
    by, other = as_actor("officer"), as_actor("officer2")
    last = published
    for message_type in ("Update", "Cancel"):
        draft = actions.draft_alert(
            by=by, society=shaoxing, warning=TYPHOON, message_type=message_type, replaces=last
        )
        last = actions.publish_alert(by=other, alert=draft)
    assert len(last.references) == 2
    assert standing([published])[0].kind == "cancelled"
    assert last.references[0].startswith(f"{published.sender},{published.identifier},2020-06-24T")
    with pytest.raises(Invalid):
        actions.draft_alert(by=by, society=shaoxing, warning=TYPHOON, message_type="Update")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"headline_en": " "}, "rescue.alert.missing"),
        ({"severity": "Awful"}, "rescue.choice.unknown"),
        ({"scope": "Restricted"}, "rescue.choice.unknown"),
        ({"scope": "Private"}, "rescue.alert.no_addresses"),
        ({"area_codes": ()}, "rescue.place.unknown"),
        ({"area_codes": ("999999",)}, "rescue.place.unknown"),
        (
            {"expires_at": datetime(2020, 6, 24, 8, 0, tzinfo=clock.CHINA)},
            "rescue.alert.expires_before",
        ),
    ],
)
def test_a_warning_that_says_too_little_is_refused(
    as_actor: Make, shaoxing: Society, values: dict[str, Any], code: str
) -> None:
    before = Alert.objects.count()
    with pytest.raises(Refused) as refused:
        drafted(as_actor("officer"), shaoxing, **values)
    assert refused.value.code == code
    assert Alert.objects.count() == before


# ── public ───────────────────────────────────────────────────────────────────────────────────


def test_what_is_published_for_everybody_is_there_for_everybody(
    as_actor: Make, shaoxing: Society, published: Alert, client: Client
) -> None:
    by = as_actor("officer")
    draft = drafted(by, shaoxing, headline="草稿")
    private = actions.publish_alert(
        by=as_actor("officer2"),
        alert=drafted(by, shaoxing, headline="定向", scope="Private", addresses="永康队"),
    )
    page = client.get(reverse("alerts")).content.decode()
    assert TYPHOON.headline in page
    assert "草稿" not in page and "定向" not in page
    for hidden in (draft, private):
        for name in ("alert", "alert_xml"):
            assert client.get(reverse(name, args=[hidden.pk])).status_code == 404
    answer = client.get(reverse("alert_xml", args=[published.pk]))
    assert answer.content == bytes(published.xml)
    assert answer.headers["Content-Type"].startswith("application/cap+xml")
    assert TYPHOON.headline_en in client.get(f"/en/alerts/{published.pk}/").content.decode()


def test_the_feed_is_atom_and_leads_to_the_file(published: Alert, client: Client) -> None:
    root = Xml.fromstring(client.get(reverse("alerts_feed")).content)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    entry = root.find("a:entry", atom)
    assert entry is not None
    assert entry.findtext("a:id", None, atom) == f"urn:uuid:{published.pk}"
    links = {each.get("type"): each.get("href", "") for each in entry.findall("a:link", atom)}
    assert links["application/cap+xml"].endswith(f"/alerts/{published.pk}.xml")


def test_an_exercise_says_so_everywhere(as_actor: Make, shaoxing: Society, client: Client) -> None:
    draft = drafted(as_actor("officer"), shaoxing, is_exercise=True)
    alert = actions.publish_alert(by=as_actor("officer2"), alert=draft)
    for address in (reverse("alerts"), reverse("alert", args=[alert.pk]), reverse("alerts_feed")):
        assert "演练" in client.get(address).content.decode()
    assert b"<status>Exercise</status>" in bytes(alert.xml)


# ── read ─────────────────────────────────────────────────────────────────────────────────────


def message(**values: Any) -> cap.Message:
    info = cap.Info(
        "zh-CN", "Met", "暴雨", "Expected", "Severe", "Likely", headline="暴雨橙色预警",
        expires_at=datetime(2020, 6, 25, 1, 0, tzinfo=UTC),
        areas=[cap.Area("台州市", ("331000",))],
    )  # fmt: skip
    given = {
        "identifier": "33100041600000_20200624", "sender": "weather@example.invalid",
        "sent_at": datetime(2020, 6, 24, 0, 30, tzinfo=UTC), "status": "Actual",
        "message_type": "Alert", "scope": "Public", "infos": [info], **values,
    }  # fmt: skip
    return cap.Message(**given)


def test_the_same_warning_twice_is_one(as_actor: Make, shaoxing: Society) -> None:
    by, data = as_actor("officer"), written(message())
    first = actions.read_alert(by=by, society=shaoxing, xml=data)
    again = actions.read_alert(by=by, society=shaoxing, xml=data + b"\n")
    assert first == again
    assert bytes(first.xml) == data
    assert (first.headline, first.area_codes) == ("暴雨橙色预警", ["331000"])


def test_updates_and_cancellations_of_others_are_followed(
    as_actor: Make, shaoxing: Society
) -> None:
    by, first = as_actor("officer"), message()
    row = actions.read_alert(by=by, society=shaoxing, xml=written(first))
    assert standing([row])[0].kind == "in_force"
    later = message(
        identifier="x2", message_type="Cancel", sent_at=first.sent_at + timedelta(minutes=20),
        # The same moment, spelt in another zone.
        references=[f"{first.sender},{first.identifier},2020-06-24T08:30:00+08:00"],
    )  # fmt: skip
    ended = actions.read_alert(by=by, society=shaoxing, xml=written(later))
    assert standing([row, ended])[0].newer == ended
    assert [one.kind for one in standing([row, ended])] == ["cancelled", "cancel"]


def test_a_stranger_cannot_cancel_somebody_elses_warning(
    as_actor: Make, shaoxing: Society, published: Alert
) -> None:
    by = as_actor("officer")
    row = actions.read_alert(by=by, society=shaoxing, xml=written(message()))
    forged = message(
        identifier="x3", sender="stranger@example.invalid", message_type="Cancel",
        references=[
            cap.reference(one.sender, one.identifier, one.sent_at) for one in (row, published)
        ],
    )  # fmt: skip
    actions.read_alert(by=by, society=shaoxing, xml=written(forged))
    assert [one.kind for one in standing([row, published])] == ["in_force", "in_force"]


def test_a_file_that_says_it_is_from_us_ends_nothing_that_we_published(
    as_actor: Make, shaoxing: Society, published: Alert, client: Client
) -> None:
    forged = message(
        sender=published.sender,
        identifier="forged-1",
        sent_at=published.sent_at + timedelta(minutes=1),
        message_type="Cancel",
        references=[cap.reference(published.sender, published.identifier, published.sent_at)],
    )
    actions.read_alert(by=as_actor("officer"), society=shaoxing, xml=written(forged))
    assert [one.kind for one in standing([published])] == ["in_force"]
    shown = client.get(reverse("alert", args=[published.pk])).context["one"]
    assert (shown.kind, shown.newer) == ("in_force", None)


def test_what_is_over_is_shown_as_over(as_actor: Make, shaoxing: Society) -> None:
    info = replace(message().infos[0], expires_at=datetime(2020, 6, 24, 0, 59, tzinfo=UTC))
    data = written(message(infos=[info]))
    row = actions.read_alert(by=as_actor("officer"), society=shaoxing, xml=data)
    assert standing([row])[0].kind == "expired"


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&c;</identifier></alert>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&x;</identifier></alert>"""
PARAMETER = b"""<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY % x SYSTEM "http://127.0.0.1:1/">%x;]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>"""
GOOD = written(message())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (LAUGHS, "dangerous"),
        (OUTSIDE, "dangerous"),
        (PARAMETER, "dangerous"),
        (b"<!DOCTYPE alert>" + GOOD.split(b"\n", 1)[1], "dangerous"),
        (b"x" * 10_000_000, "too_large"),
        (b"<a>" * 5_000, "not_xml"),
        (b"", "not_xml"),
        (b"\x00\xff\xfe", "not_xml"),
        (GOOD.replace(b"UTF-8", b"UTF-16"), "not_xml"),
        (GOOD.replace(b"UTF-8", b"no-such-encoding"), "not_xml"),
        (GOOD.decode().encode("gb18030"), "not_xml"),
        (GOOD[:-20], "not_xml"),
        (b"<html><body>404</body></html>", "not_cap"),
        (GOOD.replace(b"cap:1.2", b"cap:1.1"), "not_cap"),
        (GOOD.replace(b"<sender>weather@example.invalid</sender>", b""), "missing"),
        (GOOD.replace(b"Severe", b"Awful"), "not_known"),
        (GOOD.replace(b"Public", b"public"), "not_known"),
        (GOOD.replace(b"2020-06-24T00:30:00-00:00", b"yesterday"), "time"),
        (GOOD.replace(b"2020-06-24T00:30:00-00:00", b"2020-06-24T00:30:00Z"), "time"),
        (GOOD.replace(b"2020-06-24T00:30:00-00:00", b"9999-12-31T23:59:59-14:00"), "time"),
        (GOOD.replace(b"2020-06-25T01", b"2019-06-25T01"), "time"),
        (GOOD.replace(b"33100041600000_20200624", b"a" * 5_000), "name"),
        (GOOD.replace(b"33100041600000_20200624", b"a b"), "name"),
    ],
)
def test_hostile_and_broken_files_are_refused_and_nothing_is_kept(
    as_actor: Make, shaoxing: Society, data: bytes, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.read_alert(by=as_actor("officer"), society=shaoxing, xml=data)
    assert refused.value.code == f"rescue.cap.{code}"
    assert "/etc/" not in str(refused.value)
    assert not Alert.objects.filter(direction="in").exists()


def test_text_that_turns_the_reading_direction_is_refused(
    as_actor: Make, shaoxing: Society
) -> None:
    info = replace(message().infos[0], headline="暴雨\u202e警预")
    with pytest.raises(Invalid):
        actions.read_alert(
            by=as_actor("officer"), society=shaoxing, xml=written(message(infos=[info]))
        )


def test_markup_in_a_warning_stays_text(
    as_actor: Make, shaoxing: Society, sign_in: Callable[[str], Client]
) -> None:
    info = replace(message().infos[0], headline="<script>alert(1)</script>")
    row = actions.read_alert(
        by=as_actor("officer"), society=shaoxing, xml=written(message(infos=[info]))
    )
    page = sign_in("officer").get(row.get_absolute_url()).content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


@given(st.binary(max_size=300))
def test_whatever_the_bytes_they_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read(data)


def test_prose_longer_than_we_keep_is_cut_and_the_bytes_are_whole(
    as_actor: Make, shaoxing: Society
) -> None:
    info = replace(message().infos[0], description="雨" * 9_000)
    data = written(message(infos=[info]))
    assert len(data) < BYTES_MAX
    row = actions.read_alert(by=as_actor("officer"), society=shaoxing, xml=data)
    assert len(row.description) == 4_000 and bytes(row.xml) == data


def test_a_warning_is_the_reason_for_an_incident_on_watch(
    as_actor: Make, shaoxing: Society
) -> None:
    by = as_actor("officer")
    row = actions.read_alert(by=by, society=shaoxing, xml=written(message()))
    incident = actions.watch_alert(by=by, alert=row, society=shaoxing, cause="flood")
    assert (incident.state, incident.cause, incident.place_code) == ("watch", "flood", "331000")
    assert not incident.is_drill
    with pytest.raises(Conflict):
        actions.watch_alert(by=by, alert=row, society=shaoxing)
    exercise = message(identifier="x4", status="Exercise")
    row = actions.read_alert(by=by, society=shaoxing, xml=written(exercise))
    assert actions.watch_alert(by=by, alert=row, society=shaoxing).is_drill


def test_who_may_not_open_incidents_takes_nothing_in(as_actor: Make) -> None:
    wenling = Society.objects.get(pk="331081")
    with pytest.raises(NotAllowed):
        actions.read_alert(by=as_actor("team-leader"), society=wenling, xml=GOOD)
    assert not Alert.objects.filter(direction="in").exists()


# ── pages and the command ────────────────────────────────────────────────────────────────────


def test_a_warning_is_drafted_published_and_ended_on_the_desk(
    sign_in: Callable[[str], Client],
) -> None:
    writer, other = sign_in("officer"), sign_in("officer2")
    form = writer.get(reverse("alert_new")).context["form"]
    sent = {
        "once": form.once_key, "society": "330600", "headline": "洪峰将至",
        "headline_en": "Flood crest", "event": "洪水", "event_en": "Flood", "category": "Met",
        "urgency": "Expected", "severity": "Severe", "certainty": "Likely", "scope": "Public",
        "expires_at": "2020-06-25T09:00", "area_codes": ["330681"], "area_text": "诸暨",
        "area_text_en": "Zhuji", "instruction": "马上转移",
        "latitude": "29.71", "longitude": "120.24", "radius_km": "12.5",
    }  # fmt: skip
    assert writer.post(reverse("alert_new"), sent).status_code == 302
    alert = Alert.objects.get(headline="洪峰将至")
    assert alert.areas[0]["circles"] == [[29_710_000, 120_240_000, 12_500]]
    address = reverse("alert_publish", args=[alert.pk])
    once = writer.get(alert.get_absolute_url()).context["form"].once_key
    assert writer.post(address, {"once": once}).status_code == 409
    once = other.get(alert.get_absolute_url()).context["form"].once_key
    assert other.post(address, {"once": once}).status_code == 302
    cancel = reverse("alert_cancel", args=[alert.pk])
    form = writer.get(cancel).context["form"]
    values = {name: form[name].value() for name in form.fields if name != "once"}
    values = {k: v for k, v in values.items() if v not in (None, False)}
    values |= {"once": form.once_key, "expires_at": "2020-06-25T09:00"}
    assert writer.post(cancel, values).status_code == 302
    ended = Alert.objects.get(message_type="Cancel")
    assert ended.references
    assert (ended.headline, ended.headline_en) == ("解除：洪峰将至", "Cancelled: Flood crest")
    assert (ended.urgency, ended.description, ended.instruction) == ("Past", "", "")


def test_a_file_or_its_text_is_taken_in(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("officer")

    def post(**values: Any) -> Any:
        once = client.get(reverse("alert_read")).context["form"].once_key
        return client.post(reverse("alert_read"), {"once": once, "society": "330600", **values})

    assert post().status_code == 422
    assert post(xml=LAUGHS.decode()).status_code == 422
    assert post(file=SimpleUploadedFile("a.xml", b"x" * (BYTES_MAX + 10))).status_code == 422
    assert post(file=SimpleUploadedFile("a.xml", GOOD)).status_code == 302
    assert post(xml=GOOD.decode()).status_code == 302
    row = Alert.objects.get(direction="in")
    assert "暴雨橙色预警" in client.get(reverse("desk_alerts")).content.decode()
    watch = reverse("alert_watch", args=[row.pk])
    once = client.get(watch).context["form"].once_key
    answer = client.post(watch, {"once": once, "society": "330600", "cause": "flood"})
    assert answer.status_code == 302
    assert Incident.objects.get(society="330600", cause="flood").state == "watch"


def test_somebody_elses_warning_is_neither_updated_nor_published(
    sign_in: Callable[[str], Client], as_actor: Make, shaoxing: Society
) -> None:
    row = actions.read_alert(by=as_actor("officer"), society=shaoxing, xml=GOOD)
    client = sign_in("officer")
    assert client.get(reverse("alert_update", args=[row.pk])).status_code == 403
    once = client.get(row.get_absolute_url()).context["form"].once_key
    answer = client.post(reverse("alert_publish", args=[row.pk]), {"once": once})
    assert answer.status_code == 409
    row.refresh_from_db()
    assert row.state == "received"


def test_the_command_takes_a_file_in(db: None, tmp_path: Path) -> None:
    from honghui.rescue.alerts_cli import alerts

    file = tmp_path / "warning.xml"
    file.write_bytes(GOOD)
    for _ in range(2):
        answer = CliRunner().invoke(alerts, ["read", str(file)], catch_exceptions=False)
        assert answer.exit_code == 0
    assert "in_force" in answer.output
    assert Alert.objects.filter(direction="in").count() == 1
    file.write_bytes(OUTSIDE)
    with pytest.raises(Invalid):
        CliRunner().invoke(alerts, ["read", str(file)], catch_exceptions=False)

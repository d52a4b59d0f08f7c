"""Where a warning holds: shapes pasted, written, read again and drawn; and what strangers send."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid
from honghui.registry.models import Society
from honghui.rescue.actions import alerts as actions
from honghui.rescue.alerting import cap, shapes
from honghui.rescue.alerting.reading import POINTS_MAX, read
from honghui.rescue.alerting.writing import written
from honghui.rescue.models import Alert, Team
from honghui.rescue.queries.alert_map import map_of, teams_inside
from honghui.rescue.queries.alerts import standing
from honghui.rescue.rules.outlines import SIZE, outline
from tests.rescue.team_samples import a_team
from tests.rescue.test_incidents_alerts import GOOD, drafted, message, published, valid

__all__ = ["published"]

Make = Callable[..., Actor]
SQUARE = ((28_000_000, 121_000_000), (28_000_000, 121_500_000), (28_400_000, 121_500_000),
          (28_400_000, 121_000_000), (28_000_000, 121_000_000))  # fmt: skip
BOW = ((0, 0), (1, 1), (1, 0), (0, 1), (0, 0))
LINES = "28,121\n28,121.5\n28.4,121.5\n28.4,121"


# ── pasted ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        LINES,
        LINES + "\n28,121\n",
        " 28,121 28,121.5 28.4,121.5 28.4,121 28,121 ",
        "２８，１２１\n28、121.5\n 28.4   121.5\n28.4;\t121",
        json.dumps({"type": "Polygon", "coordinates": [
            [[121, 28], [121.5, 28], [121.5, 28.4], [121, 28.4], [121, 28]]]}),
        json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {
            "type": "MultiPolygon", "coordinates": [
                [[[121, 28, 5], [121.5, 28, 5], [121.5, 28.4, 5], [121, 28.4, 5]]]]}}]}),
    ],
)  # fmt: skip
def test_an_officer_pastes_a_polygon_as_it_comes(text: str) -> None:
    assert shapes.pasted(text, field="polygons") == (SQUARE,)


def test_an_empty_line_begins_the_next_polygon_and_what_was_pasted_can_be_pasted_again() -> None:
    rings = shapes.pasted(f"{LINES}\n\n\n30,120\n30,121\n31,121", field="polygons")
    assert [len(ring) for ring in rings] == [5, 4]
    assert shapes.pasted(shapes.as_lines(rings), field="polygons") == rings


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("28,121\n28,121.5", "too_few"),
        ("28,121\n28,121\n28,121\n28,121", "too_few"),
        ("121,28\n121.5,28\n121.5,28.4", "line"),
        ("28,121\nnorth of the river\n28.4,121.5", "line"),
        ("28,181\n28,121.5\n28.4,121.5", "line"),
        ("nan,121\n28,121.5\n28.4,121.5", "line"),
        ("28,121 28,121.5 28.4", "line"),
        ("28,121,5\n28,121.5\n28.4,121.5", "line"),
        ("28,121\n28.4,121.5\n28.4,121\n28,121.5", "crossed"),
        ("{", "geojson"),
        ("[" * 50_000, "geojson"),
        ('{"type": "Point", "coordinates": [121, 28]}', "geojson"),
        ('{"type": "Polygon", "coordinates": [[[28, 121], [28, 122], [29, 122]]]}', "geojson"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 28], [121, 28], [121, 29]]]}', "geojson"),
        ('{"type": "Polygon", "coordinates": [[[1e400, 28], [121, 28], [121, 29]]]}', "geojson"),
        ('{"type": "Polygon", "coordinates": [[], []]}', "geojson"),
        ('{"type": "Polygon", "coordinates": {"0": 1}}', "geojson"),
        ("28,121\n" * 20_000, "too_many"),
        ("\n\n".join([LINES] * 21), "too_many"),
    ],
)
def test_what_is_no_polygon_is_refused_and_says_where(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        shapes.pasted(text, field="polygons")
    assert refused.value.code == f"rescue.shape.{code}"
    assert refused.value.field == "polygons"


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_read_or_refused(text: str) -> None:
    try:
        for ring in shapes.pasted(text, field="polygons"):
            shapes.check_ring(ring)
    except Invalid:
        pass


def test_a_ring_that_crosses_itself_is_seen() -> None:
    assert shapes.crosses_itself(BOW)
    assert not shapes.crosses_itself(SQUARE)
    assert shapes.crosses_itself(((0, 0), (0, 4), (4, 4), (0, 2), (4, 0), (0, 0)))


# ── written and read again ───────────────────────────────────────────────────────────────────

LATITUDE, LONGITUDE = st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000)
PAIRS = st.tuples(LATITUDE, LONGITUDE)
RINGS = st.lists(PAIRS, min_size=3, max_size=9, unique=True).map(lambda ring: (*ring, ring[0]))
CIRCLES = st.builds(cap.Circle, LATITUDE, LONGITUDE, st.integers(0, 20_016_000))
WORDS = st.text("台风洪水 aZ9<&>'\"]é", max_size=12).map(lambda text: " ".join(text.split()))
NAMED = WORDS.map(lambda text: f"x{text}")
CODES = st.lists(st.sampled_from(["330000", "331081", "410100"]), unique=True).map(tuple)
ZONES = st.sampled_from([timezone(timedelta(hours=hours)) for hours in (-11, 0, 8)])
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=ZONES).map(
    lambda at: at.replace(microsecond=0).astimezone(UTC)
)
ENDS = MOMENTS.map(lambda at: at + timedelta(days=36525))
AREAS = st.builds(
    cap.Area, NAMED, CODES, st.lists(CIRCLES, max_size=3).map(tuple),
    st.lists(RINGS, max_size=3).map(tuple),
)  # fmt: skip
INFOS = st.builds(
    cap.Info, st.sampled_from(["zh-CN", "en-GB"]), st.sampled_from(cap.CATEGORIES), NAMED,
    st.sampled_from(cap.URGENCIES), st.sampled_from(cap.SEVERITIES),
    st.sampled_from(cap.CERTAINTIES), st.none() | ENDS,
    WORDS, WORDS, WORDS, WORDS, st.sampled_from(["", "https://redcross.example/alerts/1/"]),
    st.lists(AREAS, max_size=3),
)  # fmt: skip
SENDERS = st.from_regex(r"[a-z0-9@.\-]{1,30}", fullmatch=True)
MESSAGES = st.builds(
    cap.Message, SENDERS, SENDERS, MOMENTS, st.sampled_from(cap.STATUSES),
    st.sampled_from(cap.MESSAGE_TYPES), st.sampled_from(cap.SCOPES), st.lists(INFOS, max_size=3),
    WORDS, WORDS,
    st.lists(st.builds(cap.reference, SENDERS, SENDERS, MOMENTS), max_size=3).map(tuple),
    st.lists(st.from_regex(r"[A-Z0-9\-]{1,12}", fullmatch=True), max_size=3),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(MESSAGES)
def test_what_we_write_is_read_as_the_same(told: cap.Message) -> None:
    assert read(written(told)) == told


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(MESSAGES)
def test_somebody_elses_validator_agrees(told: cap.Message) -> None:
    assert valid(written(told))


@pytest.mark.filterwarnings("ignore")
def test_polygons_of_ours_go_out_in_both_languages(
    as_actor: Make, shaoxing: Society, client: Client
) -> None:
    other = ((30_000_000, 120_000_000), (30_000_000, 121_000_000), (31_000_000, 121_000_000),
             (30_000_000, 120_000_000))  # fmt: skip
    draft = drafted(as_actor("officer"), shaoxing, polygons=(SQUARE, other))
    alert = actions.publish_alert(by=as_actor("officer2"), alert=draft)
    data = client.get(reverse("alert_xml", args=[alert.pk])).content
    assert valid(data)
    for info in read(data).infos:
        assert info.areas[0].polygons == (SQUARE, other)
        assert len(info.areas[0].circles) == 1
    root = Xml.fromstring(data)
    polygon = root.findtext("c:info/c:area/c:polygon", None, {"c": cap.NAMESPACE})
    assert polygon is not None and polygon.startswith("28.000000,121.000000 28.000000,121.500000")


def test_a_ring_that_is_open_does_not_go_out(as_actor: Make, shaoxing: Society) -> None:
    before = Alert.objects.count()
    with pytest.raises(Invalid) as refused:
        drafted(as_actor("officer"), shaoxing, polygons=(SQUARE[:-1],))
    assert refused.value.code == "rescue.shape.too_few"
    assert Alert.objects.count() == before


# ── read ─────────────────────────────────────────────────────────────────────────────────────


def with_area(inside: str) -> bytes:
    return GOOD.replace(b"</areaDesc>", f"</areaDesc>{inside}".encode())


def rectangle(points: int) -> str:
    there = [f"30.{n:05},120" for n in range(points - 1)]
    return f"<polygon>{' '.join([*there, '31,121', there[0]])}</polygon>"


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<polygon>28,121 28,121.5 28.4,121.5 28.4,121</polygon>", "shape"),
        ("<polygon>28,121 28,121.5 28,121</polygon>", "shape"),
        ("<polygon>28,121 28,121 28,121 28,121</polygon>", "shape"),
        ("<polygon>121,28 121.5,28 121.5,28.4 121,28</polygon>", "shape"),
        ("<polygon>28,181 28,121.5 28.4,121.5 28,181</polygon>", "shape"),
        ("<polygon>28 121 28 121.5 28.4 121.5 28 121</polygon>", "shape"),
        ("<polygon>1e1,2 NaN,2 3,4 1e1,2</polygon>", "shape"),
        ("<polygon/>", "shape"),
        ("<circle>28.4,121.4</circle>", "shape"),
        ("<circle>28.4,121.4 -3</circle>", "shape"),
        ("<circle>28.4,121.4 99999</circle>", "shape"),
        ("<circle>95,121.4 3</circle>", "shape"),
        (rectangle(POINTS_MAX + 1), "too_many"),
        ("<circle>28.4,121.4 3</circle>" * 501, "too_many"),
    ],
)
def test_a_shape_that_is_none_refuses_the_file(
    as_actor: Make, shaoxing: Society, inside: str, code: str
) -> None:
    """A warning whose area is left out silently is a warning for nowhere."""
    with pytest.raises(Invalid) as refused:
        actions.read_alert(by=as_actor("officer"), society=shaoxing, xml=with_area(inside))
    assert refused.value.code == f"rescue.cap.{code}"
    assert not Alert.objects.filter(direction="in").exists()


def test_all_shapes_of_all_areas_are_kept_once(as_actor: Make, shaoxing: Society) -> None:
    one = cap.Area("台州", ("331000",), [cap.Circle(28_600_000, 121_400_000, 500)], [SQUARE])
    two = cap.Area("温州", ("330300",), (), [BOW])
    info = message().infos[0]
    data = written(
        message(
            infos=[
                replace(info, areas=[one, two]),
                replace(info, language="en-US", areas=[replace(one, text="Taizhou"), two]),
            ]
        )
    )
    row = actions.read_alert(by=as_actor("officer"), society=shaoxing, xml=data)
    assert [(each["text"], each["text_en"]) for each in row.areas] == [
        ("台州", "Taizhou"), ("温州", "温州"),
    ]  # fmt: skip
    assert row.area_codes == ["331000", "330300"]
    drawn = map_of(row)
    assert [shape.number for shape in drawn.shapes] == [1, 2, 3]
    assert drawn.outline is not None and len(drawn.outline.paths) == 2
    assert "台州市" in drawn.counties


def test_codes_of_another_country_are_no_counties_of_ours(
    as_actor: Make, shaoxing: Society
) -> None:
    data = GOOD.replace(b"GB/T 2260", b"SAME")
    assert data != GOOD
    row = actions.read_alert(by=as_actor("officer"), society=shaoxing, xml=data)
    assert row.area_codes == []


def test_of_several_parts_the_worst_is_told_and_all_are_shown(
    as_actor: Make, shaoxing: Society, sign_in: Callable[[str], Client]
) -> None:
    mild = replace(message().infos[0], severity="Minor", headline="山区有小雨")
    bad = replace(mild, severity="Extreme", headline="沿海有特大暴雨", expires_at=None)
    row = actions.read_alert(
        by=as_actor("officer"), society=shaoxing, xml=written(message(infos=[mild, bad]))
    )
    assert (row.headline, row.severity) == ("沿海有特大暴雨", "Extreme")
    assert row.expires_at is None
    page = sign_in("officer").get(row.get_absolute_url()).content.decode()
    assert "山区有小雨" in page


def test_an_acknowledgement_ends_nothing_and_an_exercise_ends_nothing_real(
    as_actor: Make, shaoxing: Society
) -> None:
    by, first = as_actor("officer"), message()
    row = actions.read_alert(by=by, society=shaoxing, xml=written(first))
    named = [cap.reference(first.sender, first.identifier, first.sent_at)]
    for number, values in enumerate(
        (
            {"message_type": "Ack"},
            {"message_type": "Alert"},
            {"message_type": "Cancel", "status": "Exercise"},
            {"message_type": "Update", "status": "Test"},
        )
    ):
        other = message(identifier=f"o{number}", references=named, **values)
        actions.read_alert(by=by, society=shaoxing, xml=written(other))
        assert [one.kind for one in standing([row])] == ["in_force"]
    last = message(identifier="last", references=named, message_type="Cancel")
    actions.read_alert(by=by, society=shaoxing, xml=written(last))
    assert [one.kind for one in standing([row])] == ["cancelled"]


@pytest.mark.parametrize(
    "references", ["weather@example.invalid", "a,b,yesterday", "a,b,2020-06-24T08:30:00Z", "a,b"]
)
def test_a_cancellation_that_cannot_be_followed_is_refused(references: str) -> None:
    data = written(message(message_type="Cancel", references=[references]))
    with pytest.raises(Invalid) as refused:
        read(data)
    assert refused.value.code == "rescue.cap.references"


def test_a_signed_warning_is_kept_whole_and_nobody_claims_to_have_checked_it(
    as_actor: Make, shaoxing: Society, sign_in: Callable[[str], Client]
) -> None:
    signature = (
        b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/>'
        b"<SignatureValue>eA==</SignatureValue></Signature></alert>"
    )
    data = GOOD.replace(b"</alert>", signature)
    row = actions.read_alert(by=as_actor("officer"), society=shaoxing, xml=data)
    assert bytes(row.xml) == data and read(data).is_signed
    page = sign_in("officer").get("/en" + row.get_absolute_url()).content.decode()
    assert "which was not checked here" in page


# ── drawn ────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(RINGS, max_size=3), st.lists(CIRCLES, max_size=2))
def test_every_shape_lies_in_the_drawing(rings: list[Any], circles: list[cap.Circle]) -> None:
    discs = [(c.latitude_microdegrees, c.longitude_microdegrees, c.radius_metres) for c in circles]
    drawn = outline(rings, discs)
    if not rings and not discs:
        assert drawn is None
        return
    assert drawn is not None
    numbers = [
        float(part)
        for path in drawn.paths
        for part in path.strip("MZ").replace("L", " ").split()
    ]  # fmt: skip
    assert all(-1 <= number <= SIZE + 1 for number in numbers)


def test_teams_whose_base_lies_inside_are_told_on_the_desk(
    as_actor: Make, shaoxing: Society
) -> None:
    draft = drafted(as_actor("officer"), shaoxing, polygons=(SQUARE,), circle=None)
    points = ((28_200_000, 121_200_000), (28_000_001, 121_000_001), (28_500_000, 121_200_000))
    teams = [a_team(name=f"样例{number}") for number in range(3)]
    for team, (latitude, longitude) in zip(teams, points, strict=True):
        Team.objects.filter(pk=team.pk).update(
            base_latitude_microdegrees=latitude, base_longitude_microdegrees=longitude
        )
    assert sorted(teams_inside(draft)) == ["样例0", "样例1"]


def test_the_public_page_draws_it_and_says_that_borders_are_not_known(
    as_actor: Make, shaoxing: Society, client: Client
) -> None:
    draft = drafted(as_actor("officer"), shaoxing, polygons=(SQUARE,))
    alert = actions.publish_alert(by=as_actor("officer2"), alert=draft)
    page = client.get(f"/en/alerts/{alert.pk}/").content.decode()
    assert page.count('class="zone"') == 2
    assert "We hold no borders of counties" in page
    assert "polygon, 4 corners" in page and "28.00–28.40° N" in page and "121.00–121.50° E" in page


def test_a_half_told_circle_is_refused_and_a_polygon_is_kept(
    sign_in: Callable[[str], Client],
) -> None:
    client = sign_in("officer")

    def post(**values: str) -> Any:
        sent = {
            "once": client.get(reverse("alert_new")).context["form"].once_key,
            "society": "330600", "headline": "洪峰将至", "headline_en": "Flood crest",
            "event": "洪水", "event_en": "Flood", "category": "Met", "urgency": "Expected",
            "severity": "Severe", "certainty": "Likely", "scope": "Public",
            "expires_at": "2020-06-25T09:00", "area_codes": ["330681"], "area_text": "诸暨",
            "area_text_en": "Zhuji", **values,
        }  # fmt: skip
        return client.post(reverse("alert_new"), sent)

    assert post(latitude="29.71", longitude="120.24").status_code == 422
    assert post(latitude="29.71", radius_km="3").status_code == 422
    assert post(polygons="121,28\n122,28\n122,29").status_code == 422
    assert not Alert.objects.filter(headline="洪峰将至").exists()
    assert post(polygons=LINES).status_code == 302
    alert = Alert.objects.get(headline="洪峰将至")
    assert alert.areas[0]["polygons"] == [[list(point) for point in SQUARE]]

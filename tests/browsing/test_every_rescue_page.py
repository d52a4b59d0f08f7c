"""Every page of rescue at work: teams, a plan, a flood that is going on, a drill, warnings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from tests.browser import Site, serving, sign_in_as, watched
from tests.browsing.looking import DESKTOP, go, look
from tests.committed import WholeWorld

pytestmark = pytest.mark.browser


def _row(*names: str) -> str:
    """The link of a row by its name, in whichever language."""
    return "table a:is(" + ", ".join(f":has-text('{name}')" for name in names) + ")"


def _of(way: str, *ends: str) -> list[str]:
    return [f"{way} > a[href$='{end}']" for end in ends]


TEAM = f"/desk/teams/ > {_row('赈济', 'Relief')}"
MEMBER = f"{TEAM} > table a[href*='/desk/members/']"
ROSTER = f"{TEAM} > a[href$='/roster/']"
# Saturday's is short; on Sunday's somebody was asked to swap.
SATURDAY, SUNDAY = (f"{ROSTER} > a[href*='/desk/stand-bys/'] >> nth={n}" for n in (5, 6))
GEAR = f"{TEAM} > a[href$='/gear/']"
FLOOD = f"/desk/incidents/ > {_row('洪涝', 'flooding')}"
MISSION = f"{FLOOD} > a[href*='/desk/missions/']"
ASKED = f"/desk/ > {_row('洪涝', 'flooding')}"
CALL_OUT = "/desk/call-outs/ > table a"
REPORT = f"/desk/rescue/reports/ > {_row('演练', 'drill')}"
# The page behind a link is looked at as the person named; each page once, in both languages.
PARTS: dict[str, tuple[str, list[str]]] = {
    "public": (
        "",
        [
            "/rescue/",
            "/rescue/ > a[href*='/rescue/3']",
            "/rescue/330600-20200612-a/",
            "/alerts/",
            "/alerts/ > a[href*='/alerts/']:not([href$='.xml'])",
        ],
    ),
    "teams": (
        "officer",
        [
            "/desk/",
            "/desk/teams/",
            "/desk/teams/new/",
            TEAM,
            *_of(TEAM, "/change/", "/suspend/", "/calendar/", "/members/new/", "/import/"),
            MEMBER,
            *_of(MEMBER, "/change/", "/certificate/", "/insurance/", "/availability/", "/leave/"),
            *_of(MEMBER, "/revoke/", "/end/"),
            "/desk/papers/",
        ],
    ),
    "readiness": (
        "officer",
        [
            "/desk/rosters/",
            ROSTER,
            *_of(ROSTER, "/roster/new/"),
            SATURDAY,
            SUNDAY,
            *_of(SATURDAY, "/cancel/", "/give-up/", "/swap/"),
            GEAR,
            *_of(GEAR, "/gear/new/", "/vehicles/new/", "/issue/", "/inspect/", "/count/", "/back/"),
            *_of(GEAR, "/retire/"),
            "/desk/readiness/new/",
            "/desk/readiness/count/",
        ],
    ),
    "flood": (
        "officer",
        [
            "/desk/incidents/",
            "/desk/incidents/new/",
            FLOOD,
            *_of(FLOOD, "/log/", "/correct/", "/change/", "/request/", "/level/", "/close/"),
            *_of(FLOOD, "/situation/new/", "/situation/1/", "/needs/new/", "/call/", "/ask/"),
            f"{FLOOD} > a[href*='/needs/']:not([href$='/new/'])",
            *_of(FLOOD, "/board/", "/reports/"),
        ],
    ),
    "mission": (
        "officer",
        [
            MISSION,
            *_of(MISSION, "/tell/", "/order-back/", "/close/", "/task/", "/vehicle/", "/gear/"),
            *_of(MISSION, "/person/", "/batch/"),
            "/desk/call-outs/",
            CALL_OUT,
            "/desk/call-outs/inbox/",
            "/desk/messages/",
            "/desk/messages/ > table a",
            "/field/rescue/",
            "/field/rescue/ > a[href*='/field/rescue/']",
        ],
    ),
    "warnings": (
        "officer2",
        [
            "/desk/alerts/",
            "/desk/alerts/new/",
            "/desk/alerts/read/",
            "/desk/alerts/ > table a",
            "/desk/alerts/ > table a >> nth=1",
            *_of("/desk/alerts/ > table a >> nth=1", "/update/", "/cancel/"),
            "/desk/rescue/reports/",
            REPORT,
        ],
    ),
    "asked": ("leader-yongkang", ["/desk/", ASKED, f"{ASKED} > a[href$='/accept/']"]),
    "province": (
        "province",
        [
            "/desk/readiness/",
            "/desk/readiness/ > a[href$='/targets/']",
            "/desk/rescue/board/",
            TEAM,
            FLOOD,
        ],
    ),
}


@pytest.fixture(scope="module")
def whole_site(whole_world: WholeWorld, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """A running site with the world and its rescue. No worker runs: nothing moves."""
    with serving(django_db_blocker, template=whole_world) as site:
        yield site


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
@pytest.mark.parametrize("part", PARTS)
def test_nothing_stands_in_the_way(
    whole_site: Site, chromium: Browser, part: str, prefix: str
) -> None:
    username, ways = PARTS[part]
    context = chromium.new_context(base_url=whole_site, viewport=DESKTOP)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    try:
        page = context.new_page()
        wrong = watched(page)
        if username:
            sign_in_as(page, username)
        found: dict[str, str] = {}
        for way in ways:
            go(page, way, prefix, found)
            wrong += [f"{prefix}{way}: {text}" for text in look(page)]
    finally:
        context.close()
    assert not wrong, "\n".join(wrong)

"""A leader's phone in a real browser: the whole way with the network cut, and nothing of it lost.
And a responder's, by the link of the message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlparse

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import DjangoDbBlocker

from honghui.callouts.actions.answers import answer_by_link
from tests.browser import Site, serving, sign_in_as, watched
from tests.committed import connected_to
from tests.registry.samples import SYSTEM
from tests.rescue.mission_samples import a_mission, called, invitation, scene
from tests.sync.hands import eventually, kept_pages, queued, wait_for_worker, wait_until_sent
from tests.sync.network import Network, network_to
from tests.sync.phone import a_photo

pytestmark = pytest.mark.browser


@dataclass
class Away:
    """A site with a mission for the leader, and three links of a call-out in another incident."""

    site: Site
    mission: str
    answered: str
    unanswered: str
    silent: str

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.site.database) as connection:
            return list(connection.execute(query).fetchall())  # type: ignore[arg-type]


@pytest.fixture(scope="module", autouse=True)
def away(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Away]:
    """Written before any browser runs: beside one, Django's connections are others."""
    with serving(django_db_blocker, tmp_path_factory.mktemp("away")) as site:
        name = urlparse(site.database).path.strip("/")
        with django_db_blocker.unblock(), connected_to(name):
            mission = a_mission(scene(2), going=2)
            call_out = called(scene())
            tokens = [invitation(call_out, rank).token for rank in (1, 2, 3)]
            answer_by_link(by=SYSTEM, token=tokens[0], meaning="coming")
        yield Away(site, str(mission.pk), *tokens)


@pytest.fixture
def network(away: Away) -> Iterator[Network]:
    with network_to(away.site) as network:
        yield network


@pytest.fixture
def context(chromium: Browser, network: Network) -> Iterator[BrowserContext]:
    made = chromium.new_context(
        base_url=network.address,
        locale="zh-CN",
        viewport={"width": 390, "height": 844},
        geolocation={"latitude": 28.45, "longitude": 121.38, "accuracy": 12},
        permissions=["geolocation"],
    )
    made.set_default_timeout(15_000)
    yield made
    made.close()


def press(page: Page, kind: str, *, batch: bool = False) -> None:
    """The one big button, which must be the one that comes next; back once it is kept."""
    of_batch = "[data-of-batch]" if batch else ":not([data-of-batch])"
    step = page.locator(f'[data-steps] [data-step="{kind}"]{of_batch}')
    before = len(queued(page))
    step.locator("button.btn--seal").click()
    eventually(lambda: len(queued(page)) == before + 1)
    eventually(lambda: not step.is_visible())


def test_the_whole_way_without_a_network(
    context: BrowserContext, network: Network, away: Away
) -> None:
    page = context.new_page()
    wrong = watched(page)
    sign_in_as(page, "team-leader")
    page.goto("/field/")
    address = f"{network.address}/field/rescue/{away.mission}/"
    page.goto(address)
    wait_for_worker(page)
    network.cut()
    page.reload()
    assert page.locator("[data-kept-at]:not(html)").first.is_visible()

    page.click('[data-step="departed"] [data-by="1"]')
    assert page.input_value("#step-departed-people") == "3"
    press(page, "departed")
    press(page, "arrived", batch=True)
    page.click("summary:has-text('照片')")
    page.set_input_files(
        "#photo input[type=file]",
        [{"name": "scene.jpg", "mimeType": "image/jpeg", "buffer": a_photo(1200)}],
    )
    page.fill("#p-caption", "到场")
    page.click("#photo button.btn")
    page.click("summary:has-text('位置')")
    assert page.locator("#position [data-needs-position]").is_disabled(), "off until asked for"
    page.click("#position [data-position]")
    eventually(lambda: page.locator("#position [data-needs-position]").is_enabled())
    page.click("#position [data-needs-position]")
    press(page, "arrived")
    page.fill("#step-ordered_back-by", "现场指挥部")
    press(page, "ordered_back")
    press(page, "left")
    press(page, "back")
    assert page.locator("[data-all-told]").is_visible()
    assert page.locator("[data-told] li").count() == 6
    eventually(lambda: len(queued(page)) == 8)
    assert away.rows("SELECT count(*) FROM rescue_telling WHERE responder_id IS NULL") == [(0,)]

    page.reload()
    assert len(queued(page)) == 8, "a phone that was switched off still has it"
    eventually(lambda: page.locator("[data-told] li").count() == 6)
    assert page.locator("[data-all-told]").is_visible(), "and asks for nothing a second time"
    network.mend()
    network.lose_answer_to("POST /sync/forms")
    wait_until_sent(page)
    told = away.rows(
        "SELECT kind, people, at FROM rescue_telling WHERE responder_id IS NULL ORDER BY at, id"
    )
    kinds = [row[0] for row in told]
    assert kinds == ["departed", "arrived", "arrived", "ordered_back", "left", "back"]
    assert told[0][1] == 3
    times = [row[2] for row in told]
    assert times == sorted(times, key=lambda at: at if isinstance(at, datetime) else 0)
    query = "SELECT (SELECT count(*) FROM rescue_photo), (SELECT count(*) FROM rescue_position)"
    assert away.rows(query) == [(1, 1)]
    assert away.rows(
        f"SELECT state FROM rescue_mission WHERE id = '{away.mission}'"  # noqa: S608
    ) == [("back",)]
    assert not [line for line in wrong if "ERR_" not in line and "fetch" not in line], wrong


def test_a_responder_tells_by_their_link_without_a_network(
    context: BrowserContext, network: Network, away: Away
) -> None:
    page = context.new_page()
    page.goto(f"/r/{away.answered}/")
    wait_for_worker(page)
    assert f"{network.address}/r/{away.answered}/" in kept_pages(page)
    network.cut()
    page.reload()
    press(page, "departed")
    page.reload()
    eventually(page.locator('[data-step="arrived"]').is_visible)
    assert not page.locator('[data-step="departed"]').is_visible(), "told, and on this phone"
    for kind in ("arrived", "left", "back"):
        press(page, kind)
    assert page.locator("[data-all-told]").is_visible()
    network.mend()
    wait_until_sent(page)
    told = away.rows("SELECT kind FROM rescue_telling WHERE responder_id IS NOT NULL ORDER BY at")
    assert [row[0] for row in told] == ["departed", "arrived", "left", "back"]
    page.goto(f"/en/r/{away.answered}/")
    assert "Thank you. Rest well." in page.inner_text(".thumb")


def test_an_old_page_knows_what_was_sent_since(
    context: BrowserContext, network: Network, away: Away
) -> None:
    page = context.new_page()
    page.goto(f"/r/{away.silent}/")
    wait_for_worker(page)
    network.cut()
    page.click("#if-short button.btn")
    eventually(lambda: page.locator("[data-told] li").count() == 1)
    network.mend()
    wait_until_sent(page)
    network.cut()
    page.reload()
    eventually(lambda: page.locator("[data-told] li").count() == 1)
    assert "在本机" not in page.inner_text("[data-told]"), "it was sent"
    network.mend()


def test_somebody_answers_by_their_link_when_the_network_is_back(
    context: BrowserContext, network: Network, away: Away
) -> None:
    page = context.new_page()
    page.goto(f"/r/{away.unanswered}/")
    wait_for_worker(page)
    network.cut()
    page.fill("#eta", "45")
    page.click("#coming button.btn")
    eventually(lambda: len(queued(page)) == 1)
    network.mend()
    wait_until_sent(page)
    found = away.rows(
        "SELECT r.state, a.eta_minutes FROM rescue_responder r"
        " JOIN callouts_answer a ON a.invitation_id = r.invitation_id"
        " WHERE a.via = 'link' AND a.eta_minutes = 45"
    )
    assert found == [("coming", 45)]

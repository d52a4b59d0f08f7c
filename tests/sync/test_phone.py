"""A real browser without a network: what it was told to keep arrives, once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import DjangoDbBlocker

from tests.browser import Site, serving, sign_in_as, watched
from tests.sync import kinds
from tests.sync.network import Network, network_to
from tests.sync.phone import a_photo

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def field_site(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("field")
    with serving(django_db_blocker, data, application="tests.sync.site:application") as site:
        site.run(kinds.TABLE)
        yield site


@pytest.fixture
def network(field_site: Site) -> Iterator[Network]:
    field_site.run("DELETE FROM noted")
    with network_to(field_site) as network:
        yield network


@pytest.fixture
def context(chromium: Browser, network: Network) -> Iterator[BrowserContext]:
    made = chromium.new_context(base_url=network.address, locale="zh-CN")
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    sign_in_as(page, "officer")
    return page


def noted(site: Site) -> list[str]:
    with psycopg.connect(site.database) as connection:
        rows = connection.execute("SELECT said FROM noted ORDER BY form_id").fetchall()
    return [row[0] for row in rows]


def write_down(page: Page, said: str, photo: bytes | None = None) -> None:
    if photo is not None:
        page.set_input_files(
            "#note input[type=file]",
            {"name": "scene.jpg", "mimeType": "image/jpeg", "buffer": photo},
        )
    page.fill("#note input[name=said]", said)
    page.click("#note button")
    page.wait_for_function("document.querySelector('#note input[name=said]').value === ''")


def queued(page: Page) -> int:
    return int(page.evaluate("HonghuiSync.all('forms').then((forms) => forms.length)"))


def wait_until_sent(page: Page) -> None:
    eventually(lambda: queued(page) == 0, lambda: page.evaluate("HonghuiQueue.send(true)"))


def eventually(holds: Callable[[], bool], meanwhile: Callable[[], object] = lambda: None) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in 30 s"
        meanwhile()
        time.sleep(0.05)


def controlled(page: Page) -> None:
    """The service worker has the page."""
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def test_a_form_is_sent_at_once_when_there_is_a_network(page: Page, field_site: Site) -> None:
    wrong = watched(page)
    page.goto("/field/notes/one/")
    write_down(page, "到了", a_photo(3000))
    eventually(lambda: queued(page) == 0)
    assert noted(field_site) == ["到了"]
    assert page.locator("[data-queue-signal]").inner_text() == "都已传完"
    assert not wrong, wrong

"""Fixtures for the tests with a browser: a site, the network to it, a phone that is signed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import DjangoDbBlocker

from tests.browser import Site, serving, sign_in_as
from tests.sync import kinds
from tests.sync.network import Network, network_to


@pytest.fixture(scope="session")
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
    """Signed in as the officer, on the page with the form, which the phone has kept."""
    page = context.new_page()
    sign_in_as(page, "officer")
    return page

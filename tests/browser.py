"""A real browser on a real server: granian on a clone of the test database, Debian's Chromium."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Response,
    sync_playwright,
)
from pytest_django import DjangoDbBlocker

from honghui.site.up import newest, newest_source
from honghui.worlds import SAMPLE_PASSWORD
from tests.committed import clone_of_test_database, connected_to, drop_database
from tests.environment import DATA, HOME
from tools.chromium import FLAGS


class Site(str):
    """The address of a running site; `run` says something to its database."""

    database: str
    environment: dict[str, str]

    def run(self, statement: str) -> None:
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """pytest-django makes the database only when some collected test is marked with django_db.
    Tests on a clone are not; run by themselves, they would work on the database itself."""
    keep = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock():
        made = setup_databases(0, interactive=False, aliases={"default"}, keepdb=keep)
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """A running site with the sample world, shared: its tests only look, or add."""
    with serving(django_db_blocker) as address:
        yield address


@pytest.fixture
def own_site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """A running site of one test's own, for what others would miss afterwards."""
    with serving(django_db_blocker) as address:
        yield address


@contextmanager
def serving(
    django_db_blocker: DjangoDbBlocker,
    data: Path | None = None,
    application: str = "honghui.site.wsgi:application",
    template: str = "",
) -> Iterator[Site]:
    """`data`: a data folder of its own, for what keeps more than rows; the log, for instance.
    `application`: the site with something of a test's own added. `template`: the database that is
    cloned for it, the tests' own where none is named."""
    with django_db_blocker.unblock(), connected_to(template) if template else nullcontext():
        name, database = clone_of_test_database()
    # "localhost": browsers give passkeys to names, never to bare numbers.
    port = free_port()
    site = Site(f"http://localhost:{port}")
    site.database = database
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_ALLOW_ASYNC_UNSAFE": "",
        "HONGHUI_DATA": str(data or DATA),
        "HONGHUI_STATIC": str(DATA / "static"),
    }
    site.environment = environment
    _collect_static(environment)
    # The cast of the test database was hashed the quick way; the served site uses the real one.
    _manage(environment, "shell", "--no-imports", "-c", _PASSWORDS)
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", "1", "--blocking-threads", "4"),
            *("--log-level", "error", "--no-ws", application),
        ],
        env=environment,
        cwd=HOME,
        start_new_session=True,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", server)
        yield site
    finally:
        server.terminate()
        server.wait(20)
        with django_db_blocker.unblock():
            drop_database(name)


_PASSWORDS = f"""
from honghui.registry.models import Account
from django.contrib.auth.hashers import make_password
Account.objects.update(password=make_password({SAMPLE_PASSWORD!r}))
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Playwright keeps an event loop running in this thread for as long as it lives. Django would
    refuse the database beside it, and asyncio.run() another loop: so it lives a module long."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is missing. As root, type: apt-get install -y chromium")
    # Beside a running loop Django has other connections, and cannot close these; as long as one
    # is open, the test database cannot be cloned.
    connections.close_all()
    playwright: Playwright
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_context(chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=site, locale="zh-CN")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def web_page(browser_context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test if the policy was violated, a script broke, a file is missing."""
    page = browser_context.new_page()
    wrong = watched(page)
    yield page
    assert not wrong, wrong


def watched(page: Page) -> list[str]:
    """What goes wrong on the page from now on, as it happens. Refusals of the page itself are
    the test's business; what it loads must come."""
    wrong: list[str] = []

    def on_console(line: ConsoleMessage) -> None:
        if line.type == "error" and not line.text.startswith("Failed to load resource"):
            wrong.append(f"{page.url}: {line.text}")

    def on_response(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            wrong.append(f"{page.url}: {response.status} {response.url}")

    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("console", on_console)
    page.on("response", on_response)
    return wrong


@pytest.fixture
def signed_in(web_page: Page) -> Callable[[str], Page]:
    """`signed_in("officer")`: the page after a real sign-in through the real form."""

    def make(username: str) -> Page:
        sign_in_as(web_page, username)
        return web_page

    return make


def sign_in_as(page: Page, username: str) -> None:
    page.goto("/account/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", SAMPLE_PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/desk/")


def _collect_static(environment: dict[str, str]) -> None:
    """Once for all workers and, while nothing changes, for all runs: it costs ten seconds."""
    folder = Path(environment["HONGHUI_STATIC"])
    with (DATA / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if newest_source() > newest(folder):
            _manage(environment, "collectstatic", "--noinput", "--clear", "-v", "0")
            os.utime(folder / "staticfiles.json")


def _manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        env={**environment, "DJANGO_SETTINGS_MODULE": "honghui.site.settings"},
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=Path(__file__).parent,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        assert server.poll() is None, "the site ended by itself"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the site did not answer in 30 s")

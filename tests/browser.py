"""A real browser on a real server: granian on a clone of the test database, Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.committed import clone_of_test_database, drop_database

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
CAST_PASSWORD = "honghui-sample-2020"


@pytest.fixture(scope="session")
def site(
    django_db_setup: None,
    django_db_blocker,
    tmp_path_factory: pytest.TempPathFactory,  # type: ignore[no-untyped-def]
) -> Iterator[str]:
    """The address of a running site with the sample world, its own to change."""
    with django_db_blocker.unblock():
        name, address = clone_of_test_database()
    static = tmp_path_factory.mktemp("static")
    port = _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "HONGHUI_STATIC": str(static),
    }
    _manage(environment, "collectstatic", "--noinput", "-v", "0")
    _manage(environment, "shell", "-c", _PASSWORDS)
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", "1", "--blocking-threads", "4"),
            *("--log-level", "error", "--no-ws", "honghui.site.wsgi:application"),
        ],
        env=environment,
        start_new_session=True,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)
        with django_db_blocker.unblock():
            drop_database(name)


# The cast of the test database was hashed the quick way; the served site uses the real one.
_PASSWORDS = f"""
from honghui.registry.models import Account
from django.contrib.auth.hashers import make_password
Account.objects.update(password=make_password({CAST_PASSWORD!r}))
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is missing. As root, type: apt-get install -y chromium")
    playwright: Playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_context(chromium: Browser, site: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=site, locale="zh-CN")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def web_page(browser_context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test if the content security policy was violated or a script broke."""
    page = browser_context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if _is_violation(line.text) else None)
    yield page
    assert not wrong, wrong


@pytest.fixture
def signed_in(web_page: Page) -> Callable[[str], Page]:
    """`signed_in("officer")`: the page after a real sign-in through the real form."""

    def sign_in(username: str) -> Page:
        web_page.goto("/account/login/")
        web_page.fill("input[name=login]", username)
        web_page.fill("input[name=password]", CAST_PASSWORD)
        web_page.click("main button[type=submit], main button:not([type])")
        web_page.wait_for_url("**/desk/**")
        return web_page

    return sign_in


def _is_violation(text: str) -> bool:
    return "Content Security Policy" in text or "Content-Security-Policy" in text


def _manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        env={**environment, "DJANGO_SETTINGS_MODULE": "honghui.site.settings"},
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=Path(__file__).parent,
    )


def _free_port() -> int:
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

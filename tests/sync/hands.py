"""A real browser on a site with the tests' forms, behind a network that can be cut: what a hand
does with it, and what came of it."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import psutil
import psycopg
from playwright.sync_api import Browser, BrowserContext, Page

from tests.sync.network import Network
from tools.chromium import FLAGS

ONE = "/field/notes/one/"


class Site(Protocol):
    """All that is asked of one: the bench has its own, and brings nothing of the tests."""

    database: str


def noted(site: Site) -> list[str]:
    """What came of the forms, in the order of their numbers. A doubled one stands here twice."""
    with psycopg.connect(site.database) as connection:
        rows = connection.execute("SELECT said FROM noted ORDER BY form_id").fetchall()
    return [row[0] for row in rows]


def count(site: Site, query: str) -> int:
    with psycopg.connect(site.database) as connection:
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def write_down(page: Page, said: str, photo: bytes | None = None) -> None:
    """Returns once the phone says that it is kept."""
    if photo is not None:
        add_photo(page, photo)
    page.fill("#note input[name=said]", said)
    page.click("#note button")
    eventually(lambda: page.input_value("#note input[name=said]") == "")


def add_photo(page: Page, photo: bytes) -> None:
    file: Any = {"name": "scene.jpg", "mimeType": "image/jpeg", "buffer": photo}
    page.set_input_files("#note input[type=file]", [file])


def queued(page: Page) -> list[dict[str, Any]]:
    forms: list[dict[str, Any]] = page.evaluate("HonghuiSync.all('forms')")
    return forms


def wait_until_sent(page: Page) -> None:
    eventually(lambda: not queued(page), lambda: page.evaluate("HonghuiQueue.send(true)"))


def eventually(holds: Callable[[], bool], meanwhile: Callable[[], object] = lambda: None) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in 30 s"
        meanwhile()
        time.sleep(0.05)


def wait_for_worker(page: Page) -> None:
    """The service worker has the page, and the page is kept."""
    eventually(lambda: bool(page.evaluate("navigator.serviceWorker.controller !== null")))
    eventually(lambda: page.url.split("#")[0] in kept_pages(page))


def kept_pages(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) {
            if (!name.startsWith('pages-')) continue;
            for (const each of await (await caches.open(name)).keys()) found.push(each.url);
          }
          return found;
        }"""
    )
    return found


def says(page: Page) -> str:
    return page.locator("[data-queue-signal]").inner_text()


def a_phone(chromium: Browser, network: Network, folder: Path) -> BrowserContext:
    """A browser of its own, whose storage outlives it."""
    context = chromium.browser_type.launch_persistent_context(
        folder,
        executable_path=shutil.which("chromium"),
        args=FLAGS,
        base_url=network.address,
        locale="zh-CN",
    )
    context.set_default_timeout(15_000)
    return context


def kill(folder: Path) -> None:
    """As when the battery is taken out: every process of that browser, by its own folder."""
    ours = [
        process
        for process in psutil.Process().children(recursive=True)
        if any(str(folder) in part for part in process.cmdline())
    ]
    assert ours
    for process in ours:
        os.kill(process.pid, signal.SIGKILL)
    psutil.wait_procs(ours, timeout=10)

"""What is on the phone beside the queue: the service worker and its pages, an update of it, the
page that can be installed; and browsers that have none of this."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import Site, sign_in_as, watched
from tests.browsing.looking import PHONE, barriers, english_sentences, overflow
from tests.sync.hands import (
    ONE,
    a_phone,
    eventually,
    kept_pages,
    noted,
    queued,
    says,
    wait_for_worker,
    wait_until_sent,
    write_down,
)
from tests.sync.network import Network

pytestmark = pytest.mark.browser


def version_of(page: Page) -> list[str]:
    names: list[str] = page.evaluate("caches.keys()")
    return [name for name in names if re.fullmatch(r"files-[0-9a-f]{16}", name)]


def test_a_new_service_worker_breaks_no_page_in_use(
    page: Page, network: Network, field_site: Site
) -> None:
    """The page was opened with the old one, is half filled in, and goes on without a network."""
    wrong = watched(page)
    page.goto(ONE)
    wait_for_worker(page)
    [old] = version_of(page)
    network.cut()
    page.fill("#note input[name=said]", "旧版本")
    network.mend()
    new = b"f" * 16
    network.replaced[old.removeprefix("files-").encode()] = new
    page.evaluate("navigator.serviceWorker.getRegistration('/').then((one) => one.update())")
    eventually(lambda: version_of(page) == [old, f"files-{new.decode()}"])
    eventually(
        lambda: bool(
            page.evaluate(
                """navigator.serviceWorker.getRegistration('/')
                   .then((one) => !one.installing && !one.waiting)"""
            )
        )
    )
    network.cut()
    page.click("#note button")
    eventually(lambda: len(queued(page)) == 1)
    page.reload()
    write_down(page, "新版本")
    network.mend()
    wait_until_sent(page)
    assert noted(field_site) == ["旧版本", "新版本"]
    assert not [line for line in wrong if "sw.js" in line or "static" in line], wrong


def test_what_stores_nothing_says_so_and_leaves_the_form_as_it_is(page: Page) -> None:
    page.goto(ONE)
    page.evaluate(
        """() => {
             IDBObjectStore.prototype.put = () => {
               throw new DOMException('full', 'QuotaExceededError');
             };
           }"""
    )
    page.fill("#note input[name=said]", "存不下")
    page.click("#note button")
    said = page.locator("#note [data-sync-said]")
    eventually(lambda: said.inner_text().startswith("手机没能存下"))
    assert page.input_value("#note input[name=said]") == "存不下"


def test_without_scripts_the_form_is_posted_as_ever(chromium: Browser, field_site: Site) -> None:
    context = chromium.new_context(base_url=field_site, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in_as(page, "officer")
    page.goto("/field/practice/")
    page.fill("input[name=note]", "没有脚本")
    page.click("main button")
    assert "送到了。不开脚本时，有信号才能用。" in page.inner_text("main")
    page.fill("input[name=note]", "   ")
    page.click("main button")
    assert page.locator(".err").first.is_visible()
    context.close()


def test_without_storage_the_form_is_posted_too(page: Page) -> None:
    """A private window of an old engine: there is no IndexedDB."""
    page.add_init_script("Object.defineProperty(self, 'indexedDB', { value: undefined })")
    page.goto("/field/practice/")
    page.fill("input[name=note]", "没有存储")
    with page.expect_navigation():
        page.click("main button")
    assert "送到了" in page.inner_text("main")


def test_the_field_can_be_installed(chromium: Browser, network: Network, tmp_path: Path) -> None:
    context = a_phone(chromium, network, tmp_path)
    page = context.pages[0]
    sign_in_as(page, "officer")
    page.goto("/field/")
    wait_for_worker(page)
    devtools = context.new_cdp_session(page)
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert errors == []
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["manifest"]["startUrl"].endswith("/field/")
    network.cut()
    page.goto("/field/")
    assert page.locator("h1").inner_text() == "现场"
    context.close()


def test_practice_takes_the_whole_way(page: Page, network: Network) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/field/practice/")
    wait_for_worker(page)
    eventually(lambda: f"{network.address}/field/queue/" in kept_pages(page))
    network.cut()
    page.reload()
    page.fill("input[name=note]", "练一次")
    page.click("main button")
    eventually(lambda: len(queued(page)) == 1)
    assert says(page).startswith("没有信号，照常记")
    page.goto("/field/queue/")
    network.mend()
    page.click("[data-send-now]")
    eventually(lambda: page.locator("[data-done-list] li").count() == 1)
    assert "练一次" in page.locator("[data-done-list]").inner_text()
    assert page.locator("[data-queue-empty]").is_visible()


@pytest.mark.parametrize(
    "path", ["/field/", "/field/queue/", "/field/practice/", "/field/offline/"]
)
def test_the_phones_pages_are_well_made(page: Page, path: str) -> None:
    wrong = watched(page)
    page.set_viewport_size(PHONE)
    for prefix in ("", "/en"):
        page.goto(prefix + path)
        assert overflow(page) <= 0
        assert barriers(page) == []
        if not prefix:
            assert english_sentences(page) == []
    assert not wrong, wrong


def test_a_queue_of_every_state_is_well_made(page: Page, context: BrowserContext) -> None:
    page.set_viewport_size(PHONE)
    page.goto(ONE)
    write_down(page, "送到的")
    eventually(lambda: not queued(page))
    write_down(page, "refuse, and a text that goes on and on until it is too long for a line")
    eventually(lambda: queued(page)[0]["state"] == "refused")
    write_down(page, "broken")
    page.goto("/field/queue/")
    eventually(lambda: page.locator("[data-queue-list] li").count() == 2)
    assert page.locator("[data-queue-count]").inner_text() == "1条待传 · 1条要改"
    assert overflow(page) <= 0
    assert barriers(page) == []


@pytest.mark.django_db
def test_the_service_worker_is_never_kept_by_a_cache(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert client.get("/en/sw.js").status_code == 404

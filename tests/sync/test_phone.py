"""A real browser without a network: what it was told to keep arrives, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import Site, sign_in_as, watched
from tests.sync.hands import (
    ONE,
    a_phone,
    count,
    eventually,
    kill,
    noted,
    queued,
    says,
    wait_for_worker,
    wait_until_sent,
    write_down,
)
from tests.sync.network import Network
from tests.sync.phone import a_photo

pytestmark = pytest.mark.browser
PHOTOS = "SELECT count(*) FROM sync_attachment JOIN sync_receivedform ON form_id IS NOT NULL"


def test_a_form_is_sent_at_once_when_there_is_a_network(page: Page, field_site: Site) -> None:
    wrong = watched(page)
    page.goto(ONE)
    write_down(page, "到了", a_photo(3000))
    eventually(lambda: not queued(page))
    assert noted(field_site) == ["到了"]
    eventually(lambda: says(page) == "都已传完")
    assert not wrong, wrong


def test_without_a_network_the_page_opens_and_keeps_and_sends_later(
    page: Page, network: Network, field_site: Site
) -> None:
    page.goto(ONE)
    wait_for_worker(page)
    network.cut()
    page.reload()
    assert page.locator("p[data-kept-at]").inner_text().startswith("没有信号。本页截至")
    for said in ("一", "二", "三"):
        write_down(page, said)
    assert says(page).startswith("没有信号，照常记")
    assert page.locator("[data-queue-count]").inner_text() == "3条待传"
    assert noted(field_site) == []
    network.mend()
    wait_until_sent(page)
    assert noted(field_site) == ["一", "二", "三"]


def test_a_signal_that_fails_while_the_worker_is_fetched_is_made_good(
    page: Page, network: Network
) -> None:
    network.lose_answer_to("GET /field/offline/")
    page.goto(ONE)
    eventually(lambda: network.lost == 1)
    wait_for_worker(page)
    network.cut()
    page.reload()
    page.locator("p[data-kept-at]").wait_for()
    assert page.locator("form[data-sync]").first.is_visible()


def test_a_page_named_for_it_is_kept_beforehand(page: Page, network: Network) -> None:
    page.goto(ONE)
    wait_for_worker(page)
    other = f"{network.address}/field/notes/two/"
    eventually(lambda: other in page.evaluate(KEPT))
    network.cut()
    page.goto(other)
    assert page.locator("h1").inner_text() == "Note two"
    page.goto(f"{network.address}/field/notes/never-seen/")
    assert page.locator("h1").inner_text() == "这部手机里没有这一页"


KEPT = """async () => {
  const all = [];
  for (const name of await caches.keys()) {
    for (const each of await (await caches.open(name)).keys()) all.push(each.url);
  }
  return all;
}"""


def test_an_answer_that_is_lost_doubles_nothing(
    page: Page, network: Network, field_site: Site
) -> None:
    """The server took it in, and the phone does not know."""
    page.goto(ONE)
    network.lose_answer_to("POST /sync/forms")
    write_down(page, "答复丢了")
    eventually(lambda: network.lost == 1)
    assert noted(field_site) == ["答复丢了"]
    wait_until_sent(page)
    sent = [line for line in network.requests if line.startswith(b"POST /sync/forms")]
    assert len(sent) >= 2
    assert noted(field_site) == ["答复丢了"]


def test_a_photo_goes_on_where_it_stopped(
    page: Page, network: Network, field_site: Site, tmp_path: Path
) -> None:
    page.goto(ONE)
    network.cut()
    photo = a_noisy_photo()
    write_down(page, "带照片", photo)
    network.lose_answer_to("PUT /sync/attachments/")
    network.mend()
    before = count(field_site, "SELECT count(*) FROM sync_attachment")
    wait_until_sent(page)
    assert network.lost == 1
    assert noted(field_site) == ["带照片"]
    assert count(field_site, "SELECT count(*) FROM sync_attachment") == before + 1
    pieces = [line for line in network.requests if line.startswith(b"PUT /sync/attachments/")]
    assert len(pieces) >= 3, "two pieces at least, and a question how much is there"


def a_noisy_photo() -> bytes:
    """Large however it is packed: more than one piece."""
    import io
    import os

    from PIL import Image

    out = io.BytesIO()
    Image.frombytes("RGB", (900, 700), os.urandom(900 * 700 * 3)).save(out, "JPEG", quality=90)
    return out.getvalue()


def test_a_killed_tab_loses_nothing(
    page: Page, context: BrowserContext, network: Network, field_site: Site
) -> None:
    page.goto(ONE)
    wait_for_worker(page)
    network.cut()
    write_down(page, "关了页面之前")
    page.fill("#note input[name=said]", "写到一半")
    page.wait_for_timeout(500)
    page.close()
    page = context.new_page()
    page.goto(ONE)
    eventually(lambda: page.input_value("#note input[name=said]") != "")
    assert page.input_value("#note input[name=said]") == "写到一半", "a draft is kept too"
    page.click("#note button")
    network.mend()
    wait_until_sent(page)
    assert sorted(noted(field_site)) == ["关了页面之前", "写到一半"]


def test_a_killed_browser_loses_nothing_and_doubles_nothing(
    chromium: Browser, network: Network, field_site: Site, tmp_path: Path
) -> None:
    """Killed with -9 right after "written down", and again in the middle of sending."""
    context = a_phone(chromium, network, tmp_path)
    page = context.pages[0]
    sign_in_as(page, "officer")
    page.goto(ONE)
    wait_for_worker(page)
    network.cut()
    for number in range(5):
        write_down(page, f"记{number}", a_photo(800) if number % 2 else None)
    kill(tmp_path)

    # What a browser knew of the session may be gone with it: it writes cookies down now and then.
    context = a_phone(chromium, network, tmp_path)
    page = context.pages[0]
    page.goto(ONE)
    assert len(queued(page)) == 5
    network.mend()
    sign_in_if_needed(page)
    network.lose_answer_to("POST /sync/forms")
    page.goto(ONE)
    eventually(lambda: network.lost == 1)
    kill(tmp_path)

    context = a_phone(chromium, network, tmp_path)
    page = context.pages[0]
    sign_in_if_needed(page)
    page.goto(ONE)
    wait_until_sent(page)
    assert noted(field_site) == [f"记{number}" for number in range(5)]
    context.close()


def sign_in_if_needed(page: Page) -> None:
    page.goto("/account/login/")
    if page.locator("input[name=login]").count():
        sign_in_as(page, "officer")


def test_a_session_that_ended_meanwhile_is_told_calmly(
    page: Page, network: Network, field_site: Site
) -> None:
    page.goto(ONE)
    wait_for_worker(page)
    network.cut()
    write_down(page, "六小时前")
    field_site.run("DELETE FROM django_session")
    network.mend()
    page.evaluate("HonghuiQueue.send(true)")
    eventually(lambda: says(page).startswith("已退出登录。记下的都在"))
    assert len(queued(page)) == 1
    assert noted(field_site) == []
    sign_in_as(page, "officer")
    page.goto(ONE)
    wait_until_sent(page)
    assert noted(field_site) == ["六小时前"]


def test_another_account_sends_nothing_of_the_first_and_sees_nothing(
    page: Page, network: Network, field_site: Site
) -> None:
    page.goto(ONE)
    wait_for_worker(page)
    network.cut()
    write_down(page, "甲记的")
    network.mend()
    network.lose_answer_to("GET /sync/state")
    sign_out(page)
    assert not [url for url in page.evaluate(KEPT) if "/field/notes/" in url]
    sign_in_as(page, "officer2")
    page.goto(ONE)
    page.evaluate("HonghuiQueue.send(true)")
    eventually(lambda: says(page) == "另一个账号有1条留在这里，那个账号登录后发送")
    page.goto("/field/queue/")
    assert page.locator("[data-queue-list] li").count() == 0
    assert "甲记的" not in page.content()
    assert noted(field_site) == []
    sign_out(page)
    sign_in_as(page, "officer")
    page.goto(ONE)
    wait_until_sent(page)
    assert noted(field_site) == ["甲记的"]


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/account/" not in url)


def test_signing_out_forgets_the_pages_and_keeps_the_queue(
    page: Page, network: Network, field_site: Site
) -> None:
    page.goto(ONE)
    wait_for_worker(page)
    network.cut()
    write_down(page, "还没传")
    network.mend()
    network.lose_answer_to("GET /sync/state")
    sign_out(page)
    network.cut()
    page.goto(ONE)
    assert page.locator("h1").inner_text() == "这部手机里没有这一页"
    assert len(queued(page)) == 1


def test_a_refused_form_says_why_and_is_corrected_under_its_number(
    page: Page, field_site: Site
) -> None:
    page.goto(ONE)
    page.check("#note input[value=boat]")
    page.check("#note input[value=pump]")
    write_down(page, "please refuse")
    eventually(lambda: queued(page)[0]["state"] == "refused")
    assert queued(page)[0]["fields"]["with"] == "boat\npump"
    number = queued(page)[0]["id"]
    page.goto("/field/queue/")
    row = page.locator("[data-queue-list] li")
    assert "They do not want it." in row.inner_text()
    row.locator("[data-correct]").click()
    eventually(lambda: page.input_value("#note input[name=said]") != "")
    assert page.is_checked("#note input[value=pump]")
    assert not page.is_checked("#note input[name=way]")
    page.fill("#note input[name=said]", "改好了")
    page.click("#note button")
    wait_until_sent(page)
    assert noted(field_site) == ["改好了"]
    assert count(field_site, f"SELECT count(*) FROM noted WHERE form_id = '{number}'") == 1


def test_a_refused_form_can_be_discarded_after_a_question(page: Page, field_site: Site) -> None:
    page.goto(ONE)
    write_down(page, "refuse this")
    eventually(lambda: queued(page)[0]["state"] == "refused")
    page.goto("/field/queue/")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click("[data-discard]")
    assert len(queued(page)) == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("[data-discard]")
    eventually(lambda: not queued(page))
    assert noted(field_site) == []


def test_two_presses_and_two_tabs_are_one_form(
    page: Page, context: BrowserContext, network: Network, field_site: Site
) -> None:
    page.goto(ONE)
    other = context.new_page()
    other.goto(ONE)
    network.cut()
    page.fill("#note input[name=said]", "急")
    page.locator("#note button").dblclick()
    eventually(lambda: page.input_value("#note input[name=said]") == "")
    assert len(queued(page)) == 1
    network.mend()
    for each in (page, other):
        each.evaluate("void HonghuiQueue.send(true)")
    wait_until_sent(other)
    assert noted(field_site) == ["急"]


def test_a_stranger_with_a_link_keeps_and_sends_without_signing_in(
    context: BrowserContext, network: Network, field_site: Site
) -> None:
    page = context.new_page()
    page.goto("/field/notes/linked/")
    wait_for_worker(page)
    network.cut()
    page.reload()
    write_down(page, "凭链接", a_photo(600))
    network.mend()
    wait_until_sent(page)
    assert noted(field_site) == ["凭链接"]
    assert count(field_site, "SELECT count(*) FROM noted WHERE account_id IS NOT NULL") == 0


def test_somebody_else_answering_for_the_server_takes_nothing(page: Page, field_site: Site) -> None:
    """A hotel's sign-in page says 200 to everything."""
    page.goto(ONE)
    page.context.route(
        "**/sync/**",
        lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Welcome"),
    )
    write_down(page, "在旅馆")
    page.evaluate("HonghuiQueue.send(true)")
    assert len(queued(page)) == 1
    page.context.unroute("**/sync/**")
    wait_until_sent(page)
    assert noted(field_site) == ["在旅馆"]


def test_six_hours_without_a_signal_lose_nothing(
    page: Page, network: Network, field_site: Site
) -> None:
    """The phone's clock runs through six hours; a form every ten minutes, the page opened anew
    every hour; the session ends meanwhile. What happened is told by when it was written down."""
    page.clock.install(time=datetime.now(UTC))
    page.goto(ONE)
    wait_for_worker(page)
    network.cut()
    for number in range(36):
        if number % 6 == 5:
            page.reload()
        write_down(page, f"第{number:02}条")
        page.clock.fast_forward(timedelta(minutes=10).total_seconds() * 1000)
    assert len(queued(page)) == 36
    field_site.run("DELETE FROM django_session")
    network.mend()
    sign_in_as(page, "officer")
    page.goto(ONE)
    wait_until_sent(page)
    assert noted(field_site) == [f"第{number:02}条" for number in range(36)]
    spread = "SELECT extract(epoch FROM max(at) - min(at)) / 60 FROM noted"
    assert 345 <= count(field_site, spread) <= 355

"""The keyboard suffices: whoever holds no mouse gets everywhere and decides everything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from honghui.worlds import SAMPLE_PASSWORD
from tests.browser import Site
from tests.browsing.looking import DESKTOP, focus_is_seen, tab_to

pytestmark = pytest.mark.browser


def by_keyboard(page: Page, username: str) -> None:
    page.goto("/account/login/")
    tab_to(page, "input[name=login]")
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    tab_to(page, "input[name=password]")
    page.keyboard.type(SAMPLE_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/")


def sign_out_by_keyboard(page: Page) -> None:
    page.goto("/account/logout/")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/account/" not in url)


def test_from_the_front_page_to_what_was_sought(web_page: Page) -> None:
    web_page.goto("/")
    web_page.keyboard.press("Tab")
    assert web_page.evaluate("document.activeElement.className") == "skip"
    assert focus_is_seen(web_page)
    for selector in ("a[hreflang=en]", ".nav a[href='/societies/']", "main input[name=q]"):
        tab_to(web_page, selector)
        assert focus_is_seen(web_page), selector
    web_page.keyboard.type("shaoxing")
    web_page.keyboard.press("Enter")
    web_page.wait_for_url("**/search/?q=shaoxing")
    tab_to(web_page, "#found a")
    web_page.keyboard.press("Enter")
    web_page.wait_for_url("**/societies/33*/")


def test_the_skip_link_leads_past_the_navigation(web_page: Page) -> None:
    web_page.goto("/")
    web_page.keyboard.press("Tab")
    web_page.keyboard.press("Enter")
    assert web_page.evaluate("document.activeElement.id") == "main"
    web_page.keyboard.press("Tab")
    assert web_page.evaluate("document.activeElement.closest('main') !== null")


def test_every_step_of_tab_is_seen(web_page: Page) -> None:
    web_page.goto("/")
    for _step in range(25):
        web_page.keyboard.press("Tab")
        assert focus_is_seen(web_page), web_page.evaluate("document.activeElement.outerHTML")


def test_slash_searches(web_page: Page) -> None:
    web_page.goto("/tour/")
    web_page.keyboard.press("/")
    web_page.wait_for_url("**/search/")
    web_page.keyboard.press("/")
    assert web_page.evaluate("document.activeElement.name") == "q"
    web_page.keyboard.type("a/b")
    assert web_page.input_value("main input[name=q]") == "a/b"


def test_the_map_is_walked_with_arrows(web_page: Page) -> None:
    web_page.goto("/")
    tab_to(web_page, ".map a", most=80)
    seen = set()
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"):
        web_page.keyboard.press(key)
        assert web_page.evaluate("document.activeElement.matches('.map a')")
        assert focus_is_seen(web_page)
        seen.add(web_page.evaluate("document.activeElement.getAttribute('href')"))
    assert len(seen) >= 2
    web_page.keyboard.press("Enter")
    web_page.wait_for_url("**/societies/33*/")


def test_signing_in_and_out(web_page: Page) -> None:
    by_keyboard(web_page, "officer")
    sign_out_by_keyboard(web_page)
    web_page.goto("/desk/")
    assert "/account/login/" in web_page.url or web_page.locator(".refusal").count() == 1


def test_rows_are_walked_and_opened(signed_in: Callable[[str], Page]) -> None:
    page = signed_in("officer")
    page.goto("/desk/people/")
    links = page.locator("table[data-rows] tbody tr a")
    assert links.count() >= 3
    for keys, row in (("j", 0), ("jj", 2), ("k", 1), ("kkkk", 0)):
        for key in keys:
            page.keyboard.press(key)
        selected = page.locator("tr[data-selected]")
        assert selected.count() == 1
        assert selected.locator("a").get_attribute("href") == links.nth(row).get_attribute("href")
        assert focus_is_seen(page)
    wanted = links.nth(0).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")


def test_keys_leave_typing_alone(signed_in: Callable[[str], Page]) -> None:
    page = signed_in("officer")
    page.goto("/desk/people/")
    page.focus("main input[name=q]")
    page.keyboard.type("jack?/")
    assert page.input_value("main input[name=q]") == "jack?/"
    assert page.locator("tr[data-selected]").count() == 0


def test_the_help_of_the_keys_opens_and_closes(signed_in: Callable[[str], Page]) -> None:
    page = signed_in("officer")
    page.keyboard.press("?")
    help_box = page.locator("dialog[data-keys-help]")
    assert help_box.is_visible()
    page.keyboard.press("Escape")
    assert not help_box.is_visible()


def test_two_people_merge_a_pair_without_a_mouse(chromium: Browser, own_site: Site) -> None:
    """The officer proposes, sees that nobody confirms their own, and a colleague confirms."""
    context = chromium.new_context(base_url=own_site, viewport=DESKTOP, locale="zh-CN")
    page = context.new_page()
    by_keyboard(page, "officer")
    _open_the_pair(page)
    page.wait_for_url("**/desk/duplicates/person/*/")
    address = page.url
    _decide(page, "a", "propose", "同名同号，见义工名单与捐赠表")
    assert page.locator("[data-key=a]").count() == 0, "nobody confirms their own proposal"
    sign_out_by_keyboard(page)

    by_keyboard(page, "officer2")
    _open_the_pair(page)
    page.wait_for_url(address)
    _decide(page, "a", "confirm", "已打电话核实")
    page.goto("/desk/")
    assert page.locator("table[data-rows] a[href*='/duplicates/']").count() == 0
    context.close()


def _open_the_pair(page: Page) -> None:
    """Down the rows of what waits, to the pair."""
    rows = page.locator("table[data-rows] tbody tr")
    for _row in range(rows.count()):
        page.keyboard.press("j")
        if page.locator("tr[data-selected] a[href*='/duplicates/']").count():
            page.keyboard.press("Enter")
            return
    raise AssertionError("no pair waits")


def _decide(page: Page, key: str, verb: str, reason: str) -> None:
    tab_to(page, "main [name=reason]")
    page.keyboard.type(reason)
    # In a box a key is a letter; out of it, the key goes to the button, and Enter presses it.
    page.keyboard.press("Tab")
    page.keyboard.press(key)
    assert page.evaluate("(verb) => document.activeElement.formAction.endsWith(`/${verb}/`)", verb)
    assert focus_is_seen(page)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_form_that_went_wrong_leads_to_what_is_wrong(
    signed_in: Callable[[str], Page],
) -> None:
    page = signed_in("officer")
    page.goto("/desk/people/new/")
    tab_to(page, "main .form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, ".errs a")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "name"
    described = page.get_attribute("[name=name]", "aria-describedby") or ""
    assert page.get_attribute("[name=name]", "aria-invalid") == "true"
    assert page.locator(f"#{described.split()[-1]}").is_visible()


def test_a_second_press_does_not_send_twice(signed_in: Callable[[str], Page]) -> None:
    page = signed_in("officer")
    page.goto("/desk/people/new/")
    page.fill("[name=name]", "急性子")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    with page.expect_navigation():
        page.locator("main .form button").dblclick(no_wait_after=True)
    assert len(sent) == 1
    page.goto("/desk/people/?q=急性子")
    assert page.locator("table[data-rows] tbody tr").count() == 1

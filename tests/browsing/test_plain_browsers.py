"""Browsers as they are: without scripts, with a session that has ended, with a passkey."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from honghui.worlds import SAMPLE_PASSWORD
from tests.browser import Site, sign_in_as, watched
from tests.browsing.looking import DESKTOP

pytestmark = pytest.mark.browser


@pytest.fixture
def without_scripts(chromium: Browser, site: Site) -> Iterator[Page]:
    context = chromium.new_context(base_url=site, java_script_enabled=False, locale="zh-CN")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


# ── without scripts ──────────────────────────────────────────────────────────────────────────


def test_the_public_pages_say_everything_without_scripts(without_scripts: Page) -> None:
    page = without_scripts
    page.goto("/")
    assert page.locator("h1").is_visible()
    assert page.locator(".map a").count() >= 11
    page.goto("/societies/")
    links = page.locator("main a[href^='/societies/33']")
    assert len({link.get_attribute("href") for link in links.all()}) == 102
    page.goto("/styleguide/")
    for figure in page.locator("figure.chart").all():
        assert figure.locator("table").is_visible(), "a chart is a table without scripts"
    assert page.locator("[data-theme-switch]:visible").count() == 0


def test_searching_without_scripts(without_scripts: Page) -> None:
    page = without_scripts
    page.goto("/search/")
    page.fill("main input[name=q]", "shaoxing")
    page.click("main form button")
    assert re.search(r"/search/\?q=shaoxing$", page.url)
    assert page.locator("#found a").first.is_visible()


def test_signing_in_and_registering_somebody_without_scripts(without_scripts: Page) -> None:
    page = without_scripts
    page.goto("/account/login/")
    assert not page.locator("#passkey_login").is_visible(), "passkeys need scripts"
    sign_in_as(page, "officer")
    page.goto("/desk/people/new/")
    page.fill("[name=name]", "无脚本")
    page.click("main .form button")
    page.wait_for_url("**/desk/people/*-*/")
    assert page.locator("h1").inner_text() == "无脚本"


# ── a session that has ended ─────────────────────────────────────────────────────────────────


def test_an_ended_session_says_that_nothing_was_saved(
    signed_in: Callable[[str], Page], site: Site
) -> None:
    page = signed_in("trainer")
    page.goto("/desk/people/new/")
    page.fill("[name=name]", "迟到者")
    site.run("DELETE FROM django_session")
    with page.expect_navigation() as answer:
        page.click("main .form button")
    assert answer.value.status == 401
    assert page.locator(".refusal code").inner_text() == "web.session_ended"
    page.click(".refusal a.btn")
    page.wait_for_url("**/account/login/?next=*")
    sign_in_with(page, "trainer")
    page.wait_for_url("**/desk/**")
    page.goto("/desk/people/?q=迟到者")
    assert page.locator("table[data-rows] tbody tr").count() == 0


def test_a_forged_form_is_refused_with_a_page(signed_in: Callable[[str], Page]) -> None:
    page = signed_in("trainer")
    page.goto("/desk/people/new/")
    page.fill("[name=name]", "伪造")
    page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    with page.expect_navigation() as answer:
        page.click("main .form button")
    assert answer.value.status == 403
    assert page.locator(".refusal code").inner_text() == "web.csrf"


# ── passkeys: for members of the cast whom no other test signs in ────────────────────────────


@pytest.fixture
def passkey_context(chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=site, viewport=DESKTOP, locale="zh-CN")
    context.set_default_timeout(15_000)
    yield context
    context.close()


def with_key(page: Page, **how: bool) -> CDPSession:
    """A key in the browser, which says yes to everything: Chromium's own, for tests."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
        **how,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def sign_in_with(page: Page, username: str) -> None:
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", SAMPLE_PASSWORD)
    page.click("main button[type=submit]")


def add_key(page: Page, *, alone: bool) -> None:
    page.goto("/account/2fa/webauthn/add/")
    if "/reauthenticate/" in page.url:
        page.fill("input[name=password]", SAMPLE_PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/webauthn/add/")
    page.fill("[name=name]", "我的钥匙")
    page.set_checked("[name=passwordless]", alone)
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/account/2fa/recovery-codes/")
    page.goto("/account/2fa/webauthn/")
    assert page.locator("tbody th").inner_text().startswith("我的钥匙")


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/account/" not in url)


def test_a_passkey_is_added_and_opens_the_desk_alone(passkey_context: BrowserContext) -> None:
    page = passkey_context.new_page()
    wrong = watched(page)
    with_key(page)
    sign_in_as(page, "caseworker")
    add_key(page, alone=True)
    sign_out(page)
    page.goto("/account/login/?next=/desk/people/")
    page.click("#passkey_login")
    page.wait_for_url("**/desk/people/")
    assert not wrong, wrong


def test_a_security_key_is_the_second_factor(passkey_context: BrowserContext) -> None:
    page = passkey_context.new_page()
    with_key(page)
    sign_in_as(page, "storekeeper")
    add_key(page, alone=False)
    sign_out(page)
    page.goto("/account/login/")
    sign_in_with(page, "storekeeper")
    page.wait_for_url("**/account/2fa/authenticate/")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/desk/")


def test_without_a_key_the_page_says_so_and_the_password_still_works(
    passkey_context: BrowserContext,
) -> None:
    page = passkey_context.new_page()
    wrong = watched(page)
    with_key(page, hasResidentKey=False)
    page.goto("/account/login/")
    page.click("#passkey_login")
    page.locator("[data-passkey-error]").wait_for(state="visible")
    sign_in_with(page, "officer")
    page.wait_for_url("**/desk/")
    assert not wrong, wrong

"""Every page, in both languages, on a phone and on a desk: nothing in anybody's way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import Site, sign_in_as, watched
from tests.browsing.looking import DESKTOP, PHONE, barriers, go, look

pytestmark = pytest.mark.browser

OWN = "/desk/organisations/?q=绍兴市公安局"
# "" or a member of the cast, then the pages to look at as that person. "list > selector" is the
# page behind the first such link on the list.
PAGES: dict[str, list[str]] = {
    "": [
        "/",
        "/societies/",
        "/societies/330000/",
        "/societies/330600/",
        "/societies/330602/",
        "/search/",
        "/search/?q=shaoxing",
        "/search/?q=nothing-of-this-name",
        "/tour/",
        "/trace/",
        "/trace/SAMP-TRAC-E000-0050/",
        "/open/",
        "/open/schemas/",
        "/funds/",
        "/funds/pingan-yijing/",
        "/give/",
        "/give/pingan-yijing/",
        "/styleguide/",
        "/account/login/",
        "/account/password/forgotten/",
        "/account/inactive/",
        "/alerts/",
        "/no-such-page/",
    ],
    "officer": [
        "/desk/",
        "/desk/mine/",
        "/desk/people/",
        "/desk/people/?q=nobody-of-this-name",
        "/desk/people/new/",
        "/desk/people/ > table a",
        "/desk/people/ > table a > a[href$='/change/']",
        "/desk/people/ > table a > a[href$='/affiliate/']",
        "/desk/people/ > table a > a[href$='/identity/']",
        "/desk/people/ > table a > a[href$='/same-as/']",
        "/desk/people/ > table a > a[href$='/end/']",
        "/desk/duplicates/",
        "/desk/duplicates/ > table a",
        "/desk/organisations/",
        "/desk/organisations/new/",
        f"{OWN} > table a",
        f"{OWN} > table a > a[href$='/change/']",
        "/desk/units/",
        "/desk/units/new/",
        "/desk/units/ > a[href$='/close/']",
        "/desk/roles/",
        "/field/",
        "/account/password/change/",
        "/account/logout/",
        "/account/2fa/",
        "/account/2fa/webauthn/",
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/add/",
        "/account/reauthenticate/",
    ],
    "finance": [
        "/desk/",
        "/desk/donations/",
        "/desk/donations/?q=nobody-of-this-name",
        "/desk/donations/new/",
        "/desk/donations/ > table a",
        "/desk/donations/ > table a > a[href$='/refund/']",
        "/desk/funds/",
        "/desk/funds/new/",
        "/desk/funds/ > table a",
        "/desk/spending/",
        "/desk/spending/new/",
        "/desk/spending/ > table a",
        "/desk/spending/ > table a > a[href$='/pay/']",
        "/desk/spending/ > table a > table a",
    ],
    "administrator": [
        "/desk/",
        "/desk/roles/",
        "/desk/admin-mode/",
        "/desk/acts/",
    ],
    "auditor": ["/desk/", "/desk/people/", "/desk/roles/", "/desk/acts/"],
}
# Only in administrator mode, which is switched on first.
ELEVATED = [
    "/desk/admin-mode/",
    "/desk/roles/",
    "/desk/roles/grant/",
    "/desk/accounts/new/",
    "/desk/roles/ > table td.mono a",
    "/desk/roles/ > table td.mono a > a[href$='/password/']",
    "/desk/roles/ > table a[href$='/end/']",
    "/desk/roles/ > table a[href$='/close/']",
]
PARTS = {
    "public": ("", PAGES[""]),
    "people": ("officer", PAGES["officer"][:13]),
    "bodies": ("officer", PAGES["officer"][13:22]),
    "account": ("officer", PAGES["officer"][22:]),
    # Rescue before anything happened; test_every_rescue_page.py looks at it at work.
    "no rescue yet": (
        "officer",
        [
            "/desk/incidents/",
            "/desk/alerts/",
            "/desk/teams/",
            "/desk/rosters/",
            "/desk/papers/",
            "/desk/readiness/",
        ],
    ),
    "money": ("finance", PAGES["finance"]),
    "administrator": ("administrator", PAGES["administrator"]),
    "elevated": ("administrator", ELEVATED),
    "auditor": ("auditor", PAGES["auditor"]),
}


@pytest.fixture
def open_context(chromium: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    made: list[BrowserContext] = []

    def make(**how: object) -> BrowserContext:
        context = chromium.new_context(base_url=site, viewport=DESKTOP, **how)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
@pytest.mark.parametrize("part", PARTS)
def test_nothing_stands_in_the_way(
    open_context: Callable[..., BrowserContext], part: str, prefix: str
) -> None:
    username, ways = PARTS[part]
    page = open_context().new_page()
    wrong = watched(page)
    if username:
        sign_in_as(page, username)
    found: dict[str, str] = {}
    if part == "elevated":
        go(page, "/desk/admin-mode/", "", {})
        if page.locator("[name=reason]").count():
            page.fill("[name=reason]", "浏览器测试")
            page.click("main .form button")
            page.wait_for_url("**/desk/roles/")
    if part == "bodies":
        page.goto("/desk/units/new/")
        page.fill("[name=name]", f"浏览器测试社区 {prefix}")
        page.click("main .form button")
        page.wait_for_url("**/desk/units/")
    for way in ways:
        go(page, way, prefix, found)
        wrong += [f"{prefix}{way}: {text}" for text in look(page)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", ["/", "/societies/330600/", "/account/login/", "/styleguide/"])
def test_the_dark_set_is_dark_and_readable(
    open_context: Callable[..., BrowserContext], path: str
) -> None:
    page = open_context(color_scheme="dark").new_page()
    page.goto(path)
    red, green, blue = _background(page)
    assert max(red, green, blue) < 60
    assert barriers(page) == []


def test_the_desk_is_dark_too_and_the_choice_stays(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(color_scheme="light").new_page()
    sign_in_as(page, "officer")
    assert min(_background(page)) > 200
    page.click("[data-theme-switch] button[value=dark]")
    assert max(_background(page)) < 60
    page.goto("/desk/people/")
    assert max(_background(page)) < 60
    assert barriers(page) == []


def test_switching_the_language_keeps_the_page(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context().new_page()
    for path in ("/societies/330600/", "/search/?q=sx", "/account/login/?next=/desk/people/"):
        page.goto(path)
        page.click("a[hreflang=en]")
        assert page.url.endswith(f"/en{path}")
        page.click("a[hreflang=zh-hans]")
        assert page.url.endswith(path)
        assert "/en/" not in page.url


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_on_a_phone_the_ways_around_begin_where_one_is(
    open_context: Callable[..., BrowserContext], prefix: str
) -> None:
    page = open_context().new_page()
    sign_in_as(page, "auditor")
    page.set_viewport_size(PHONE)
    for path in ("/desk/", "/desk/units/", "/desk/acts/"):
        page.goto(prefix + path)
        box = page.locator(".side [aria-current]").bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"], path


def test_dark_pages_print_in_the_light_set(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(color_scheme="dark").new_page()
    page.goto("/")
    page.emulate_media(media="print")
    least = page.locator(".map .l1, .map .l2").first
    shade = least.evaluate("each => getComputedStyle(each).backgroundColor")
    assert min(int(part) for part in re.findall(r"\d+", shade)[:3]) > 200, shade


@pytest.mark.parametrize("path", ["/", "/societies/330600/", "/societies/"])
def test_pages_print(open_context: Callable[..., BrowserContext], path: str) -> None:
    page = open_context().new_page()
    page.goto(path)
    assert page.pdf(format="A4").count(b"/Type /Page\n") >= 1
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    for hidden in (".nav", ".strip a", "main button"):
        assert not page.locator(hidden).first.is_visible(), hidden


def _background(page: Page) -> tuple[int, int, int]:
    text = page.evaluate("getComputedStyle(document.body).backgroundColor")
    red, green, blue = (int(part) for part in text.strip("rgb()").split(",")[:3])
    return red, green, blue

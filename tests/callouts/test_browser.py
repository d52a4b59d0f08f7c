"""In a real browser: an answer without scripts, and how soon the leader's page shows it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Site, watched
from tests.environment import HOME

pytestmark = pytest.mark.browser
SECONDS_MAX = 1.0


@pytest.fixture
def prepared(site: Site) -> tuple[str, list[str]]:
    """(the call-out's id, tokens)"""
    command = [sys.executable, "-m", "tests.callouts.prepared"]
    done = subprocess.run(
        command, env=site.environment, cwd=HOME, check=True, capture_output=True, text=True
    )
    call_out, *tokens = done.stdout.split()
    return call_out, tokens


@pytest.fixture
def telephone(chromium: Browser, site: Site) -> Iterator[Page]:
    """A cheap one: small, without scripts."""
    context = chromium.new_context(
        base_url=site, java_script_enabled=False, locale="zh-CN",
        viewport={"width": 320, "height": 568},
    )  # fmt: skip
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_people_answer_without_scripts_and_the_leader_sees_it_within_a_second(
    prepared: tuple[str, list[str]], signed_in: Callable[[str], Page], telephone: Page
) -> None:
    call_out, tokens = prepared
    leader = signed_in("officer")
    leader.goto(f"/desk/call-outs/{call_out}/")
    wrong = watched(telephone)
    waits = []
    for number, token in enumerate(tokens[:6], start=1):
        telephone.goto(f"/answer/{token}/")
        telephone.click("button[value=coming-30]")
        pressed = time.monotonic()
        telephone.wait_for_load_state()
        leader.wait_for_function(
            "n => document.querySelector('.tally b').textContent == n", arg=str(number),
            polling=20,
        )  # fmt: skip
        waits.append(time.monotonic() - pressed)
    assert median(waits) <= SECONDS_MAX, waits
    assert telephone.locator(".said").inner_text().startswith("你的答复")
    assert not wrong


def test_the_answer_page_fits_a_small_telephone(
    prepared: tuple[str, list[str]], telephone: Page
) -> None:
    telephone.goto(f"/answer/{prepared[1][7]}/")
    for button in telephone.locator("form.answer button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 56
        assert box["x"] + box["width"] <= 320
    width = telephone.locator("body").evaluate("body => body.scrollWidth")
    assert width <= 320


def test_the_page_says_when_it_may_be_old(
    prepared: tuple[str, list[str]], chromium: Browser, site: Site
) -> None:
    from tests.browser import sign_in_as

    context = chromium.new_context(base_url=site, locale="zh-CN")
    page = context.new_page()
    sign_in_as(page, "officer")
    page.goto(f"/desk/call-outs/{prepared[0]}/")
    assert not page.locator("[data-follow-stale]").is_visible()
    context.set_offline(True)
    page.locator("[data-follow-stale]").wait_for(state="visible", timeout=15_000)
    context.set_offline(False)
    page.locator("[data-follow-stale]").wait_for(state="hidden", timeout=25_000)
    context.close()

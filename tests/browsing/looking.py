"""What is wrong with a page, asked in the browser: for tests that visit many."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page

import honghui.ui
from honghui.worlds import SAMPLE_PASSWORD

AXE = Path(honghui.ui.__file__).parent / "static/vendor/axe/axe.min.js"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}

# On a Chinese page three Latin words in a row are a sentence somebody forgot to translate, and
# so is a text that is nothing but a Latin word or two: a label, a button.
SENTENCE = re.compile(
    r"[A-Za-z][A-Za-z'’-]*(?:[ ,]+[A-Za-z][A-Za-z'’-]*){2,}"
    r"|(?<!.)[A-Za-z][a-z'’-]{2,}(?: [A-Za-z'’-]+)?[.:?]?(?!.)"
)
_WORDS = """() => {
  const outside = '[lang="en"], code, kbd, samp, pre, .mono, .hash, script, style, noscript';
  const found = [];
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent && !parent.closest(outside)) found.push(walker.currentNode.textContent);
  }
  for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
    for (const each of document.querySelectorAll(`[${name}]`))
      if (!each.closest(outside)) found.push(each.getAttribute(name));
  return found;
}"""

_RUN_AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations
    .filter((each) => ['serious', 'critical'].includes(each.impact))
    .map((each) => [each.id, ...each.nodes.slice(0, 3).map((n) => n.html.slice(0, 160))])
    .map((words) => words.join(' | '));
}"""


def barriers(page: Page) -> list[str]:
    """What axe calls serious or critical. Its source is evaluated by the browser's debugger,
    which the page's policy rightly does not bind."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    return list(page.evaluate(_RUN_AXE))


def english_sentences(page: Page) -> list[str]:
    found = (SENTENCE.search(text.strip()) for text in page.evaluate(_WORDS))
    return [sentence[0] for sentence in found if sentence]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def tab_to(page: Page, selector: str, *, most: int = 60) -> None:
    """Presses Tab until the focus is on what the selector names; fails if it never comes."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector} in {most} steps on {page.url}")


def focus_is_seen(page: Page) -> bool:
    """Whether what has the focus shows it by an outline, and lies within the window."""
    return bool(
        page.evaluate(
            """() => {
              const box = document.activeElement.getBoundingClientRect();
              const style = getComputedStyle(document.activeElement);
              return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
            }"""
        )
    )


def go(page: Page, way: str, prefix: str, found: dict[str, str]) -> None:
    """Opens a page in a language, through its list when its address is not known."""
    if way not in found:
        before, _, selector = way.rpartition(" > ")
        if before:
            go(page, before, prefix, found)
            found[way] = page.locator(f"main {selector}").first.get_attribute("href") or ""
        else:
            found[way] = prefix + way
    page.goto(found[way], wait_until="domcontentloaded")
    if "/reauthenticate/?" in page.url:
        page.fill("input[name=password]", SAMPLE_PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def look(page: Page) -> list[str]:
    """Everything that is wrong with the open page. The two languages differ in their words, so axe
    looks at the narrow page in Chinese and at the wide one in English: most of the time is its."""
    language = page.get_attribute("html", "lang")
    wrong = []
    if language != ("en" if "/en/" in page.url else "zh-CN"):
        wrong.append(f"lang is {language}")
    if page.locator("h1").count() != 1:
        wrong.append(f"{page.locator('h1').count()} h1")
    if language != "en":
        wrong += [f"not translated: {text}" for text in english_sentences(page)]
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        if overflow(page) > 0:
            wrong.append(f"{name}: {overflow(page)} px too wide")
        if (name == "desktop") == (language == "en"):
            wrong += [f"{name}: {text}" for text in barriers(page)]
    return wrong

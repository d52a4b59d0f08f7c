"""The proof in a real browser: a seal only after the check, and none when one byte is changed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django import DjangoDbBlocker

from honghui.funds.codes import in_groups
from tests.browser import Site, serving, watched
from tests.browsing.looking import DESKTOP, PHONE, barriers, english_sentences, overflow
from tests.disclosure.test_checking import get, one_bit_changed, publish_all, stranger

pytestmark = pytest.mark.browser

SEAL = "[data-part=seal] .seal"
BOX = "[data-trace-proof]"
NO_ED25519 = """
const importKey = SubtleCrypto.prototype.importKey;
SubtleCrypto.prototype.importKey = function (format, data, algorithm, ...rest) {
  if ((algorithm.name ?? algorithm) === "Ed25519") {
    return Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
  }
  return importKey.call(this, format, data, algorithm, ...rest);
};
"""


@dataclass(frozen=True)
class Traced:
    """The running site with its log, and the address of a gift of the sample world."""

    site: Site
    files: Path
    path: str
    amount_fen: int


@pytest.fixture(scope="module")
def traced(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Traced]:
    data = tmp_path_factory.mktemp("traced")
    with serving(django_db_blocker, data) as site:
        publish_all(site)
        with psycopg.connect(site.database) as database:
            row = database.execute(
                "SELECT code, amount_fen FROM funds_donation ORDER BY received_at LIMIT 1"
            ).fetchone()
        assert row is not None
        yield Traced(site, data / "log", f"/trace/{in_groups(row[0])}/", row[1])


@pytest.fixture
def page(chromium: Browser, traced: Traced) -> Iterator[Page]:
    context = chromium.new_context(base_url=traced.site, locale="zh-CN")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def state(page: Page, wanted: str) -> None:
    expect(page.locator(BOX)).to_have_attribute("data-state", wanted)


@pytest.mark.parametrize("engine", ["webcrypto", "noble"])
def test_the_seal_comes_only_after_the_check(page: Page, traced: Traced, engine: str) -> None:
    if engine == "noble":
        page.add_init_script(NO_ED25519)
    wrong = watched(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    held: list[Route] = []
    page.route("**/proof", lambda route: held.append(route))
    page.goto(traced.path)
    state(page, "checking")
    assert page.locator(SEAL).count() == 0
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    state(page, "proven")
    assert page.locator(SEAL).count() == 1
    said = page.locator("[data-part=verdict]").inner_text()
    assert "你的浏览器刚刚核验过" in said and "毫秒" in said
    assert all(url.startswith(traced.site) for url in asked)
    assert not wrong


def test_the_command_on_the_page_proves_the_two_files_elsewhere(
    traced: Traced, tmp_path: Path
) -> None:
    """In another folder, with the verifier in one file and nothing of ours."""
    told = unescape(get(f"{traced.site}{traced.path}").decode())
    command = re.search(r"python3 verify\.py (proof (\d+)\.tlog-proof \S+ --key '[^']+')", told)
    assert command
    for name, path in {
        "verify.py": "/open/verify.py",
        f"{command[2]}.tlog-proof": f"{traced.path}proof",
        f"{command[2]}.json": f"{traced.path}record",
    }.items():
        (tmp_path / name).write_bytes(get(f"{traced.site}{path}"))
    done = stranger(tmp_path, "verify.py", *shlex.split(command[1]))
    assert done.returncode == 0 and done.stdout.startswith("PROVEN"), done.stderr
    record = tmp_path / f"{command[2]}.json"
    record.write_bytes(record.read_bytes().replace(b'"quantity":2', b'"quantity":3'))
    assert stranger(tmp_path, "verify.py", *shlex.split(command[1])).returncode == 1


def test_without_scripts_it_says_that_nothing_was_checked(
    chromium: Browser, traced: Traced
) -> None:
    context = chromium.new_context(base_url=traced.site, java_script_enabled=False)
    page = context.new_page()
    page.goto(traced.path)
    assert "这里还没有核验" in page.locator(BOX).inner_text()
    assert page.locator(SEAL).count() == 0
    assert page.locator(f"{BOX} a[download]").count() == 2
    context.close()


@pytest.mark.parametrize("part", ["proof", "record"])
@pytest.mark.parametrize("at", [0.2, 0.5, 0.9])
def test_one_changed_byte_of_what_is_served_gives_no_seal(
    page: Page, traced: Traced, part: str, at: float
) -> None:
    def changed(route: Route) -> None:
        body = bytearray(route.fetch().body())
        body[int(len(body) * at)] ^= 1
        route.fulfill(body=bytes(body))

    page.route(f"**/{part}", changed)
    page.goto(traced.path)
    state(page, "failed")
    assert page.locator(SEAL).count() == 0
    assert "对不上" in page.locator("[data-part=verdict]").inner_text()


def test_one_changed_bit_of_a_tile_gives_no_seal(page: Page, traced: Traced) -> None:
    (tile,) = traced.files.glob("tile/0/000*")
    tile = next(tile.iterdir()) if tile.is_dir() else tile
    with one_bit_changed(tile, 5):
        page.goto(traced.path)
        state(page, "failed")
        assert page.locator(SEAL).count() == 0
    page.reload()
    state(page, "proven")


def test_another_key_gives_no_seal(page: Page, traced: Traced) -> None:
    other = "localhost/log+f5e313e3+AVwdmu3UbeEeQ73UfJqQgHH1cvPFZ63JBH6MWXbEn4Gx\n"
    page.route("**/open/log-key.txt", lambda route: route.fulfill(body=other))
    page.goto(traced.path)
    state(page, "failed")
    assert page.locator(SEAL).count() == 0


def test_a_page_that_says_something_else_than_the_record_gets_no_seal(
    page: Page, traced: Traced
) -> None:
    """The books in the database were changed, and the log was not."""
    change = "UPDATE funds_donation SET amount_fen = amount_fen {} 1 WHERE amount_fen = {}"
    traced.site.run(change.format("+", traced.amount_fen))
    try:
        page.goto(traced.path)
        state(page, "differs")
        assert page.locator(SEAL).count() == 0
    finally:
        traced.site.run(change.format("-", traced.amount_fen + 1))


def test_what_cannot_be_fetched_is_not_called_wrong(page: Page, traced: Traced) -> None:
    page.route("**/record", lambda route: route.abort())
    page.goto(traced.path)
    state(page, "unchecked")
    assert page.locator(SEAL).count() == 0
    assert "没有核验" in page.locator("[data-part=verdict]").inner_text()


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_anybodys_way(
    chromium: Browser, traced: Traced, size: object, scheme: str
) -> None:
    context = chromium.new_context(base_url=traced.site, viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    wrong = watched(page)
    for path in (traced.path, "/trace/", "/trace/?code=7K4M", "/trace/0000-0000-0000-0000/"):
        for prefix in ("", "/en"):
            page.goto(f"{prefix}{path}")
            if path == traced.path:
                state(page, "proven")
            assert overflow(page) <= 0
            assert barriers(page) == []
            assert prefix or english_sentences(page) == []
    assert not wrong
    context.close()

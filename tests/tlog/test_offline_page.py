"""The offline page as a reporter uses it: saved, opened from the disk, without a network."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from honghui.tlog.offline_page import offline_page
from tests.browser import watched
from tests.browsing.looking import (
    DESKTOP,
    PHONE,
    barriers,
    english_sentences,
    focus_is_seen,
    overflow,
    tab_to,
)
from tests.tlog.test_browser import ENGINES, NO_ED25519

pytestmark = pytest.mark.browser

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
PROOF: str = VECTORS["proof"]["text"]
LOG_KEY: str = VECTORS["keys"]["log"]["vkey"]
KEYS: str = f"{LOG_KEY}\n{VECTORS['keys']['witness']['vkey']}\n"
NO_CRYPTO = "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });"

Opened = Callable[..., Page]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    file = tmp_path / "check.html"
    file.write_text(offline_page(), "utf-8")
    return file


@pytest.fixture
def opened(chromium: Browser, saved: Path) -> Iterator[Opened]:
    """`opened(engine="noble", english=True, **options of the browser)`: the page, in a browser
    that has no network. Fails if the page asks for anything or if anything on it breaks."""
    contexts, asked, wrong = [], set(), []

    def make(*, engine: str = "webcrypto", english: bool = False, **options: Any) -> Page:
        context = chromium.new_context(offline=True, locale="zh-CN", **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        if engine == "noble":
            page.add_init_script(NO_ED25519)
        page.on("request", lambda request: asked.add(request.url.partition("#")[0]))
        wrong.append(watched(page))
        page.goto(saved.as_uri() + ("#en" if english else ""))
        return page

    yield make
    for context in contexts:
        context.close()
    assert asked == {saved.as_uri()}
    assert [each for each in wrong if each] == []


def fill(page: Page, proof: str = PROOF, entry: str = "gift 1\n", keys: str = KEYS) -> None:
    page.fill("#proof", proof)
    page.fill("#entry", entry)
    page.fill("#keys", keys)


def check(page: Page, **what: str) -> str:
    """What the verdict says, in the language that shows."""
    fill(page, **what)
    page.click("button[type=submit]")
    page.wait_for_selector(".verdict")
    return page.inner_text("#verdict")


@ENGINES
def test_a_proof_that_holds_is_drawn_from_leaf_to_root(opened: Opened, engine: str) -> None:
    page = opened(engine=engine)
    said = check(page)
    assert "第 0 号记录在账上" in said and "没有通过" not in said
    assert "浏览器自带" in said if engine == "webcrypto" else "页内备用" in said
    assert "联署于 2026-01-01 08:00:00 北京时间" in said
    expect(page.locator(".seal")).to_have_count(1)
    tree = VECTORS["trees"][0]
    assert page.locator(".way code").all_inner_texts() == [
        tree["leaf_hashes_hex"][0],
        tree["leaf_hashes_hex"][1],
        tree["roots_hex"][2],
        tree["leaf_hashes_hex"][2],
        tree["roots_hex"][3],
    ]
    page.click("button[value=en]")
    said = page.inner_text("#verdict")
    assert "Entry 0 is in the log" in said and "cosigned at 2026-01-01 00:00:00 UTC" in said
    assert not re.search("[一-鿿]", said)


def test_neighbours_join_from_their_side_and_an_only_leaf_is_the_root(opened: Opened) -> None:
    page = opened()
    for name, index, joins in (("a promoted leaf", 2, 1), ("the only leaf", 0, 0)):
        proof = next(each for each in VECTORS["accepted"]["proofs"] if each["name"] == name)
        said = check(page, proof=proof["text"], entry=bytes.fromhex(proof["entry_hex"]).decode())
        assert f"第 {index} 号记录在账上" in said
        expect(page.locator(".rail--left")).to_have_count(joins)
        expect(page.locator(".rail--join")).to_have_count(joins)
        expect(page.locator(".way li")).to_have_count(2 + joins)


@ENGINES
def test_a_damaged_one_names_the_leaf_and_the_hash(opened: Opened, engine: str) -> None:
    page = opened(engine=engine)
    damaged = next(c for c in VECTORS["refused"]["proofs"] if c["name"] == "one hash wrong")
    said = check(page, proof=damaged["text"])
    tree = VECTORS["trees"][0]
    assert "没有通过" in said and "第 0 号" in said and "怎么办" in said
    assert tree["leaf_hashes_hex"][0] in said and tree["roots_hex"][3] in said
    expect(page.locator(".way .off code")).to_have_count(1)
    expect(page.locator(".seal")).to_have_count(0)


@ENGINES
def test_every_damaged_proof_is_refused_on_the_page(opened: Opened, engine: str) -> None:
    page = opened(engine=engine)
    codes = {}
    for case in VECTORS["refused"]["proofs"]:
        # By file, byte for byte: what is pasted may have lost a line end, and is forgiven that.
        for slot, data in (("proof", case["text"]), ("entry", bytes.fromhex(case["entry_hex"]))):
            raw = data.encode() if isinstance(data, str) else data
            file = {"name": slot, "mimeType": "application/octet-stream", "buffer": raw}
            page.set_input_files(f"[data-slot={slot}] input", file)
            expect(page.locator(f"[data-slot={slot}] [data-file] button")).to_have_count(1)
        page.fill("#keys", "\n".join(case["vkeys"]))
        page.click("button[type=submit]")
        codes[case["name"]] = page.locator(".verdict--bad .small code").inner_text()
        page.fill("#keys", "")
        expect(page.locator(".verdict")).to_have_count(0)
    assert codes == {case["name"]: case["code"] for case in VECTORS["refused"]["proofs"]}


def test_where_nothing_can_be_computed_it_says_not_checked(opened: Opened) -> None:
    page = opened()
    page.add_init_script(NO_CRYPTO)
    page.reload()
    said = check(page)
    assert "没能核对" in said and "no_webcrypto" in said and "这不说明证明有错" in said
    expect(page.locator(".seal, .verdict--bad")).to_have_count(0)


def test_without_scripts_it_says_that_nothing_was_checked(opened: Opened) -> None:
    page = opened(java_script_enabled=False)
    expect(page.locator("#not-started")).to_be_visible()
    expect(page.locator(".seal")).to_have_count(0)


def test_files_are_chosen_or_dropped_and_find_their_place(opened: Opened, tmp_path: Path) -> None:
    page = opened()
    files = {"a.tlog-proof": PROOF, "b.txt": "gift 1\n", "c.vkey": KEYS}
    page.evaluate(
        """(files) => {
          const data = new DataTransfer();
          for (const [name, text] of Object.entries(files)) data.items.add(new File([text], name));
          const drop = { dataTransfer: data, bubbles: true, cancelable: true };
          document.querySelector("h1").dispatchEvent(new DragEvent("drop", drop));
        }""",
        files,
    )
    expect(page.locator("[data-file] button")).to_have_count(3)
    assert "a.tlog-proof" in page.inner_text("#proof-file-name")
    assert "b.txt，7 字节" in page.inner_text("#entry-file-name")
    page.click("button[type=submit]")
    expect(page.locator("#verdict-title")).to_have_text(re.compile("第 0 号记录在账上"))
    big = tmp_path / "big.bin"
    big.write_bytes(bytes(1_000_001))
    page.set_input_files("[data-slot=entry] input", big)
    expect(page.locator(".verdict code").last).to_have_text("too_long")


def test_what_pasting_does_to_line_ends_is_forgiven_and_said(opened: Opened) -> None:
    page = opened()
    said = check(page, proof=PROOF.rstrip("\n"), entry="gift 1")
    assert "第 0 号记录在账上" in said and "末尾少了一个换行" in said
    said = check(page, entry="gift 1\n\n")
    assert "第 0 号记录在账上" in said and "末尾多了一个换行" in said
    assert "没有通过" in check(page, entry="gift 1\n\n\n")
    assert "没有通过" in check(page, entry="gift  1")


def test_a_verdict_goes_when_what_it_was_about_changes(opened: Opened) -> None:
    page = opened()
    check(page)
    page.locator("#entry").press("x")
    expect(page.locator(".verdict")).to_have_count(0)
    assert "还没有核对" in page.inner_text("#verdict")


def test_the_log_alone_is_said_to_be_alone(opened: Opened) -> None:
    said = check(opened(), keys=LOG_KEY)
    assert "第 0 号记录在账上" in said and "没有核对见证人的联署" in said
    assert "另有 1 行签名" in said


def test_what_is_missing_is_named_and_gets_the_focus(opened: Opened) -> None:
    page = opened()
    page.fill("#entry", "gift 1\n")
    page.click("button[type=submit]")
    assert "还缺：证明、公钥" in page.inner_text("#verdict")
    assert page.evaluate("document.activeElement.id") == "proof"
    assert page.locator("[aria-invalid=true]").count() == 2


def test_it_works_by_keys_alone(opened: Opened) -> None:
    page = opened()
    fill(page)
    tab_to(page, "button[type=submit]")
    assert focus_is_seen(page)
    page.keyboard.press("Enter")
    expect(page.locator(".seal")).to_have_count(1)
    assert page.evaluate("document.activeElement.id") == "verdict-title"
    page.focus("#keys")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".seal")).to_have_count(1)


@pytest.mark.parametrize("english", [False, True], ids=["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_stands_in_anybodys_way(
    opened: Opened, size: dict[str, int], scheme: str, english: bool
) -> None:
    page = opened(english=english, viewport=size, color_scheme=scheme)
    assert page.evaluate("document.documentElement.lang") == ("en" if english else "zh-CN")
    for entry in ("", "gift 1\n", "gift 2\n"):
        if entry:
            check(page, entry=entry)
        assert barriers(page) == []
        assert overflow(page) <= 0
        assert english or english_sentences(page) == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(253, 253, 251)" if scheme == "light" else "rgb(19, 21, 23)")


def test_its_policy_lets_nothing_in_or_out(chromium: Browser, saved: Path) -> None:
    # Not `opened`: all of this is meant to be refused, and the browser complains of each.
    page = chromium.new_page()
    page.goto(saved.as_uri())
    refused = page.evaluate(
        """async () => {
          const broken = [];
          addEventListener("securitypolicyviolation", (e) => broken.push(e.effectiveDirective));
          const script = document.createElement("script");
          try { script.textContent = "window.stolen = true"; } catch { broken.push("types"); }
          const trusted = trustedTypes.createPolicy("any", { createScript: (text) => text });
          script.textContent = trusted.createScript("window.stolen = true");
          document.body.append(script);
          await fetch("data:text/plain,x").catch(() => {});
          await new Promise((done) => setTimeout(done, 200));
          return [window.stolen ?? false, broken];
        }"""
    )
    page.close()
    directives = ["require-trusted-types-for", "script-src-elem", "connect-src"]
    assert refused == [False, ["types", *directives]]


def test_the_page_is_one_file_and_names_no_other() -> None:
    page = offline_page()
    assert not re.search(r"<(link|img|iframe|object|embed)\b|\bsrc=|url\(|@import", page)
    # The fallback names its sources, in comments only.
    named = [line.strip() for line in page.splitlines() if re.search(r"https?:|//\w+\.", line)]
    assert len(named) < 10 and all(re.match(r"\*|//", line) for line in named), named
    assert "[[" not in re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert "default-src 'none'" in page and "unsafe" not in page.split("</head>")[0]
    assert len(page.encode()) < 110_000

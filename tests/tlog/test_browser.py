"""The vectors in a real browser: by WebCrypto, and by the fallback under the site's own policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
FALLBACK = "/static/vendor/noble-ed25519/index.js"
# As in WeChat's browser: no Ed25519, everything else in its place.
NO_ED25519 = """
const importKey = SubtleCrypto.prototype.importKey;
SubtleCrypto.prototype.importKey = function (format, data, algorithm, ...rest) {
  if ((algorithm.name ?? algorithm) === "Ed25519") {
    return Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
  }
  return importKey.call(this, format, data, algorithm, ...rest);
};
"""
ENGINES = pytest.mark.parametrize("engine", ["webcrypto", "noble"])

# Each check returns true or says what came instead, so that a group of answers can be counted.
PRELUDE = """
const v = await import("/static/tlog/verify.js");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const textOf = (c) => (c.hex ? unhex(c.hex) : c.text + (c.then?.line.repeat(c.then.times) ?? ""));
const keysOf = (c) => Promise.all(c.vkeys.map(v.parseVkey));
const whole = (c) =>
  v.verifyEntry({ proof: textOf(c), entry: unhex(c.entry_hex), vkeys: c.vkeys });
const tree = (name) => vectors.trees.find((each) => each.name === name);
const head = (c, size) => ({ size, root: unhex(tree(c.tree).roots_hex[size]) });
const inclusion = (c) => {
  const { leaf_hashes_hex, roots_hex } = tree(c.tree);
  return { index: c.index, size: c.size, leaf: unhex(leaf_hashes_hex[c.index]),
    path: c.path_hex.map(unhex), root: unhex(roots_hex[c.size]) };
};
const holds = async (c, work) => {
  try { await work(); return true; } catch (wrong) { return `${c.name}: ${wrong.stack}`; }
};
const refused = async (c, work) => {
  try { await work(); return `${c.name}: accepted`; } catch (wrong) {
    if (!(wrong instanceof v.Refusal)) return `${c.name}: ${wrong.stack}`;
    const said = [wrong.zh, wrong.en, wrong.next.zh, wrong.next.en];
    if (said.some((text) => !text || /undefined|[{}]/.test(text))) return `${c.name}: ${said}`;
    return wrong.code === c.code || `${c.name}: ${wrong.code} instead of ${c.code}`;
  }
};
const each = (cases, check) => Promise.all(cases.map(check));
"""


def ask(page: Page, work: str) -> Any:
    """The answer of a piece of module code that knows the vectors."""
    return page.evaluate(f"async (vectors) => {{ {PRELUDE} {work} }}", VECTORS)


def open_site(page: Page, engine: str) -> list[str]:
    """A page of the site, where the policy of the site holds; returns what it asks for."""
    if engine == "noble":
        page.add_init_script(NO_ED25519)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto("/")
    assert answer and "script-src 'self'" in answer.headers["content-security-policy"]
    return asked


@ENGINES
def test_every_vector_holds_in_a_real_browser(web_page: Page, engine: str) -> None:
    asked = open_site(web_page, engine)
    answers = ask(
        web_page,
        """
        const leaves = vectors.trees.flatMap((tree) =>
          tree.entries_hex.map((entry, at) => [entry, tree.leaf_hashes_hex[at]]));
        const found = {};
        found.leaves = await each(leaves, async ([entry, hash]) =>
          v.hex(await v.leafHash(unhex(entry))) === hash);
        found.inclusion = await each(vectors.inclusion, (c) =>
          holds(c, () => v.verifyInclusion(inclusion(c))));
        found.consistency = await each(vectors.consistency, (c) =>
          holds(c, () => v.verifyConsistency(
            head(c, c.older), head(c, c.newer), c.path_hex.map(unhex))));
        found.far = await each(vectors.far_inclusion, (c) => holds(c, async () =>
          v.verifyInclusion({ ...c, leaf: await v.leafHash(unhex(c.entry_hex)),
            path: c.path_hex.map(unhex), root: unhex(c.root_hex) })));
        found.notes = await each(vectors.notes, (c) => holds(c, async () => {
          const { text } = await v.openNote(c.text, [await v.parseVkey(c.vkey)]);
          if (text !== c.body) throw new Error(text);
        }));
        found.checkpoints = await each(vectors.accepted.checkpoints, (c) =>
          holds(c, async () => v.openCheckpoint(textOf(c), await keysOf(c))));
        found.proofs = await each(vectors.accepted.proofs, (c) => holds(c, () => whole(c)));
        const refuses = vectors.refused;
        found.badKeys = await each(refuses.vkeys, (c) => refused(c, () => v.parseVkey(c.vkey)));
        found.badCheckpoints = await each(refuses.checkpoints, (c) =>
          refused(c, async () => v.openCheckpoint(textOf(c), await keysOf(c))));
        found.badProofs = await each(refuses.proofs, (c) => refused(c, () => whole(c)));
        return { engine: (await v.ed25519()).name, found };
        """,
    )
    assert answers["engine"] == engine
    assert {name: len(answer) for name, answer in answers["found"].items()} == {
        "leaves": 26,
        "inclusion": len(VECTORS["inclusion"]),
        "consistency": len(VECTORS["consistency"]),
        "far": 5,
        "notes": 1,
        "checkpoints": 5,
        "proofs": 3,
        "badKeys": len(VECTORS["refused"]["vkeys"]),
        "badCheckpoints": len(VECTORS["refused"]["checkpoints"]),
        "badProofs": len(VECTORS["refused"]["proofs"]),
    }
    assert sum(len(answer) for answer in answers["found"].values()) >= 246
    wrong = [each for answer in answers["found"].values() for each in answer if each is not True]
    assert not wrong, wrong
    # The fallback is 40 kB that nobody pays for who does not need it.
    assert sum(url.endswith(FALLBACK) for url in asked) == (1 if engine == "noble" else 0)


@ENGINES
def test_a_proof_says_who_signed_when_and_by_which_way(web_page: Page, engine: str) -> None:
    open_site(web_page, engine)
    keys = [VECTORS["keys"]["log"]["vkey"], VECTORS["keys"]["witness"]["vkey"]]
    found = ask(
        web_page,
        f"const r = await whole({{ ...vectors.proof, vkeys: {json.dumps(keys)} }});"
        "return { ...r, leaf: v.hex(r.leaf), root: v.hex(r.root), extra: r.extra,"
        " way: r.way.map((s) => [s.side, v.hex(s.sibling), v.hex(s.hash)]) };",
    )
    leaves, roots = (VECTORS["trees"][0][name] for name in ("leaf_hashes_hex", "roots_hex"))
    assert found == {
        "origin": "ledger.example.org/gifts",
        "size": 3,
        "index": 0,
        "root": roots[3],
        "leaf": leaves[0],
        "way": [["right", leaves[1], roots[2]], ["right", leaves[2], roots[3]]],
        "signatures": [
            {"name": "ledger.example.org/gifts", "id": "156a5b63", "type": 1, "time": None},
            {"name": "witness.example.org/w1", "id": "6d7ef907", "type": 4, "time": 1767225600},
        ],
        "strangers": 0,
        "extra": None,
        "engine": engine,
    }


@ENGINES
def test_any_flipped_bit_is_refused(web_page: Page, engine: str) -> None:
    """Every bit of every hash of a proof; every bit of both signatures and of the time."""
    open_site(web_page, engine)
    accepted, tried = ask(
        web_page,
        """
        const proof = inclusion(vectors.inclusion.find((c) => c.size === 15 && c.index === 5));
        let [accepted, tried] = [0, 0];
        const attempt = async (work) => {
          tried += 1;
          await work().then(() => (accepted += 1), (wrong) => {
            if (!(wrong instanceof v.Refusal)) throw wrong;
          });
        };
        const flip = (bytes, bit) => {
          const other = bytes.slice();
          other[bit >> 3] ^= 1 << (bit & 7);
          return other;
        };
        await v.verifyInclusion(proof);
        for (const [at, hash] of proof.path.entries()) {
          for (let bit = 0; bit < 256; bit += 1) {
            const path = proof.path.with(at, flip(hash, bit));
            await attempt(() => v.verifyInclusion({ ...proof, path }));
          }
        }
        const vkeys = [vectors.keys.log.vkey, vectors.keys.witness.vkey];
        const keys = await keysOf({ vkeys });
        const lines = vectors.checkpoint.text.split("\\n");
        await v.openCheckpoint(lines.join("\\n"), keys);
        for (const at of [4, 5]) {
          const words = lines[at].split(" ");
          const blob = Uint8Array.from(atob(words[2]), (c) => c.charCodeAt(0));
          // The first four bytes are the key's id: with another the line is a stranger's.
          for (let bit = 32; bit < blob.length * 8; bit += 3) {
            const line = [words[0], words[1], btoa(String.fromCharCode(...flip(blob, bit)))];
            await attempt(() => v.openCheckpoint(lines.with(at, line.join(" ")).join("\\n"), keys));
          }
        }
        return [accepted, tried];
        """,
    )
    assert accepted == 0
    assert tried == 4 * 256 + 171 + 192


def test_a_log_that_went_back_or_was_rewritten_is_refused(web_page: Page) -> None:
    open_site(web_page, "webcrypto")
    cases = ask(
        web_page,
        """
        const c = vectors.consistency.find(({ tree, older, newer }) =>
          tree === "classic" && older === 6 && newer === 8);
        const [older, newer, path] = [head(c, 6), head(c, 8), c.path_hex.map(unhex)];
        const code = (...proof) =>
          v.verifyConsistency(...proof).then(() => "accepted", (wrong) => wrong.code);
        return Promise.all([
          code(older, newer, path),
          code(newer, older, path),
          code(older, newer, path.slice(1)),
          code(older, newer, []),
          code(older, newer, [...path, path[0]]),
          code(older, newer, path.toReversed()),
          code({ ...older, root: newer.root }, newer, path),
          code(older, { ...newer, root: older.root }, path),
          code(older, { ...older, root: newer.root }, []),
          code(older, older, path),
          code({ size: 0, root: older.root }, newer, []),
        ]);
        """,
    )
    assert cases == [
        "accepted",
        "size_back",
        *["consistency_length"] * 3,
        *["history_differs"] * 4,
        "consistency_length",
        "history_differs",
    ]


def test_the_path_of_every_leaf_of_every_size_has_its_length(web_page: Page) -> None:
    """A hash more or fewer is refused before anything is hashed, in trees of any shape."""
    open_site(web_page, "webcrypto")
    codes = ask(
        web_page,
        """
        const seen = new Set();
        for (const c of vectors.inclusion) {
          const proof = inclusion(c);
          for (const path of [[...proof.path, proof.leaf], proof.path.slice(0, -1)]) {
            if (path.length === proof.path.length) continue;
            seen.add(await v.verifyInclusion({ ...proof, path }).then(() => "held", (w) => w.code));
          }
        }
        return [...seen];
        """,
    )
    assert codes == ["path_length"]


def test_without_any_ed25519_it_says_so_and_proves_nothing(web_page: Page) -> None:
    web_page.route(f"**{FALLBACK}", lambda route: route.abort())
    open_site(web_page, "noble")
    said = ask(
        web_page,
        """
        const vkeys = [vectors.keys.log.vkey];
        return whole({ ...vectors.proof, vkeys })
          .then(() => "proven", ({ code, unchecked }) => ({ code, unchecked }));
        """,
    )
    assert said == {"code": "no_ed25519", "unchecked": True}


def test_no_reason_to_refuse_is_left_untried(web_page: Page) -> None:
    open_site(web_page, "webcrypto")
    codes = set(web_page.evaluate("import('/static/tlog/refusals.js').then((m) => m.CODES)"))
    in_vectors = {case["code"] for group in VECTORS["refused"].values() for case in group}
    elsewhere = {"size_back", "consistency_length", "history_differs", "no_ed25519"}
    in_the_offline_page = {"no_webcrypto", "too_long"}
    assert codes == in_vectors | elsewhere | in_the_offline_page

"""Every vector in vectors.json, which the specifications, Tessera and CT gave or agree with."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from honghui.tlog import errors
from honghui.tlog.bundled_proof import BundledProof, parse_bundled_proof
from honghui.tlog.bundles import ENTRY_BYTES_MAX, decode_entries, encode_entries
from honghui.tlog.checkpoints import Checkpoint, open_checkpoint, parse_body
from honghui.tlog.hashing import EMPTY_ROOT, leaf_hash, leaf_hashes, node_hash, root_of
from honghui.tlog.heads import origin_hash
from honghui.tlog.notes import parse_note, sign_line, sign_note, verify_note
from honghui.tlog.proofs import check_consistency, check_inclusion, root_by_inclusion
from honghui.tlog.signatures import (
    COSIGNATURE_MLDSA,
    SigningKey,
    message_of,
    parse_vkey,
)
from tests.tlog.conftest import LOG_KEY, WITNESS_KEY

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text())
TREES = {one["name"]: one for one in VECTORS["trees"]}
HEAD = VECTORS["checkpoint"]
MLDSA_KEY = SigningKey("witness.example.org/w2", COSIGNATURE_MLDSA, b"\x03" * 32)


def named(case: dict[str, Any]) -> str:
    return str(case["name"])


def hexes(values: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in values]


def root_hex(tree: str, size: int) -> bytes:
    return bytes.fromhex(TREES[tree]["roots_hex"][size])


def text_of(case: dict[str, Any]) -> bytes:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    then = case.get("then", {"line": "", "times": 0})
    return str(case["text"] + then["line"] * then["times"]).encode()


@pytest.mark.parametrize("tree", VECTORS["trees"], ids=named)
def test_leaves_and_roots_at_every_size(tree: dict[str, Any]) -> None:
    entries, leaves = hexes(tree["entries_hex"]), hexes(tree["leaf_hashes_hex"])
    assert [leaf_hash(one) for one in entries] == leaves
    assert leaf_hashes(entries) == b"".join(leaves)
    for size, root in enumerate(hexes(tree["roots_hex"])):
        assert root_of(b"".join(leaves[:size])) == root


def test_roots_and_nodes_that_the_papers_print() -> None:
    assert sha256(b"").digest() == EMPTY_ROOT
    assert leaf_hash(b"").hex() == TREES["classic"]["leaf_hashes_hex"][0]
    gifts = hexes(TREES["gifts"]["leaf_hashes_hex"])
    assert node_hash(gifts[0], gifts[1]).hex().startswith("738f554c664b68ee")
    assert root_hex("classic", 8).hex().startswith("5dc9da79a70659a9")
    for size, printed in (
        (1, "0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek="),
        (2, "T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4="),
        (3, "Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk="),
        (15, "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs="),
    ):
        assert root_hex("tessera", size) == base64.b64decode(printed)


@pytest.mark.parametrize("path", VECTORS["files"])
def test_a_tile_and_a_bundle_byte_by_byte(path: str) -> None:
    entries = hexes(TREES["gifts"]["entries_hex"])
    made = encode_entries(entries) if "entries" in path else leaf_hashes(entries)
    assert made.hex() == VECTORS["files"][path]["hex"]
    assert sha256(made).hexdigest() == VECTORS["files"][path]["sha256"]
    if "entries" in path:
        assert decode_entries(made, 3) == entries


@pytest.mark.parametrize("key", [LOG_KEY, WITNESS_KEY, MLDSA_KEY], ids=lambda key: key.kind)
def test_keys_and_their_names(key: SigningKey) -> None:
    given = next(one for one in VECTORS["keys"].values() if one["name"] == key.name)
    assert key.kind == given["type"] and key.seed.hex() == given["seed_hex"]
    assert key.public.id.hex() == given["key_id"]
    assert key.public.vkey == given["vkey"]
    assert parse_vkey(given["vkey"]) == key.public
    assert key.seed.hex() not in repr(key) and "\\x01" not in repr(key)


def test_the_checkpoint_byte_by_byte() -> None:
    head = Checkpoint(HEAD["origin"], HEAD["size"], bytes.fromhex(HEAD["root_hex"]))
    assert head.body == HEAD["body"] and parse_body(HEAD["body"]) == head
    note = sign_note(head.body, [LOG_KEY, WITNESS_KEY], HEAD["time"])
    assert note.raw.decode() == HEAD["text"]
    assert sha256(note.raw).hexdigest() == HEAD["sha256"]
    opened = open_checkpoint(note.raw, [LOG_KEY.public, WITNESS_KEY.public])
    assert (opened.head, opened.raw, opened.cosigned_at_s) == (head, note.raw, HEAD["time"])
    assert origin_hash(head.origin) == HEAD["origin_sha256"]


def test_a_post_quantum_cosignature() -> None:
    given = VECTORS["keys"]["ml_dsa_witness"]
    message = message_of(MLDSA_KEY.kind, MLDSA_KEY.name, HEAD["body"], given["time"])
    assert message.hex() == given["message_hex"] and len(message) == 116
    lines = [
        sign_line(HEAD["body"], key, given["time"]) for key in (LOG_KEY, WITNESS_KEY, MLDSA_KEY)
    ]
    assert len(str(lines[2])) == 3270
    note = parse_note(HEAD["text"].encode()).with_lines(lines)
    keys = [LOG_KEY.public, MLDSA_KEY.public]
    assert {one.time_s for one in verify_note(note, keys)} == {None, given["time"]}
    assert open_checkpoint(note.raw, keys).cosigned_at_s == given["time"]
    moved = parse_note(note.raw.replace(b"\n3\n", b"\n4\n"))
    with pytest.raises(errors.BadSignature, match="ML-DSA-44"):
        verify_note(moved, [MLDSA_KEY.public])


@pytest.mark.parametrize("case", VECTORS["notes"], ids=named)
def test_notes_of_others(case: dict[str, Any]) -> None:
    note = parse_note(case["text"].encode())
    assert note.text == case["body"] and note.raw == case["text"].encode()
    assert verify_note(note, [parse_vkey(case["vkey"])])


@pytest.mark.parametrize("case", VECTORS["inclusion"], ids=lambda c: f"{c['tree']} {c['index']}")
def test_inclusion_proofs(case: dict[str, Any]) -> None:
    leaf = bytes.fromhex(TREES[case["tree"]]["leaf_hashes_hex"][case["index"]])
    root, path = root_hex(case["tree"], case["size"]), hexes(case["path_hex"])
    check_inclusion(leaf, case["index"], case["size"], root, path)
    with pytest.raises(errors.WrongHash):
        check_inclusion(bytes(32), case["index"], case["size"], root, path)
    with pytest.raises(errors.Malformed):
        check_inclusion(leaf, case["index"], case["size"], root, [*path, bytes(32)])


@pytest.mark.parametrize("case", VECTORS["far_inclusion"], ids=lambda c: f"{c['index']}")
def test_inclusion_in_trees_too_large_to_build(case: dict[str, Any]) -> None:
    leaf = leaf_hash(bytes.fromhex(case["entry_hex"]))
    found = root_by_inclusion(leaf, case["index"], case["size"], hexes(case["path_hex"]))
    assert found.hex() == case["root_hex"]


@pytest.mark.parametrize("case", VECTORS["consistency"], ids=lambda c: f"{c['tree']} {c['older']}")
def test_consistency_proofs(case: dict[str, Any]) -> None:
    older, newer, path = case["older"], case["newer"], hexes(case["path_hex"])
    roots = root_hex(case["tree"], older), root_hex(case["tree"], newer)
    check_consistency(older, roots[0], newer, roots[1], path)
    for wrong in ((bytes(32), roots[1]), (roots[0], bytes(32)) if path else (bytes(32), roots[1])):
        with pytest.raises(errors.WrongHash):
            check_consistency(older, wrong[0], newer, wrong[1], path)


def test_a_proof_file_byte_by_byte() -> None:
    given = VECTORS["proof"]
    entries = hexes(TREES["gifts"]["entries_hex"])
    hashes = next(
        hexes(one["path_hex"])
        for one in VECTORS["inclusion"]
        if (one["tree"], one["index"], one["size"]) == ("gifts", given["index"], 3)
    )
    proof = BundledProof(given["index"], tuple(hashes), HEAD["text"].encode())
    assert proof.raw.decode() == given["text"]
    assert sha256(proof.raw).hexdigest() == given["sha256"]
    assert proof.check(entries[given["index"]], [LOG_KEY.public]).head.size == 3
    with pytest.raises(errors.WrongHash, match="entry 0"):
        proof.check(entries[1], [LOG_KEY.public])


@pytest.mark.parametrize("case", VECTORS["accepted"]["checkpoints"], ids=named)
def test_checkpoints_that_must_be_accepted(case: dict[str, Any]) -> None:
    raw = text_of(case)
    assert open_checkpoint(raw, [parse_vkey(one) for one in case["vkeys"]]).raw == raw


@pytest.mark.parametrize("case", VECTORS["accepted"]["proofs"], ids=named)
def test_proofs_that_must_be_accepted(case: dict[str, Any]) -> None:
    keys = [parse_vkey(one) for one in case["vkeys"]]
    proof = parse_bundled_proof(text_of(case))
    assert proof.raw == text_of(case)
    proof.check(bytes.fromhex(case["entry_hex"]), keys)


@pytest.mark.parametrize("case", VECTORS["refused"]["vkeys"], ids=named)
def test_keys_that_must_be_refused(case: dict[str, Any]) -> None:
    if case["vkey"].strip() in KNOWN:
        # A person copies a key with the line end; nothing else in it may differ.
        assert parse_vkey(case["vkey"]).vkey == case["vkey"].strip()
        return
    with pytest.raises(getattr(errors, case["error"])):
        parse_vkey(case["vkey"])


KNOWN = [one["vkey"] for one in VECTORS["keys"].values()]


@pytest.mark.parametrize("case", VECTORS["refused"]["checkpoints"], ids=named)
def test_checkpoints_that_must_be_refused(case: dict[str, Any]) -> None:
    keys = [parse_vkey(one) for one in case["vkeys"]]
    with pytest.raises(getattr(errors, case["error"])) as refused:
        open_checkpoint(text_of(case), keys)
    assert refused.value.sentence.endswith(".") and len(refused.value.sentence) < 500


@pytest.mark.parametrize("case", VECTORS["refused"]["proofs"], ids=named)
def test_proofs_that_must_be_refused(case: dict[str, Any]) -> None:
    keys = [parse_vkey(one) for one in case["vkeys"]]
    with pytest.raises(getattr(errors, case["error"])):
        parse_bundled_proof(text_of(case)).check(bytes.fromhex(case["entry_hex"]), keys)


@pytest.mark.parametrize("length", [0, 1, 255, 256, ENTRY_BYTES_MAX])
def test_a_bundle_holds_entries_of_every_length(length: int) -> None:
    entries = [b"x" * length, b"", b"y" * length]
    assert decode_entries(encode_entries(entries), 3) == entries


def test_a_bundle_that_lies_about_its_lengths_is_refused() -> None:
    data = encode_entries([b"gift 1", b"", b"use 1"])
    for wrong, width in (
        (data, 2), (data, 4), (data[:-1], 3), (data + b"\0", 3), (data + b"\0\0", 3),
        (b"", 1), (b"\0", 1), (b"\xff\xff" + data, 4), (data, 0),
    ):  # fmt: skip
        with pytest.raises(errors.Malformed, match="lengths ask for"):
            decode_entries(wrong, width)
    with pytest.raises(OverflowError):
        encode_entries([b"x" * (ENTRY_BYTES_MAX + 1)])

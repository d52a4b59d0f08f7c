"""Makes tests/tlog/vectors.json: python tests/tlog/make_vectors.py

Independent of honghui.tlog on purpose: the recursive definitions of RFC 6962 and RFC 9162, hashlib
and `cryptography`, nothing else. What the specifications and the reference give in full or by
prefix is written out in `GIVEN` and must come out the same.
"""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

FILE = Path(__file__).with_name("vectors.json")
ORIGIN = "ledger.example.org/gifts"
WITNESS = "witness.example.org/w1"
TIME = 1_767_225_600
HEADER = "c2sp.org/tlog-proof@v1"
BIG = 2**53 - 1

GIFTS = [b"gift 1\n", b"gift 2\n", b"use 1\n"]
CLASSIC = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
CLASSIC.append(bytes(range(0x60, 0x70)).hex())
TESSERA = "one two three four five six seven eit nain ten ileven twelf threeten fourten fivten"
SPEC_NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ON"
    "ncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
TESSERA_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


# ── the tree, by its recursive definition ────────────────────────────────────────────────────


def leaf(entry: bytes) -> bytes:
    return sha256(b"\0" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def split(count: int) -> int:
    """The largest power of two below count."""
    return 1 << ((count - 1).bit_length() - 1)


def root(entries: list[bytes]) -> bytes:
    if len(entries) < 2:
        return leaf(entries[0]) if entries else sha256(b"").digest()
    k = split(len(entries))
    return node(root(entries[:k]), root(entries[k:]))


def path(index: int, entries: list[bytes]) -> list[bytes]:
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if index < k:
        return [*path(index, entries[:k]), root(entries[k:])]
    return [*path(index - k, entries[k:]), root(entries[:k])]


def subproof(m: int, entries: list[bytes], whole: bool) -> list[bytes]:
    if m == len(entries):
        return [] if whole else [root(entries)]
    k = split(len(entries))
    if m <= k:
        return [*subproof(m, entries[:k], whole), root(entries[k:])]
    return [*subproof(m - k, entries[k:], False), root(entries[:k])]


def far_root(index: int, size: int, seed: bytes, siblings: list[bytes]) -> bytes:
    """The root that these siblings lead to, in a tree too large to build."""
    if size == 1:
        assert not siblings
        return seed
    k = split(size)
    *rest, last = siblings
    if index < k:
        return node(far_root(index, k, seed, rest), last)
    return node(last, far_root(index - k, size - k, seed, rest))


def far_length(index: int, size: int) -> int:
    if size == 1:
        return 0
    k = split(size)
    return 1 + (far_length(index, k) if index < k else far_length(index - k, size - k))


# ── keys, notes, proofs ──────────────────────────────────────────────────────────────────────


class Key:
    def __init__(self, name: str, seed: int, kind: int) -> None:
        self.name, self.kind = name, kind
        self.seed = bytes([seed]) * 32
        self.private = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.public = self.private.public_key().public_bytes_raw()
        self.material = bytes([kind]) + self.public
        self.id = sha256(name.encode() + b"\n" + self.material).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{b64(self.material)}"

    def line(self, body: str, time: int = TIME) -> str:
        if self.kind == 1:
            blob = self.private.sign(body.encode())
        else:
            message = f"cosignature/v1\ntime {time}\n{body}"
            blob = time.to_bytes(8, "big") + self.private.sign(message.encode())
        return f"— {self.name} {b64(self.id + blob)}\n"

    def described(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "type": self.kind,
            "seed_hex": self.seed.hex(),
            "public_hex": self.public.hex(),
            "key_id": self.id.hex(),
            "vkey": self.vkey,
        }


LOG = Key(ORIGIN, 1, 1)
W1 = Key(WITNESS, 2, 4)
STRANGER = Key("stranger.example.org/x", 9, 1)
KEYS = [LOG.vkey, W1.vkey]
ROOT = root(GIFTS)
BODY = f"{ORIGIN}\n3\n{b64(ROOT)}\n"
LOG_LINE, W1_LINE = LOG.line(BODY), W1.line(BODY)
CHECKPOINT = f"{BODY}\n{LOG_LINE}{W1_LINE}"
HASHES = [b64(each) for each in path(0, GIFTS)]


def signed(body: str, *more: str) -> str:
    return f"{body}\n{LOG.line(body)}{''.join(more)}"


def proof(
    index: object = 0, hashes: list[str] = HASHES, checkpoint: str = CHECKPOINT, extra: str = ""
) -> str:
    lines = [HEADER + extra, f"index {index}", *hashes, "", checkpoint]
    return "\n".join(lines)


PROOF = proof()

# ── what must come out, as the reference gives it ────────────────────────────────────────────

GIVEN = {
    "log public": ("8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c", LOG.public),
    "leaf 0": ("0df1ecd5c12d8e9735e31607042b2068108fdca5a3e34d9f2978405ae4623aaf", leaf(GIFTS[0])),
    "leaf 1": ("1031dfca82e7338cc94f2ecbab8501a15a621ee645c1cb5420783c23b2529a9e", leaf(GIFTS[1])),
    "leaf 2": ("ce4725b60af670723d7e80e42fc9485dc2e5b9b65d3027834aafe3895aadf28b", leaf(GIFTS[2])),
    "root 2": ("738f554c664b68ee9b7e892a658f7f7c80974db06b0cc4b62c451396ad28ae6a", root(GIFTS[:2])),
    "root 3": ("3be36964c2e367df6464557df8b3c95f4711a1ff3504b979c9338603459eca31", ROOT),
    "checkpoint": (
        "9b610376ea8347b5b7b27e2ef2f646d313931d3ac2a76e91347d07c9976986ea",
        sha256(CHECKPOINT.encode()).digest(),
    ),
    "proof": (
        "9802010b527f4087dc40eb6dc1cea6edf337ebc67022146523e216d0fabe9ac9",
        sha256(PROOF.encode()).digest(),
    ),
    "origin": (
        "dba2055ba921cfe8a5a5bc7d598c7993747f70ce7c9fc9ff200081576e06252e",
        sha256(ORIGIN.encode()).digest(),
    ),
}
CLASSIC_ROOTS = {
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
}
TESSERA_ROOTS = {
    1: "0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=",
    2: "T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=",
    3: "Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=",
    15: "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=",
}


def check_given() -> None:
    for name, (wanted, found) in GIVEN.items():
        assert found.hex() == wanted, name
    classic, tessera = [bytes.fromhex(each) for each in CLASSIC], TESSERA.encode().split()
    for size, wanted in CLASSIC_ROOTS.items():
        assert root(classic[:size]).hex() == wanted, size
    for size, wanted in TESSERA_ROOTS.items():
        assert b64(root(tessera[:size])) == wanted, size
    starts = [each.hex()[:8] for each in path(5, classic)]
    assert starts == ["bc1a0643", "ca854ea1", "d37ee418"]
    starts = [each.hex()[:8] for each in subproof(6, classic, True)]
    assert starts == ["0ebc5d34", "ca854ea1", "d37ee418"]
    assert LOG.vkey.startswith(f"{ORIGIN}+156a5b63+AYqI") and "+6d7ef907+" in W1.vkey
    body, line = SPEC_NOTE.split("\n\n")
    public = Ed25519PublicKey.from_public_bytes(unb64(SPEC_KEY.split("+", 2)[2])[1:])
    public.verify(unb64(line.split()[-1])[4:], f"{body}\n".encode())


# ── what must be refused: (name, code in the browser, error in honghui.tlog.errors, …) ───────


def swap(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


def loose(text: str) -> str:
    """The same bytes in base64 with a bit set that no decoder reads."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    stem = text.rstrip("=")
    other = stem[:-1] + letters[letters.index(stem[-1]) + 1] + "=" * (len(text) - len(stem))
    assert base64.b64decode(other) == base64.b64decode(text) and other != text
    return other


def flipped(line: str, at: int) -> str:
    """The signature line with one bit of its blob flipped."""
    *start, blob = line.rstrip("\n").split(" ")
    data = bytearray(unb64(blob))
    data[at] ^= 1
    return " ".join([*start, b64(bytes(data))]) + "\n"


def damaged_vkeys() -> list[dict[str, Any]]:
    material = b64(LOG.material)
    short = sha256(ORIGIN.encode() + b"\n" + LOG.material[:-1]).digest()[:4].hex()
    odd = bytes([0x77]) + LOG.public
    odd_id = sha256(ORIGIN.encode() + b"\n" + odd).digest()[:4].hex()
    cases = [
        ("no plus at all", "key_format", "ledger.example.org"),
        ("nothing", "key_format", ""),
        ("no name", "key_format", f"+{LOG.id.hex()}+{material}"),
        ("a space in the name", "key_format", LOG.vkey.replace("/", " ", 1)),
        ("upper-case id", "key_format", swap(LOG.vkey, "156a5b63", "156A5B63")),
        ("a line end after it", "key_format", LOG.vkey + "\n"),
        ("the id is another's", "key_id", swap(LOG.vkey, "156a5b63", "156a5b64")),
        ("base64 that is not canonical", "base64", swap(W1.vkey, b64(W1.material), "BI=E")),
        ("a key a byte short", "key_size", f"{ORIGIN}+{short}+{b64(LOG.material[:-1])}"),
        ("a type nobody assigned", "key_type", f"{ORIGIN}+{odd_id}+{b64(odd)}"),
    ]
    return [
        {"name": name, "code": code, "error": "Malformed", "vkey": vkey}
        for name, code, vkey in cases
    ]


def damaged_checkpoints() -> list[dict[str, Any]]:
    """Each is signed again after the damage, so that the damage and no signature is refused."""
    size, root64 = "\n3\n", b64(ROOT)
    body = lambda old, new: signed(swap(BODY, old, new))  # noqa: E731
    many = {"line": STRANGER.line(BODY), "times": 2000}
    cases: list[tuple[str, str, str, str]] = [
        ("leading zero in the size", "number", "Malformed", body(size, "\n03\n")),
        ("plus before the size", "number", "Malformed", body(size, "\n+3\n")),
        ("negative size", "number", "Malformed", body(size, "\n-3\n")),
        ("no size", "checkpoint_lines", "Malformed", body(size, "\n\n")),
        ("size in other digits", "number", "Malformed", body(size, "\n３\n")),
        ("size with a space", "number", "Malformed", body(size, "\n3 \n")),
        ("size of 2^64", "number_large", "Malformed", body(size, f"\n{2**64}\n")),
        ("root not canonical", "base64", "Malformed", body(root64, loose(root64))),
        ("root without padding", "base64", "Malformed", body(root64, root64[:-1])),
        ("root a byte short", "hash_size", "Malformed", body(root64, b64(ROOT[:-1]))),
        ("no origin", "checkpoint_lines", "Malformed", body(f"{ORIGIN}\n", "\n")),
        ("no root", "checkpoint_lines", "Malformed", body(f"{root64}\n", "")),
        ("an extension line", "checkpoint_extension", "Malformed", signed(BODY + "more\n")),
        ("an empty line in the body", "checkpoint_lines", "Malformed", body(size, "\n\n3\n")),
        ("a carriage return", "control", "Malformed", body(size, "\r\n3\r\n")),
        ("a tab", "control", "Malformed", body(size, "\n\t3\n")),
        ("a null", "control", "Malformed", body(size, "\n3\0\n")),
        ("no line end", "note_end", "Malformed", CHECKPOINT[:-1]),
        ("no signature line", "note_blank", "Malformed", BODY),
        ("an empty line and nothing", "note_end", "Malformed", f"{BODY}\n"),
        ("nothing", "note_end", "Malformed", ""),
        ("a line end at the end too many", "note_end", "Malformed", f"{CHECKPOINT}\n"),
        ("a hyphen for the dash", "signature_line", "Malformed", swap(CHECKPOINT, "— ", "- ")),
        ("two spaces", "signature_line", "Malformed", swap(CHECKPOINT, "— ", "—  ")),
        ("a space after it", "signature_line", "Malformed", swap(CHECKPOINT, "=\n—", "= \n—")),
        ("text after the lines", "signature_line", "Malformed", f"{CHECKPOINT}more\n"),
        ("a blob of four bytes", "signature_line", "Malformed", f"{CHECKPOINT}— a AAAAAA==\n"),
        (
            "a stranger's blob not canonical",
            "base64",
            "Malformed",
            f"{CHECKPOINT}— a AAAAAAF=\n",
        ),
        ("signed by a stranger alone", "no_known_key", "BadSignature", f"{BODY}\n"),
        ("the log did not sign", "log_not_signed", "BadSignature", f"{BODY}\n{W1_LINE}"),
        ("another size", "signature_fails", "BadSignature", swap(CHECKPOINT, size, "\n4\n")),
        (
            "another root",
            "signature_fails",
            "BadSignature",
            swap(CHECKPOINT, root64, b64(root(GIFTS[:2]))),
        ),
        (
            "a bit of the log's signature",
            "signature_fails",
            "BadSignature",
            f"{BODY}\n{flipped(LOG_LINE, 20)}{W1_LINE}",
        ),
        (
            "the log's signature cut short",
            "signature_fails",
            "BadSignature",
            f"{BODY}\n— {ORIGIN} {b64(LOG.id + bytes(63))}\n{W1_LINE}",
        ),
        (
            "good and bad lines of one key",
            "signature_fails",
            "BadSignature",
            f"{BODY}\n{LOG_LINE}{flipped(LOG_LINE, 40)}",
        ),
        (
            "a bit of the cosignature",
            "signature_fails",
            "BadSignature",
            f"{BODY}\n{LOG_LINE}{flipped(W1_LINE, 30)}",
        ),
        (
            "the cosignature's time moved",
            "signature_fails",
            "BadSignature",
            f"{BODY}\n{LOG_LINE}{flipped(W1_LINE, 11)}",
        ),
        (
            "a cosignature over 2^63 seconds",
            "number_large",
            "NotProven",
            f"{BODY}\n{LOG_LINE}{W1.line(BODY, 2**63)}",
        ),
    ]
    rows: list[dict[str, Any]] = [
        {"name": name, "code": code, "error": error, "text": text, "vkeys": KEYS}
        for name, code, error, text in cases
    ]
    for row in rows:
        if row["name"] == "signed by a stranger alone":
            row["text"] += STRANGER.line(BODY)
    rows += [
        {"name": "2,000 lines more", "code": "note_lines", "error": "Malformed"}
        | {"text": CHECKPOINT, "then": many, "vkeys": KEYS},
        {"name": "bytes that are not UTF-8", "code": "not_utf8", "error": "Malformed"}
        | {"hex": swap(CHECKPOINT.encode().hex(), "e28094", "e28020"), "vkeys": KEYS},
        {"name": "a byte order mark", "code": "log_not_signed", "error": "NotProven"}
        | {"text": signed("\ufeff" + BODY), "vkeys": KEYS},
        {"name": "same name, other key", "code": "no_known_key", "error": "BadSignature"}
        | {"text": CHECKPOINT, "vkeys": [Key(ORIGIN, 5, 1).vkey]},
        {"name": "same key, other name", "code": "no_known_key", "error": "BadSignature"}
        | {"text": CHECKPOINT, "vkeys": [Key("other.example.org", 1, 1).vkey]},
    ]
    return rows


def damaged_proofs() -> list[dict[str, Any]]:
    wrong = [b64(leaf(b"other")), HASHES[1]]
    cases: list[tuple[str, str, str, str]] = [
        ("another version", "proof_header", "Malformed", swap(PROOF, "@v1", "@v2")),
        ("a byte order mark", "proof_header", "Malformed", "\ufeff" + PROOF),
        ("no index line", "proof_index", "Malformed", swap(PROOF, "index 0\n", "")),
        ("leading zero in the index", "number", "Malformed", proof("00")),
        ("no number", "number", "Malformed", proof("")),
        ("an index of 2^64", "number_large", "Malformed", proof(2**64)),
        ("two index lines", "base64", "Malformed", swap(PROOF, "index 0\n", "index 0\n" * 2)),
        ("a hash not canonical", "base64", "Malformed", proof(0, [loose(HASHES[0]), HASHES[1]])),
        ("a hash a byte short", "hash_size", "Malformed", proof(0, [b64(bytes(31)), HASHES[1]])),
        ("extra is no base64", "base64", "Malformed", proof(extra="\nextra a*b")),
        ("extra after the index", "base64", "Malformed", proof("0\nextra AAAA")),
        ("no empty line", "proof_checkpoint", "Malformed", PROOF.split("\n\n")[0] + "\n"),
        ("nothing", "proof_header", "Malformed", ""),
        ("no checkpoint", "note_end", "Malformed", proof(0, HASHES, "")),
        ("a line end at the end too many", "note_end", "Malformed", PROOF + "\n"),
        ("a hash too few", "path_length", "NotProven", proof(0, HASHES[:1])),
        ("no hash", "path_length", "NotProven", proof(0, [])),
        ("a hash too many", "path_length", "NotProven", proof(0, [*HASHES, HASHES[0]])),
        ("a thousand hashes", "path_length", "NotProven", proof(0, HASHES * 500)),
        ("the index of no leaf", "leaf_outside", "NotProven", proof(3)),
        ("a far index", "leaf_outside", "NotProven", proof(BIG)),
        ("the index of another leaf", "root_differs", "WrongHash", proof(1)),
        ("one hash wrong", "root_differs", "WrongHash", proof(0, wrong)),
        ("hashes reordered", "root_differs", "WrongHash", proof(0, HASHES[::-1])),
        ("a signature wrong", "signature_fails", "BadSignature", swap(PROOF, "\n3\n", "\n4\n")),
    ]
    rows = [
        {"name": name, "code": code, "error": error, "text": text, "entry_hex": GIFTS[0].hex()}
        for name, code, error, text in cases
    ]
    for name, entry in (("another entry", b"gift 3\n"), ("no line end in the entry", b"gift 1")):
        rows.append(
            {"name": name, "code": "root_differs", "error": "WrongHash"}
            | {"text": PROOF, "entry_hex": entry.hex()}
        )
    return [row | {"vkeys": KEYS} for row in rows]


# ── the whole ────────────────────────────────────────────────────────────────────────────────


def tree(name: str, about: str, entries: list[bytes]) -> dict[str, Any]:
    return {
        "name": name,
        "about": about,
        "entries_hex": [each.hex() for each in entries],
        "leaf_hashes_hex": [leaf(each).hex() for each in entries],
        "roots_hex": [root(entries[:size]).hex() for size in range(len(entries) + 1)],
    }


def inclusion(name: str, index: int, entries: list[bytes]) -> dict[str, Any]:
    hashes = [each.hex() for each in path(index, entries)]
    return {"tree": name, "index": index, "size": len(entries), "path_hex": hashes}


def consistency(name: str, older: int, entries: list[bytes]) -> dict[str, Any]:
    hashes = [each.hex() for each in subproof(older, entries, True)] if older else []
    return {"tree": name, "older": older, "newer": len(entries), "path_hex": hashes}


def far() -> list[dict[str, Any]]:
    """Proofs in trees too large to build: any siblings lead to some root."""
    rows = []
    places = [(0, BIG), (BIG - 1, BIG), (2**32 + 5, BIG), (2**52, 2**52 + 1), (2**31, 2**31 + 1)]
    for index, size in places:
        siblings = [sha256(bytes([at])).digest() for at in range(far_length(index, size))]
        found = far_root(index, size, leaf(b"far\n"), siblings)
        rows.append(
            {"entry_hex": b"far\n".hex(), "index": index, "size": size, "root_hex": found.hex()}
            | {"path_hex": [each.hex() for each in siblings]}
        )
    return rows


def ml_dsa() -> dict[str, Any]:
    name = "witness.example.org/w2"
    private = MLDSA44PrivateKey.from_seed_bytes(bytes([3]) * 32)
    material = b"\x06" + private.public_key().public_bytes_raw()
    key_id = sha256(name.encode() + b"\n" + material).digest()[:4]
    assert key_id.hex() == "4c88bddf"
    message = b"subtree/v1\n\0" + bytes([len(name)]) + name.encode() + TIME.to_bytes(8, "big")
    message += bytes([len(ORIGIN)]) + ORIGIN.encode() + bytes(8) + (3).to_bytes(8, "big") + ROOT
    assert len(message) == 116
    return {
        "name": name,
        "type": 6,
        "seed_hex": "03" * 32,
        "key_id": key_id.hex(),
        "vkey": f"{name}+{key_id.hex()}+{b64(material)}",
        "time": TIME,
        "message_hex": message.hex(),
    }


ABOUT = {
    "what": "Test vectors of the transparency log, read by the Python tests and by the browser's.",
    "made_by": "tests/tlog/make_vectors.py, independent of honghui.tlog; run it to make this anew",
    "keys": "Fixture keys from seeds anyone can guess. Never for real use.",
    "trees": "roots_hex[n] is the root over the first n entries; [0] is the empty tree's.",
    "inclusion, consistency": "path_hex from the leaf's sibling up; roots are in the tree.",
    "far_inclusion": "Trees too large to build: the root is what the path leads to.",
    "accepted": "Must be accepted. `then` is a line added so many times at the end of the text.",
    "refused": "Must be refused: `code` by verify.js, `error` is the class in honghui.tlog.errors "
    "or one above it. `hex` stands for text that is not UTF-8. Checkpoints damaged in their body "
    "are signed again, so that only the damage can be the reason.",
}


def main() -> None:
    check_given()
    classic, tessera = [bytes.fromhex(each) for each in CLASSIC], TESSERA.encode().split()
    trees = (("gifts", GIFTS), ("classic", classic), ("tessera", tessera))
    bundle = b"".join(len(each).to_bytes(2, "big") + each for each in GIFTS)
    tile = b"".join(map(leaf, GIFTS))
    fifteen = {"line": STRANGER.line(BODY), "times": 14}
    old = signed(f"{ORIGIN}\n2\n{b64(root(GIFTS[:2]))}\n")
    only = signed(f"{ORIGIN}\n1\n{b64(leaf(GIFTS[0]))}\n")
    vectors = {
        "_about": ABOUT,
        "keys": {"log": LOG.described(), "witness": W1.described(), "ml_dsa_witness": ml_dsa()},
        "trees": [
            tree("gifts", "three entries of the fixture log", GIFTS),
            tree("classic", "the tree of the Certificate Transparency test suites", classic),
            tree("tessera", f"Tessera's own test log, {TESSERA_KEY}", tessera),
        ],
        "files": {
            "tile/entries/000.p/3": {"hex": bundle.hex(), "sha256": sha256(bundle).hexdigest()},
            "tile/0/000.p/3": {"hex": tile.hex(), "sha256": sha256(tile).hexdigest()},
        },
        "checkpoint": {
            "tree": "gifts",
            "origin": ORIGIN,
            "origin_sha256": sha256(ORIGIN.encode()).hexdigest(),
            "size": 3,
            "root_hex": ROOT.hex(),
            "time": TIME,
            "body": BODY,
            "text": CHECKPOINT,
            "sha256": sha256(CHECKPOINT.encode()).hexdigest(),
        },
        "older_checkpoint": {"size": 2, "root_hex": root(GIFTS[:2]).hex(), "text": old},
        "add_checkpoint": {
            "old": 2,
            "text": f"old 2\n{b64(leaf(GIFTS[2]))}\n\n{BODY}\n{LOG_LINE}",
        },
        "proof": {
            "index": 0,
            "entry_hex": GIFTS[0].hex(),
            "text": PROOF,
            "sha256": sha256(PROOF.encode()).hexdigest(),
        },
        "notes": [
            {"name": "the specification's example", "vkey": SPEC_KEY, "text": SPEC_NOTE}
            | {"body": "This is an example message.\n"},
        ],
        "inclusion": [
            inclusion(name, index, entries[:size])
            for name, entries in trees
            for size in (range(1, len(entries) + 1) if len(entries) < 9 else [len(entries)])
            for index in range(size)
        ],
        "consistency": [
            consistency(name, older, entries[:size])
            for name, entries in trees
            for size in (range(1, len(entries) + 1) if len(entries) < 9 else [len(entries)])
            for older in range(size + 1)
        ],
        "far_inclusion": far(),
        "accepted": {
            "checkpoints": [
                {"name": "sixteen lines, fourteen of strangers", "vkeys": KEYS}
                | {"text": CHECKPOINT, "then": fifteen},
                {"name": "without the witness's key", "vkeys": [LOG.vkey], "text": CHECKPOINT},
                {"name": "size zero", "vkeys": KEYS}
                | {"text": signed(f"{ORIGIN}\n0\n{b64(root([]))}\n")},
                {"name": "the largest exact size", "vkeys": KEYS}
                | {"text": signed(f"{ORIGIN}\n{BIG}\n{b64(ROOT)}\n")},
                {"name": "a line by the log's name and another key", "vkeys": KEYS}
                | {"text": CHECKPOINT + Key(ORIGIN, 5, 1).line(BODY)},
            ],
            "proofs": [
                {"name": "with extra data", "text": proof(extra="\nextra b3duIHRydXRo")}
                | {"entry_hex": GIFTS[0].hex(), "vkeys": KEYS},
                {"name": "a promoted leaf", "text": proof(2, [b64(root(GIFTS[:2]))])}
                | {"entry_hex": GIFTS[2].hex(), "vkeys": KEYS},
                {"name": "the only leaf", "text": proof(0, [], only)}
                | {"entry_hex": GIFTS[0].hex(), "vkeys": KEYS},
            ],
        },
        "refused": {
            "vkeys": damaged_vkeys(),
            "checkpoints": damaged_checkpoints(),
            "proofs": damaged_proofs(),
        },
    }
    FILE.write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""What every parser promises, asked with bytes that nobody chose.

For hypothesis in `test_fuzz`, and for atheris in `fuzz_by_coverage`. A parser gives something that
is written back as it was read, or raises a TlogError.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from honghui.tlog.bundled_proof import parse_bundled_proof
from honghui.tlog.bundles import decode_entries, encode_entries
from honghui.tlog.checkpoints import open_checkpoint, parse_body
from honghui.tlog.errors import TlogError
from honghui.tlog.http import unpack
from honghui.tlog.notes import parse_note
from honghui.tlog.signatures import parse_vkey
from honghui.tlog.tiles import is_log_path, parse_path
from honghui.tlog.witness import parse_request

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text())
KEYS = [parse_vkey(one["vkey"]) for one in VECTORS["keys"].values()]


def text(data: bytes) -> str:
    """As the command line hands it over: bytes that are not UTF-8 stay what they are."""
    return data.decode(errors="surrogateescape")


def note(data: bytes) -> None:
    assert parse_note(data).raw == data


def body(data: bytes) -> None:
    head = parse_body(text(data))
    assert head.body == text(data) and 0 <= head.size < 2**63 and len(head.root) == 32


def vkey(data: bytes) -> None:
    key = parse_vkey(text(data))
    assert key.vkey == text(data).strip() and parse_vkey(key.vkey) == key


def checkpoint(data: bytes) -> None:
    opened = open_checkpoint(data, KEYS)
    assert opened.raw == data and opened.head.body == opened.note.text
    assert any(one.key.name == opened.head.origin for one in opened.verified)


def proof(data: bytes) -> None:
    assert parse_bundled_proof(data).raw == data


def path(data: bytes) -> None:
    name = text(data)
    assert parse_path(name).path == name and is_log_path(name)
    assert ".." not in name and name.startswith("tile/") and name.isascii()


def entries(data: bytes) -> None:
    width, rest = data[0] + 1 if data else 1, data[1:]
    decoded = decode_entries(rest, width)
    assert len(decoded) == width and encode_entries(decoded) == rest


def request(data: bytes) -> None:
    assert parse_request(data).body == data


def packed(data: bytes) -> None:
    assert len(unpack(data, 8192, "tile/0/000")) <= 8192


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one
    for one in (note, body, vkey, checkpoint, proof, path, entries, request, packed)
}


def corpus(name: str) -> list[bytes]:
    """Valid ones of that kind, and nearly valid ones."""
    case = [*VECTORS["accepted"]["checkpoints"], *VECTORS["refused"]["checkpoints"]]
    notes = [one["text"].encode() for one in [VECTORS["checkpoint"], *case] if "text" in one]
    proofs = [VECTORS["proof"], *VECTORS["accepted"]["proofs"], *VECTORS["refused"]["proofs"]]
    keys = [*VECTORS["keys"].values(), *VECTORS["refused"]["vkeys"]]
    bundle = bytes.fromhex(VECTORS["files"]["tile/entries/000.p/3"]["hex"])
    return {
        "note": [*notes, *(one["text"].encode() for one in VECTORS["notes"])],
        "body": [one.partition(b"\n\n")[0] + b"\n" for one in notes],
        "vkey": [one["vkey"].encode() for one in keys],
        "checkpoint": notes,
        "proof": [one["text"].encode() for one in proofs if "text" in one],
        "path": [b"tile/0/000", b"tile/entries/x001/x234/067.p/255", b"tile/7/999.p/1"],
        "entries": [b"\x02" + bundle, b"\x00\x00\x00", b"\xff" + b"\x00\x00" * 256],
        "request": [VECTORS["add_checkpoint"]["text"].encode(), b"old 0\n\n" + notes[0]],
        "packed": [gzip.compress(bundle), gzip.compress(b"\0" * 9000), gzip.compress(b"") * 2],
    }[name]


def try_parser(name: str, data: bytes) -> bool:
    """Whether the parser took it. Raises what a parser must never raise."""
    try:
        TARGETS[name](data)
    except TlogError as error:
        assert error.sentence and len(error.sentence) < 1000 and len(error.where) < 1000
        return False
    return True


def try_chosen(data: bytes) -> None:
    """The first byte chooses the parser."""
    if data:
        try_parser(list(TARGETS)[data[0] % len(TARGETS)], data[1:])

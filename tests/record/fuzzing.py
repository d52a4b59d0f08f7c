"""What the decoder and the side files promise, asked with bytes that nobody chose.

For hypothesis in `test_fuzz`, and for atheris in `fuzz_by_coverage`. What is let through is written
back as it was read; all else is refused by name, and nothing else ever happens.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable

from honghui.record.commitments import Commitment, commit, open_text
from honghui.record.errors import BadOpening, BadRecord
from honghui.record.examples import EXAMPLES
from honghui.record.rules import RECORD_RULES
from honghui.record.schemas import decode, encode, reread

SALT = bytes(range(32))
TEXTS = [
    "",
    "爱心人士",
    "浙江省绍兴市某小学",
    'a "quoted"\\ name',
    "line\nline\t\x00\x1f\x7f",
    "😀\u2028",
]
OPENINGS = [commit(text, SALT) for text in TEXTS]


def record(data: bytes) -> None:
    found = decode(data)
    assert encode(found) == data
    assert reread(data) == found


def opening(data: bytes) -> None:
    """Bytes open one hash at most, that of the text and the salt in them, and none of the others.
    Raises BadOpening where they open none at all."""
    opened = [one for one in OPENINGS if opens(one.hash, data)]
    assert [one.opening for one in opened] == [data] * len(opened)
    own = own_commitment(data)
    assert open_text(own.hash, data) == unicodedata.normalize("NFC", json.loads(data)["text"])
    assert own.opening == data


def opens(hash_: str, data: bytes) -> bool:
    try:
        open_text(hash_, data)
    except BadOpening:
        return False
    return True


def own_commitment(data: bytes) -> Commitment:
    """To what these bytes say, read by another reader than ours."""
    try:
        value = json.loads(data)
        return commit(value["text"], bytes.fromhex(value["salt"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        assert not opens("0" * 64, data)
        raise BadOpening("Nothing that could be opened.") from None


TARGETS: dict[str, Callable[[bytes], None]] = {"record": record, "opening": opening}


def corpus(name: str) -> list[bytes]:
    return {
        "record": [encode(one) for one in EXAMPLES.values()],
        "opening": [one.opening for one in OPENINGS],
    }[name]


def try_parser(name: str, data: bytes) -> bool:
    """Whether the parser took it. Raises what a parser must never raise."""
    try:
        TARGETS[name](data)
    except BadRecord as error:
        for language in ("zh", "en"):
            sentence = RECORD_RULES[error.rule].say(language, error.facts)
            assert sentence and len(sentence) < 1000
            sentence.encode()
        return False
    except BadOpening as error:
        assert str(error)
        return False
    return True


def try_chosen(data: bytes) -> None:
    """The first byte chooses the parser."""
    if data:
        try_parser(list(TARGETS)[data[0] % len(TARGETS)], data[1:])

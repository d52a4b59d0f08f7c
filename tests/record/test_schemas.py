"""The one door: canonical bytes in and out, and a name for everything that is refused."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from msgspec import inspect

from honghui.record.errors import BadRecord
from honghui.record.examples import EXAMPLES
from honghui.record.log_events import KeyChange
from honghui.record.references import Unit
from honghui.record.rules import RECORD_RULES
from honghui.record.schemas import (
    RECORD_BYTES_MAX,
    SCHEMAS,
    Record,
    decode,
    encode,
    reread,
)
from honghui.record.statements import Bulletin
from honghui.record.values import INTEGER_MAX, Form
from tests.record.strategies import inside, records, structs

UNIT = encode(EXAMPLES["unit/1"])
DECISION = encode(EXAMPLES["decision/1"])
ENTRY = encode(EXAMPLES["entry/1 use"])
KEYS = encode(EXAMPLES["key_change/1"])


def refused(data: bytes) -> str:
    with pytest.raises(BadRecord) as found:
        decode(data)
    rule, facts = found.value.rule, found.value.facts
    for language in ("zh", "en"):
        assert len(RECORD_RULES[rule].say(language, facts)) < 500
    return rule


def with_key(name: str) -> bytes:
    """A key change, signed by a key of that name, as JSON writes the name."""
    return KEYS.replace(b'"new_key":"example.org/shaoxing+', f'"new_key":"{name}+'.encode())


# ── what is let through ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_back_as_it_went(name: str) -> None:
    record = EXAMPLES[name]
    data = encode(record)
    assert decode(data) == reread(data) == record
    assert encode(decode(data)) == data
    assert json.loads(data)["schema"] == name.split()[0]


def test_there_is_an_example_of_every_schema_and_every_act() -> None:
    acts = inspect.type_info(SCHEMAS["entry/1"]).fields[1].type.values  # type: ignore[attr-defined]
    entries = {f"entry/1 {act}" for act in acts}
    assert len(entries) == 24
    assert set(EXAMPLES) == (set(SCHEMAS) - {"entry/1"}) | entries
    assert len({record.id for record in EXAMPLES.values()}) == len(EXAMPLES)


@settings(max_examples=250, deadline=None)
@given(records())
def test_any_record_comes_back_as_it_went_and_is_what_others_call_canonical(
    record: Record,
) -> None:
    data = encode(record)
    assert decode(data) == record
    assert reread(data) == record
    assert rfc8785.dumps(json.loads(data)) == data


# ── canonical form: the facts of RFC 8785 that our records can meet ──────────────────────────


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            yield from objects(each)


@pytest.mark.parametrize("name", EXAMPLES)
def test_keys_stand_in_the_order_of_utf_16(name: str) -> None:
    for one in objects(json.loads(encode(EXAMPLES[name]))):
        assert list(one) == sorted(one, key=lambda key: key.encode("utf-16-be"))


STRUCTS = structs()


def is_integer(one: Any) -> bool:
    return isinstance(one, inspect.IntType)


def test_every_key_is_ascii_so_that_its_order_is_everybody_s() -> None:
    for kind, known in STRUCTS.items():
        for name in (field.encode_name for field in known.fields):
            assert name.isascii() and name.replace("_", "a").isalpha() and name.islower(), kind


def test_every_part_of_a_record_refuses_strange_fields_and_leaves_defaults_out() -> None:
    assert len(STRUCTS) > 40
    for kind, known in STRUCTS.items():
        assert issubclass(kind, Form)
        assert known.forbid_unknown_fields
        assert kind.__struct_config__.omit_defaults and kind.__struct_config__.frozen


FIELDS = {
    f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}.{field.name}": list(inside(field.type))
    for kind, known in STRUCTS.items()
    for field in known.fields
}
INTEGERS = [name for name, types in FIELDS.items() if any(map(is_integer, types))]
# Reported: it has no upper bound yet. Take the mark away with the fix.


@pytest.mark.parametrize("name", INTEGERS)
def test_every_integer_is_one_that_all_json_readers_keep(name: str) -> None:
    for one in filter(is_integer, FIELDS[name]):
        assert one.ge is not None and one.ge >= -INTEGER_MAX
        assert one.le is not None and one.le <= INTEGER_MAX


def test_no_text_is_free_and_none_may_end_in_a_line_break() -> None:
    texts = [one for types in FIELDS.values() for one in types if isinstance(one, inspect.StrType)]
    assert len(texts) > 100
    for one in texts:
        assert one.pattern and one.pattern.startswith("^")
        assert one.pattern.endswith(r"$(?![\s\S])")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a/b", "a/b"),
        ('a"b', r"a\"b"),
        ("a\\b", r"a\\b"),
        ("绍兴", "绍兴"),
        ("€", "€"),
        ("😀", "😀"),
        ("\ufb33", "\ufb33"),
        ("a\u0301", "a\u0301"),
    ],
)
def test_a_character_has_one_spelling(name: str, written: str) -> None:
    """A quotation mark and a backslash are escaped, and nothing else that a key's name can hold."""
    data = with_key(written)
    record = decode(data)
    assert isinstance(record, KeyChange) and record.new_key.startswith(f"{name}+")
    assert encode(record) == data


@pytest.mark.parametrize(
    "written",
    [r"a\/b", r"\u0061", r"\u7ecd", r"\u20AC", r"\ud83d\ude00", r"\u0022", r"\u005c"],
)
def test_another_spelling_of_a_character_is_refused(written: str) -> None:
    json.loads(with_key(written))
    assert refused(with_key(written)) == "record.not-canonical"


@pytest.mark.parametrize("written", [r"\u0000", r"\u001b", r"\n", r"\t", r"\u007f", "\x7f", " "])
def test_no_control_character_gets_into_a_record(written: str) -> None:
    assert refused(with_key(written)) == "record.wrong-value"


# ── what is refused, by name ─────────────────────────────────────────────────────────────────

TWICE = {
    "at the top": UNIT.replace(b'"per_base"', b'"id":"%032x","per_base"' % 0),
    "the schema": UNIT[:-1] + b',"schema":"unit/1"}',
    "nested": DECISION.replace(b"{", b'{"approved_by":[],', 1),
    "in a pool": ENTRY.replace(b'"place":"icbc', b'"place":"elsewhere","place":"icbc'),
}
FLOATS = [b"1.0", b"1.5", b"1e3", b"1E3", b"0.1", b"-0.0", b"1e-7"]
QUANTITY = b'"quantity":2000000'
NO_WHOLE_NUMBER = {
    b"true", b"null", b'"1"', b"[1]", b"{}", b"0", b"-0", b"-1", b"9007199254740992",
    b"18446744073709551616", b"9" * 400, b"9" * 6000, b"1e400", b"-9007199254740992",
}  # fmt: skip
NO_JSON = {
    "nothing": b"",
    "a byte order mark": b"\xef\xbb\xbf" + UNIT,
    "UTF-16": UNIT.decode().encode("utf-16"),
    "cut off": UNIT[:-1],
    "two records": UNIT + UNIT,
    "a comma at the end": UNIT.replace(b"}", b",}"),
    "NaN": DECISION.replace(QUANTITY, b'"quantity":NaN'),
    "Infinity": DECISION.replace(QUANTITY, b'"quantity":Infinity'),
    "a zero in front": DECISION.replace(QUANTITY, b'"quantity":01'),
    "a plus": DECISION.replace(QUANTITY, b'"quantity":+1'),
    "half a pair": with_key(r"\ud800"),
    "half a pair as bytes": KEYS.replace(b"example.org", b"\xed\xa0\x80", 1),
    "a long form of /": KEYS.replace(b"example.org/", b"example.org\xc0\xaf", 1),
    "Latin-1": KEYS.replace(b"example.org", b"\xe9", 1),
    "a raw line break": UNIT.replace(b"box-24", b"box\n24"),
    "a raw NUL": UNIT.replace(b"box-24", b"box\x0024"),
    "deep arrays": b"[" * 60_000,
    "deep objects": b'{"schema":"unit/1","base":' + b'{"a":' * 10_000,
    "deep after a strange schema": b'{"schema":"x","a":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "bad text after a strange schema": b'{"schema":"x","a":"\xff"}',
    "cut off after a strange schema": b'{"schema":"x"',
}
HOSTILE: dict[str, tuple[str, bytes]] = {
    **{f"not JSON: {what}": ("record.not-json", data) for what, data in NO_JSON.items()},
    **{f"twice: {what}": ("record.duplicate-key", data) for what, data in TWICE.items()},
    **{
        f"a float: {number.decode()}":
            ("record.float", DECISION.replace(QUANTITY, b'"quantity":' + number))
        for number in FLOATS
    },
    **{
        f"a number: {value[:20].decode()} ({len(value)})":
            ("record.wrong-value", DECISION.replace(QUANTITY, b'"quantity":' + value))
        for value in sorted(NO_WHOLE_NUMBER)
    },
    "no object": ("record.wrong-value", b"[]"),
    "a number alone": ("record.wrong-value", b"1"),
    "null": ("record.wrong-value", b"null"),
    "no schema": ("record.missing-field", b"{}"),
    "a schema to come": ("record.unknown-schema", UNIT.replace(b"unit/1", b"unit/2")),
    "a schema in capitals": ("record.unknown-schema", UNIT.replace(b"unit/1", b"Unit/1")),
    "a schema that is a number": ("record.unknown-schema", UNIT.replace(b'"unit/1"', b"1")),
    "a strange schema with a huge number":
        ("record.unknown-schema", b'{"a":%s,"schema":"x"}' % (b"9" * 6000)),
    "a strange schema with a long name":
        ("record.unknown-schema", b'{"schema":"%s"}' % (b"x" * 60_000)),
    "a strange schema that paints the screen":
        ("record.unknown-schema", b'{"schema":"\\u001b[2J"}'),
    "a strange schema, sent as null": ("record.unknown-schema", b'{"schema":null}'),
    "a field too many": ("record.unknown-field", UNIT.replace(b"}", b',"z":1}')),
    "a nested field too many":
        ("record.unknown-field", ENTRY.replace(b'"place":"icbc', b'"owner":1,"place":"icbc')),
    "a field with a long name":
        ("record.unknown-field", UNIT.replace(b"}", b',"%s":1}' % (b"x" * 60_000))),
    "a field that speaks like the decoder":
        ("record.unknown-field", UNIT.replace(b"}", b',"z` - at `$.schema":1}')),
    "deep brackets in a field too many":
        ("record.unknown-field", UNIT.replace(b"}", b',"z":' + b"[" * 500 + b"]" * 500 + b"}")),
    "a field too few": ("record.missing-field", UNIT.replace(b'"code":"box-24",', b"")),
    "a step without its shape":
        ("record.missing-field", ENTRY.replace(b'"step":"out",', b"")),
    "an unknown shape of a step":
        ("record.wrong-value", ENTRY.replace(b'"step":"out"', b'"step":"up"')),
    "an unknown act": ("record.wrong-value", ENTRY.replace(b'"act":"use"', b'"act":"gamble"')),
    "null for a field that may be absent":
        ("record.not-canonical", UNIT.replace(b'"base":"bottle"', b'"base":null')),
    "a default written out":
        ("record.not-canonical", ENTRY.replace(b'"purposes"', b'"part":1,"purposes"')),
    "an empty list written out":
        ("record.not-canonical", DECISION.replace(b'"id"', b'"evidence":[],"id"').replace(
            b'"evidence":["%064x"],' % 0x22, b"")),
    "false written out": ("record.not-canonical", ENTRY.replace(b'true', b'false')),
    "a whole number for true": ("record.wrong-value", ENTRY.replace(b'true', b'1')),
    "a blank": ("record.not-canonical", UNIT.replace(b":", b": ", 1)),
    "a blank in front": ("record.not-canonical", b" " + UNIT),
    "a line end behind": ("record.not-canonical", UNIT + b"\n"),
    "another order":
        ("record.not-canonical", b'{"schema":"unit/1",' + UNIT[1:].replace(
            b',"schema":"unit/1"', b"")),
    "an escape that need not be": ("record.not-canonical", UNIT.replace(b"box", b"\\u0062ox")),
    "an escape in a key": ("record.not-canonical", UNIT.replace(b'"code"', b'"\\u0063ode"')),
    "-0 where 0 may be":
        ("record.not-canonical", encode(EXAMPLES["recovery/1"]).replace(b":1280", b":-0")),
    "a line end in a code": ("record.wrong-value", UNIT.replace(b"box-24", b"box-24\\n")),
    "NUL in a code": ("record.wrong-value", UNIT.replace(b"box-24", b"box\\u0000")),
    "a code in capitals": ("record.wrong-value", UNIT.replace(b"box-24", b"BOX-24")),
    "full-width digits": ("record.wrong-value", ENTRY.replace(
        b'"society":"330600"', '"society":"33060０"'.encode())),
    "Arabic digits": ("record.wrong-value", ENTRY.replace(
        b'"society":"330600"', '"society":"33060٠"'.encode())),
    "a day that is none":
        ("record.wrong-value", ENTRY.replace(b"2020-06-20", b"2021-02-29")),
    "a day with an hour":
        ("record.wrong-value", ENTRY.replace(b"2020-06-20", b"2020-06-20T00:00:00Z")),
    "written down on a day that is none":
        ("record.wrong-value", UNIT.replace(b"2020-12-31T", b"2021-02-29T")),
    "written down in the year 0":
        ("record.wrong-value", UNIT.replace(b"2020-12-31T", b"0000-12-31T")),
    "written down on the last day of all":
        ("record.wrong-value", UNIT.replace(b"2020-12-31T", b"9999-12-31T")),
    "written down to the minute": ("record.wrong-value", UNIT.replace(b"T10:00Z", b"T10:01Z")),
    "an interval of three":
        ("record.wrong-value", encode(EXAMPLES["entry/1 refund"]).replace(
            b"[[19999000,20000000]]", b"[[1,2,3]]")),
    "too many of a list":
        ("record.wrong-value", DECISION.replace(
            b'"approved_by":[', b'"approved_by":[' + b'"%032x",' % 1 * 32)),
    "too long": ("record.too-long", UNIT + b" " * (RECORD_BYTES_MAX + 1 - len(UNIT))),
    "100,000 brackets": ("record.too-long", b"[" * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_record_is_refused_by_name(what: str) -> None:
    rule, data = HOSTILE[what]
    assert data not in (UNIT, DECISION, ENTRY, KEYS)
    assert refused(data) == rule


def test_every_rule_of_a_record_is_broken_by_some_hostile_one() -> None:
    assert {rule for rule, _data in HOSTILE.values()} == set(RECORD_RULES)


def test_what_is_wrong_is_said_where_it_is() -> None:
    with pytest.raises(BadRecord) as found:
        decode(ENTRY.replace(b'"place":"icbc', b'"owner":1,"place":"icbc'))
    assert found.value.facts == {"field": "owner", "where": "steps[0].pool"}
    with pytest.raises(BadRecord) as found:
        decode(UNIT.replace(b'"code":"box-24",', b""))
    assert found.value.facts == {"field": "code", "where": "unit/1"}
    with pytest.raises(BadRecord) as found:
        decode(b'{"schema":"\\u001b[2J"}')
    assert found.value.facts == {"schema": "\ufffd[2J"}


def test_what_is_wrong_travels_between_processes() -> None:
    error = BadRecord("record.float", where="quantity")
    again = pickle.loads(pickle.dumps(error))
    assert (again.rule, again.facts) == (error.rule, error.facts)


# ── writing ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"code": "BOX"}, "record.wrong-value"),
        ({"code": "box\n"}, "record.wrong-value"),
        ({"code": "\ud800"}, "record.wrong-value"),
        ({"per_base": 1.5}, "record.float"),
        ({"per_base": 2**53}, "record.wrong-value"),
        ({"per_base": 2**70}, "record.wrong-value"),
        ({"per_base": True}, "record.wrong-value"),
        ({"per_base": object()}, "record.wrong-value"),
        ({"recorded_at": "2021-02-29T10:00Z"}, "record.wrong-value"),
    ],
)
def test_nothing_is_written_that_could_not_be_read(change: dict[str, Any], rule: str) -> None:
    with pytest.raises(BadRecord) as found:
        encode(msgspec.structs.replace(EXAMPLES["unit/1"], **change))
    assert found.value.rule == rule


def test_a_record_that_does_not_fit_into_a_leaf_is_not_written() -> None:
    bulletin = EXAMPLES["bulletin/1"]
    assert isinstance(bulletin, Bulletin)
    long = msgspec.structs.replace(bulletin, figures=bulletin.figures * 128)
    with pytest.raises(BadRecord) as found:
        encode(long)
    assert found.value.rule == "record.too-long"
    assert found.value.facts["bytes_max"] == 65_535


def test_a_record_that_just_fits_is_written_and_read() -> None:
    key = "k+01234567+"
    room = RECORD_BYTES_MAX - len(KEYS)
    assert room > 0
    mark = EXAMPLES["recovery/1"]
    ids = tuple(f"{number:032x}" for number in range(1024))
    long = msgspec.structs.replace(mark, lost=ids)
    assert len(encode(long)) < RECORD_BYTES_MAX and decode(encode(long)) == long
    longest = KeyChange(
        id=mark.id, recorded_at=mark.recorded_at, old_key=key + "A" * 4000,
        new_key=key + "B" * 4000, from_on=EXAMPLES["key_change/1"].from_on,  # type: ignore[union-attr]
    )  # fmt: skip
    assert decode(encode(longest)) == longest


def test_equal_records_have_equal_bytes_however_they_were_made() -> None:
    made: Callable[..., Unit] = Unit
    fields = json.loads(UNIT)
    del fields["schema"]
    one, other = made(**fields), made(**dict(reversed(fields.items())))
    assert encode(one) == encode(other) == UNIT

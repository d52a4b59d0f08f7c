"""What others read instead of our code says the same as our code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from honghui.record.errors import BadRecord
from honghui.record.examples import EXAMPLES
from honghui.record.field_words import _OF_ONE_CLASS, meaning
from honghui.record.json_schemas import json_schemas
from honghui.record.publishing import reference_files, write_reference
from honghui.record.rules import RECORD_RULES
from honghui.record.schemas import SCHEMAS, Record, decode, encode
from tests.record.strategies import records, structs

DOCS = Path(__file__).resolve().parents[2] / "docs" / "records"
PAGE = (DOCS / "README.md").read_text("utf-8")
SCHEMA = json_schemas()
VALIDATORS = {
    name: Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for name, schema in SCHEMA.items()
}
FILES = reference_files()
# Fields that tell one class from another.
TAGS = {"schema", "step", "clause"}


def canonical(value: Any) -> bytes:
    """Of what has no key and no number but ours."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()  # fmt: skip


def valid(value: dict[str, Any]) -> bool:
    return bool(VALIDATORS[value["schema"]].is_valid(value))


# ── the files ────────────────────────────────────────────────────────────────────────────────


def test_the_folder_holds_what_the_code_generates_and_nothing_else() -> None:
    assert {path.name for path in DOCS.iterdir()} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_what_the_code_generates(name: str) -> None:
    """If not: `honghui record schemas docs/records`."""
    assert (DOCS / name).read_text("utf-8") == FILES[name]


def test_writing_makes_the_folder_and_all_of_it(tmp_path: Path) -> None:
    names = write_reference(tmp_path / "a" / "b")
    assert {path.name for path in (tmp_path / "a" / "b").iterdir()} == set(names) == set(FILES)
    assert len(names) == len(SCHEMAS) + 1


# ── JSON Schema ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_stands_alone(name: str) -> None:
    schema = SCHEMA[name]
    Draft202012Validator.check_schema(schema)
    referred = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(schema)))
    assert referred == {f"#/$defs/{part}" for part in schema["$defs"]}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_valid(name: str) -> None:
    value = json.loads(encode(EXAMPLES[name]))
    VALIDATORS[value["schema"]].validate(value)


@settings(max_examples=150, deadline=None)
@given(records())
def test_any_record_is_valid(record: Record) -> None:
    value = json.loads(encode(record))
    VALIDATORS[value["schema"]].validate(value)


def mutations(value: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is wrong with each of them, in every field at the top."""
    found: dict[str, dict[str, Any]] = {"a strange field": {**value, "zzz": 1}}
    for key in value:
        found[f"{key} is null"] = {**value, key: None}
        found[f"{key} is half"] = {**value, key: 0.5}
        found[f"{key} is an object"] = {**value, key: {"a": 1}}
        found[f"{key} is empty"] = {**value, key: []}
        found[f"{key} is a strange text"] = {**value, key: "Ä"}
        found[f"{key} ends in a line break"] = {**value, key: f"{value[key]}\n"}
    del found["schema is null"], found["schema is half"], found["schema is an object"]
    del found["schema is empty"], found["schema is a strange text"]
    del found["schema ends in a line break"]
    for key in SCHEMA[value["schema"]]["required"]:
        if key != "schema":
            found[f"{key} is missing"] = {k: v for k, v in value.items() if k != key}
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_changed_example_is_refused_by_the_schema_and_by_the_door(name: str) -> None:
    value = json.loads(encode(EXAMPLES[name]))
    wrong = mutations(value)
    assert len(wrong) > 20
    for what, changed in wrong.items():
        if what.endswith("approved_by is empty") and name != "bulletin/1":
            continue  # some may be empty, and it is written so
        with pytest.raises(BadRecord):
            decode(canonical(changed))
        assert not valid(changed), what


def test_a_default_written_out_is_refused_as_the_door_refuses_it() -> None:
    value = json.loads(encode(EXAMPLES["entry/1 gift"]))
    for key, default in (("part", 1), ("evidence", []), ("emergency", False)):
        changed = {**value, key: default}
        assert not valid(changed), key
        with pytest.raises(BadRecord):
            decode(canonical(changed))


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("quantity",), 2**53),
        (("pool", "society"), "33060"),
        (("pool", "stage"), "on_hand"),
        (("pool", "source"), "stolen"),
        (("at",), [[1, 2, 3]]),
        (("at",), [[1]]),
        (("at",), [["0", 1]]),
    ],
)
def test_what_is_wrong_within_a_step_is_refused(path: tuple[str, ...], wrong: object) -> None:
    value = json.loads(encode(EXAMPLES["entry/1 refund"]))
    at = value["steps"][0]
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = wrong
    assert not valid(value)
    with pytest.raises(BadRecord):
        decode(canonical(value))


# ── the page ─────────────────────────────────────────────────────────────────────────────────


def test_every_field_of_every_part_has_a_meaning() -> None:
    for kind, known in structs().items():
        for field in known.fields:
            assert meaning(kind, field.name).strip(), f"{kind.__name__}.{field.name}"


def test_every_meaning_is_of_a_field_that_is_there() -> None:
    fields = {
        f"{kind.__name__}.{f.name}" for kind, known in structs().items() for f in known.fields
    }
    assert set(_OF_ONE_CLASS) <= fields


def blocks() -> list[str]:
    return re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


def test_every_example_on_the_page_is_a_record_in_canonical_order() -> None:
    told = [decode(canonical(json.loads(block))) for block in blocks()]
    assert told == list(EXAMPLES.values())
    for block in blocks():
        assert json.dumps(json.loads(block)) == json.dumps(json.loads(block), sort_keys=True)
        assert all(len(line) <= 100 for line in block.splitlines())


def test_every_link_of_the_page_leads_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert len(links) > 80
    for link in links:
        assert (DOCS / link).is_file() if not link.startswith("#") else link[1:] in anchors, link


def test_the_page_names_every_schema_every_part_and_every_refusal() -> None:
    for name in (*SCHEMAS, *(part for one in SCHEMA.values() for part in one["$defs"])):
        assert re.search(rf"^###? {name}$", PAGE, re.MULTILINE), name
    for rule in RECORD_RULES:
        assert f"`{rule}`" in PAGE


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(widths) == 1, table[:200]

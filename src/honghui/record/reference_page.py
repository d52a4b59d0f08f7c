"""The reference of all records as one Markdown page, from the types and their own words."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from honghui.record import values
from honghui.record.examples import EXAMPLES
from honghui.record.field_words import listed, meaning
from honghui.record.json_schemas import Node, components, held
from honghui.record.rules import RECORD_RULES
from honghui.record.schemas import RECORD_BYTES_MAX, SCHEMAS, encode
from honghui.record.steps import UseClass

_WIDTH = 96
# How our patterns end in Python; to a reader, `$` says it.
_END = r"(?![\s\S])"
_NAMED = {
    "code": values.Code, "society code": values.SocietyCode, "commodity": values.Commodity,
    "id": values.Id, "pseudonym": values.Pseudonym, "hash": values.Hash,
    "hour": values.RecordedAt, "key": values.Vkey, "use": UseClass,
}  # fmt: skip
_INTRODUCTION = f"""# Records

<!-- Written by `honghui record schemas docs/records`. Change the types or their words instead. -->

What a society says in public is a sequence of records, one a leaf of its log. This page says what
each holds, field by field, with examples; the files beside it are the same as JSON Schema
(2020-12). `honghui record check FILE` says whether a record is valid, or which rule it breaks.

* A record is one JSON object of at most {RECORD_BYTES_MAX:,} bytes, in UTF-8 and canonical form
  (RFC 8785): keys in order, no blanks, the shortest escapes. Every other spelling is refused.
  The examples have line breaks for the eye only.
* A field that is not required stands there only where it is not at its default. There is no null.
* There is no float. A whole number is at most 2^53 - 1, and money is in the currency's smallest
  unit.
* A published schema never changes. It gets a new number instead, and the old one is read for ever.
* There is no name and no free text. A salted hash stands for it, and a side file opens the hash
  until it is withdrawn.
"""


_SIDE_FILES = """## Side files

A salted hash in a record stands for a name or a text. Its side file, at `/open/texts/HASH`, is
canonical JSON of two fields: `salt`, 32 random bytes in hexadecimal digits, and `text`, in NFC. The
hash is SHA-256 of three parts in a row, each with its length in front as eight bytes (big-endian):
the ASCII text `honghui text 1`, the salt, and the text in UTF-8.

A withdrawn side file is gone. Without the salt nobody can find the text by trying likely ones.
"""


def reference_page() -> str:
    parts = components()
    names = {kind.__name__: schema for schema, kind in SCHEMAS.items()}
    blocks = [_INTRODUCTION, _index(), _named_types(), _SIDE_FILES, _refusals()]
    for schema, kind in SCHEMAS.items():
        blocks.append(
            _section(schema, *parts[kind.__name__], f"[JSON Schema]({file_name(schema)})")
        )
        blocks.extend(_examples(schema))
    blocks.append("## Parts of records\n")
    others = sorted(name for name in parts if name not in names)
    blocks.extend("#" + _section(name, *parts[name]) for name in others)
    return "\n".join(blocks)


def file_name(schema: str) -> str:
    return f"{schema.replace('/', '-').replace('_', '-')}.json"


def _index() -> str:
    rows = [
        (f"[`{schema}`](#{_anchor(schema)})", _sentence(kind)) for schema, kind in SCHEMAS.items()
    ]
    return _table(("Schema", "What it says"), rows)


def _sentence(kind: type[Any]) -> str:
    """The first of the class's words, on one line; an entry's are a list of its fields."""
    if listed(kind):
        return "What people did with value, in one record or in several that stand in a row."
    words = " ".join(inspect.cleandoc(kind.__doc__ or "").split())
    return re.split(r"(?<=\.) ", words)[0]


def _named_types() -> str:
    rows = []
    for name, type_ in _NAMED.items():
        schema = msgspec.json.schema(type_)
        rows.append((name, schema["description"], _pattern(schema)))
    return "## Texts\n\n" + _table(("Text", "What it is", "Pattern"), rows)


def _refusals() -> str:
    rows = [(f"`{rule}`", words.en, words.zh) for rule, words in RECORD_RULES.items()]
    return "## Refusals\n\n" + _table(("Rule", "English", "中文"), rows)


def _section(name: str, kind: type[Any], node: Node, link: str = "") -> str:
    words = "" if listed(kind) or not kind.__doc__ else inspect.cleandoc(kind.__doc__) + "\n"
    required = set(node["required"])
    rows = [
        (f"`{field}`", "●" if field in required else "", _holds(one), meaning(kind, field))
        for field, one in node["properties"].items()
    ]
    table = _table(("Field", "Required", "Holds", "Meaning"), rows)
    return "\n".join(
        part for part in (f"## {name}\n", words, table, link + "\n" * bool(link)) if part
    )


def _holds(field: Node) -> str:
    node = held(field)
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return f"[{name}](#{_anchor(name)})"
    if "anyOf" in node:
        return "one of " + ", ".join(_holds(each) for each in node["anyOf"])
    if "enum" in node:
        return ", ".join(f"`{each}`" for each in node["enum"]) + _default(field)
    if node["type"] == "array":
        return _list(node)
    if node["type"] == "integer":
        return _integer(node) + _default(field)
    return _text(node) + _default(field)


def _text(node: Node) -> str:
    if node["type"] == "boolean":
        return "true or false"
    if node.get("format") == "date":
        return "day"
    for name, type_ in _NAMED.items():
        if msgspec.json.schema(type_) == node:
            return name
    return _pattern(node)


def _list(node: Node) -> str:
    if "prefixItems" in node:
        return "[first, past)"
    least, most = node.get("minItems", 0), node.get("maxItems")
    return f"{least} to {most:,} of: {_holds(node['items'])}"


def _integer(node: Node) -> str:
    most = node.get("maximum")
    return f"{_number(node['minimum'])} " + ("or more" if most is None else f"to {_number(most)}")


def _number(number: int) -> str:
    if abs(number) == values.INTEGER_MAX:
        return "2^53 - 1" if number > 0 else "-(2^53 - 1)"
    return f"{number:,}"


def _default(field: Node) -> str:
    default = field.get("default")
    return "" if default is None else f"; else {json.dumps(default)}"


def _examples(schema: str) -> Iterator[str]:
    for name, record in EXAMPLES.items():
        if name.split()[0] == schema:
            act = name.removeprefix(schema).strip()
            title = f"An example: {act}" if act else "An example"
            yield f"{title}\n\n```json\n{pretty(json.loads(encode(record)))}\n```\n"


def pretty(value: Any, indent: int = 0) -> str:
    """What fits into a line stands on one."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent <= _WIDTH or not isinstance(value, dict | list):
        return line
    inner = " " * (indent + 2)
    if isinstance(value, list):
        rows = [inner + pretty(each, indent + 2) for each in value]
        return "[\n" + ",\n".join(rows) + f"\n{' ' * indent}]"
    rows = [
        f"{inner}{json.dumps(key)}: {pretty(each, indent + len(key) + 6)}"
        if not isinstance(each, dict | list)
        else f"{inner}{json.dumps(key)}: {pretty(each, indent + 2)}"
        for key, each in value.items()
    ]
    return "{\n" + ",\n".join(rows) + f"\n{' ' * indent}}}"


def _anchor(heading: str) -> str:
    """As the usual readers of Markdown make it from a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def _pattern(node: Node) -> str:
    """As a cell of a table."""
    pattern = node["pattern"].removesuffix(_END).replace("|", r"\|")
    return f"`{pattern}`"

"""The record schemas as others read them: JSON Schema (2020-12), from the types.

JSON Schema cannot say everything: canonical form, a whole number written 1.0, a day that no
calendar has. `honghui record check` and the audit say the rest.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.inspect import StructType, type_info

from honghui.record.field_words import meaning
from honghui.record.schemas import KINDS, SCHEMAS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEFS = "#/$defs/"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$(?![\s\S])"

Node = dict[str, Any]


def json_schemas() -> dict[str, Node]:
    """By schema. Each stands alone: what it refers to is in its own `$defs`."""
    parts = {name: _published(node, kind) for name, (kind, node) in components().items()}
    return {
        schema: {
            "$schema": DIALECT,
            **parts[kind.__name__],
            "title": schema,
            "$defs": {name: parts[name] for name in sorted(_reached(parts[kind.__name__], parts))},
        }
        for schema, kind in SCHEMAS.items()
    }


def components() -> dict[str, tuple[type[Any], Node]]:
    """Every class that records are made of, by name, with what msgspec says of it."""
    _references, found = msgspec.json.schema_components(KINDS, ref_template=_DEFS + "{name}")
    kinds = dict(_classes())
    return {
        short_name(kinds[name]): (kinds[name], _renamed(node, kinds))
        for name, node in found.items()
    }  # fmt: skip


def short_name(kind: type[Any]) -> str:
    """A clause and a record may have one name, such as Decision."""
    twins = {one.__name__ for one in KINDS}
    is_twin = kind.__name__ in twins and kind not in KINDS
    return f"{kind.__name__}Clause" if is_twin else kind.__name__


def _classes() -> Iterator[tuple[str, type[Any]]]:
    """Under both names that msgspec may use: where two classes share one, the long one."""
    for kind in _structs():
        yield kind.__name__, kind
        yield f"{kind.__module__}.{kind.__qualname__}", kind


def _structs() -> Iterator[type[Any]]:
    seen: set[type[Any]] = set()
    rest: list[Any] = [type_info(kind) for kind in KINDS]
    while rest:
        one = rest.pop()
        rest.extend(getattr(one, "types", ()))
        rest.extend(getattr(one, "item_types", ()))
        rest.extend(getattr(one, name) for name in ("type", "item_type") if hasattr(one, name))
        if isinstance(one, StructType) and one.cls not in seen:
            seen.add(one.cls)
            rest.extend(field.type for field in one.fields)
            yield one.cls


def _renamed(node: Any, kinds: dict[str, type[Any]]) -> Any:
    """With short names, and without what is no JSON Schema but OpenAPI."""
    if isinstance(node, list):
        return [_renamed(each, kinds) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": _DEFS + short_name(kinds[node["$ref"].removeprefix(_DEFS)])}
    return {key: _renamed(each, kinds) for key, each in node.items() if key != "discriminator"}


def _published(node: Node, kind: type[Any]) -> Node:
    """Fields with their meaning, and without null or a default: those are left out instead."""
    fields = {
        name: {**_strict(_held(field)), "description": meaning(kind, name)}
        for name, field in node["properties"].items()
    }
    words = {"description": inspect.cleandoc(kind.__doc__)} if kind.__doc__ else {}
    return {**node, "title": short_name(kind), **words, "properties": fields}


def held(field: Node) -> Node:
    """What a field holds where it is there at all."""
    rest = {key: each for key, each in field.items() if key != "default"}
    if "anyOf" not in rest:
        return rest
    choices = [each for each in rest["anyOf"] if each != {"type": "null"}]
    return dict(choices[0]) if len(choices) == 1 else {**rest, "anyOf": choices}


def _held(field: Node) -> Node:
    found, default = held(field), field.get("default")
    if default == []:
        return {**found, "minItems": 1}
    return found if default is None else {**found, "not": {"const": default}}


def _strict(node: Any) -> Any:
    """`format` is a hint to most readers; a pattern is not."""
    if isinstance(node, list):
        return [_strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: _strict(each) for key, each in node.items()}
    return {**found, "pattern": _DAY} if found.get("format") == "date" else found


def _reached(node: Any, parts: dict[str, Node]) -> set[str]:
    found: set[str] = set()
    rest = [node]
    while rest:
        one = rest.pop()
        if isinstance(one, dict):
            name = str(one.get("$ref", "")).removeprefix(_DEFS)
            if name and name not in found:
                found.add(name)
                rest.append(parts[name])
            rest.extend(one.values())
        elif isinstance(one, list):
            rest.extend(one)
    return found

"""Any record that its type allows, for hypothesis, made from the types alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

from honghui.record.schemas import KINDS, Record
from honghui.record.values import INTEGER_MAX

_END = r"(?![\s\S])"
_LIST = 3
_HOURS = st.builds(
    "{}T{:02}:00Z".format, st.dates(date(1000, 1, 1), date(2999, 12, 31)), st.integers(0, 23)
)


@cache
def records() -> st.SearchStrategy[Record]:
    return st.sampled_from(KINDS).flatmap(lambda kind: of_type(inspect.type_info(kind)))


def of_type(one: Any) -> st.SearchStrategy[Any]:
    match one:
        case inspect.StructType():
            return _struct(one.cls)
        case inspect.UnionType():
            return st.one_of([of_type(each) for each in one.types])
        case inspect.VarTupleType():
            least = one.min_length or 0
            most = min(one.max_length, least + _LIST)
            return st.lists(of_type(one.item_type), min_size=least, max_size=most).map(tuple)
        case inspect.TupleType():
            return st.tuples(*(of_type(each) for each in one.item_types))
        case inspect.IntType():
            return _integers(one)
        case inspect.StrType():
            return _texts(one.pattern)
        case inspect.LiteralType():
            return st.sampled_from(one.values)
        case inspect.DateType():
            return st.dates()
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
        case inspect.Metadata():
            return of_type(one.type)
    raise AssertionError(f"a record holds {one}, which these tests do not know")


@cache
def _struct(kind: type[Any]) -> st.SearchStrategy[Any]:
    fields = {field.name: of_type(field.type) for field in inspect.type_info(kind).fields}  # type: ignore[attr-defined]
    return st.builds(kind, **fields)


def _integers(one: inspect.IntType) -> st.SearchStrategy[int]:
    least, most = one.ge if one.ge is not None else 0, min(one.le or INTEGER_MAX, INTEGER_MAX)
    return st.sampled_from([least, most]) | st.integers(least, most)


@cache
def _texts(pattern: str) -> st.SearchStrategy[str]:
    if ":00Z" in pattern:
        return _HOURS
    return st.from_regex(pattern.removesuffix(_END), fullmatch=True)


def inside(one: Any) -> Iterator[Any]:
    """The type and all that it is made of, down to the fields' own types, but into no struct."""
    yield one
    below = [getattr(one, name) for name in ("type", "item_type") if hasattr(one, name)]
    for each in (*below, *getattr(one, "types", ()), *getattr(one, "item_types", ())):
        yield from inside(each)


def structs() -> dict[type[Any], inspect.StructType]:
    """Every class that records are made of, and what is known of it."""
    found: dict[type[Any], inspect.StructType] = {}
    rest: list[Any] = [inspect.type_info(kind) for kind in KINDS]
    while rest:
        for one in inside(rest.pop()):
            if isinstance(one, inspect.StructType) and one.cls not in found:
                found[one.cls] = one
                rest.extend(field.type for field in one.fields)
    return found

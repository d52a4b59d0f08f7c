"""What a row of the table of access is, who the cast is, and how a row is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from honghui.kernel.errors import NotAllowed, NotFound

REASON = "登记表与本人核对过了。"
OTHER_SOCIETY = "330400"  # nobody of the cast has a role there
TODAY = date(2020, 6, 24)

VISITOR = "visitor"
IN_MODE = "administrator in mode"

# Where each member's own objects lie: the society of their role, else of their affiliation.
OWN_SOCIETY = {
    VISITOR: "330600",
    "outsider": "330100",
    "volunteer": "330324",
    "officer": "330600",
    "officer2": "330600",
    "finance": "330600",
    "storekeeper": "330600",
    "auditor": "330600",
    "administrator": "330600",
    IN_MODE: "330600",
    "province": "330000",
    "editor": "330000",
    "team-leader": "331081",
    "caseworker": "330800",
    "trainer": "330700",
}
MEMBERS = tuple(OWN_SOCIETY)

NOBODY: frozenset[str] = frozenset()
EVERYBODY = frozenset(MEMBERS)
SIGNED_IN = EVERYBODY - {VISITOR}
WITH_A_ROLE = SIGNED_IN - {"outsider", "volunteer"}
OFFICERS = frozenset({"officer", "officer2", "province"})
CASES = OFFICERS | {"caseworker"}
REGISTER = CASES | {"team-leader", "trainer", IN_MODE}
SEE_PEOPLE = REGISTER | {"finance", "auditor"}
BOOKS = OFFICERS | {"finance"}
SEE_MONEY = BOOKS | {"auditor"}
ADMINISTRATOR = frozenset({"administrator", IN_MODE})
MODE_ONLY = frozenset({IN_MODE})
OVERSIGHT = ADMINISTRATOR | {"auditor"}

Values = Mapping[str, Any]


def nothing(it: Any) -> Values:
    return {}


@dataclass(frozen=True)
class Row:
    """may: who, on their own society's object; others: who, on another society's; None: there
    is no object. For an address `given` makes the path's parts, for an action its keywords."""

    kind: Literal["url", "action"]
    name: str
    may: frozenset[str]
    others: frozenset[str] | None = None
    given: Callable[[Any], Values] = nothing
    permission: str = ""
    variant: str = ""
    methods: tuple[str, ...] = ("GET",)
    data: Values = field(default_factory=dict)
    let_in: frozenset[int] = frozenset({200, 302, 422})
    refused_with: tuple[type[Exception], ...] = (NotAllowed, NotFound)
    about_oneself: bool = False

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}{'+' if self.variant else ''}{self.variant}"


def page(name: str, may: frozenset[str], permission: str = "", **values: Any) -> Row:
    return Row("url", name, may, permission=permission, **values)


def form(name: str, may: frozenset[str], permission: str, **values: Any) -> Row:
    """Looked at, then sent empty: who is let in sees what is missing."""
    return page(name, may, permission, methods=("GET", "POST"), **values)


def act(
    name: str,
    may: frozenset[str],
    permission: str,
    given: Callable[[Any], Values],
    *,
    others: frozenset[str] | None = NOBODY,
    within: str = "registry.actions",
    **values: Any,
) -> Row:
    return Row("action", f"honghui.{within}.{name}", may, others, given, permission, **values)

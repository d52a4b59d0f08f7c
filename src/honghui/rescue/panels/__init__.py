"""What the page of an incident is made of: one file a part of the house, found by itself.

A file here has a list PANELS. Whoever adds one puts a template into
`templates/rescue/incidents/_sections/`, which gets `it` (what `context` made) and `incident`. A
panel whose context is None is not shown. Orders in use: 5 teams (whoever is woken at
night calls somebody first), 10 situation, 40 needs, 50 requests and level, 60 map, 90 log; the
report stands between 70 and 89.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from honghui.kernel.actors import Actor
from honghui.rescue.models import Incident


@dataclass(frozen=True)
class Panel:
    """`code` is the section's id in the page. `context` may cost a few queries: say how many."""

    code: str
    order: int
    template: str
    context: Callable[[Actor, Incident], Mapping[str, Any] | None]


@cache
def panels() -> tuple[Panel, ...]:
    """All of them, in order."""
    found: list[Panel] = []
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        found += import_module(module.name).PANELS
    codes = [panel.code for panel in found]
    assert len(set(codes)) == len(codes), "two panels have one code"
    return tuple(sorted(found, key=lambda panel: panel.order))


def shown(by: Actor, incident: Incident) -> list[tuple[Panel, Mapping[str, Any]]]:
    """The panels of this incident for this actor, each with what its template gets as `it`."""
    made = ((panel, panel.context(by, incident)) for panel in panels())
    return [(panel, context) for panel, context in made if context is not None]

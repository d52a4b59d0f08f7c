"""Loads a sample world into an empty installation: all of it or nothing.

A world is a module here with NAME, TITLE, PINNED_AT and `load(report)`. It is loaded act by act,
through the same actions people use, each at its own moment (`clock.at`), so that its journal
reads like a month of work. One transaction holds everything: a killed load leaves nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from honghui.kernel import clock
from honghui.kernel.errors import CannotRun
from honghui.kernel.models import World
from honghui.ledger.sequencer import health
from honghui.registry.models import Organisation, Person, Society

NAMES = ("zhejiang_2020",)

# Any number will do that nobody else takes: two loads at once must not meet half-way.
_LOCK = 370_2020_06_24
CATCH_UP_SECONDS_MAX = 60.0

Report = Callable[[str], None]


class WorldModule(Protocol):
    """What a world's module offers. `report` takes a line for whoever watches."""

    NAME: str
    TITLE: str
    PINNED_AT: datetime

    def load(self, report: Report, *, without: Collection[str] = ()) -> None: ...


def worlds() -> list[WorldModule]:
    return [_module(name) for name in NAMES]


def load_world(name: str, report: Report, *, without: Collection[str] = ()) -> bool:
    """Loads the world, unless it is there already; whether it was loaded now. `without`: parts to
    leave out ("rescue"), for tests that begin with their own. CannotRun "world.…": unknown,
    other_world, data_there, loading."""
    if name not in NAMES:
        raise CannotRun(
            "world.unknown",
            _("There is no world called %(name)s.") % {"name": name},
            _("Available: %(names)s.") % {"names": ", ".join(NAMES)},
        )
    world = _module(name)
    try:
        with transaction.atomic(), clock.at(world.PINNED_AT):
            _take_lock()
            if _is_there(name):
                return False
            _require_empty()
            World.objects.create(
                name=name, pinned_at=world.PINNED_AT, loaded_at=clock.machine_now()
            )
            world.load(report, without=without)
    finally:
        clock.forget_pin()
    return True


def finish_world(name: str, report: Report) -> bool:
    """What a world can do only once its records stand in the log: its `after_publishing`, if it has
    one, which does nothing the second time. Waits for the sequencer; False where that was not
    there in time, and the next start goes on."""
    finish = getattr(_module(name), "after_publishing", None)
    if finish is None:
        return True
    deadline = time.monotonic() + CATCH_UP_SECONDS_MAX
    while (state := health()).waiting or state.unpublished:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    finish(report)
    return True


def _module(name: str) -> WorldModule:
    return cast(WorldModule, import_module(f"honghui.worlds.{name}"))


def _take_lock() -> None:
    """Held until the transaction ends, whichever way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        row = cursor.fetchone()
    if not row or not row[0]:
        raise CannotRun(
            "world.loading",
            _("Another process is loading a world into this database."),
            _("Wait until it has finished, then look again."),
        )


def _is_there(name: str) -> bool:
    there = World.objects.first()
    if there is None:
        return False
    if there.name != name:
        raise CannotRun(
            "world.other_world",
            _("Another world is loaded here: %(name)s.") % {"name": there.name},
            _("Use an empty database, or another data folder."),
        )
    return True


def _require_empty() -> None:
    """Divisions may be there: they are the same in every world. Everything else hangs on these
    three (accounts on people, units and roles on societies)."""
    if any(model._default_manager.exists() for model in (Society, Person, Organisation)):
        raise CannotRun(
            "world.data_there",
            _("This database has data of its own; a sample world is never mixed with it."),
            _("Use an empty database, or another data folder."),
        )

"""Grass-roots units: open, close. They are public."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry import access, rules, searching
from honghui.registry.models import GrassRootsUnit, Organisation, SearchEntry, Society
from honghui.registry.permissions import MANAGE_UNITS

NAME_LIMIT = 80


@action("registry.unit.opened")
def open_unit(
    *,
    by: Actor,
    society: Society,
    name: str,
    kind: str,
    name_en: str = "",
    organisation: Organisation | None = None,
    opened_on: date | None = None,
    source: str = "",
) -> GrassRootsUnit:
    access.require(by, MANAGE_UNITS, society.code)
    if kind not in GrassRootsUnit.Kind.values:
        raise Invalid("registry.kind.unknown", _("This kind is unknown."), field="kind")
    unit = GrassRootsUnit(
        society=society,
        kind=kind,
        name=text.name_line(name, limit=NAME_LIMIT),
        name_en=text.clean_line(name_en, limit=120, field="name_en") if name_en.strip() else "",
        organisation=organisation,
        opened_on=opened_on,
        source=source,
    )
    _save(unit)
    searching.index(
        SearchEntry.Kind.UNIT, unit.pk, unit.name, label_en=unit.name_en, is_public=True, rank=4
    )
    record(
        by=by,
        verb="registry.unit.opened",
        about=unit,
        society_code=society.code,
        after={"name": unit.name, "kind": kind, "opened_on": opened_on},
    )
    return unit


@action("registry.unit.closed")
def close_unit(*, by: Actor, unit: GrassRootsUnit, closed_on: date, reason: str) -> GrassRootsUnit:
    unit = access.unit(by, unit.pk)
    access.require(by, MANAGE_UNITS, unit.society_id)
    unit = GrassRootsUnit.objects.select_for_update().get(pk=unit.pk)
    if unit.closed_on:
        raise Conflict(
            "registry.unit.closed_already",
            _("This unit has already been closed."),
            _("If it becomes active again, open a new one."),
        )
    reason = rules.check_reason(reason)
    rules.check_period(unit.opened_on, closed_on, field="closed_on")
    unit.closed_on = closed_on
    unit.save(update_fields=["closed_on"])
    searching.forget(SearchEntry.Kind.UNIT, unit.pk)
    record(
        by=by,
        verb="registry.unit.closed",
        about=unit,
        society_code=unit.society_id,
        reason=reason,
        after={"closed_on": closed_on},
    )
    return unit


def _save(unit: GrassRootsUnit) -> None:
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError as error:
        if "unit_name_is_used_once_in_a_society" not in str(error):
            raise
        raise Conflict(
            "registry.unit.known",
            _("This society already has an open unit of this name."),
            _("Add what tells them apart, such as the street."),
            field="name",
        ) from error

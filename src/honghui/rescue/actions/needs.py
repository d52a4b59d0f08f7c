"""What is missing at an incident: told, met in part, closed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.kernel.measures import Qualifier
from honghui.rescue.leading import check_code, locked, record_of
from honghui.rescue.lines import add_line
from honghui.rescue.models import Incident, Need, Skill
from honghui.rescue.rules.figures import VALUE_MAX
from honghui.rescue.rules.incidents import check_not_in_future
from honghui.rescue.words.measures import NEED_UNITS


@action("rescue.need.told")
def tell_need(
    *,
    by: Actor,
    incident: Incident,
    what: str,
    what_en: str = "",
    skill: Skill | None = None,
    value: int | None = None,
    qualifier: str = "exact",
    unit: str = "",
    told_at: datetime | None = None,
) -> Need:
    """People of a skill, gear or goods. How many may stay unknown (`value` none)."""
    incident = locked(by, incident)
    told_at = told_at or clock.now()
    check_not_in_future(told_at, clock.now(), field="told_at")
    what = text.clean_line(what, limit=80, field="what") or (skill.name if skill else "")
    what_en = text.clean_line(what_en, limit=120, field="what_en")
    if not what:
        raise Invalid(
            "rescue.need.nothing",
            _("What is needed is missing."),
            _("Name it, or choose what the people must be able to do."),
            field="what",
        )
    if value is not None:
        check_code(unit, NEED_UNITS, "unit")
        _check_count(value, "value")
    check_code(qualifier, list(Qualifier), "qualifier")
    need = Need.objects.create(
        incident=incident,
        what=what,
        what_en=what_en or (skill.name_en if skill else ""),
        skill=skill,
        value=value,
        qualifier=qualifier,
        unit=unit if value is not None else "",
        told_at=told_at,
    )
    figure = {"value": value, "unit": unit, "qualifier": qualifier} if value is not None else ""
    add_line(
        by, incident, "need_told", at=told_at, what=need.what, what_en=need.what_en, figure=figure
    )
    after = {"what": what, "value": value, "unit": unit}
    record_of(by, "rescue.need.told", incident, about=need, after=after)
    return need


@action("rescue.need.changed")
def change_need(*, by: Actor, need: Need, met: int) -> Need:
    """How much of it is met by now: the whole, not what was added."""
    incident = locked(by, need.incident)
    need = _open_need(need)
    _check_count(met, "met")
    before, need.met = need.met, met
    need.save(update_fields=["met"])
    figure = {"value": met, "unit": need.unit or "item", "qualifier": "exact"}
    add_line(by, incident, "need_changed", what=need.what, what_en=need.what_en, figure=figure)
    record_of(
        by, "rescue.need.changed", incident, about=need, before={"met": before},
        after={"met": met},
    )  # fmt: skip
    return need


@action("rescue.need.closed")
def close_need(*, by: Actor, need: Need) -> Need:
    """No longer needed, met or not."""
    incident = locked(by, need.incident)
    need = _open_need(need)
    need.closed_at = clock.now()
    need.save(update_fields=["closed_at"])
    add_line(by, incident, "need_closed", what=need.what, what_en=need.what_en)
    record_of(by, "rescue.need.closed", incident, about=need)
    return need


def _open_need(need: Need) -> Need:
    found = Need.objects.select_for_update(no_key=True).get(pk=need.pk)
    if found.closed_at is not None:
        raise Conflict(
            "rescue.need.closed_already",
            _("This need was closed already."),
            _("Write down a new one if something is missing again."),
        )
    return found


def _check_count(value: int, field: str) -> None:
    if not 0 <= value <= VALUE_MAX:
        raise Invalid(
            "rescue.need.not_a_count",
            _("This is no number of things."),
            _("Write a whole number, or leave it open."),
            field=field,
        )

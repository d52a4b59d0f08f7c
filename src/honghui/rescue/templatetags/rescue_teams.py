"""Words of teams, stand-by, gear and readiness for templates, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from honghui.kernel.units import UNITS
from honghui.rescue.models import GearIssue, StandBy, Team
from honghui.rescue.queries.duty import Duty
from honghui.rescue.queries.gear import GearRow, VehicleRow
from honghui.rescue.rules.rosters import shortage
from honghui.rescue.words import gear as gear_words
from honghui.rescue.words import rosters as roster_words
from honghui.rescue.words import teams as words
from honghui.rescue.words.incidents import STATES
from honghui.ui.components.text import state

register = template.Library()

register.filter("short_words", roster_words.short_words)
register.filter("moment_words", roster_words.moment_words)


@register.simple_tag
def team_state(team: Team) -> SafeString:
    shape, word = words.TEAM_STATES[team.state]
    return state(shape, word)


@register.filter
def team_role(code: str) -> str:
    return str(words.ROLES[code])


@register.filter
def availability_words(code: str) -> str:
    return str(words.AVAILABILITY[code])


@register.simple_tag
def duty_state(duty: Duty) -> SafeString:
    """Ready, only if short, off duty: a shape and a word."""
    if not duty.is_ready:
        return state("off", _("Off duty"))
    if duty.only_if_short:
        return state("half", _("Only if short"))
    return state("used", _("Ready"))


@register.simple_tag
def why_not(duty: Duty, skills: Mapping[str, str]) -> str:
    """Why off duty, or what somebody cannot be sent for; empty when there is nothing to say."""
    reasons = duty.reasons or duty.limits
    return words.joined(words.reason_words(one, skills) for one in reasons)


@register.filter
def named_skill(code: str, skills: Mapping[str, str]) -> str:
    return skills.get(code, code)


@register.filter
def stand_by_reason(code: str) -> str:
    return str(roster_words.REASONS[code])


@register.filter
def stand_by_title(one: StandBy) -> str:
    english = (get_language() or "zh").startswith("en")
    own = one.title_en if english and one.title_en else one.title
    return own or str(roster_words.REASONS[one.reason])


@register.filter
def period(one: StandBy) -> str:
    return roster_words.period_words(one.from_at, one.until_at)


@register.filter
def period_of_day(one: StandBy) -> str:
    """Under its day: the hours, and the day only where it ends on another."""
    return roster_words.hours_words(one.from_at, one.until_at)


register.filter("weekday", roster_words.weekday)


@register.simple_tag
def cover_state(taken: int, wanted: int) -> SafeString:
    """Covered, or by how many it is short."""
    short = shortage(wanted, taken)
    if short:
        return state("now", _("short by %(n)s") % {"n": short})
    return state("used", pgettext("a roster", "covered"))


@register.simple_tag
def short_from(taken: int, wanted: int, from_at: datetime) -> str:
    return roster_words.short_words(shortage(wanted, taken), from_at)


@register.filter
def gear_kind(code: str) -> str:
    return str(gear_words.GEAR.get(code, code))


@register.filter
def vehicle_kind(code: str) -> str:
    return str(gear_words.VEHICLES[code])


@register.filter
def gear_unit(code: str) -> str:
    known = UNITS.get(code)
    return known.name(get_language() or "zh", count=2) if known else code


@register.simple_tag
def fitness(row: GearRow | VehicleRow) -> SafeString:
    """Fit, unfit, or its inspection overdue; what was never inspected says so."""
    thing = row.gear if isinstance(row, GearRow) else row.vehicle
    if not thing.is_fit:
        return state("now", _("Unfit"))
    if row.is_overdue:
        return state("now", _("Inspection overdue"))
    if thing.inspected_on is None:
        return state("held", _("Not inspected yet"))
    return state("used", _("Fit"))


@register.filter
def issued_for(issue: GearIssue) -> str:
    if issue.mission is not None:
        return issue.mission.incident.title
    return issue.note or _("training")


@register.filter
def measure_name(code: str) -> str:
    return str(gear_words.MEASURES[code][0])


@register.filter
def measure_unit(code: str) -> str:
    return gear_unit(gear_words.MEASURES[code][1])


@register.filter
def incident_state(code: str) -> Any:
    return STATES[code][1]

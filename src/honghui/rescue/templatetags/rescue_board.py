"""Words and pictures of the board and of the report, for templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from honghui.kernel.measures import Qualifier
from honghui.registry.naming import local_text
from honghui.rescue.models import Claim, LogLine, Need, PublicPhoto, RescueReport
from honghui.rescue.queries.board import TeamRow
from honghui.rescue.rules.board import STEPS, Number, Told
from honghui.rescue.words import board as words
from honghui.rescue.words import reports as report_words
from honghui.rescue.words.incidents import NUMERALS
from honghui.rescue.words.lines import say
from honghui.rescue.words.missions import STATES
from honghui.ui.components import text

register = template.Library()

for _name, _function in (
    ("number_words", words.number_words),
    ("figure_words", words.figure_words),
    ("is_known", words.is_known),
    ("vehicle_words", words.vehicle_words),
    ("task_words", words.task_words),
    ("flag_words", words.flag_words),
    ("short_team", words.short_team),
    ("title_words", words.title_words),
    ("place_words", words.place_words),
    ("team_words", words.team_words),
):
    register.filter(_name, _function)


@register.filter
def qualifier_word(number: Number) -> str:
    """The word before a large number; nothing for one that is exact or not known."""
    if not words.is_known(number):
        return ""
    return Qualifier(number.qualifier).word("zh" if text.is_chinese() else "en")


@register.simple_tag
def standing(team: TeamRow, moment: datetime) -> SafeString:
    """Where the team is: a shape and a word. Once its mission is closed nobody is anywhere, also
    where the source did not say when they went home."""
    closed_at = team.mission.closed_at
    if team.mission.state == "closed" and closed_at and closed_at <= moment:
        return text.state(*STATES["closed"])
    name = "asked" if team.step < 0 else STEPS[team.step]
    if name == "leaving" and any(group.is_there for group in team.groups):
        name = "ordered_back"
    return text.state(*words.STANDING[name])


@register.simple_tag
def steps_of(team: TeamRow, moment: datetime) -> list[dict[str, Any]]:
    """The five steps: reached or not, and when; "" where nobody told when."""
    return [
        {
            "text": words.STEPS[name],
            "reached": number <= team.step,
            "current": number == team.step,
            "times": _times(team.times[number], moment),
        }
        for number, name in enumerate(STEPS)
    ]


def _times(told: Any, moment: datetime) -> str:
    joiner = "、" if text.is_chinese() else ", "
    shown = [one for one in told if one.kind != "left"] or list(told)
    said, day_of = [], moment
    for one in shown:
        said.append(words.told_words(one, day_of))
        day_of = one.at
    return joiner.join(dict.fromkeys(said))


@register.simple_tag
def hour(at: datetime, qualifier: str = "exact", day_of: datetime | None = None) -> str:
    return words.hour_words(at, qualifier, day_of=day_of)


@register.simple_tag
def told(one: Told, day_of: datetime | None = None) -> str:
    return words.told_words(one, day_of)


@register.simple_tag
def elapsed(since: datetime, moment: datetime) -> str:
    return words.elapsed_words(since, moment)


@register.filter
def people_words(count: int) -> str:
    return words.number_words(Number(count))


@register.filter
def any_of(counts: Mapping[str, int]) -> bool:
    return any(counts.values())


@register.simple_tag
def batch_name(number: int) -> str:
    return gettext("batch %(number)s") % {"number": number}


@register.simple_tag
def last_time(team: TeamRow, moment: datetime) -> str:
    """When it came to where it stands."""
    return _times(team.times[team.step], moment) if team.step > 0 else ""


@register.simple_tag
def need_text(need: Need) -> str:
    """What is missing, how much of it, and how much has come."""
    what = (not text.is_chinese() and need.what_en) or need.what
    if need.value is None:
        return what
    gap = "" if text.is_chinese() else " "
    said = f"{what} {words.number_words(Number(need.value, need.qualifier), need.unit)}"
    if not need.met:
        return said
    met = gettext("%(count)s have come") % {"count": need.met}
    return f"{said}{'，' if not gap else ', '}{met}"


@register.simple_tag
def line_text(line: LogLine) -> str:
    return say(line)


@register.filter
def roman(level: int) -> str:
    return NUMERALS[level]


@register.simple_tag
def finding_state(kind: str) -> SafeString:
    """It holds, it differs, nobody told: a shape and a word."""
    return text.state(*report_words.KINDS[kind])


@register.simple_tag
def report_state(report: RescueReport) -> SafeString:
    return text.state(*report_words.STATES[report.state])


@register.filter
def correction_words(report: RescueReport) -> str:
    return str(report_words.CORRECTIONS.get(report.correction_reason, ""))


@register.filter
def claim_words(claim: Claim) -> str:
    known = report_words.CLAIMS.get(claim.measure)
    return str(known[0]) if known else claim.measure


@register.filter
def claim_number(claim: Claim) -> str:
    return words.number_words(Number(claim.value, claim.qualifier), claim.unit)


@register.filter
def photo_caption(photo: PublicPhoto | None) -> str:
    """What is to be seen, in the reader's language; "" where nothing was chosen."""
    return local_text(photo.caption, photo.caption_en) if photo else ""

"""Words of missions for templates, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from honghui.kernel.units import UNITS, format_scaled
from honghui.registry.naming import local_text
from honghui.rescue.models import (
    Mission,
    MissionVehicle,
    Position,
    Responder,
    Task,
    TaskResult,
    Telling,
)
from honghui.rescue.queries.mission_map import distance_words
from honghui.rescue.rules.missions import QUESTIONS
from honghui.rescue.words import board
from honghui.rescue.words import missions as words
from honghui.rescue.words.measures import figure_text
from honghui.ui.components.text import is_chinese, state

register = template.Library()
register.filter("batch_words", words.batch_words)
register.filter("distance_words", distance_words)


@register.simple_tag
def mission_state(mission: Mission) -> SafeString:
    kind, text = words.STATES[mission.state]
    return state(kind, text)


@register.simple_tag
def responder_state(responder: Responder) -> SafeString:
    kind, text = words.RESPONDER_STATES[responder.state]
    return state(kind, text)


@register.simple_tag
def injury_state(code: str) -> SafeString:
    kind, text = words.INJURY_STATES[code]
    return state(kind, text)


@register.filter
def telling_words(kind: str) -> object:
    return words.TELLINGS[kind]


@register.simple_tag
def telling_flags(telling: Telling) -> SafeString:
    """What does not fit, each with its shape: vermilion while nobody has looked at it."""
    is_settled = bool(telling.settled_reason or telling.void_reason)
    shown = [
        ("now" if flag in QUESTIONS and not is_settled else "off", words.FLAGS.get(flag, flag))
        for flag in telling.flags
    ]
    return format_html_join(SafeString(" "), "{}", ((state(*each),) for each in shown))


@register.simple_tag
def responder_flags(responder: Responder) -> SafeString:
    shown = [
        ("now" if flag in words.GRAVE else "half", words.RESPONDER_FLAGS.get(flag, flag))
        for flag in responder.flags
    ]
    return format_html_join(SafeString(" "), "{}", ((state(*each),) for each in shown))


@register.filter
def flags_text(flags: Sequence[str]) -> str:
    """Those of a responder, in one line."""
    return " · ".join(str(words.RESPONDER_FLAGS.get(flag, flag)) for flag in flags)


@register.simple_tag
def position_flags(position: Position) -> SafeString:
    shown = [("now", words.POSITION_FLAGS.get(flag, flag)) for flag in position.flags]
    return format_html_join(SafeString(" "), "{}", ((state(*each),) for each in shown))


@register.filter
def people_text(value: int | None, qualifier: str) -> str:
    return figure_text(value, "person", qualifier)


@register.filter
def result_text(result: TaskResult) -> str:
    """ "Moved to safety: about 40 people"."""
    number = figure_text(result.value, result.unit, result.qualifier)
    colon = "：" if is_chinese() else ": "
    return f"{words.RESULTS.get(result.measure, result.measure)}{colon}{number}"


@register.filter
def task_kind(code: str) -> object:
    return words.TASKS.get(code, code)


@register.filter
def task_title(task: Task) -> str:
    return local_text(task.title, task.title_en)


@register.filter
def task_result(task: Task) -> str:
    return local_text(task.result, task.result_en)


@register.filter
def vehicle_text(row: MissionVehicle) -> str:
    """ "Trucks: 2", "货车2辆"; its own name where it is known which."""
    if row.vehicle is not None:
        return str(row.vehicle.name)
    kind = str(board.VEHICLES[row.kind])
    if is_chinese():
        unit = "艘" if row.kind in ("boat", "raft") else "辆"
        return f"{kind}{row.count}{unit}"
    return f"{kind[:1].upper()}{kind[1:]}: {row.count}"


@register.filter
def hours_text(minutes: int) -> str:
    """ "12小时30分", "12 h 30 min"."""
    hours, left = divmod(minutes, 60)
    if is_chinese():
        return f"{hours}小时{left}分" if left else f"{hours}小时"
    return f"{hours} h {left} min" if left else f"{hours} h"


@register.filter
def in_unit(value: int, unit: str) -> str:
    known = UNITS.get(unit)
    text = format_scaled(value, 0)
    if known is None:
        return f"{text} {unit}"
    chinese = is_chinese()
    name = known.name("zh" if chinese else "en", count=value)
    return f"{text}{name}" if chinese else f"{text} {name}"


@register.filter
def unit_name(code: str) -> str:
    return UNITS[code].name("zh" if is_chinese() else "en", count=2)


@register.simple_tag
def who(person: Any) -> SafeString:
    """A name, or a number for whoever may not know it. `person`: with `name` and `number`."""
    known = person if isinstance(person, Mapping) else vars(person)
    if known["name"]:
        return format_html("{}", known["name"])
    return format_html('<span class="dim">{}</span>', gettext("No. %(n)s") % {"n": known["number"]})

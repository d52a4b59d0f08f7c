"""Words of the registry for templates, in the reader's language."""

from __future__ import annotations

from typing import Any, Protocol

from django import template
from django.utils.translation import get_language, gettext

from honghui.journal.models import Act
from honghui.registry import naming
from honghui.registry.permissions import ROLE_NAMES, Role

register = template.Library()


class Placed(Protocol):
    place_name: str
    place_name_en: str


register.filter("local_name", naming.local_name)
register.filter("society_name", naming.local_name)
register.filter("node_name", naming.local_name)


@register.filter
def place_name(placed: Placed) -> str:
    return placed.place_name_en if get_language() == "en" else placed.place_name


@register.filter
def affiliation_kind(code: str) -> Any:
    return naming.AFFILIATION_KINDS[code]


@register.filter
def organisation_kind(code: str) -> Any:
    return naming.ORGANISATION_KINDS[code]


@register.filter
def unit_kind(code: str) -> Any:
    return naming.UNIT_KINDS[code]


@register.filter
def level_words(code: str) -> Any:
    return naming.LEVELS[code]


@register.filter
def role_name(code: str) -> Any:
    return ROLE_NAMES[Role(code)]


@register.filter
def verb_words(verb: str) -> Any:
    return naming.VERBS.get(verb, verb)


@register.filter
def actor_words(act: Act) -> Any:
    """The post of whoever acted, as it was then; for the system itself, its words."""
    if act.actor_id or not act.actor_name:
        return act.actor_name
    return naming.SYSTEM_ACTORS.get(act.actor_name, gettext("The server"))


@register.filter
def source_words(source: str) -> str:
    """Where a fact was read: "第 370 期" is issue 370, "示例" a sample."""
    words = {"第 370 期": gettext("Issue 370"), "示例": gettext("Sample")}
    return words.get(source, source)


@register.filter
def succession_kind(code: str) -> Any:
    return naming.SUCCESSION_KINDS[code]

"""Words of messages for templates, in the reader's language."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from honghui.messaging import words
from honghui.messaging.models import Incoming, Message, Template
from honghui.messaging.rules.reasons import reason_of
from honghui.registry.models import Person
from honghui.ui.components.text import state

register = template.Library()


@register.simple_tag
def named(person: Person, known: Collection[UUID]) -> str:
    """Their name, if the reader may know it."""
    if not person.name:
        return gettext("erased")
    return person.name if person.pk in known else gettext("somebody of another society")


@register.filter
def channel_name(channel: str) -> Any:
    return words.CHANNELS.get(channel, channel)


@register.filter
def reason_words(reason: str) -> Any:
    return words.REASONS.get(reason, reason)


@register.filter
def told_words(code: str) -> Any:
    """A gateway's code in our words, for receipts that failed."""
    return words.REASONS[reason_of(code)]


@register.filter
def match_words(incoming: Incoming) -> Any:
    return words.MATCHES.get(incoming.matched_by, incoming.matched_by)


@register.filter
def language_name(language: str) -> Any:
    return words.LANGUAGES.get(language, language)


@register.simple_tag
def message_state(message: Message) -> SafeString:
    return state(*words.STATES[message.state])


@register.simple_tag
def reply_state(incoming: Incoming) -> SafeString:
    return state(*words.REPLY_STATES[incoming.state])


@register.simple_tag
def template_state(row: Template) -> SafeString:
    return state(*words.TEMPLATE_STATES[row.state])

"""Words of payments for templates, in the reader's language."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from honghui.payments import words
from honghui.payments.models import Delivery, Discrepancy
from honghui.payments.rules import TRIES_SHOWN
from honghui.ui.components.text import state

register = template.Library()


@register.filter
def event_words(delivery: Delivery) -> Any:
    return words.EVENTS.get(delivery.event_type, delivery.event_type)


@register.filter
def cause_words(discrepancy: Discrepancy) -> Any:
    return words.CAUSES[discrepancy.cause][0]


@register.filter
def cause_hint(discrepancy: Discrepancy) -> Any:
    return words.CAUSES[discrepancy.cause][1]


@register.simple_tag
def delivery_state(delivery: Delivery) -> SafeString:
    """How far a notification has come."""
    if delivery.state == Delivery.State.WAITING and delivery.tries >= TRIES_SHOWN:
        return state(*words.STUCK)
    found = getattr(delivery, "discrepancy", None)
    if found is not None and found.settled_at:
        return state(*words.SETTLED)
    return state(*words.STATES[delivery.state])

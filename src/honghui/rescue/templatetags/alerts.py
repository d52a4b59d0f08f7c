"""Words of warnings for templates, in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from honghui.rescue.models import Alert
from honghui.rescue.queries.alerts import Standing
from honghui.rescue.words import alerts as words
from honghui.ui.components.text import state

register = template.Library()

register.filter("headline", words.headline_of)
register.filter("alert_event", words.event_of)
register.filter("alert_area", words.area_of)
register.filter("alert_description", words.description_of)
register.filter("alert_instruction", words.instruction_of)


@register.filter
def message_type_words(code: str) -> str:
    return str(words.MESSAGE_TYPES.get(code, code))


@register.filter
def status_words(code: str) -> str:
    return str(words.STATUSES.get(code, code))


@register.filter
def scope_words(code: str) -> str:
    return str(words.SCOPES.get(code, code))


@register.filter
def urgency_words(code: str) -> str:
    return str(words.URGENCIES.get(code, code))


@register.filter
def severity_words(code: str) -> str:
    return str(words.SEVERITIES.get(code, code))


@register.filter
def certainty_words(code: str) -> str:
    return str(words.CERTAINTIES.get(code, code))


@register.simple_tag
def alert_state(one: Standing) -> SafeString:
    """A shape and a word for how it stands. What is only an exercise is nobody's alarm."""
    kind, text = words.STANDINGS[one.kind]
    return state("used" if kind == "now" and one.alert.status != "Actual" else kind, text)


@register.simple_tag
def exercise(alert: Alert) -> SafeString:
    """The mark of whatever is not real. Nothing where it is."""
    if alert.status == "Actual":
        return SafeString()
    return format_html('<strong class="drill">{}</strong>', words.STATUSES[alert.status])

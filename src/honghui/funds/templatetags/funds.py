"""Words of funds for templates, in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from honghui.funds import words
from honghui.funds.codes import in_groups
from honghui.kernel.amounts import format_yuan
from honghui.registry.templatetags.registry import source_words
from honghui.ui.components.text import source, state

register = template.Library()
SAMPLE = "示例"

register.filter("in_groups", in_groups)
register.filter("yuan_text", format_yuan)
register.filter("use_words", words.use_words)
register.filter("place_words", words.place_words)
register.filter("title_of", words.title_of)
register.filter("local_about", words.about)


@register.filter
def channel_words(code: str) -> str:
    return str(words.CHANNELS[code])


@register.filter
def showing_words(code: str) -> str:
    return str(words.SHOWINGS[code])


@register.simple_tag
def told_by(text: str) -> SafeString | str:
    """Where a statement was read: a fact of issue 370, or a sample; nothing where it is ours."""
    return source(source_words(text), fact=text != SAMPLE) if text else ""


@register.simple_tag
def asked_state(code: str) -> SafeString:
    """A shape and a word for the state of what was asked."""
    kind, text = words.STATES[code]
    return state(kind, str(text))

"""Words and numbers of bulletins for templates, in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from honghui.disclosure.models import Bulletin
from honghui.disclosure.saying import window_words
from honghui.kernel.units import MINUS, format_scaled
from honghui.ui.components.text import state

register = template.Library()

STATES = {
    Bulletin.State.DRAFTED: ("half", _("Waiting for a second pair of eyes")),
    Bulletin.State.PUBLISHED: ("used", _("Published")),
    Bulletin.State.WITHDRAWN: ("off", _("Draft withdrawn")),
}


@register.filter
def money(value: int) -> str:
    """In yuan, to the fen, for a column of a table."""
    return format_scaled(value, 2)


@register.filter
def money_out(value: int) -> str:
    """What went, with a true minus; nothing has no sign."""
    return f"{MINUS}{format_scaled(value, 2)}" if value > 0 else format_scaled(-value, 2)


@register.filter
def days(bulletin: Bulletin) -> str:
    return window_words(bulletin.first, bulletin.last)


@register.simple_tag
def bulletin_state(bulletin: Bulletin) -> SafeString:
    kind, words = STATES[Bulletin.State(bulletin.state)]
    return state(kind, words)

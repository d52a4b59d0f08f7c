"""Small pieces inside a line: amounts, counts, times, states, sources, the mark and the seal."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from honghui.kernel.amounts import split_yuan
from honghui.kernel.units import UNITS, format_scaled
from honghui.ui.components import rendered
from honghui.ui.figures import KINDS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# No blanks by hand between Chinese and digits: the browser sets them (text-autospace).
_WHEN_FORMATS = {
    "long": ("Y年n月j日H:i", "j F Y, H:i"),
    "short": ("n月j日H:i", "j F, H:i"),
    "plain": ("Y-m-d H:i", "Y-m-d H:i"),
    "clock": ("H:i", "H:i"),
}
_DAY_FORMATS = {
    "long": ("Y年n月j日 l", "l j F Y"),
    "medium": ("Y年n月j日", "j F Y"),
    "short": ("n月j日", "j F"),
    "plain": ("Y-m-d", "Y-m-d"),
}


def is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def mark() -> SafeString:
    """The open window, as decoration: the words beside it say whose page this is."""
    return rendered("ui/components/mark.html")


def yuan(amount_fen: int | None, unit: bool = False) -> SafeString:
    """An amount of money: yuan, and the fen smaller. `unit` adds the word 元 or yuan.

    None is "not known": never a zero.
    """
    if amount_fen is None:
        return format_html('<span class="dimmer">{}</span>', _("not known"))
    whole, fen = split_yuan(amount_fen)
    word = f"{_gap()}{_('yuan')}" if unit else ""
    return format_html('<span class="n">{}<span class="fen">.{}{}</span></span>', whole, fen, word)


def count(value: int | None, unit: _StrOrPromise = "") -> SafeString:
    """A whole number with thousands commas, and its unit: a code of kernel/units.py or a word."""
    if value is None:
        return format_html('<span class="dimmer">{}</span>', _("not known"))
    known = UNITS.get(str(unit))
    word = known.name(get_language() or "zh-hans", count=value) if known else str(unit)
    text = format_scaled(value, 0)
    return format_html('<span class="n">{}</span>', f"{text}{_gap()}{word}" if word else text)


def _gap() -> str:
    return "" if is_chinese() else " "


def when(moment: datetime | None, style: str = "long") -> SafeString:
    """A moment in China's time. style: long, short (no year), plain (2020-06-24 09:00), clock."""
    if moment is None:
        return format_html('<span class="dimmer">{}</span>', _("not known"))
    local = localtime(moment)
    text = date_format(local, _WHEN_FORMATS[style][0 if is_chinese() else 1])
    return format_html(
        '<time class="nb" datetime="{}">{}</time>', local.isoformat(timespec="minutes"), text
    )


def day(value: date | None, style: str = "long") -> SafeString:
    """A calendar day. style: long (with the weekday), medium, short (no year), plain."""
    if value is None:
        return format_html('<span class="dimmer">{}</span>', _("not known"))
    shown = localtime(value).date() if isinstance(value, datetime) else value
    text = date_format(shown, _DAY_FORMATS[style][0 if is_chinese() else 1])
    return format_html('<time datetime="{}">{}</time>', shown.isoformat(), text)


def asof(
    at: datetime, record: int | None = None, scope: _StrOrPromise = "", late: _StrOrPromise = ""
) -> SafeString:
    """As of when, which record, what scope: stands under every published number.

    late: a sentence, when the page is older than its promise.
    """
    shown = None if record is None else format_scaled(record, 0)
    return rendered("ui/components/asof.html", at=at, record=shown, scope=scope, late=late)


def state(kind: str, text: _StrOrPromise) -> SafeString:
    """A shape and a word. kind: used (full), way (hatched), held (empty), half (waits for someone),
    cover (covered or corrected), now (urgent, vermilion), off (none)."""
    assert kind in KINDS, f"no state is called {kind}"
    return format_html('<span class="st st--{}">{}</span>', kind, text)


def seal(text: _StrOrPromise) -> SafeString:
    """The seal: at most one a page, only on what was checked. "/" breaks the line: 核算/相符."""
    lines = str(text).split("/")
    label = ("" if is_chinese() else " ").join(lines)
    inner = format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines))
    return format_html('<span class="seal" role="img" aria-label="{}">{}</span>', label, inner)


def source(text: _StrOrPromise = "", fact: bool = False) -> SafeString:
    """Where a statement comes from: a sample unless fact, and then the issue it was printed in."""
    kind = " src--fact" if fact else ""
    word = text or (_("issue 370") if fact else _("sample"))
    return format_html('<span class="src{}">{}</span>', kind, word)


def phrases(text: _StrOrPromise) -> SafeString:
    """A headline that breaks only at "|": for Chinese, which has no spaces to break at."""
    parts = [(part.strip(),) for part in str(text).split("|")]
    # In English the blank at the break is needed when the line does not break there.
    joiner = SafeString("" if is_chinese() else " ")
    return format_html_join(joiner, '<span class="ph">{}</span>', parts)


def hash_text(text: _StrOrPromise, label: _StrOrPromise = "") -> SafeString:
    """A digest, signature or command, to be compared or copied. label: what it is, above it."""
    shown = format_html('<code class="hash">{}</code>', text)
    if not label:
        return shown
    return format_html('<p class="xs dim gap-2">{}</p>{}', label, shown)


def note(text: _StrOrPromise, title: _StrOrPromise = "", fix: bool = False) -> SafeString:
    """A remark beside the matter. fix: a correction, which stands on the item it corrects."""
    kind = " note--fix" if fix else ""
    head = format_html("<b>{}</b> ", title) if title else ""
    return format_html('<p class="note{}">{}{}</p>', kind, head, text)

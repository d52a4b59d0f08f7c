"""Lists and what is like them: crumbs, checks, steps, trees, tabs, pages, messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.messages import constants as message_levels
from django.core.paginator import Page
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from honghui.ui.components import rendered

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class Check:
    """One check. result: "proved", "8 cases". is_vouched: a person's word instead of a proof."""

    text: _StrOrPromise
    result: _StrOrPromise = ""
    is_vouched: bool = False


@dataclass(frozen=True)
class Eye:
    """One of the two who sign. is_open: not signed yet; when it is yours, `who` says so."""

    part: _StrOrPromise
    who: _StrOrPromise
    said: _StrOrPromise
    is_open: bool = False


@dataclass(frozen=True)
class Entry:
    """An item of a list of pages: bulletins, search results. kicker: the small line above."""

    title: _StrOrPromise
    url: str
    kicker: _StrOrPromise = ""
    text: _StrOrPromise = ""
    state_kind: str = ""
    state_text: _StrOrPromise = ""


@dataclass(frozen=True)
class Branch:
    """A node of a tree. tail: what stands at the line's end. is_open: unfolded at first."""

    label: _StrOrPromise
    url: str = ""
    tail: _StrOrPromise = ""
    children: Sequence[Branch] = ()
    is_open: bool = False


@dataclass(frozen=True)
class Tab:
    label: _StrOrPromise
    url: str
    current: bool = False
    count: int | None = None


def crumbs(items: Iterable[tuple[_StrOrPromise, str]]) -> SafeString:
    """The way to this page: (label, url) pairs, the last one being this page."""
    return rendered("ui/components/crumbs.html", items=list(items))


def kv(items: Iterable[tuple[_StrOrPromise, Any]]) -> SafeString:
    """Names and values, a definition list: (name, value) pairs."""
    return rendered("ui/components/kv.html", items=list(items))


def checks(items: Iterable[Check]) -> SafeString:
    """What was checked, each with its result; a broken line marks a person's word."""
    return rendered("ui/components/checks.html", items=list(items))


def eyes(first: Eye, second: Eye) -> SafeString:
    """Four eyes as two boxes; the empty one is yours."""
    return rendered("ui/components/eyes.html", items=[first, second])


def steps(items: Iterable[_StrOrPromise]) -> SafeString:
    """What to do, in order."""
    return rendered("ui/components/steps.html", items=list(items))


def ladder(items: Sequence[_StrOrPromise], current: int) -> SafeString:
    """Stages of which those up to `current` (counted from 0, -1 for none) are reached."""
    return rendered(
        "ui/components/ladder.html",
        items=[
            {"text": text, "reached": place <= current, "current": place == current}
            for place, text in enumerate(items)
        ],
    )


def entries(items: Iterable[Entry]) -> SafeString:
    """A list of pages with a hairline between: bulletins, search results."""
    return rendered("ui/components/entries.html", items=list(items))


def tree(branches: Iterable[Branch], label: _StrOrPromise) -> SafeString:
    """Societies or folders within each other. Folds without script. label: what the tree is of."""
    return rendered("ui/components/tree.html", branches=list(branches), label=label)


def tabs(items: Iterable[Tab], label: _StrOrPromise) -> SafeString:
    """Sides of one thing, each a page of its own. label: names the navigation."""
    return rendered("ui/components/tabs.html", items=list(items), label=label)


def thirds(items: Iterable[tuple[Any, _StrOrPromise]]) -> SafeString:
    """Two or three large numbers with their words: (number, words) pairs."""
    return rendered("ui/components/thirds.html", items=list(items))


def keys(items: Iterable[tuple[_StrOrPromise, str]]) -> SafeString:
    """Keyboard hints: (what it does, "J K") pairs."""
    return rendered("ui/components/keys.html", items=[(text, keys.split()) for text, keys in items])


def pager(context: Mapping[str, Any], page: Page[Any], name: str = "page") -> SafeString:
    """Pages of a list, other query parameters kept. Nothing when there is one page only."""
    if page.paginator.num_pages <= 1:
        return SafeString()
    request = context.get("request")
    query = request.GET.copy() if request else None

    def address(number: int) -> str:
        if query is None:
            return f"?{name}={number}"
        query[name] = str(number)
        return f"?{query.urlencode()}"

    pages = [
        {"text": each, "url": address(each) if isinstance(each, int) else ""}
        for each in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return rendered(
        "ui/components/pager.html",
        page=page,
        pages=pages,
        previous=address(page.number - 1) if page.has_previous() else "",
        following=address(page.number + 1) if page.has_next() else "",
    )


def empty(
    title: _StrOrPromise, hint: _StrOrPromise = "", url: str = "", action: _StrOrPromise = ""
) -> SafeString:
    """A list with nothing in it: says so, and what to do next."""
    return rendered("ui/components/empty.html", title=title, hint=hint, url=url, action=action)


def flash(context: Mapping[str, Any]) -> SafeString:
    """What was just done: the messages of django.contrib.messages. Nothing when there are none."""
    found = [
        {
            "text": message.message,
            "hot": message.level >= message_levels.WARNING,
            "word": _flash_word(message.level),
        }
        for message in context.get("messages") or ()
    ]
    return rendered("ui/components/flash.html", items=found) if found else SafeString()


def _flash_word(level: int) -> str:
    if level >= message_levels.ERROR:
        return _("Not done.")
    if level >= message_levels.WARNING:
        return _("Please note.")
    return _("Done.") if level >= message_levels.SUCCESS else ""

"""Where a gift went, as a picture: decisions, and how what each took stands."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from honghui.kernel.amounts import format_yuan
from honghui.processes.roads import HELD, STATES, State
from honghui.processes.telling.words import KINDS, SHORT, WORDS, local
from honghui.processes.tracing import Names, Placed, Trace
from honghui.ui.figures import Flows, Link, Node

# More decisions than these become one, so that it can be read on a phone.
WAYS_MOST = 6
_LETTERS_MOST = 17


def flows(trace: Trace) -> Flows | None:
    """Gift, decisions, how each part stands. None while the gift waits."""
    if trace.placed is None:
        return None
    ways = _ways(trace.placed)
    nodes = [
        Node(
            "gift",
            0,
            pgettext("of the page's reader", "Your gift"),
            format_yuan(trace.donation.amount_fen),
        )
    ]
    links, outcomes = [], []
    for number, (title, parts) in enumerate(ways):
        key, units = f"way-{number}", sum(parts.values())
        nodes.append(Node(key, 1, title, format_yuan(units), short=_cut(title)))
        links.append(Link("gift", key, units))
        for each in STATES:
            if parts.get(each):
                end = f"{key}-{each}"
                outcomes.append(
                    Node(
                        end,
                        2,
                        WORDS[each],
                        format_yuan(parts[each]),
                        kind=KINDS[each],
                        short=str(SHORT[each]),
                    )
                )
                links.append(Link(key, end, parts[each]))
    label = _("Where %(sum)s yuan went, and how each part stands") % {
        "sum": format_yuan(trace.donation.amount_fen)
    }
    return Flows([*nodes, *outcomes], links, label)


def _ways(placed: Placed) -> list[tuple[str, dict[State, int]]]:
    """Each decision with what became of what it took; then what no decision took."""
    decided: dict[UUID, dict[State, int]] = {}
    rest: dict[State, int] = {}
    for end in placed.road.ends:
        parts = rest if end.decision is None else decided.setdefault(end.decision, {})
        parts[end.state] = parts.get(end.state, 0) + end.units
    titled = [(_way_title(placed.names, each), parts) for each, parts in decided.items()]
    if len(titled) > WAYS_MOST:
        others: dict[State, int] = {}
        for _title, parts in titled[WAYS_MOST - 1 :]:
            for each, units in parts.items():
                others[each] = others.get(each, 0) + units
        count = {"count": len(titled) - WAYS_MOST + 1}
        titled = [*titled[: WAYS_MOST - 1], (_("%(count)s more decisions") % count, others)]
    return titled + _undecided(rest)


def _undecided(rest: dict[State, int]) -> list[tuple[str, dict[State, int]]]:
    held = {each: units for each, units in rest.items() if each in HELD}
    gone = {each: units for each, units in rest.items() if each not in HELD}
    return [
        (title, parts)
        for title, parts in ((_("Without a decision"), gone), (_("Not yet decided"), held))
        if parts
    ]


def _way_title(names: Names, decision: UUID) -> str:
    named = names.decisions.get(decision)
    return local(named) if named else _("A decision")


def _cut(title: str) -> str:
    """What fits beside a bar of the picture; its table has the whole. Its end stays, where titles
    that are alike differ: "first batch", "second batch"."""
    if _width(title) <= _LETTERS_MOST:
        return title
    end = title
    while _width(end) > _LETTERS_MOST // 2 - 1:
        end = end[1:]
    begin = title
    while _width(begin) > _LETTERS_MOST // 2 - 1:
        begin = begin[:-1]
    return f"{begin.rstrip()}…{end.lstrip()}"


def _width(text: str) -> int:
    """A Chinese sign is as wide as two Latin letters."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)

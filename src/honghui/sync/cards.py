"""What needs somebody in the field, on the phone's first page. Jobs add a source each when they are
ready, as they do for the desk (registry.queries.desk.SOURCES)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from honghui.kernel.actors import Actor


@dataclass(frozen=True)
class Card:
    """title: what it is. detail: what of it. url: a field page, kept on the phone beforehand.
    state: a shape of the house (used, way, half, now, off) with its words. urgent: stands first,
    and its button is the page's one vermilion one. button: what the thumb does."""

    title: str
    detail: str
    url: str
    button: object
    state: str = ""
    state_words: object = ""
    urgent: bool = False


SOURCES: list[Callable[[Actor], list[Card]]] = []


def cards_for(by: Actor) -> list[Card]:
    """Of all jobs; urgent ones first, otherwise as the jobs put them."""
    cards = [card for source in SOURCES for card in source(by)]
    return sorted(cards, key=lambda card: not card.urgent)

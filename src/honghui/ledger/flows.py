"""What became of a purpose's money and goods between two days, as the edges of a picture.

Within the picture stands, for each society and commodity, what it keeps for the purpose: a node
`books`. What goes from one place or stage to another of the same books is no edge; so a transfer is
one edge, from the books of the sender to those of whoever accepted it. Into every node `books`
comes as much as leaves it, exactly (docs/algorithms/lineage.md).
"""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from django.db import connection, transaction

from honghui.ledger.refusals import refuse

Kind = Literal[
    "held_before",  # in a society's books when the day `since` began: where, and at what stage
    "ahead_before",  # left there by then, and came in on a later day: below nothing by the days
    "came",  # from outside, by the act: a gift, what came back of a use
    "from_purpose",
    "books",
    "to_purpose",
    "ended",  # by the act: used, lost, given back
    "held_after",
    "ahead_after",
]

# As the first records tell. An entry's parts stand in a row: it is seen when its last one is.
_SEEN = """
    AND EXISTS (
        SELECT FROM journal_leaf l WHERE l.number = e.number AND l.index < %(as_of)s
    ) AND NOT EXISTS (
        SELECT FROM journal_leaf l WHERE l.number = e.number AND l.index >= %(as_of)s
    )
"""
_QUERY = files("honghui.ledger").joinpath("sql", "flows.sql").read_text(encoding="utf-8")
# A million entries are told apart in memory.
_MEMORY = "SET LOCAL work_mem = '128MB'"


class Node(NamedTuple):
    """Only what a node of its kind has is said. `place` is where it lies, or was used."""

    kind: Kind
    commodity: str
    society: str | None = None
    act: str | None = None
    purpose: str | None = None
    source: str | None = None
    use: str | None = None
    place: str | None = None
    stage: str | None = None


class Flow(NamedTuple):
    """`quantity` of before.commodity became `becomes` of after.commodity, by `entries` entries of
    the act. Both count fen, or the item's smallest unit. A kit is counted once, with its first
    component; with the others nothing more comes. What is held is no act's, of no entries."""

    act: str | None
    before: Node
    after: Node
    quantity: int
    becomes: int
    entries: int


def flows(purpose: str, since: date, until: date, *, as_of: int | None = None) -> list[Flow]:
    """By the days on which it happened, both counted; as the first `as_of` records of the log tell
    it. Empty where nothing is known of the purpose. Raises Refused where `since` is after `until`.
    One query, which reads every movement of the purpose until then."""
    if since > until:
        raise refuse("flows.days", since=since, until=until)
    query = _QUERY.replace("/* seen */", "" if as_of is None else _SEEN)
    facts: dict[str, Any] = {
        "purpose": purpose, "since": since, "until": until, "as_of": as_of
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MEMORY)
        cursor.execute(query, facts)
        rows = cursor.fetchall()
    return [Flow(act, Node(*before), Node(*after), *counts) for act, before, after, *counts in rows]

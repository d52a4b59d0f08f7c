"""What a society states about its own books, each of which the audit computes again.

`as_of` is a number of records: the statement is about the log's first `as_of` records, whatever
follows. So it can be checked for ever, and a later correction does not change what it said.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from honghui.record.entries import Approvers, Hashes
from honghui.record.measures import Measure
from honghui.record.pools import FundSource
from honghui.record.values import (
    LIST_MAX,
    Amount,
    Code,
    Commodity,
    Count,
    FigureUnit,
    Form,
    Hash,
    Id,
    Position,
    Pseudonym,
    Qualifier,
    RecordedAt,
    Signed,
    SocietyCode,
)


class Figure(Form, frozen=True, kw_only=True):
    """`value` is what the measure gives; with a qualifier other than exact, what it is about, over
    or under. `unit`: fen, another currency, a unit's code, `steps` or `recipients`."""

    name: Code
    measure: Measure
    value: Signed
    unit: FigureUnit
    qualifier: Qualifier = "exact"


class Sum(Form, frozen=True, kw_only=True):
    """The figure `total` is the sum of the figures `of`."""

    total: Code
    of: Annotated[tuple[Code, ...], Meta(min_length=1, max_length=LIST_MAX)]


Figures = Annotated[tuple[Figure, ...], Meta(min_length=1, max_length=LIST_MAX)]


class Bulletin(Form, frozen=True, kw_only=True, tag_field="schema", tag="bulletin/1"):
    """A public notice (公告) of figures, each with the question it answers."""

    id: Id
    recorded_at: RecordedAt
    society: SocietyCode
    published_on: date
    as_of: Position
    figures: Figures
    sums: Annotated[tuple[Sum, ...], Meta(max_length=LIST_MAX)] = ()
    requested_by: Pseudonym
    approved_by: Annotated[Approvers, Meta(min_length=1)]
    text: Hash | None = None


class Correction(Form, frozen=True, kw_only=True, tag_field="schema", tag="correction/1"):
    """A note on an earlier record (`of`): why, and for a bulletin the figures that replace those
    of the same name, as of `as_of`. What it corrects stays."""

    id: Id
    recorded_at: RecordedAt
    society: SocietyCode
    of: Id
    reason: Literal["typing", "amount", "day", "place", "purpose", "late", "omitted", "other"]
    corrected_on: date
    as_of: Position | None = None
    figures: Annotated[tuple[Figure, ...], Meta(max_length=LIST_MAX)] = ()
    requested_by: Pseudonym
    approved_by: Annotated[Approvers, Meta(min_length=1)]
    text: Hash | None = None


class ClosingLine(Form, frozen=True, kw_only=True):
    """`opening + came - went = held`: of one purpose, fund source and commodity."""

    purpose: Code
    source: FundSource
    commodity: Commodity
    opening: Amount = 0
    came: Amount = 0
    went: Amount = 0
    held: Amount = 0


class Closing(Form, frozen=True, kw_only=True, tag_field="schema", tag="closing/1"):
    """A society closes its books over the records from its last closing (`after`) to `as_of`: a
    line for whatever it held or moved, and none left out. `first` to `last` are the days it calls
    by that name; what is dated there and recorded later is a late booking, counted as such."""

    id: Id
    recorded_at: RecordedAt
    society: SocietyCode
    first: date
    last: date
    as_of: Position
    after: Id | None = None
    lines: Annotated[tuple[ClosingLine, ...], Meta(max_length=LIST_MAX)] = ()
    part: Annotated[int, Meta(ge=1, le=9999)] = 1
    parts: Annotated[int, Meta(ge=1, le=9999)] = 1
    requested_by: Pseudonym
    approved_by: Annotated[Approvers, Meta(min_length=1)]


class Outstanding(Form, frozen=True, kw_only=True):
    """In our books and not yet on the statement (plus), or the other way round (minus)."""

    quantity: Signed
    reason: Literal["not_yet_at_bank", "not_yet_booked", "in_dispute"]
    entry: Id | None = None


class Reconciliation(Form, frozen=True, kw_only=True, tag_field="schema", tag="reconciliation/1"):
    """The bank's own statement beside our books: what all pools hold at the account, less open
    shortfalls there, is the statement's balance plus what is outstanding."""

    id: Id
    recorded_at: RecordedAt
    society: SocietyCode
    place: Code
    commodity: Commodity
    statement_on: date
    statement: Signed
    as_of: Position
    outstanding: Annotated[tuple[Outstanding, ...], Meta(max_length=LIST_MAX)] = ()
    requested_by: Pseudonym
    approved_by: Annotated[Approvers, Meta(min_length=1)]
    evidence: Hashes = ()


class Thing(Form, frozen=True, kw_only=True):
    kind: Code
    count: Count


class Responded(Form, frozen=True, kw_only=True):
    """What one society's team sent: people, and things by kind."""

    society: SocietyCode
    team: Code
    people: Count
    things: Annotated[tuple[Thing, ...], Meta(max_length=64)] = ()


class RescueSummary(Form, frozen=True, kw_only=True, tag_field="schema", tag="rescue_summary/1"):
    """What may be told of a rescue after release. Totals are the sums of the teams' numbers where
    all of these are exact; otherwise they are no more exact than their parts."""

    id: Id
    recorded_at: RecordedAt
    society: SocietyCode
    call_out: Id
    happened_on: date
    place: Code
    teams: Annotated[tuple[Responded, ...], Meta(min_length=1, max_length=LIST_MAX)]
    people: Count
    things: Annotated[tuple[Thing, ...], Meta(max_length=64)] = ()
    helped: Annotated[tuple[Thing, ...], Meta(max_length=64)] = ()
    requested_by: Pseudonym
    approved_by: Annotated[Approvers, Meta(min_length=1)]
    text: Hash | None = None

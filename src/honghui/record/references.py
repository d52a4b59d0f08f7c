"""What other records speak of: societies, purposes, places, units, items, lots, clocks.

A record of this kind is true from where it stands in the log. A second one with the same code is
its next version; a lot has one version only. Names lie in side files, under `name`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from honghui.record.clauses import Clause
from honghui.record.entries import Approvers
from honghui.record.values import (
    CLAUSES_MAX,
    Amount,
    Code,
    Form,
    Hash,
    Id,
    Pseudonym,
    Quantity,
    RecordedAt,
    SocietyCode,
)


class _Reference(Form, frozen=True, kw_only=True):
    id: Id
    recorded_at: RecordedAt
    name: Hash | None = None


class Society(_Reference, frozen=True, kw_only=True, tag_field="schema", tag="society/1"):
    """A legal body with its own books. `upper` guides it and owns nothing of it. `closed_on`: it
    takes and gives nothing after that day. `count_min`: people are counted exactly from here up."""

    code: SocietyCode
    level: Literal["nation", "province", "city", "county"]
    upper: SocietyCode | None = None
    place: Code
    since: date
    closed_on: date | None = None
    count_min: Annotated[int, Meta(ge=1, le=1000)] = 10


class Purpose(_Reference, frozen=True, kw_only=True, tag_field="schema", tag="purpose/1"):
    """A version of what money and goods are for. A version after the first narrows the one before,
    or says on whose `consent` it does not. `nearest` takes what is left over when it has ended:
    when `ends_on`, if any, is past."""

    code: Code
    version: Annotated[int, Meta(ge=1, le=9999)] = 1
    society: SocietyCode
    clauses: Annotated[tuple[Clause, ...], Meta(max_length=CLAUSES_MAX)] = ()
    starts_on: date
    ends_on: date | None = None
    nearest: Code | None = None
    consent: Id | None = None
    requested_by: Pseudonym
    approved_by: Approvers
    text: Hash | None = None


class Place(_Reference, frozen=True, kw_only=True, tag_field="schema", tag="place/1"):
    """A division, a warehouse, a bank account, a shelter. `within` is the next larger place."""

    code: Code
    kind: Literal[
        "division", "warehouse", "account", "cash_box", "vehicle", "shelter", "home", "other"
    ]
    within: Code | None = None
    since: date | None = None
    until: date | None = None


class Unit(_Reference, frozen=True, kw_only=True, tag_field="schema", tag="unit/1"):
    """`per_base` smallest units make one of `base`: a box of 24 bottles. Both absent: counted one
    by one."""

    code: Code
    base: Code | None = None
    per_base: Quantity | None = None


class Content(Form, frozen=True, kw_only=True):
    item: Code
    quantity: Quantity


class Item(_Reference, frozen=True, kw_only=True, tag_field="schema", tag="item/1"):
    """A kind of goods; `kind` is the wider kind it belongs to. A kit says what is in one of it:
    a kit with other contents is another item. Quantities are in `unit`, in whole numbers."""

    code: Code
    unit: Code
    kind: Code | None = None
    contents: Annotated[tuple[Content, ...], Meta(max_length=64)] = ()


Basis = Literal[
    "invoice", "contract", "tender", "price_authority", "delivery_note", "public_price",
    "appraisal", "purchase", "contents",
]  # fmt: skip


class Lot(_Reference, frozen=True, kw_only=True, tag_field="schema", tag="lot/1"):
    """One delivery of one item. Its value belongs to it, as `value_fen` for `value_of` units, and
    may be unknown; with a value stand its basis and its day. `purchase`: what was paid for it;
    `contents`: the values of what was packed into it, added up."""

    code: Code
    item: Code
    made_on: date | None = None
    expires_on: date | None = None
    value_fen: Amount | None = None
    value_of: Quantity | None = None
    value_basis: Basis | None = None
    value_on: date | None = None


class Clock(_Reference, frozen=True, kw_only=True, tag_field="schema", tag="clock/1"):
    """How long the law gives: `days` after `trigger`. `source`: hash of the text it comes from."""

    code: Code
    trigger: Code
    days: Annotated[int, Meta(ge=0, le=36500)]
    valid_from: date
    valid_to: date | None = None
    source: Hash | None = None

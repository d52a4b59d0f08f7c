"""What people agreed: decisions, consents, reviews."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from honghui.record.entries import Approvers, Hashes
from honghui.record.values import (
    Code,
    Commodity,
    Form,
    Hash,
    Id,
    Pseudonym,
    Quantity,
    RecordedAt,
    SocietyCode,
)


class Decision(Form, frozen=True, kw_only=True, tag_field="schema", tag="decision/1"):
    """`body` decided that up to `quantity` of one commodity may be spent of one purpose. It is a
    stage too: what is set aside for it lies in pools whose `ref` is its id. `need`: what was asked
    for, as the need list has it; `rule`: hash of the rule by which it was allotted."""

    id: Id
    recorded_at: RecordedAt
    society: SocietyCode
    body: Code
    purpose: Code
    commodity: Commodity
    quantity: Quantity
    decided_on: date
    last_on: date | None = None
    requested_by: Pseudonym
    approved_by: Approvers
    need: Hash | None = None
    rule: Hash | None = None
    text: Hash | None = None
    evidence: Hashes = ()


class Consent(Form, frozen=True, kw_only=True, tag_field="schema", tag="consent/1"):
    """Somebody entitled agrees that up to `quantity` goes from one purpose to another, or that a
    purpose becomes wider: then `commodity` and `quantity` are absent and both purposes the same.
    `giver`: of the gift `of`; `filing`: the authority that the campaign was filed with."""

    id: Id
    recorded_at: RecordedAt
    society: SocietyCode
    given_by: Literal["giver", "filing", "agreement"]
    from_purpose: Code
    to_purpose: Code
    given_on: date
    of: Id | None = None
    commodity: Commodity | None = None
    quantity: Quantity | None = None
    text: Hash | None = None
    evidence: Annotated[Hashes, Meta(min_length=1)]


class Review(Form, frozen=True, kw_only=True, tag_field="schema", tag="review/1"):
    """Somebody else looks at an emergency release (`of`) afterwards."""

    id: Id
    recorded_at: RecordedAt
    society: SocietyCode
    of: Id
    reviewed_by: Pseudonym
    reviewed_on: date
    outcome: Literal["in_order", "not_in_order"]
    text: Hash | None = None

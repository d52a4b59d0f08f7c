"""What people did with value: one entry, in one record or in several parts that stand in a row."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from honghui.record.steps import Step
from honghui.record.values import (
    CLAUSES_MAX,
    Code,
    Form,
    Hash,
    Id,
    Pseudonym,
    RecordedAt,
    SocietyCode,
)

Act = Literal[
    "gift",  # received from a giver
    "appropriation",  # received from government
    "earning",  # interest and other income of the society's own
    "purchase",  # money becomes a lot
    "sale",  # a lot becomes money
    "exchange",  # one currency becomes another
    "pack",  # lots become a kit
    "move",  # to another place or stage of the same society
    "reserve",  # set aside for a request
    "decide",  # set aside by a decision
    "release",  # back from a reservation or a decision
    "use",  # given out, paid: reached its end
    "refund",  # given back to the giver
    "reversal",  # a gift that bounced
    "return",  # what was paid or given out came back
    "cover",  # a reserve bears it instead
    "shortfall",  # no reserve was left: the loss stands openly
    "shrink",  # borne by all in proportion
    "stocktake",  # counted: more or less than the books say
    "loss",  # gone: stolen, burnt, expired
    "transfer_out",  # on its way to another society, still the sender's
    "transfer_in",  # accepted by the receiver: two societies, two counts
    "change_of_purpose",
    "leftover",  # to the nearest purpose, when one has ended
]
Steps = Annotated[tuple[Step, ...], Meta(min_length=1, max_length=64)]
Approvers = Annotated[tuple[Pseudonym, ...], Meta(max_length=32)]
Hashes = Annotated[tuple[Hash, ...], Meta(max_length=64)]
Ids = Annotated[tuple[Id, ...], Meta(max_length=64)]


class Attested(Form, frozen=True, kw_only=True):
    """Clause number `clause` (from 1) of `purpose` is kept, say those who approved."""

    purpose: Code
    clause: Annotated[int, Meta(ge=1, le=CLAUSES_MAX)]


class Entry(Form, frozen=True, kw_only=True, tag_field="schema", tag="entry/1"):
    """id:          the entry's; all of its parts carry it
    part, parts:    this is part `part` (from 1) of `parts`, which stand in a row in the log
    society:        whose act it is
    occurred_on:    the day it happened; positions follow the order of the log, never this
    request:        keyed hash of the request's key: the same request is never booked twice
    purposes:       ids of the versions of the purposes that were in force and were relied on
    decision:       id of the decision that it carries out
    consent:        id of the consent, or of the new filing, that it relies on
    of:             id of the entry it undoes or answers (refund, reversal, return, transfer_in)
    counterparty:   the other society of a transfer
    requested_by, approved_by: four eyes; pseudonyms within the society
    emergency:      released by one person alone, with a reason; somebody else reviews it later
    attested:       clauses that nobody can prove, which the approvers vouch for
    evidence:       salted hashes of documents kept privately
    text:           salted hash of a text that may be withdrawn (a giver's chosen name, a reason)
    """

    id: Id
    act: Act
    society: SocietyCode
    occurred_on: date
    recorded_at: RecordedAt
    steps: Steps
    request: Hash
    part: Annotated[int, Meta(ge=1, le=9999)] = 1
    parts: Annotated[int, Meta(ge=1, le=9999)] = 1
    purposes: Ids = ()
    decision: Id | None = None
    consent: Id | None = None
    of: Id | None = None
    counterparty: SocietyCode | None = None
    requested_by: Pseudonym | None = None
    approved_by: Approvers = ()
    emergency: bool = False
    attested: Annotated[tuple[Attested, ...], Meta(max_length=64)] = ()
    evidence: Hashes = ()
    text: Hash | None = None

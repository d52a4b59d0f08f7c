"""The ledger's own actions: receive, post, declare. Who may, then the ledger's rules, then record
and act, in one transaction.

The jobs above have verbs of their own (a donation is received, a grant is paid); they call
`posting.post` within their own actions, and their act stands for it.
"""

from __future__ import annotations

from datetime import date

from honghui.journal.acting import action, record
from honghui.kernel.actors import Actor
from honghui.ledger.acts import ARRIVING
from honghui.ledger.declaring import declare
from honghui.ledger.drafting import draft
from honghui.ledger.models import Entry as EntryRow
from honghui.ledger.posting import Posted, post
from honghui.ledger.refusals import refuse
from honghui.record.entries import Act, Entry
from honghui.record.pools import Pool, in_words
from honghui.record.schemas import Record
from honghui.record.steps import In
from honghui.registry import access
from honghui.registry.permissions import DECLARE, POST, RECEIVE


@action("ledger.entry.received")
def receive(
    *, by: Actor, act: Act, pool: Pool, quantity: int, occurred_on: date, request: str
) -> EntryRow:
    """A gift, an appropriation or an earning: `quantity` came from outside into `pool`. `request`
    names the payment or the form, so that it is booked once."""
    access.require(by, RECEIVE, pool.society)
    if act not in ARRIVING:
        raise refuse("entry.step-not-allowed", act=act, step="in")
    entry = draft(
        act,
        society=pool.society,
        steps=[In(pool=pool, quantity=quantity)],
        occurred_on=occurred_on,
        request=request,
        requested_by=by.person_id,
    )
    return _noted(by, "ledger.entry.received", post(entry), entry, in_words(pool))


@action("ledger.entry.posted")
def post_entry(*, by: Actor, parts: tuple[Entry, ...]) -> EntryRow:
    """Any entry, as the record it will be (`drafting.draft`)."""
    access.require(by, POST, parts[0].society)
    return _noted(by, "ledger.entry.posted", post(*parts), parts[0])


@action("ledger.record.declared")
def declare_record(*, by: Actor, society: str, parts: tuple[Record, ...]) -> None:
    """A purpose, a place, a lot, a decision, a consent, a review: for `society`."""
    access.require(by, DECLARE, society)
    owner = getattr(parts[0], "society", society)
    if owner != society:
        raise refuse("entry.society", society=society, other=owner)
    number = declare(*parts)
    schema = str(parts[0].__struct_config__.tag)
    record(
        by=by,
        verb="ledger.record.declared",
        society_code=society,
        after={"number": number, "schema": schema, "id": parts[0].id},
    )


def _noted(by: Actor, verb: str, posted: Posted, entry: Entry, pool: str = "") -> EntryRow:
    row = EntryRow(number=posted.number, act=entry.act, society=entry.society)
    after = {"act": entry.act, "id": posted.id, "pool": pool, "is_new": posted.is_new}
    record(by=by, verb=verb, about=row, society_code=entry.society, after=after)
    return row

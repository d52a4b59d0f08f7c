"""A gift that a payment platform says was paid, and the entry that any gift becomes. Nothing is
written here: the actions do that, for one gift or for many at once."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.funds import rules
from honghui.funds.models import Donation, Giving
from honghui.funds.models.donations import Channel
from honghui.funds.purposes import money_of
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.ledger.drafting import draft
from honghui.record.entries import Entry
from honghui.record.steps import In


class PaidGift(NamedTuple):
    """amount_fen: really paid. paid_at: as the platform says, aware."""

    giving_id: UUID
    transaction_id: str
    amount_fen: int
    paid_at: datetime


def check_paid(paid: PaidGift, giving: Giving, earlier: Donation | None) -> None:
    """`earlier`: what the gift became before. Raises Conflict, and then a person looks at it."""
    if earlier is None:
        rules.check_paid_as_ordered(giving.amount_fen, paid.amount_fen)
    elif earlier.transaction_id != paid.transaction_id:
        raise Conflict(
            "funds.giving.paid_twice",
            _("This gift was paid before, by another payment."),
            _("Finance looks at it by hand: the second one may have to go back."),
        )


def donation_of(paid: PaidGift, giving: Giving) -> Donation:
    """What was begun, received. The name stays sealed under the key it was sealed with."""
    return Donation(
        code=giving.code,
        fund=giving.fund,
        amount_fen=giving.amount_fen,
        showing=giving.showing,
        giver_sealed=giving.giver_sealed,
        shown_as=giving.shown_as,
        channel=Channel.WECHAT,
        occurred_on=paid.paid_at.astimezone(clock.CHINA).date(),
        giving=giving,
        transaction_id=transaction_name(paid.transaction_id),
    )


def request_of(paid: PaidGift) -> str:
    """The same whenever the platform tells of the same payment."""
    return f"{Channel.WECHAT}/{paid.transaction_id}"


def entry_of(donation: Donation, by: Actor, request: str) -> Entry:
    """A name that is shown stands in the record as its salted hash, so that nobody, us included,
    can put another one in its place."""
    return draft(
        "gift",
        society=donation.fund.society_id,
        steps=[In(pool=money_of(donation.fund), quantity=donation.amount_fen)],
        occurred_on=donation.occurred_on,
        request=request,
        requested_by=by.person_id,
        text=donation.name_hash or None,
    )


def transaction_name(transaction_id: str) -> str | None:
    return text.clean_line(transaction_id, limit=64, field="transaction_id") or None

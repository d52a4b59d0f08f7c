"""Gifts that a payment platform says were paid, as many as it says at once: each is checked, booked
and written down as if it had come alone, and the database is asked for all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from honghui.funds import access
from honghui.funds.models import Donation, Giving
from honghui.funds.receiving import PaidGift, check_paid, donation_of, entry_of, request_of
from honghui.journal.acting import action, record
from honghui.journal.side_texts import keep_texts
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.ledger.posting import post_arrivals


@action("funds.donation.paid")
def receive_payments(*, by: Actor, paid: Sequence[PaidGift]) -> None:
    """What a platform says was paid, after its signature was checked: all of it or nothing, one act
    a gift. The same payment again is the same gift; another amount than ordered is nobody's gift
    until a person has looked. The caller holds the orders' locks, so that no two tell of one gift
    at the same moment."""
    access.require_system(by)
    ids = [one.giving_id for one in paid]
    givings = Giving.objects.select_related("fund").in_bulk(ids)
    known = {one.giving_id: one for one in Donation.objects.filter(giving__in=ids)}
    new: list[tuple[PaidGift, Donation]] = []
    for one in paid:
        giving, earlier = givings[one.giving_id], known.get(one.giving_id)
        check_paid(one, giving, earlier)
        if earlier is None:
            known[one.giving_id] = donation_of(one, giving)
            new.append((one, known[one.giving_id]))
    _book(by, new)
    for one in paid:
        gift = known[one.giving_id]
        record(
            by=by,
            verb="funds.donation.paid",
            about=gift,
            society_code=gift.fund.society_id,
            after={"amount_fen": one.amount_fen, "giving": one.giving_id},
        )


def _book(by: Actor, new: Sequence[tuple[PaidGift, Donation]]) -> None:
    named = [gift for _one, gift in new if gift.shown_as]
    for gift, name_hash in zip(named, keep_texts(one.shown_as for one in named), strict=True):
        gift.name_hash = name_hash
    posted = post_arrivals([entry_of(gift, by, request_of(one)) for one, gift in new])
    for (_one, gift), entry in zip(new, posted, strict=True):
        gift.entry_id = UUID(entry.id)
        gift.received_at = clock.now()
    Donation.objects.bulk_create(gift for _one, gift in new)

"""A gift goes back to its giver: asked by one, approved by another. Only what still lies undecided
in the fund can go; what was used stays used."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.funds import access, rules
from honghui.funds.askers import account_of, person_of
from honghui.funds.models import Donation, Refund
from honghui.funds.purposes import money_of
from honghui.funds.queries.roads import held_positions
from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.ledger.drafting import draft
from honghui.ledger.posting import post
from honghui.record.steps import Out, length
from honghui.record.values import Interval
from honghui.registry.access import require
from honghui.registry.permissions import APPROVE_SPENDING, ASK_SPENDING
from honghui.registry.rules import check_four_eyes, check_reason


@action("funds.refund.asked")
def ask_refund(*, by: Actor, donation: Donation, amount_fen: int, reason: str) -> Refund:
    donation = access.donation(by, donation.pk)
    require(by, ASK_SPENDING, donation.fund.society_id)
    Donation.objects.select_for_update().get(pk=donation.pk)
    if donation.refunds.filter(state=Refund.State.ASKED).exists():
        raise Conflict(
            "funds.refund.waiting",
            _("A refund of this gift is waiting for its second pair of eyes."),
            _("Approve or decline that one first."),
        )
    _check(donation, amount_fen)
    refund = Refund.objects.create(
        donation=donation,
        amount_fen=amount_fen,
        reason=check_reason(reason),
        asked_by_id=account_of(by),
        asked_at=clock.now(),
    )
    _recorded(by, "funds.refund.asked", refund)
    return refund


@action("funds.refund.paid")
def approve_refund(*, by: Actor, refund: Refund) -> Refund:
    refund = _open_refund(by, refund)
    donation = refund.donation
    held = _check(donation, refund.amount_fen)
    step = Out(
        pool=money_of(donation.fund), quantity=refund.amount_fen, at=_last(held, refund.amount_fen)
    )
    entry = draft(
        "refund",
        society=donation.fund.society_id,
        steps=[step],
        occurred_on=clock.today(),
        request=f"refund/{refund.pk.hex}",
        of=donation.entry_id.hex,
        requested_by=refund.asked_by.person_id,
        approved_by=[person_of(by)],
    )
    refund.entry_id = UUID(post(entry).id)
    _decide(by, refund, Refund.State.PAID)
    _recorded(by, "funds.refund.paid", refund)
    return refund


@action("funds.refund.declined")
def decline_refund(*, by: Actor, refund: Refund, reason: str) -> Refund:
    refund = _open_refund(by, refund)
    refund.decided_reason = check_reason(reason)
    _decide(by, refund, Refund.State.DECLINED)
    _recorded(by, "funds.refund.declined", refund)
    return refund


def _open_refund(by: Actor, refund: Refund) -> Refund:
    refund = access.refund(by, refund.pk)
    require(by, APPROVE_SPENDING, refund.donation.fund.society_id)
    refund = (
        Refund.objects.select_for_update(of=["self"])
        .select_related("donation__fund", "asked_by")
        .get(pk=refund.pk)
    )
    rules.check_still_open(refund.state, Refund.State.ASKED)
    check_four_eyes(refund.asked_by.person_id, by.person_id)
    return refund


def _check(donation: Donation, amount_fen: int) -> list[Interval]:
    held = held_positions(donation)
    returned = sum(
        each.amount_fen for each in donation.refunds.all() if each.state == Refund.State.PAID
    )
    rules.check_refund(
        amount_fen,
        given_fen=donation.amount_fen,
        returned_fen=returned,
        held_fen=length(held),
    )
    return held


def _last(held: list[Interval], quantity: int) -> tuple[Interval, ...]:
    """The last positions of what is held: what comes first is used first."""
    taken: list[Interval] = []
    for first, past in reversed(held):
        part = min(quantity, past - first)
        if part:
            taken.append((past - part, past))
        quantity -= part
    return tuple(reversed(taken))


def _decide(by: Actor, refund: Refund, state: str) -> None:
    refund.state = state
    refund.decided_by_id = account_of(by)
    refund.decided_at = clock.now()
    refund.save(update_fields=["state", "decided_by", "decided_at", "decided_reason", "entry_id"])


def _recorded(by: Actor, verb: str, refund: Refund) -> None:
    record(
        by=by,
        verb=verb,
        about=refund,
        society_code=refund.donation.fund.society_id,
        reason=refund.decided_reason or refund.reason,
        after={"amount_fen": refund.amount_fen, "donation": refund.donation},
    )

"""Gifts of money: begun on a page, received at the desk, received from a payment platform.

Each that is received is an entry of the ledger, named by its payment or its form, so that it is
booked once. A giver's name never goes there: the log holds a salted hash of what they chose that
others see, and the words lie in a side file until they object.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.funds import access, rules
from honghui.funds.codes import fresh_code
from honghui.funds.models import Donation, Fund, Giving
from honghui.funds.models.donations import GIVER_CONTEXT, Channel, Giver, Showing
from honghui.funds.receiving import (
    entry_of,
    transaction_name,
)
from honghui.journal.acting import Personal, action, record
from honghui.journal.side_texts import keep_text, withdraw_text
from honghui.kernel import clock, subject_keys, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.ledger.posting import post
from honghui.registry.access import require
from honghui.registry.models import Organisation
from honghui.registry.permissions import RECEIVE

NAME_LIMIT = 80
# A platform's order lasts two hours; money that comes later is looked at by hand.
GIVING_LASTS = timedelta(hours=2)


@action("funds.giving.begun")
def begin_giving(
    *,
    by: Actor,
    fund: Fund,
    amount_fen: int,
    showing: str = Showing.ANONYMOUS,
    giver: str = "",
    shown_as: str = "",
) -> Giving:
    """Anybody may begin; nothing is received yet."""
    fund = access.open_fund(fund.pk)
    today = clock.today()
    rules.check_open(fund.opened_on, fund.closed_on, today)
    if not fund.accepts_online:
        raise Conflict(
            "funds.fund.not_online",
            _("This fund takes no gifts online."),
            _("Please ask the society."),
        )
    giving = Giving(
        code=fresh_code(),
        fund=fund,
        amount_fen=rules.check_online_amount(amount_fen),
        began_at=clock.now(),
        expires_at=clock.now() + GIVING_LASTS,
    )
    _name(giving, showing, giver, shown_as)
    giving.save(force_insert=True)
    _recorded(by, "funds.giving.begun", giving, giver, {"amount_fen": amount_fen})
    return giving


@action("funds.donation.received")
def receive_donation(
    *,
    by: Actor,
    fund: Fund,
    amount_fen: int,
    channel: str,
    occurred_on: date,
    showing: str,
    giver: str = "",
    shown_as: str = "",
    organisation: Organisation | None = None,
    transaction_id: str = "",
    source: str = "",
) -> Donation:
    """At the desk: cash, or a transfer that finance has seen on the account."""
    fund = access.fund(by, fund.pk)
    require(by, RECEIVE, fund.society_id)
    rules.check_day(occurred_on, clock.today())
    rules.check_open(fund.opened_on, fund.closed_on, occurred_on)
    if channel not in {Channel.CASH, Channel.TRANSFER}:
        raise Invalid(
            "funds.channel.platform",
            _("What is paid through a platform is booked when the platform says so."),
            _("Choose cash or transfer."),
            field="channel",
        )
    donation = Donation(
        code=fresh_code(),
        fund=fund,
        amount_fen=rules.check_amount(amount_fen),
        channel=channel,
        occurred_on=occurred_on,
        received_by_id=by.account_id,
        organisation=organisation,
        transaction_id=transaction_name(transaction_id),
        source=source,
    )
    _name(donation, showing, giver, shown_as)
    _check_new_transfer(donation)
    _book(donation, by, f"desk/{by.once_key or donation.id.hex}")
    _recorded(by, "funds.donation.received", donation, giver, {"amount_fen": amount_fen})
    return donation


@action("funds.donation.name_withdrawn")
def withdraw_name(*, by: Actor, donation: Donation) -> Donation:
    """The giver objects: what was shown goes, and the sealed name becomes unreadable for ever."""
    donation = access.donation(by, donation.pk)
    require(by, RECEIVE, donation.fund.society_id)
    donation = (
        Donation.objects.select_for_update(of=["self"]).select_related("fund").get(pk=donation.pk)
    )
    donation.shown_as, donation.showing = "", Showing.ANONYMOUS
    donation.giver_sealed, donation.organisation = None, None
    donation.save(update_fields=["shown_as", "showing", "giver_sealed", "organisation"])
    if donation.giving_id:
        Giving.objects.filter(pk=donation.giving_id).update(
            shown_as="", showing=Showing.ANONYMOUS, giver_sealed=None
        )
    if donation.name_hash:
        withdraw_text(donation.name_hash)
    record(
        by=by,
        verb="funds.donation.name_withdrawn",
        about=donation,
        society_code=donation.fund.society_id,
    )
    subject_keys.destroy_key(donation.giving_id or donation.pk)
    return donation


def _check_new_transfer(donation: Donation) -> None:
    """The bank's number names one transfer; the unique constraint says so once more."""
    twin = Donation.objects.filter(
        channel=donation.channel, transaction_id=donation.transaction_id
    ).exclude(transaction_id=None)
    if twin.exists():
        raise Conflict(
            "funds.donation.known",
            _("This payment has been booked already."),
            _("Look at the gift that is there."),
            field="transaction_id",
        )


def _book(donation: Donation, by: Actor, request: str) -> None:
    if donation.shown_as:
        donation.name_hash = keep_text(donation.shown_as)
    entry = entry_of(donation, by, request)
    donation.entry_id = UUID(post(entry).id)
    donation.received_at = clock.now()
    donation.save(force_insert=True)


def _name(one: Giver, showing: str, giver: str, shown_as: str) -> None:
    """Sealed under a key of this gift alone; shown as the giver chose."""
    if showing not in Showing.values:
        raise Invalid(
            "funds.showing.unknown", _("Choose how the gift may be shown."), field="showing"
        )
    name = text.clean_line(giver, limit=NAME_LIMIT, field="giver")
    one.showing = showing
    if name:
        one.giver_sealed = subject_keys.seal_for(one.id, name, GIVER_CONTEXT)
    if showing == Showing.NAMED:
        one.shown_as = text.name_line(giver, limit=NAME_LIMIT, field="giver")
    elif showing == Showing.ALIAS:
        one.shown_as = text.name_line(shown_as, limit=NAME_LIMIT, field="shown_as")


def _recorded(
    by: Actor, verb: str, one: Giving | Donation, giver: str, after: dict[str, object]
) -> None:
    record(
        by=by,
        verb=verb,
        about=one,
        society_code=one.fund.society_id,
        after={"fund": one.fund, "showing": one.showing, **after},
        personal=Personal(one.id, {}, {"giver": giver}) if giver else None,
    )

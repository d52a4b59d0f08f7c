"""Looking at a giver's sealed name is an act, as looking at any identity is."""

from __future__ import annotations

from honghui.funds import access
from honghui.funds.models import Donation
from honghui.journal.acting import action, record
from honghui.kernel.actors import Actor
from honghui.registry.access import require
from honghui.registry.permissions import RECEIVE


@action("funds.donation.giver_shown")
def show_giver(*, by: Actor, donation: Donation) -> Donation:
    """The name goes onto a paper that staff hand to the giver."""
    donation = access.donation(by, donation.pk)
    require(by, RECEIVE, donation.fund.society_id)
    record(
        by=by,
        verb="funds.donation.giver_shown",
        about=donation,
        society_code=donation.fund.society_id,
    )
    return donation

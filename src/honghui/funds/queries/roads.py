"""Where a gift's money lies, asked of the ledger."""

from __future__ import annotations

from honghui.funds.models import Donation
from honghui.funds.purposes import money_of
from honghui.ledger.lineage import what_became_of
from honghui.ledger.pools import find_pool_id
from honghui.record.values import Interval


def held_positions(donation: Donation) -> list[Interval]:
    """Positions in the fund's own pool that this gift still holds, undecided. One query, and none
    while the gift waits for its positions: then nothing can go back yet."""
    here = find_pool_id(money_of(donation.fund))
    return [
        (piece.pool_first, piece.pool_past)
        for piece in what_became_of(donation.entry_id.hex)
        if piece.outcome == "held" and piece.pool_id == here
    ]

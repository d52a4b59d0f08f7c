"""Tables and constraints, no verbs. A file a noun."""

from __future__ import annotations

from honghui.funds.models.donations import Donation, Giving, Refund
from honghui.funds.models.funds import Fund
from honghui.funds.models.spending import Payment, Proposal

__all__ = ["Donation", "Fund", "Giving", "Payment", "Proposal", "Refund"]

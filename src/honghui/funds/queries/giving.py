"""Where a gift that was begun stands: what its giver is told when they come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from honghui.funds import access
from honghui.funds.codes import typed_code
from honghui.funds.models import Donation, Giving
from honghui.funds.platform import order_for
from honghui.kernel import clock
from honghui.payments.models import Order

State = Literal["waiting", "received", "ended", "looked_at"]


@dataclass(frozen=True)
class Given:
    """state: "waiting" for the platform's word; "received"; "ended": cancelled or lapsed, and
    nothing came; "looked_at": money came that does not fit, and a person looks at it. can_pay:
    the cashier still takes it. order_number: what staff find it by."""

    giving: Giving
    donation: Donation | None
    state: State
    can_pay: bool
    order_number: str = ""

    @property
    def is_waiting(self) -> bool:
        return self.state == "waiting"


def given(code: str) -> Given:
    """NotFound for a code that nobody has. Four queries at most."""
    giving = access.giving_by_code(typed_code(code))
    donation = Donation.objects.filter(giving=giving).first()
    if donation is not None:
        return Given(giving, donation, "received", can_pay=False)
    order = order_for(giving)
    if order is not None and order.discrepancies.filter(settled_at=None).exists():
        return Given(giving, None, "looked_at", False, order.out_trade_no)
    if order is None or order.state == Order.State.CLOSED:
        return Given(giving, None, "ended", can_pay=False)
    is_open = order.state == Order.State.OPEN
    return Given(giving, None, "waiting", can_pay=is_open and order.expires_at > clock.now())

"""From an order to the cashier: what a job's page calls when somebody is ready to pay."""

from __future__ import annotations

from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from honghui.kernel import clock
from honghui.kernel.errors import Conflict
from honghui.payments.models import Order
from honghui.payments.wechat import client


def cashier_address(order: Order, *, return_to: str, payer_address: str = "127.0.0.1") -> str:
    """Places the order at the platform and returns where to send the browser. May be called again:
    an address is good for a few minutes. return_to: absolute, where the browser comes back.
    Raises Conflict when it cannot be paid any more, PlatformSilent, PlatformRefuses. Call it
    outside a transaction: it waits for somebody else."""
    if order.state != Order.State.OPEN or order.expires_at <= clock.now():
        raise Conflict(
            "payments.order.not_open",
            _("This payment has been made, or was closed before."),
            _("Look at its page again."),
        )
    address = client.place_order(
        order.out_trade_no,
        amount_fen=order.amount_fen,
        description=order.description,
        expires_at=order.expires_at,
        payer_address=payer_address,
    )
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'redirect_url': return_to})}"

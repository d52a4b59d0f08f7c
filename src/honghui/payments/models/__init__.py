"""Tables of payments: orders and refunds; notifications and what does not fit."""

from __future__ import annotations

from honghui.payments.models.inbox import Delivery, Discrepancy
from honghui.payments.models.orders import Order, Platform, Refund

__all__ = ["Delivery", "Discrepancy", "Order", "Platform", "Refund"]

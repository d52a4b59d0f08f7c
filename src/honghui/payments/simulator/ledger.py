"""What the simulated platform knows: orders that merchants placed, payments, refunds."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

CURRENCY = "CNY"


class PlatformError(Exception):
    """What the platform answers with: a status, a code, and words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


@dataclass
class PlacedOrder:
    """As placed; `token` is in the cashier's address. transactions: normally one, once paid."""

    content: dict[str, Any]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    is_closed: bool = False
    transactions: list[str] = field(default_factory=list)
    paid_at: str = ""
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def number(self) -> str:
        return str(self.content["out_trade_no"])

    @property
    def total_fen(self) -> int:
        return int(self.content["amount"]["total"])

    @property
    def state(self) -> str:
        if self.transactions:
            return "REFUND" if self.refunds else "SUCCESS"
        return "CLOSED" if self.is_closed else "NOTPAY"


class PlatformLedger:
    """All of it, under one lock. `now`: the time that payments are said to have."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._orders: dict[str, PlacedOrder] = {}

    def place(self, content: dict[str, Any]) -> PlacedOrder:
        """Again with the same content: the same order."""
        try:
            number, total = str(content["out_trade_no"]), content["amount"]["total"]
            expires = datetime.fromisoformat(content["time_expire"])
            has_address = str(content["notify_url"]).startswith(("http://", "https://"))
        except (KeyError, TypeError, ValueError):
            raise PlatformError(400, "PARAM_ERROR", "a field is missing or malformed") from None
        is_sound = 6 <= len(number) <= 32 and isinstance(total, int) and total > 0 and has_address
        if not is_sound or content["amount"].get("currency", CURRENCY) != CURRENCY:
            raise PlatformError(400, "PARAM_ERROR", "a field is out of range")
        with self._lock:
            known = self._orders.get(number)
            if known is None:
                if expires <= self._now():
                    raise PlatformError(400, "PARAM_ERROR", "time_expire has passed")
                known = self._orders[number] = PlacedOrder(content)
            if known.transactions:
                raise PlatformError(400, "ORDERPAID", "this order has been paid")
            if known.is_closed:
                raise PlatformError(400, "ORDER_CLOSED", "this order has been closed")
            if known.content["amount"] != content["amount"]:
                raise PlatformError(400, "INVALID_REQUEST", "placed before with other content")
            return known

    def order(self, number: str) -> PlacedOrder:
        with self._lock:
            if number not in self._orders:
                raise PlatformError(404, "ORDER_NOT_EXIST", "there is no such order")
            return self._orders[number]

    def by_token(self, token: str) -> PlacedOrder:
        with self._lock:
            found = next((one for one in self._orders.values() if one.token == token), None)
        if found is None:
            raise PlatformError(404, "ORDER_NOT_EXIST", "there is no such order")
        return found

    def close(self, number: str) -> None:
        order = self.order(number)
        with self._lock:
            if order.transactions:
                raise PlatformError(400, "ORDERPAID", "this order has been paid")
            order.is_closed = True

    def pay(self, order: PlacedOrder, *, again: bool = False) -> str:
        """The new transaction's number. again: although it is paid, as no platform should."""
        with self._lock:
            if order.is_closed or (order.transactions and not again):
                raise PlatformError(400, "ORDERPAID", "this order can no longer be paid")
            order.paid_at = self._now().isoformat(timespec="seconds")
            order.transactions.append(f"4200{secrets.randbelow(10**24):024}")
            return order.transactions[-1]

    def refund(self, content: dict[str, Any]) -> tuple[PlacedOrder, dict[str, Any], bool]:
        """(order, refund, whether it is new): again with the same number, the same refund."""
        order = self.order(str(content.get("out_trade_no", "")))
        number, amount = str(content.get("out_refund_no", "")), content.get("amount") or {}
        with self._lock:
            if number in order.refunds:
                return order, order.refunds[number], False
            given = sum(one["amount"]["refund"] for one in order.refunds.values())
            fen = amount.get("refund")
            if not number or not isinstance(fen, int) or fen <= 0:
                raise PlatformError(400, "PARAM_ERROR", "a field is missing or malformed")
            if not order.transactions or given + fen > order.total_fen:
                raise PlatformError(403, "INVALID_REQUEST", "more than was paid")
            made = {
                "refund_id": f"5030{secrets.randbelow(10**24):024}",
                "out_refund_no": number,
                "transaction_id": order.transactions[0],
                "out_trade_no": order.number,
                "status": "PROCESSING",
                "create_time": self._now().isoformat(timespec="seconds"),
                "amount": {"refund": fen, "total": order.total_fen, "currency": CURRENCY},
            }
            order.refunds[number] = made
            return order, made, True

    def refund_made(self, refund: dict[str, Any]) -> None:
        with self._lock:
            refund["status"] = "SUCCESS"
            refund["success_time"] = self._now().isoformat(timespec="seconds")


def told_of_payment(
    order: PlacedOrder, transaction_id: str, *, more_fen: int = 0
) -> dict[str, Any]:
    """What a notification says of a payment, with a payer who does not exist."""
    total = order.total_fen + more_fen
    return {
        "mchid": order.content.get("mchid", ""),
        "appid": order.content.get("appid", ""),
        "out_trade_no": order.number,
        "transaction_id": transaction_id,
        "trade_type": "MWEB",
        "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功",
        "bank_type": "OTHERS",
        "success_time": order.paid_at,
        "payer": {"openid": f"o{secrets.token_urlsafe(20)}"},
        "amount": {
            "total": total, "payer_total": total, "currency": CURRENCY, "payer_currency": CURRENCY,
        },
    }  # fmt: skip

"""Where a job says what is to happen when its orders are paid, or refunded.

    on_paid("gift", book_gifts)          book_gifts(paid: list[PaidOrder])
    on_refunded("gift", book_refunds)    book_refunds(ended: list[EndedRefund])

Called by the worker with up to 500 at once, inside the transaction in which the orders are marked:
either both stand or neither. A handler that raises is tried again, one order at a time, later. So
it must do nothing that a database cannot take back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from honghui.payments.models import Order, Refund


@dataclass(frozen=True)
class PaidOrder:
    """amount_fen: really paid, and equal to the order's. paid_at: as the platform says, aware."""

    order: Order
    transaction_id: str
    amount_fen: int
    paid_at: datetime


@dataclass(frozen=True)
class EndedRefund:
    """A refund that reached the payer (`is_done`), or that the platform could not carry out."""

    refund: Refund
    is_done: bool
    ended_at: datetime


PaidHandler = Callable[[list[PaidOrder]], None]
RefundHandler = Callable[[list[EndedRefund]], None]
_paid: dict[str, PaidHandler] = {}
_refunded: dict[str, RefundHandler] = {}


def on_paid(job: str, handler: PaidHandler) -> None:
    """Called once a process, in the job's AppConfig.ready."""
    _paid[job] = handler


def on_refunded(job: str, handler: RefundHandler) -> None:
    _refunded[job] = handler


def handler_of_paid(job: str) -> PaidHandler:
    return _handler(_paid, job)


def handler_of_refunded(job: str) -> RefundHandler:
    return _handler(_refunded, job)


class NoHandler(LookupError):
    """Nobody said what is to happen: the notification waits until somebody does."""


def _handler(handlers: dict[str, Callable[[list], None]], job: str) -> Callable[[list], None]:  # type: ignore[type-arg]
    if job not in handlers:
        raise NoHandler(job)
    return handlers[job]

"""A platform with keys of its own, an order that waits to be paid, and a job that takes note."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from honghui.kernel.actors import VISITOR
from honghui.payments import handling
from honghui.payments.actions.orders import open_order
from honghui.payments.door import with_payments
from honghui.payments.handling import EndedRefund, PaidOrder
from honghui.payments.models import Order
from honghui.payments.wechat.credentials import make_simulated
from honghui.registry.models import Society
from tests.payments.platform import Platform

Answer = tuple[int, dict[str, Any]]
Notify = Callable[..., Answer]


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "wechat"
    make_simulated(folder)
    return folder


@pytest.fixture
def platform(key_folder: Path, settings) -> Platform:  # type: ignore[no-untyped-def]
    settings.WECHAT_KEYS = str(key_folder)
    return Platform(key_folder)


@pytest.fixture
def notify(platform: Platform) -> Notify:
    """`notify(body)`: what the door answers: (status, what its JSON says). headers: instead of
    those of a right signature, or `None` for one of them to be missing."""
    import json

    def pages(environ: Any, start_response: Any) -> list[bytes]:
        raise AssertionError("this is no page's address")

    application = with_payments(pages)

    def send(body: bytes, *, method: str = "POST", **headers: str) -> Answer:
        said: list[str] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": "/payments/wechat/notify",
            "wsgi.input": io.BytesIO(body + b"the next request"),
            "CONTENT_LENGTH": str(len(body)),
            **platform.headers(body),
            **headers,
        }
        parts = application(environ, lambda status, headers: said.append(status))
        return int(said[0].split()[0]), json.loads(b"".join(parts))

    return send


@pytest.fixture
def new_order(db: None) -> Callable[..., Order]:
    def make(amount_fen: int = 1000, society: str = "330600", **values: Any) -> Order:
        return open_order(
            by=VISITOR,
            society=Society.objects.get(pk=society),
            job=values.pop("job", "tests"),
            about_id=values.pop("about_id", uuid4()),
            amount_fen=amount_fen,
            description="样例项目",
            **values,
        )

    return make


class Job:
    """What a job would do with what it is told; `fails_at`: a number it stumbles over."""

    def __init__(self) -> None:
        self.paid: list[PaidOrder] = []
        self.ended: list[EndedRefund] = []
        self.batches: list[int] = []
        self.fails_at = ""

    def take_paid(self, orders: list[PaidOrder]) -> None:
        for one in orders:
            if one.order.out_trade_no == self.fails_at:
                raise RuntimeError("a value of a person, which nobody may write down")
        self.batches.append(len(orders))
        self.paid += orders

    def take_ended(self, refunds: list[EndedRefund]) -> None:
        self.ended += refunds


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    monkeypatch.setattr(handling, "_paid", {})
    monkeypatch.setattr(handling, "_refunded", {})
    one = Job()
    handling.on_paid("tests", one.take_paid)
    handling.on_refunded("tests", one.take_ended)
    yield one

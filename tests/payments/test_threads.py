"""A server ends threads that were idle; what such a thread still holds is lost to all others."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from django.db import connection

from honghui.payments.models import Order
from tests.payments.conftest import Notify
from tests.payments.platform import Platform


def test_a_thread_holds_no_connection_once_it_has_answered(
    committed: str, platform: Platform, notify: Notify, new_order: Callable[..., Order]
) -> None:
    body = platform.paid(new_order())
    answers: list[tuple[int, bool]] = []

    def answer() -> None:
        answers.append((notify(body)[0], connection.connection is None))

    for _one in range(3):
        thread = Thread(target=answer)
        thread.start()
        thread.join()
    assert answers == [(200, True)] * 3

"""A worker whose job books what was paid into a table of the test's, slowly enough to be killed in
the middle of a batch. Run by test_kills.

    python -m tests.payments.killed_worker
"""

from __future__ import annotations

import threading
import time

import django


def main() -> None:
    django.setup()
    from django.db import connection

    from honghui.payments import handling, worker

    def book(paid: list[handling.PaidOrder]) -> None:
        with connection.cursor() as cursor:
            for one in paid:
                cursor.execute("INSERT INTO booked VALUES (%s)", [one.order.pk])
                time.sleep(0.0005)

    handling.on_paid("tests", book)
    worker.BATCH = 50
    worker.run(threading.Event())


if __name__ == "__main__":
    main()

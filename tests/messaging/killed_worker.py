"""A worker that hands over ten at a time, to be killed in the middle. Run by test_kills.

python -m tests.messaging.killed_worker
"""

from __future__ import annotations

import threading
from datetime import timedelta

import django


def main() -> None:
    django.setup()
    from honghui.messaging import dispatching, worker
    from honghui.messaging.actions import handovers
    from honghui.messaging.channels import ADAPTERS
    from tests.messaging.people import declare

    declare()
    ADAPTERS["sms"].batch_max = 10
    handovers.LEASE = timedelta(seconds=2)
    handovers.FIRST_ASK = timedelta(seconds=0.2)
    waits = (timedelta(seconds=0.3), timedelta(seconds=0.3))
    dispatching.ask_after = lambda asks: waits[asks] if asks < len(waits) else None
    worker.run(threading.Event())


if __name__ == "__main__":
    main()

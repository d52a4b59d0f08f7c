"""A worker whose steps take long enough to be killed in the middle. Run by test_kills.

python -m tests.callouts.killed_worker
"""

from __future__ import annotations

import threading
import time

import django


def main() -> None:
    django.setup()
    from honghui.callouts import worker
    from honghui.callouts.actions import calling

    touch = calling.touch

    def slowly(*args: object, **values: object) -> None:
        # Messages are queued, invitations moved on, nothing committed.
        time.sleep(0.03)
        touch(*args, **values)  # type: ignore[arg-type]
        time.sleep(0.03)

    calling.touch = slowly
    worker.run(threading.Event())


if __name__ == "__main__":
    main()

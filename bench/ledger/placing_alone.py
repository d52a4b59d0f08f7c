"""The sequencer's half in the database, until stopped: for the bench, which publishes nothing."""

from __future__ import annotations

import time

import django


def main() -> None:
    django.setup()
    from honghui.ledger.placing import TIDY_AFTER, begin_epoch, place, tidy_queue

    epoch, placed = begin_epoch(), 0
    while True:
        placed += place(epoch)
        if placed >= TIDY_AFTER:
            tidy_queue()
            placed = 0
        time.sleep(0.05)


if __name__ == "__main__":
    main()

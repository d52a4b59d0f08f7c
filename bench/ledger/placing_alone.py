"""The sequencer's half in the database, until stopped: for the bench, which publishes nothing."""

from __future__ import annotations

import time

import django


def main() -> None:
    django.setup()
    from honghui.ledger.placing import begin_epoch, place_all

    epoch = begin_epoch()
    while True:
        place_all(epoch)
        time.sleep(0.05)


if __name__ == "__main__":
    main()

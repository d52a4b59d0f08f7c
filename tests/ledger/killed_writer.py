"""A client that never gives up: posts gifts, moves and uses, and asks again with the same key until
it is told that they are booked. Run by test_kills, several at once, while the database is killed.

    python -m tests.ledger.killed_writer NAME FOLDER

It writes each acknowledged request's hash to FOLDER/NAME, forced to the disk, and ends once
FOLDER/stop is there.
"""

from __future__ import annotations

import os
import random
import sys
import time
from datetime import date
from pathlib import Path

import django

PLACES = ("bank", "store", "330000")
DAY = date(2020, 6, 20)


def main(name: str, folder: Path) -> None:
    django.setup()
    chance = random.Random(name)
    number = 0
    with (folder / name).open("a") as acknowledged:
        while not (folder / "stop").exists():
            number += 1
            entry = _entry(chance, f"{name}/{number}")
            if _until_it_is_booked(entry):
                acknowledged.write(f"{entry.request}\n")
                acknowledged.flush()
                os.fsync(acknowledged.fileno())
            time.sleep(0.002)


def _entry(chance: random.Random, request: str):  # type: ignore[no-untyped-def]
    from honghui.record.commitments import request_hash
    from honghui.record.entries import Entry
    from honghui.record.pools import Pool
    from honghui.record.steps import In, Leg, Link, Out

    def pool(place: str) -> Pool:
        return Pool(
            society="330000", purpose="general", source="donation", commodity="CNY", place=place
        )

    before, after = chance.sample(PLACES, 2)
    quantity = chance.randint(1, 20)
    act = chance.choice(("gift", "gift", "gift", "move", "use"))
    steps = {
        "gift": In(pool=pool(before), quantity=quantity),
        "move": Link(
            into=pool(after),
            quantity=quantity,
            parts=((Leg(pool=pool(before), quantity=quantity),),),
        ),
        "use": Out(pool=pool(before), quantity=quantity, use="relief", place="330000"),
    }
    return Entry(
        id=f"{chance.getrandbits(128):032x}", act=act, society="330000", occurred_on=DAY,
        recorded_at="2020-06-20T01:00Z", steps=(steps[act],),
        request=request_hash(b"k" * 32, request), purposes=("1" * 32,),
        requested_by="a" * 32, approved_by=("b" * 32,),
    )  # type: ignore[arg-type] # fmt: skip


def _until_it_is_booked(entry) -> bool:  # type: ignore[no-untyped-def]
    """False where the books refuse it: nothing is left in the pool just now."""
    from django.db import Error, connection, transaction

    from honghui.kernel.errors import Refused
    from honghui.ledger.posting import post

    while True:
        try:
            with transaction.atomic():
                post(entry)
            return True
        except Refused:
            return False
        except Error:
            connection.close()
            time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

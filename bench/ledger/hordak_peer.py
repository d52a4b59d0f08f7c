"""Runs in the environment of `requirements-ledger-peers.lock`, with nothing of ours: gifts in
django-hordak, one durable transaction each. Answers in JSON, one line.

    hordak_peer.py ADDRESS     of an empty database, which it migrates
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

import dj_database_url
import django
from django.conf import settings

ROUNDS, WARM = 1000, 100
DAY = date(2020, 6, 20)


def main() -> None:
    set_up(sys.argv[1])
    bank, income = accounts()
    print(json.dumps({"manual": gift_ms(bank, income), "bank": bank.pk, "income": income.pk}))


def set_up(address: str) -> None:
    settings.configure(
        DATABASES={"default": dj_database_url.parse(address, conn_max_age=None)},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"],
        DEFAULT_CURRENCY="CNY", HORDAK_INTERNAL_CURRENCY="CNY", HORDAK_CURRENCIES=["CNY"],
        USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def accounts() -> tuple[Any, Any]:
    from hordak.models import Account, AccountType

    made = [
        Account.objects.create(name=name, code=code, type=type_, currencies=["CNY"])
        for name, code, type_ in [
            ("Bank", "1", AccountType.asset),
            ("Gifts", "2", AccountType.income),
        ]
    ]
    return made[0], made[1]


def gift_ms(bank: Any, income: Any) -> float:
    """As its manual records a transaction (median). Whether it could be refused is tried first."""
    from django.db import connection
    from hordak.models import Leg
    from moneyed import Money

    refuses_what_does_not_add_up(bank)
    with connection.cursor() as cursor:
        for setting in ("fsync", "synchronous_commit"):
            cursor.execute(f"SHOW {setting}")
            assert cursor.fetchone() == ("on",), setting
    times = []
    for number in range(ROUNDS):
        begun = time.perf_counter()
        income.transfer_to(bank, Money(50, "CNY"), date=DAY, description=f"payment/{number}")
        times.append((time.perf_counter() - begun) * 1000)
    assert Leg.objects.count() == 2 * ROUNDS
    assert bank.get_balance()["CNY"].amount == Decimal(50 * ROUNDS)
    return median(times[WARM:])


def refuses_what_does_not_add_up(bank: Any) -> None:
    from django.db import IntegrityError, transaction
    from hordak.models import Leg, Transaction
    from moneyed import Money

    try:
        with transaction.atomic():
            made = Transaction.objects.create(date=DAY)
            Leg.objects.create(transaction=made, account=bank, debit=Money(50, "CNY"))
    except IntegrityError:
        return
    raise AssertionError("hordak took a transaction that does not add up: where are its triggers?")


if __name__ == "__main__":
    main()

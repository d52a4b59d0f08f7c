"""Runs in the environment of `requirements-ledger-peers.lock`, with nothing of ours: gifts in
Tryton, each a move of two lines, created and posted. Answers in JSON, one line.

    tryton_peer.py ADDRESS     of an empty database, which it fills

The server is this process: no request travels, nobody logs in, and no right is asked for.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import PurePath
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import urlsplit

ROUNDS, WARM = 120, 20
DAY = date(2020, 6, 20)
ROOT = 0

Extras = dict[str, Any]


class Books(NamedTuple):
    company: int
    journal: int
    period: int
    bank: int
    income: int


def main() -> None:
    address = urlsplit(sys.argv[1])
    # Before the first import, which reads it.
    os.environ["TRYTOND_DATABASE_URI"] = address._replace(path="/").geturl()
    logging.disable(logging.WARNING)
    database = PurePath(address.path).name
    install(database)
    books = committed(database, make_books)
    times = gifts_ms(database, books)
    check(database, books)
    print(json.dumps(times))


def install(database: str) -> None:
    """As its own command for a new database does."""
    from trytond.backend import Database
    from trytond.pool import Pool

    Pool.start()
    Database(database).init()
    Pool(database).init(update=["account"], lang=["en"], activatedeps=True)


def committed(
    database: str, work: Callable[[], Any], company: int | None = None, extras: Extras | None = None
) -> Any:
    """As its dispatcher does: work that wants a lock begins again, with the lock taken first.

    `extras` keeps the locks to take. A request brings none.
    """
    from trytond.transaction import Transaction, TransactionError

    extras = {} if extras is None else extras
    while True:
        with Transaction().start(
            database, ROOT, context={"company": company}, **extras
        ) as transaction:
            try:
                done = work()
            except TransactionError as error:
                transaction.rollback()
                error.fix(extras)
                continue
            transaction.commit()
            return done


def make_books() -> Books:
    """A company in yuan, a year of periods, two accounts and a journal."""
    from trytond.pool import Pool
    from trytond.transaction import Transaction

    def made(model: str, **values: Any) -> Any:
        [record] = Pool().get(model).create([values])
        return record

    yuan = made("currency.currency", name="Renminbi", symbol="¥", code="CNY")
    party = made("party.party", name="A society")
    company = made("company.company", party=party.id, currency=yuan.id)
    with Transaction().set_context(company=company.id):
        period = make_year(made, company.id)
        kinds = {
            name: made("account.account.type", company=company.id, name=name, **values)
            for name, values in {
                "Cash": {"statement": "balance", "assets": True},
                "Gifts": {"statement": "income", "revenue": True},
            }.items()
        }
        accounts = {
            name: made("account.account", company=company.id, name=name, code=name, type=kind.id)
            for name, kind in kinds.items()
        }
        journal = made("account.journal", name="Gifts", code="GIFT", type="cash")
    return Books(company.id, journal.id, period, accounts["Cash"].id, accounts["Gifts"].id)


def make_year(made: Callable[..., Any], company: int) -> int:
    from trytond.pool import Pool

    pool = Pool()
    [kind] = pool.get("ir.sequence.type").search([("name", "=", "Account Move")])
    numbers = made("ir.sequence.strict", name="2020", sequence_type=kind.id, company=company)
    year = made(
        "account.fiscalyear", name="2020", company=company, move_sequence=numbers.id,
        start_date=date(2020, 1, 1), end_date=date(2020, 12, 31),
    )  # fmt: skip
    pool.get("account.fiscalyear").create_period([year])
    return int(pool.get("account.period").find(company, date=DAY).id)


def gifts_ms(database: str, books: Books) -> dict[str, float]:
    """Medians, in turn: as the dispatcher does, and with the lock known from the gift before."""
    known: Extras = {}
    times: dict[str, list[float]] = {"served": [], "lock_known": []}
    for number in range(ROUNDS):
        for way, extras in (("served", {}), ("lock_known", known)):
            begun = time.perf_counter()
            committed(database, partial(gift, books, number), books.company, extras)
            times[way].append((time.perf_counter() - begun) * 1000)
    return {way: median(found[WARM:]) for way, found in times.items()}


def gift(books: Books, number: int) -> None:
    from trytond.pool import Pool

    move_model = Pool().get("account.move")
    lines = [
        {"account": books.bank, "debit": Decimal(50), "credit": Decimal(0)},
        {"account": books.income, "debit": Decimal(0), "credit": Decimal(50)},
    ]
    moves = move_model.create([{
        "company": books.company, "journal": books.journal, "period": books.period, "date": DAY,
        "description": f"payment/{number}", "lines": [("create", lines)],
    }])  # fmt: skip
    move_model.post(moves)


def check(database: str, books: Books) -> None:
    from trytond.pool import Pool
    from trytond.transaction import Transaction

    with Transaction().start(
        database, ROOT, readonly=True, context={"company": books.company}
    ) as transaction:
        for setting in ("fsync", "synchronous_commit"):
            cursor = transaction.connection.cursor()
            cursor.execute(f"SHOW {setting}")
            assert cursor.fetchone() == ("on",), setting
        moves = Pool().get("account.move").search([])
        assert len({move.number for move in moves}) == len(moves) == 2 * ROUNDS
        assert {move.state for move in moves} == {"posted"}
        bank = Pool().get("account.account")(books.bank)
        assert bank.balance == Decimal(50 * 2 * ROUNDS)


if __name__ == "__main__":
    main()

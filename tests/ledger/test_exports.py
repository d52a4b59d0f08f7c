"""What we export, read by other people's programs: it adds up, and it is what the tables hold."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection

from honghui.kernel.errors import CannotRun
from honghui.ledger.cli import ledger
from honghui.ledger.exporting.beancount import write_beancount
from honghui.ledger.exporting.beancount_names import (
    amount,
    commodity_name,
    component,
    pool_account,
)
from honghui.ledger.exporting.columns import TABLES, Table
from honghui.ledger.exporting.tables import write_tables
from honghui.record.values import is_currency
from tests.audit.societies import random_society
from tests.ledger import books

PROGRAMS = Path(sys.executable).parent


def keep(seed: int, acts: int = 250) -> None:
    books.keep(random_society(seed, acts).records)


def bean_check(path: Path) -> str:
    done = subprocess.run(
        [PROGRAMS / "bean-check", path], capture_output=True, text=True, timeout=120
    )
    assert bool(done.stderr) == bool(done.returncode)
    return done.stderr


# ── Beancount ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seed", range(3))
def test_beancount_comes_to_what_is_left_in_each_pool(
    committed: str, seed: int, tmp_path: Path
) -> None:
    from beancount.core.data import Transaction
    from beancount.loader import load_file

    keep(seed)
    path = tmp_path / "books.beancount"
    done = CliRunner().invoke(ledger, ["export", "--beancount", str(path)])
    assert done.exit_code == 0, done.output
    assert bean_check(path) == ""
    entries, errors, _options = load_file(str(path))
    assert not errors
    assert len([one for one in entries if isinstance(one, Transaction)]) == count("ledger_entry")
    assert assets(entries) == {
        pool_account(pool): in_beancount(taken_in - booked, pool.commodity)
        for pool, (taken_in, booked) in books.pools().items()
        if taken_in - booked
    }
    assert not list(tmp_path.glob("*.part"))


def assets(entries: list[Any]) -> dict[str, tuple[Decimal, str]]:
    """What the transactions add up to, without the balances that we claim."""
    from beancount.core.data import Transaction

    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        for posting in entry.postings if isinstance(entry, Transaction) else ():
            if posting.account.startswith("Assets:"):
                sums[posting.account, posting.units.currency] += posting.units.number
    return {account: (number, unit) for (account, unit), number in sums.items() if number}


def in_beancount(quantity: int, commodity: str) -> tuple[Decimal, str]:
    """Our societies have yuan, dollars and lots."""
    number = Decimal(quantity) / 100 if is_currency(commodity) else Decimal(quantity)
    return number, commodity_name(commodity)


def test_every_entry_is_there_with_its_id_and_its_act(committed: str, tmp_path: Path) -> None:
    from beancount.core.data import Commodity, Open, Transaction
    from beancount.loader import load_file

    keep(1)
    write_beancount(tmp_path / "books")
    entries, _errors, _options = load_file(str(tmp_path / "books"))
    told = {
        (one.meta["entry"], one.meta["act"], one.date)
        for one in entries
        if isinstance(one, Transaction)
    }
    rows = fetch(
        "SELECT r.id, e.act, e.occurred_on FROM ledger_entry e"
        " JOIN journal_record r ON r.number = e.number AND r.part = 1"
    )
    assert told == {(id_.hex, act, day) for id_, act, day in rows}
    opened = {one.account: one for one in entries if isinstance(one, Open)}
    for pool in books.pools():
        meta = opened[pool_account(pool)].meta
        assert {name: meta.get(name) for name in pool.__struct_fields__} == {
            name: getattr(pool, name) for name in pool.__struct_fields__
        }
    codes = {one.currency: one.meta["code"] for one in entries if isinstance(one, Commodity)}
    assert codes == {commodity_name(one.commodity): one.commodity for one in books.pools()}


def test_what_was_used_stands_in_expenses(committed: str, tmp_path: Path) -> None:
    from beancount.core.data import Transaction
    from beancount.loader import load_file

    keep(2)
    write_beancount(tmp_path / "books")
    sums: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    entries, _errors, _options = load_file(str(tmp_path / "books"))
    for entry in entries:
        for posting in entry.postings if isinstance(entry, Transaction) else ():
            kind, *_society, purpose, use = posting.account.split(":")
            if kind == "Expenses" and posting.units.currency in ("CNY", "USD"):
                sums[purpose, posting.units.currency, use] += posting.units.number
    counted = fetch("SELECT purpose, currency, use, quantity FROM ledger_used WHERE quantity <> 0")
    assert {key: number for key, number in sums.items() if number} == {
        (component(purpose), currency, component(use)): Decimal(quantity) / 100
        for purpose, currency, use, quantity in counted
    }


@pytest.mark.parametrize("what", ["Assets:", "Income:", "Expenses:", "Equity:", " balance "])
def test_one_smallest_unit_more_or_less_and_beancount_complains(
    committed: str, tmp_path: Path, what: str
) -> None:
    """A number of each kind, in turn, is another one by one fen or one piece."""
    keep(1)
    path = tmp_path / "books.beancount"
    write_beancount(path)
    lines = path.read_text("utf-8").splitlines()
    mark = what if what == " balance " else f"  {what}"
    for commodity in ("CNY", "LOT."):
        at = next(
            number
            for number, line in enumerate(lines)
            if (line.startswith(mark) or mark == " balance " in line)
            and line.split()[-1].startswith(commodity)
        )
        *before, number, unit = lines[at].split(" ")
        changed = Decimal(number) + Decimal(1).scaleb(-2 if commodity == "CNY" else 0)
        damaged = [*lines[:at], " ".join([*before, str(changed), unit]), *lines[at + 1 :]]
        path.write_text("\n".join(damaged) + "\n", "utf-8")
        assert bean_check(path), lines[at]


def test_a_total_that_is_wrong_here_is_wrong_there(committed: str, tmp_path: Path) -> None:
    keep(1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_intake DISABLE TRIGGER ALL")
        cursor.execute(
            "UPDATE ledger_intake SET taken_in = taken_in + 1 WHERE pool_id ="
            " (SELECT min(pool_id) FROM ledger_intake)"
        )
    write_beancount(tmp_path / "books")
    assert "Balance failed" in bean_check(tmp_path / "books")


def test_books_without_an_entry_are_a_file_too(committed: str, tmp_path: Path) -> None:
    assert write_beancount(tmp_path / "books") == 0
    assert bean_check(tmp_path / "books") == ""


def test_no_two_codes_become_one_name() -> None:
    codes = [
        "a", "a-b", "a.b", "adotb", "a-dot-b", "a.", "a-", "7", "7.7", "7-7", "cny", "lot.a", "lot",
        "0", "a-0", "a.0", "x.y.z", "x..z", "x--z",
    ]  # fmt: skip
    assert len({component(code) for code in codes}) == len(codes)
    assert len({commodity_name(code) for code in [*codes, "CNY", "USD"]}) == len(codes) + 2


def test_every_name_and_every_amount_is_beancount_s(tmp_path: Path) -> None:
    lines = ["2020-01-01 open Income:Outside"]
    codes = ["a", "a.b", "a.", "a-", "7", "7.7", "0-", "cny", "x..z", "a" * 48, "CNY", "JPY", "KWD"]
    for code in codes:
        account = f"Assets:{component(code)}:{component('in_transit')}"
        lines.append(f"2020-01-01 open {account} {commodity_name(code)}")
        lines.append(f'2020-01-01 * "{code}"')
        lines.append(f"  {account} {amount(2**53 - 1, code)}")
        lines.append(f"  Income:Outside {amount(1 - 2**53, code)}")
    (tmp_path / "names").write_text("\n".join(lines) + "\n")
    assert bean_check(tmp_path / "names") == ""
    assert amount(1205, "CNY") == "12.05 CNY"
    assert amount(-5, "CNY") == "-0.05 CNY"
    assert amount(0, "CNY") == "0.00 CNY"
    assert amount(1205, "JPY") == "1205 JPY"
    assert amount(1205, "KWD") == "1.205 KWD"
    assert amount(2**53 - 1, "CNY") == "90071992547409.91 CNY"
    assert amount(3, "masks-7") == "3 LOT.MASKS-7"


# ── tables ───────────────────────────────────────────────────────────────────────────────────


def test_tables_read_back_are_the_tables(committed: str, tmp_path: Path) -> None:
    from pyarrow import parquet

    keep(3)
    done = CliRunner().invoke(ledger, ["export", "--tables", str(tmp_path / "made" / "here")])
    assert done.exit_code == 0, done.output
    folder = tmp_path / "made" / "here"
    for table in TABLES:
        stored = [as_values(row, table) for row in fetch(table.query)]
        assert stored
        assert csv_rows(folder / f"{table.name}.csv", table) == stored
        read = parquet.read_table(folder / f"{table.name}.parquet")
        assert read.column_names == [one.name for one in table.columns]
        assert [tuple(row.values()) for row in read.to_pylist()] == stored
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [
            "datapackage.json",
            *(f"{one.name}.{form}" for one in TABLES for form in ("csv", "parquet")),
        ]
    )


def test_the_tables_are_all_of_the_books(committed: str, tmp_path: Path) -> None:
    """Compared with the database by other words than those of the export."""
    keep(3)
    write_tables(tmp_path)
    by_name = {one.name: csv_rows(tmp_path / f"{one.name}.csv", one) for one in TABLES}
    assert {(row[0], row[-2], row[-1]) for row in by_name["pools"]} == {
        (number, *books.pools()[pool]) for number, pool in books.pools_by_id().items()
    }
    assert len(by_name["entries"]) == count("ledger_entry")
    moved = fetch("SELECT number, piece, in_lo, in_hi FROM ledger_movement ORDER BY number, piece")
    names = [one.name for one in TABLES[2].columns]
    at = [names.index(name) for name in ("number", "piece", "in_lo", "in_hi")]
    assert [tuple(row[each] for each in at) for row in by_name["movements"]] == moved
    logged = sorted((row[2], row[4]) for row in by_name["records"])
    assert [text.encode() for _index, text in logged] == books.log()


def test_other_people_s_validator_finds_the_package_valid(committed: str, tmp_path: Path) -> None:
    keep(3)
    write_tables(tmp_path)
    said = validated(tmp_path)
    assert said["valid"], said
    assert len(said["tasks"]) == 2 * len(TABLES)
    described = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    for one in described["resources"]:
        assert (tmp_path / one["path"]).stat().st_size == one["bytes"]
    for name in ("movements.csv", "movements.parquet"):
        whole = (tmp_path / name).read_bytes()
        at = len(whole) // 2
        (tmp_path / name).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        wrong = validated(tmp_path)
        assert [one["name"] for one in wrong["tasks"] if not one["valid"]] == [
            name.replace(".csv", "").replace(".", "-")
        ]
        (tmp_path / name).write_bytes(whole)


def test_the_same_books_are_the_same_files(committed: str, tmp_path: Path) -> None:
    keep(4, 60)
    for name in ("one", "two"):
        write_tables(tmp_path / name)
        write_beancount(tmp_path / name / "books")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_an_unfinished_folder_has_no_description(
    committed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(4, 60)
    write_tables(tmp_path)

    def breaks_off(_table: Table, _folder: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("honghui.ledger.exporting.tables._write_parquet", breaks_off)
    with pytest.raises(OSError, match="no space"):
        write_tables(tmp_path)
    assert not (tmp_path / "datapackage.json").exists()


def test_without_pyarrow_it_says_what_to_install(
    committed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(CannotRun) as refused:
        write_tables(tmp_path / "here")
    assert "requirements-parquet.lock" in str(refused.value)
    assert not (tmp_path / "here").exists()


def test_export_wants_to_know_what() -> None:
    done = CliRunner().invoke(ledger, ["export"])
    assert done.exit_code == 2
    assert "--beancount" in done.output


def fetch(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def count(table: str) -> int:
    return int(fetch(f"SELECT count(*) FROM {table}")[0][0])


def as_values(row: tuple[Any, ...], table: Table) -> tuple[Any, ...]:
    """Of the database's answer: the query writes days as text."""
    return tuple(
        date.fromisoformat(value) if one.type == "date" else value
        for value, one in zip(row, table.columns, strict=True)
    )


def csv_rows(path: Path, table: Table) -> list[tuple[Any, ...]]:
    make = {"integer": int, "string": str, "date": date.fromisoformat}
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    assert heading == [one.name for one in table.columns]
    return [
        tuple(
            make[one.type](cell) if cell else None
            for cell, one in zip(row, table.columns, strict=True)
        )
        for row in rows
    ]


def validated(folder: Path) -> dict[str, Any]:
    """In a process of its own: what it brings along is not held to our warnings."""
    done = subprocess.run(
        [PROGRAMS / "frictionless", "validate", folder / "datapackage.json", "--json"],
        capture_output=True, text=True, timeout=120, cwd=folder,
    )  # fmt: skip
    said: dict[str, Any] = json.loads(done.stdout)
    assert said["valid"] == (done.returncode == 0)
    return said

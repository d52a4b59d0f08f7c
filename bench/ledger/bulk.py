"""A million gifts at once: into the queue by COPY, placed by the sequencer's half in the database,
beside COPY of the very rows that they became into the same tables with the same indexes."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.ledger.arriving import MANY, RECORD_BYTES, placing

GIFTS = 1_000_000
BLOCK = 1 << 20
# What a gift becomes, in the order in which a restore would load it.
TABLES = ("journal_record", "journal_leaf", "ledger_entry", "ledger_movement")

_TOLD = f"""
    COPY (
        SELECT 1_000_000_000_000 + n, sha256(int8send(n)), sha256(int8send(-n)),
            gen_random_uuid(), 'gift', '330000', date '2020-06-20', now(),
            ARRAY[repeat('x', {RECORD_BYTES})::bytea], ARRAY[1 + n % {MANY}]::int[],
            ARRAY[100 + n % 9_973]::bigint[]
        FROM generate_series(1, {GIFTS}) AS n
    ) TO STDOUT (FORMAT binary)
"""
_ARRIVING = (
    "ledger_arrival (number, request, content, id, act, society, occurred_on, recorded_at, parts,"
    " pools, quantities)"
)


def bulk_s(address: str, apart: str) -> tuple[float, float]:
    """Seconds of ours, and of COPY. Both databases hold the pools and nothing else; the first is
    the one that DATABASE_URL names."""
    with _folder() as folder:
        with psycopg.connect(address, autocommit=True) as db:
            _copy_out(db, _TOLD, folder / "told")
            ours = _timed_ours(db, folder / "told")
            for table in TABLES:
                _copy_out(db, f"COPY {table} TO STDOUT (FORMAT binary)", folder / table)
        with psycopg.connect(apart, autocommit=True) as db:
            begun = time.perf_counter()
            with db.transaction():
                for table in TABLES:
                    _copy_in(db, table, folder / table)
            return ours, time.perf_counter() - begun


def _timed_ours(db: psycopg.Connection, told: Path) -> float:
    with placing():
        begun = time.perf_counter()
        _copy_in(db, _ARRIVING, told)
        while db.execute("SELECT size FROM journal_logstate").fetchone() != (GIFTS,):
            time.sleep(0.05)
        return time.perf_counter() - begun


def _copy_out(db: psycopg.Connection, query: str, path: Path) -> None:
    with path.open("wb") as file, db.cursor().copy(query) as copy:
        for block in copy:
            file.write(block)


def _copy_in(db: psycopg.Connection, table: str, path: Path) -> None:
    query = f"COPY {table} FROM STDIN (FORMAT binary)"
    with path.open("rb") as file, db.cursor().copy(query) as copy:
        while block := file.read(BLOCK):
            copy.write(block)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="honghui-bulk-", dir="/var/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)

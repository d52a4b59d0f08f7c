"""Durable gifts, one by one: beside plain inserts of the same rows, and with one hot pool.

pgbench asks, so that no client of ours is what is measured. Every transaction is forced to the disk.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg

CLIENTS = 32
SECONDS = 8
ROUNDS = 3
HOT, MANY = 1, 1_000
RECORD_BYTES = 430

_REQUEST = "sha256(int8send(:n) || int8send(:client_id) || int8send((random() * 1e18)::bigint))"
GIVE = f"""
\\set n random(1, 9000000000000000000)
\\set pool random(1, :pools)
SELECT drawn FROM ledger_arrive(:changes, 'gift', '330000', '2020-06-20', {_REQUEST},
    '\\x00', gen_random_uuid(), now(), ARRAY[repeat('x', {RECORD_BYTES})::bytea], ARRAY[:pool]::int[],
    ARRAY[5000]::bigint[]);
"""
# The same row, and nothing asked or locked.
PLAIN = f"""
\\set n random(1, 9000000000000000000)
\\set pool random(1, :pools)
INSERT INTO ledger_arrival (
    number, request, content, id, act, society, occurred_on, recorded_at, parts, pools, quantities
) VALUES (
    nextval('journal_record_number'), {_REQUEST}, '\\x00', gen_random_uuid(), 'gift', '330000',
    '2020-06-20', now(), ARRAY[repeat('x', {RECORD_BYTES})::bytea], ARRAY[:pool]::int[],
    ARRAY[5000]::bigint[]
);
"""
ONE_ROW = f"""
\\set n random(1, 9000000000000000000)
INSERT INTO bench_row (request, quantity, data) VALUES ({_REQUEST}, 5000, repeat('x', {RECORD_BYTES})::bytea);
"""


def prepare(db: psycopg.Connection) -> None:
    db.execute(
        "CREATE TABLE bench_row (id bigserial PRIMARY KEY, request bytea, quantity bigint, data bytea)"
    )
    db.execute(f"""
        INSERT INTO ledger_pool (society, purpose, source, commodity, place, stage, ref)
        SELECT '330000', 'purpose-' || n, 'donation', 'CNY', 'bank', 'on_hand', NULL
        FROM generate_series(1, {MANY}) AS n
    """)
    db.execute("INSERT INTO ledger_intake SELECT id, 0, 1 FROM ledger_pool")
    db.execute("INSERT INTO ledger_booking SELECT id, 0, 0 FROM ledger_pool")


def per_second(
    pgbench: str,
    address: str,
    script: str,
    *,
    clients: int,
    pools: int,
    seconds: int = SECONDS,
    rate: int = 0,
) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        printed = subprocess.run(
            [
                *(pgbench, "--no-vacuum", "--protocol=prepared", "--file", file.name),
                *("--client", str(clients), "--jobs", "2", "--time", str(seconds)),
                *("--define", f"pools={pools}", "--define", "changes=0"),
                *(("--rate", str(rate)) if rate else ()), address,
            ],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", printed)
    assert found, printed
    return float(found[1])


@contextmanager
def process(*module: str) -> Iterator[None]:
    """Something of ours at work beside the clients."""
    started = subprocess.Popen([sys.executable, "-m", *module])
    try:
        time.sleep(2)
        yield
    finally:
        started.terminate()
        started.wait()


def placing() -> AbstractContextManager[None]:
    """The sequencer's half in the database: positions and indexes."""
    return process("bench.ledger.placing_alone")


def published_after_s(pgbench: str, address: str, db: psycopg.Connection) -> list[float]:
    """At 2,000 gifts a second for a quarter of a minute: from recorded to published, for each."""
    first = _one(db, "SELECT size FROM journal_logstate")
    seen: list[tuple[float, int]] = []
    stop = threading.Event()

    def watch() -> None:
        with psycopg.connect(address, autocommit=True) as eye:
            while not stop.wait(0.005):
                seen.append((time.time(), _one(eye, "SELECT published FROM journal_logstate")))

    with process("honghui.cli", "sequencer", "run"):
        watcher = threading.Thread(target=watch)
        watcher.start()
        per_second(pgbench, address, GIVE, clients=8, pools=HOT, seconds=15, rate=2_000)
        time.sleep(2)
        stop.set()
        watcher.join()
    rows = db.execute(
        "SELECT l.index, extract(epoch FROM r.recorded_at)::float8 FROM journal_leaf l"
        " JOIN journal_record r ON r.number = l.number WHERE l.index >= %s ORDER BY l.index",
        [first],
    ).fetchall()
    late, at = [], 0
    for index, recorded in rows:
        while at < len(seen) and seen[at][1] <= index:
            at += 1
        assert at < len(seen), f"record {index} was not published"
        late.append(seen[at][0] - recorded)
    return late


def _one(db: psycopg.Connection, query: str) -> int:
    row = db.execute(query).fetchone()
    assert row is not None
    return int(row[0])

"""The trace page in books of a million gifts: how long it takes, and how much it asks.

The books are those of the ledger's bench (a hundred pools, three moves, a use for ten gifts, holes,
covers), here as a fund with its decisions and payments, each with its title. The whole page is
rendered in this process, by Django's test client, for gifts drawn at random. About four minutes,
and 4 GB in the temporary folder.
"""

from __future__ import annotations

import os
import random
import time
from datetime import date
from statistics import quantiles

import psycopg

from bench.ledger import tracing
from bench.ledger.database import connect, fresh_database
from bench.table import Row

GIFTS = 1_000_000
SAMPLES = 1_500
SOCIETY, FUND = "330600", "bench-fund"
_DAY = date(2020, 6, 24)


def rows() -> list[Row]:
    with fresh_database() as address:
        with connect(address) as db:
            tracing.fill(db, GIFTS)
            tracing.complete(db)
            _as_a_fund(db)
        pages, asked, pieces = _measured()
        floor = _floor(address)
    cuts = quantiles([wall for wall, _cpu in pages], n=100)
    worked = quantiles([cpu for _wall, cpu in pages], n=100)
    beside = (
        f"median {cuts[49]:.1f} ms, {pieces:.1f} steps a page; processor time of our process: "
        f"median {worked[49]:.1f} ms, p99 {worked[98]:.1f} ms; "
        f"select 1: median {floor.p50_ms:.2f} ms, p99 {floor.p99_ms:.2f} ms; "
        f"load of the machine {os.getloadavg()[1]:.1f}"
    )
    return [
        Row("the trace page, whole, at 1 million gifts (p99)", cuts[98], 50, "ms", beside),
        Row("questions that it asks the database, at most", asked, 12, "questions"),
    ]


def _as_a_fund(db: psycopg.Connection) -> None:
    """What the page asks besides the ledger: gifts with their codes, decisions, payments."""
    # Tables that are only added to refuse what follows; these books are thrown away.
    for table in ("ledger_entry", "ledger_pool", "journal_record"):
        db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    db.execute("""
        UPDATE ledger_entry SET act = 'reversal' WHERE number IN (
            SELECT number FROM ledger_movement WHERE out_pool <= 100 AND in_pool IS NULL)
    """)
    db.execute("""
        UPDATE ledger_pool SET stage = 'decided', ref = gen_random_uuid()
        WHERE purpose = 'purpose-1'
    """)
    db.execute(
        "UPDATE journal_record SET data = %s WHERE number <= %s",
        [b'{"act":"gift","schema":"entry/1"}', GIFTS],
    )
    db.execute("UPDATE journal_logstate SET published = size, published_at = now()")
    db.execute("SELECT setseed(0.6)")
    for statement in _FUND:
        db.execute(statement)
    tables = ("funds_donation", "funds_proposal", "funds_payment", "journal_record", "ledger_entry")
    for table in tables:
        db.execute(f"VACUUM ANALYZE {table}")


_PERSON = "00000000-0000-0000-0000-000000000001"
_FUND = (
    """INSERT INTO registry_society (code, level, name, name_en, place_name, place_name_en)
        VALUES ('330000', 'province', '样例省会', 'Sample', '样例', 'Sample')""",
    f"""INSERT INTO registry_society
            (code, level, name, name_en, place_name, place_name_en, parent_id)
        VALUES ('{SOCIETY}', 'city', '样例市会', 'Sample', '样例', 'Sample', '330000')""",
    f"""INSERT INTO registry_person
            (id, name, name_key, resident_id_tail, phone_tail, registered_at)
        VALUES ('{_PERSON}', '样例', 'yangli', '', '', now())""",
    f"""INSERT INTO registry_account
            (id, username, person_id, post, is_active, must_change_password, created_at, password)
        SELECT one::uuid, 'bench-' || right(one, 1), '{_PERSON}', '', true, false, now(), ''
        FROM unnest(ARRAY['{_PERSON}', '{_PERSON[:-1]}2']) AS one""",
    f"""INSERT INTO funds_fund
            (code, society_id, name, name_en, about, about_en, body, account, clauses,
             accepts_online, state, opened_on, source, asked_by_id, decided_by_id)
        VALUES ('{FUND}', '{SOCIETY}', '样例基金', 'Sample fund', '', '', 'body', 'account', '[]',
             true, 'open', '{_DAY}', '', '{_PERSON}', '{_PERSON[:-1]}2')""",
    f"""INSERT INTO funds_donation
            (id, code, fund_id, amount_fen, showing, shown_as, entry_id, channel, occurred_on,
             received_at, source)
        SELECT gen_random_uuid(), lpad(m.number::text, 16, '0'), '{FUND}', m.in_hi - m.in_lo,
            'anonymous', '', r.id, 'transfer', '{_DAY}', now(), ''
        FROM ledger_movement m JOIN journal_record r ON r.number = m.number
        WHERE m.number <= {GIFTS}""",
    f"""INSERT INTO funds_proposal
            (id, fund_id, title, title_en, amount_fen, use, place, state, asked_at, asked_by_id,
             decided_by_id, decided_at, decided_on, decided_reason, decision_id, entry_id, source)
        SELECT gen_random_uuid(), '{FUND}', '样例决定', 'Sample decision', 100, 'relief',
            '{SOCIETY}', 'approved', now(), '{_PERSON}', '{_PERSON[:-1]}2', now(), '{_DAY}', '',
            ref, gen_random_uuid(), '' FROM ledger_pool WHERE stage = 'decided'""",
    f"""INSERT INTO funds_payment
            (id, proposal_id, title, title_en, payee_sealed, amount_fen, state, paid_on, asked_at,
             asked_by_id, decided_by_id, decided_at, decided_reason, entry_id)
        SELECT gen_random_uuid(), (SELECT id FROM funds_proposal LIMIT 1), '样例付款', 'Sample', '',
            100, 'paid', '{_DAY}', now(), '{_PERSON}', '{_PERSON[:-1]}2', now(), '', r.id
        FROM ledger_movement m JOIN journal_record r ON r.number = m.number
        WHERE m.use = 'relief'""",
)


def _measured() -> tuple[list[tuple[float, float]], int, float]:
    """Of each page its milliseconds, and those of our processor; the most questions; the steps."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    client, chance = Client(headers={"host": "localhost"}), random.Random(370)

    def page() -> str:
        answer = client.get(f"/trace/{chance.randint(1, GIFTS):016d}/")
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())

    for _ in range(50):
        page()
    times, steps = [], 0
    for _ in range(SAMPLES):
        begun, worked = time.perf_counter(), time.process_time()
        text = page()
        times.append(((time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000))
        steps += text.count('class="when"')
    asked = 0
    for _ in range(100):
        with CaptureQueriesContext(connection) as queries:
            page()
        asked = max(asked, len(queries))
    return times, asked, steps / SAMPLES


def _floor(address: str) -> tracing.Spread:
    with connect(address) as db:
        return tracing.spread(lambda: len(db.execute("SELECT 1").fetchall()), SAMPLES)

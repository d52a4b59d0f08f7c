"""Five million gifts, three hops, half a million uses, holes and covers: how long does a trace take
at the database, and does that grow with the books?"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from statistics import quantiles
from typing import Any, NamedTuple

import psycopg

POOLS = 100
# One use covers ten gifts, as in the reference measurement.
GIFTS_PER_USE = 10
MOVED_PER_HOP = 0.9
SAMPLES = 3_000


class Spread(NamedTuple):
    p50_ms: float
    p99_ms: float
    pieces: float


def fill(db: psycopg.Connection, gifts: int) -> None:
    """Straight into the tables, as the ledger would have left them: gifts of log-normal sums in 100
    pools, moved on three times in pieces of the size of some gifts, then used; every hundredth
    gift is reversed where it first lay, so that the first move has holes; every thousandth use is
    covered by a reserve."""
    db.execute("SELECT setseed(0.370)")
    db.execute(f"""
        INSERT INTO ledger_pool (society, purpose, source, commodity, place, stage, ref)
        SELECT lpad(p::text, 6, '0'), 'purpose-' || hop, 'donation', 'CNY', 'bank', 'on_hand', NULL
        FROM generate_series(0, 4) AS hop, generate_series(1, {POOLS}) AS p ORDER BY hop, p
    """)
    db.execute("CREATE TEMP TABLE gift (number bigint, pool int, lo bigint, hi bigint)")
    db.execute(f"""
        INSERT INTO gift
        SELECT n, pool, past - quantity, past FROM (
            SELECT n, pool, quantity, sum(quantity) OVER (PARTITION BY pool ORDER BY n) AS past
            FROM (
                SELECT n, 1 + floor(random() * {POOLS})::int AS pool,
                    ceil(exp(8.5 + 1.2 * sqrt(-2 * ln(random() + 1e-12)) * cos(6.2831853 * random())))::bigint AS quantity
                FROM generate_series(1, {gifts}) AS n
            ) AS drawn
        ) AS placed
    """)
    db.execute("""
        INSERT INTO ledger_movement (number, piece, step, part, leg, in_pool, in_lo, in_hi)
        SELECT number, 0, 0, 0, 0, pool, lo, hi FROM gift
    """)
    db.execute(
        "INSERT INTO ledger_movement (number, piece, step, part, leg, out_pool, out_lo, out_hi)"
        f" SELECT {gifts} + number, 0, 0, 0, 0, pool, lo, hi FROM gift WHERE number % 100 = 7"
    )
    first = 2 * gifts + 1
    for hop in range(3):
        first = _move(db, hop, first, gifts)
    first = _use(db, first, gifts)
    _cover(db, first)
    db.execute("""
        INSERT INTO ledger_intake
        SELECT p.id, coalesce((SELECT max(in_hi) FROM ledger_movement WHERE in_pool = p.id AND in_lo < in_hi), 0), 1
        FROM ledger_pool p
    """)
    for table in ("ledger_movement", "ledger_intake"):
        db.execute(f"VACUUM ANALYZE {table}")


def _cuts(hop: int, size: int) -> str:
    """Pieces of what is free in the pools of a hop, each about as long as `size` gifts."""
    return f"""
        SELECT pool, lo, hi FROM (
            SELECT pool, hi AS lo, lead(lo) OVER (PARTITION BY pool ORDER BY lo) AS hi FROM (
                SELECT in_pool AS pool, in_hi AS lo, in_hi AS hi, row_number() OVER (PARTITION BY in_pool ORDER BY in_lo) AS nth
                FROM ledger_movement WHERE in_pool BETWEEN {hop * POOLS + 1} AND {hop * POOLS + POOLS}
            ) AS came WHERE nth % {size} = 0
        ) AS cut WHERE hi IS NOT NULL
    """


def _move(db: psycopg.Connection, hop: int, first: int, gifts: int) -> int:
    """Pieces between cuts go on to the next hop's pool, in pieces around what was reversed."""
    db.execute("DROP TABLE IF EXISTS cut")
    db.execute(f"CREATE TEMP TABLE cut AS {_cuts(hop, 50 if hop == 0 else 1)}")
    db.execute("CREATE INDEX ON cut (pool, lo)")
    holes = f"""
        SELECT out_pool AS pool, out_lo AS lo, out_hi AS hi FROM ledger_movement
        WHERE out_pool BETWEEN {hop * POOLS + 1} AND {hop * POOLS + POOLS}
    """
    db.execute("DROP TABLE IF EXISTS piece")
    db.execute(f"""
        CREATE TEMP TABLE piece AS
        WITH edge AS (
            SELECT pool, lo, hi, false AS is_hole FROM cut
            UNION ALL SELECT pool, lo, hi, true FROM ({holes}) AS hole
        ), point AS (
            SELECT pool, lo AS at FROM edge UNION SELECT pool, hi FROM edge
        ), span AS (
            SELECT pool, at AS lo, lead(at) OVER (PARTITION BY pool ORDER BY at) AS hi FROM point
        )
        SELECT s.pool, s.lo, s.hi, c.lo AS of FROM span s
        JOIN LATERAL (SELECT * FROM cut c WHERE c.pool = s.pool AND c.lo <= s.lo ORDER BY c.lo DESC LIMIT 1) c
          ON s.hi <= c.hi
        WHERE s.hi IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM ledger_movement m WHERE m.out_pool = s.pool AND m.out_lo = s.lo)
    """)
    count = db.execute(f"""
        INSERT INTO ledger_movement (number, piece, step, part, leg, out_pool, out_lo, out_hi, in_pool, in_lo, in_hi)
        SELECT {first} + dense_rank() OVER (ORDER BY pool, of) - 1,
            row_number() OVER (PARTITION BY pool, of ORDER BY lo) - 1, 0, 0, 0, pool, lo, hi, into_pool,
            sum(hi - lo) OVER (PARTITION BY into_pool ORDER BY pool, lo) - (hi - lo),
            sum(hi - lo) OVER (PARTITION BY into_pool ORDER BY pool, lo)
        FROM (SELECT *, {POOLS} + 1 + (pool * 7 + {hop} * 13) % {POOLS} + {hop} * {POOLS} AS into_pool FROM piece) AS moved
    """).rowcount
    return first + count


def _use(db: psycopg.Connection, first: int, gifts: int) -> int:
    """About one use for ten gifts, over what has come to the last hop."""
    uses = gifts // GIFTS_PER_USE // POOLS
    count = db.execute(f"""
        INSERT INTO ledger_movement (number, piece, step, part, leg, out_pool, out_lo, out_hi, use)
        SELECT {first} + row_number() OVER () - 1, 0, 0, 0, 0, pool, n * size, (n + 1) * size, 'relief'
        FROM (
            SELECT in_pool AS pool, max(in_hi) / {uses} AS size FROM ledger_movement
            WHERE in_pool > {3 * POOLS} GROUP BY in_pool
        ) AS total, generate_series(0, {uses} - 2) AS n
    """).rowcount
    return first + count


def _cover(db: psycopg.Connection, first: int) -> None:
    """The reserve is pool 401; what it bears is the first tenth of a use."""
    db.execute(f"""
        WITH covered AS (
            SELECT out_pool, out_lo, greatest(1, (out_hi - out_lo) / 10) AS size FROM ledger_movement
            WHERE use = 'relief' AND number % 1000 = 0
        ), laid AS (
            SELECT *, sum(size) OVER (ORDER BY out_pool, out_lo) AS past, row_number() OVER () AS n FROM covered
        ), borne AS (
            INSERT INTO ledger_movement (number, piece, step, part, leg, out_pool, out_lo, out_hi, settled_pool, settled_lo, settled_hi)
            SELECT {first} + n, 0, 0, 0, 0, {4 * POOLS + 1}, past - size, past, out_pool, out_lo, out_lo + size FROM laid
            RETURNING out_hi
        )
        INSERT INTO ledger_movement (number, piece, step, part, leg, in_pool, in_lo, in_hi)
        SELECT {first}, 0, 0, 0, 0, {4 * POOLS + 1}, 0, max(out_hi) FROM borne
    """)


def spread(trace: Callable[[], int], samples: int = SAMPLES) -> Spread:
    """One client, round trip included."""
    for _ in range(50):
        trace()
    times, pieces = [], 0
    for _ in range(samples):
        begun = time.perf_counter()
        pieces += trace()
        times.append((time.perf_counter() - begun) * 1000)
    cuts = quantiles(times, n=100)
    return Spread(cuts[49], cuts[98], pieces / samples)


def forward_of(db: psycopg.Connection, gift: int) -> list[tuple[Any, ...]]:
    """Rows of `ledger_end`."""
    return db.execute(
        "SELECT f.* FROM ledger_movement m,"
        " LATERAL ledger_forward(m.in_pool, m.in_lo, m.in_hi) f"
        " WHERE m.number = %s AND m.in_pool IS NOT NULL",
        [gift],
    ).fetchall()


def backward_of(db: psycopg.Connection, use: int) -> list[tuple[Any, ...]]:
    """Rows of `ledger_bearers`."""
    return db.execute("SELECT * FROM ledger_bearers(%s)", [use]).fetchall()


def forward(db: psycopg.Connection, gifts: int, chance: random.Random) -> Spread:
    return spread(lambda: len(forward_of(db, chance.randint(1, gifts))))


def backward(db: psycopg.Connection, chance: random.Random) -> Spread:
    row = db.execute("SELECT min(number), max(number) FROM ledger_movement WHERE use = 'relief'")
    low, high = row.fetchone() or (0, 0)
    return spread(lambda: len(backward_of(db, chance.randint(low, high))))


def complete(db: psycopg.Connection) -> None:
    """What a recount looks at besides: entries, records, leaves, and what is booked."""
    db.execute("""
        INSERT INTO ledger_entry (number, act, society, occurred_on, request, content)
        SELECT number, 'gift', '330000', '2020-06-20', int8send(number), '' FROM
        (SELECT DISTINCT number FROM ledger_movement) AS one
    """)
    db.execute("""
        INSERT INTO journal_record (number, part, id, data, recorded_at)
        SELECT number, 1, gen_random_uuid(), 'x', now() FROM ledger_entry
    """)
    db.execute("""
        INSERT INTO journal_leaf (index, number, part)
        SELECT row_number() OVER (ORDER BY number) - 1, number, 1 FROM ledger_entry
    """)
    db.execute("SELECT setval('journal_record_number', (SELECT max(number) FROM ledger_entry))")
    db.execute("UPDATE journal_logstate SET size = (SELECT count(*) FROM journal_leaf)")
    db.execute("""
        INSERT INTO ledger_booking
        SELECT p.id, coalesce((SELECT sum(out_hi - out_lo) FROM ledger_movement WHERE out_pool = p.id), 0), 0
        FROM ledger_pool p
    """)
    for table in ("ledger_entry", "journal_record", "journal_leaf"):
        db.execute(f"VACUUM ANALYZE {table}")

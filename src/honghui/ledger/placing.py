"""The sequencer's work in the database: positions for what arrived, an index for every record.

One batch is one transaction: lock, then read and write.

    1. the fence: the log's state, locked; whoever started after us has another epoch
    2. the intakes of the pools that something arrived for; one that somebody holds is left out,
       and met again in the next batch
    3. one statement, which sees everything that was committed before its locks were had:
       out of the queues, into movements, totals and leaves

Records that have their positions already stand before the arrivals of the batch. They must: a move
into a pool took its positions under the lock that we hold now, so they lie before ours. Among each
other they keep the order of their numbers, which were drawn under locks.

A barrier is a record before which everything recorded earlier must stand. While there is one, only
what is older goes into the log; when nothing older waits, the barrier itself goes.
"""

from __future__ import annotations

from django.db import connection, transaction

from honghui.journal.models import LogState
from honghui.kernel.errors import CannotRun

BATCH_MAX = 20_000
_NUMBER_MAX = 2**63 - 1

_POOLS = """
    SELECT DISTINCT pool_id FROM (
        SELECT pool_id FROM ledger_arrival ORDER BY number LIMIT %s
    ) AS next
"""
_LOCK = """
    SELECT pool_id FROM ledger_intake WHERE pool_id = ANY(%s)
    ORDER BY pool_id FOR NO KEY UPDATE SKIP LOCKED
"""
_BATCH = """
    WITH barrier AS (
        SELECT coalesce(min(number), %(number_max)s) AS number FROM journal_waiting WHERE is_barrier
    ), ready AS (
        DELETE FROM journal_waiting WHERE number IN (
            SELECT w.number FROM journal_waiting w, barrier b WHERE w.number < b.number
            ORDER BY w.number LIMIT %(batch_max)s
        ) RETURNING number
    ), first AS (
        SELECT a.number, a.pool_id FROM ledger_arrival a, barrier b WHERE a.number < b.number
        ORDER BY a.number LIMIT %(batch_max)s
    ), arrived AS (
        DELETE FROM ledger_arrival WHERE number IN (
            SELECT number FROM first EXCEPT
            SELECT a.number FROM first f JOIN ledger_arrival a USING (number)
            WHERE a.pool_id <> ALL(%(pools)s)
        ) RETURNING number, piece, pool_id, quantity
    ), placed AS (
        INSERT INTO ledger_movement (number, piece, step, part, leg, in_pool, in_lo, in_hi)
        SELECT number, piece, piece, 0, 0, pool_id, past - quantity, past FROM (
            SELECT a.*, i.taken_in
                + sum(quantity) OVER (PARTITION BY pool_id ORDER BY number, piece) AS past
            FROM arrived a JOIN ledger_intake i USING (pool_id)
        ) AS one
    ), grown AS (
        UPDATE ledger_intake i SET taken_in = i.taken_in + came.quantity
        FROM (SELECT pool_id, sum(quantity) AS quantity FROM arrived GROUP BY pool_id) AS came
        WHERE i.pool_id = came.pool_id
    ), received AS (
        INSERT INTO ledger_received AS r (purpose, currency, quantity)
        SELECT p.purpose, p.commodity, sum(a.quantity)
        FROM arrived a JOIN ledger_pool p ON p.id = a.pool_id
        WHERE p.commodity ~ '^[A-Z]{3}$' GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (purpose, currency) DO UPDATE SET quantity = r.quantity + excluded.quantity
    ), entered AS (
        SELECT number, false AS arrived FROM ready
        UNION ALL SELECT DISTINCT number, true FROM arrived
    ), numbered AS (
        INSERT INTO journal_leaf (index, number, part)
        SELECT %(size)s + row_number() OVER (ORDER BY e.arrived, r.number, r.part) - 1,
            r.number, r.part
        FROM entered e JOIN journal_record r USING (number)
        RETURNING index
    )
    SELECT count(*) FROM numbered
"""
_BARRIER = """
    WITH barrier AS (SELECT min(number) AS number FROM journal_waiting WHERE is_barrier),
    gone AS (
        DELETE FROM journal_waiting w USING barrier b WHERE w.number = b.number
          AND NOT EXISTS (SELECT 1 FROM journal_waiting o WHERE o.number < b.number)
          AND NOT EXISTS (SELECT 1 FROM ledger_arrival a WHERE a.number < b.number)
        RETURNING w.number
    ), numbered AS (
        INSERT INTO journal_leaf (index, number, part)
        SELECT %(size)s + r.part - 1, r.number, r.part
        FROM gone JOIN journal_record r USING (number)
        RETURNING index
    )
    SELECT count(*) FROM numbered
"""


def begin_epoch() -> int:
    """Whoever sequenced before finds another epoch from now on, and gives up."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_logstate SET epoch = epoch + 1 RETURNING epoch")
        epoch: int = cursor.fetchone()[0]
    return epoch


def place(epoch: int, *, batch_max: int = BATCH_MAX) -> int:
    """One batch; how many records were given their index. Raises CannotRun once somebody else
    sequences."""
    with transaction.atomic(), connection.cursor() as cursor:
        size = _held(epoch)
        cursor.execute(_POOLS, [batch_max])
        pools = [row[0] for row in cursor.fetchall()]
        cursor.execute(_LOCK, [pools])
        pools = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            _BATCH,
            {"pools": pools, "size": size, "batch_max": batch_max, "number_max": _NUMBER_MAX},
        )
        count: int = cursor.fetchone()[0]
        if not count:
            cursor.execute(_BARRIER, {"size": size})
            count = cursor.fetchone()[0]
        if count:
            LogState.objects.filter(epoch=epoch, size=size).update(size=size + count)
    return count


def place_all(epoch: int) -> int:
    """Until nothing waits that could go."""
    total = 0
    while count := place(epoch):
        total += count
    return total


def _held(epoch: int) -> int:
    state = LogState.objects.select_for_update().get()
    if state.epoch != epoch:
        raise CannotRun(
            "sequencer.fenced",
            "Another sequencer has taken over.",
            "One is enough. This one ends.",
        )
    return state.size

"""The sequencer's work in the database: positions for what arrived, an index for every record.

One batch is one transaction: lock, then read and write.

    1. the fence: the log's state, locked; whoever started after us has another epoch
    2. the intakes of the pools that something arrived for; one that somebody holds is left out,
       and met again in the next batch
    3. one statement, which sees everything that was committed before its locks were had:
       out of the queues, into entries, movements, totals, records and leaves

Records that have their positions already stand before the arrivals of the batch. They must: a move
into a pool took its positions under the lock that we hold now, so they lie before ours. Among each
other they keep the order of their turns, which were drawn under locks.
"""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction

from honghui.journal.models import LogState
from honghui.kernel.errors import CannotRun
from honghui.record.values import INTEGER_MAX

# A long queue is looked through once for each batch, so few and large ones; 2 seconds' work.
BATCH_MAX = 100_000
TIDY_AFTER = 20_000

# The next ones, up to which number, and the pools that they came for.
_LAST = (
    "SELECT max(number) FROM (SELECT number FROM ledger_arrival ORDER BY number LIMIT %s) AS next"
)
_POOLS = "SELECT DISTINCT unnest(pools) FROM ledger_arrival WHERE number <= %s"
_LOCK = """
    SELECT pool_id FROM ledger_intake WHERE pool_id = ANY(%s)
    ORDER BY pool_id FOR NO KEY UPDATE SKIP LOCKED
"""
# What leaves the queues: the next ones, or, in a replay, one by its number. Arrivals wait until
# everything that has its positions goes.
_NEXT = """
    WITH line AS (
        SELECT number FROM journal_waiting ORDER BY turn LIMIT %(batch_max)s + 1
    ), ready AS (
        DELETE FROM journal_waiting WHERE number IN (SELECT number FROM line)
        RETURNING number, turn
    ), arrived AS MATERIALIZED (
        DELETE FROM ledger_arrival WHERE number <= %(last)s
        AND (SELECT count(*) FROM line) <= %(batch_max)s AND NOT EXISTS (
            SELECT FROM unnest(pools) AS one (id) WHERE id <> ALL (%(pools)s::int[])
        ) {only}RETURNING *
"""
# An id that a program uses twice, a pool that would grow beyond exact numbers: what cannot be
# placed stays in the queue, where health shows it, and holds nobody else up.
_ONLY_GOOD = """
        AND NOT EXISTS (SELECT FROM journal_record r WHERE r.id = ledger_arrival.id)
        AND number IN (SELECT min(number) FROM ledger_arrival GROUP BY id)
        AND NOT pools && coalesce((
            SELECT array_agg(pool_id) FROM ledger_intake JOIN (
                SELECT one.pool_id, sum(one.quantity) AS quantity
                FROM ledger_arrival a, unnest(a.pools, a.quantities) AS one (pool_id, quantity)
                GROUP BY one.pool_id
            ) AS came USING (pool_id) WHERE taken_in + came.quantity > %(integer_max)s
        ), '{{}}')
"""
_BAD = ("record_id_is_used_once", "intake_stays_within_exact_numbers")
_THIS = """
    WITH ready AS (
        DELETE FROM journal_waiting WHERE number = %(number)s RETURNING number, turn
    ), arrived AS MATERIALIZED (
        DELETE FROM ledger_arrival WHERE number = %(number)s RETURNING *
"""
_ALL = """
    WITH arrived AS MATERIALIZED (DELETE FROM ledger_arrival WHERE act <> '' RETURNING *
"""
_PLACED = """
    ), piece AS MATERIALIZED (
        SELECT a.number, one.pool_id, one.quantity, (one.nth - 1)::smallint AS piece
        FROM arrived a, unnest(a.pools, a.quantities)
            WITH ORDINALITY AS one (pool_id, quantity, nth)
    ), entry AS (
        INSERT INTO ledger_entry (number, act, society, occurred_on, request, content)
        SELECT number, act, society, occurred_on, request, content FROM arrived ORDER BY number
    ), placed AS (
        INSERT INTO ledger_movement (number, piece, step, part, leg, in_pool, in_lo, in_hi)
        SELECT number, piece, piece, 0, 0, pool_id, past - quantity, past FROM (
            SELECT p.*, i.taken_in
                + sum(quantity) OVER (PARTITION BY pool_id ORDER BY number, piece) AS past
            FROM piece p JOIN ledger_intake i USING (pool_id)
        ) AS one
    ), grown AS (
        UPDATE ledger_intake i SET taken_in = i.taken_in + came.quantity
        FROM (SELECT pool_id, sum(quantity) AS quantity FROM piece GROUP BY pool_id) AS came
        WHERE i.pool_id = came.pool_id
    ), received AS (
        INSERT INTO ledger_received AS r (purpose, currency, quantity)
        SELECT p.purpose, p.commodity, sum(a.quantity)
        FROM piece a JOIN ledger_pool p ON p.id = a.pool_id
        WHERE p.commodity ~ '^[A-Z]{3}$' GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (purpose, currency) DO UPDATE SET quantity = r.quantity + excluded.quantity
    ), record AS (
        INSERT INTO journal_record (number, part, id, data, recorded_at)
        SELECT a.number, one.part, a.id, one.data, a.recorded_at
        FROM arrived a, unnest(a.parts) WITH ORDINALITY AS one (data, part)
        ORDER BY a.number, one.part
        RETURNING number, part
"""
_ENTERED = """
    ), entered AS (
        SELECT number, part, turn, false AS arrived FROM ready JOIN journal_record USING (number)
        UNION ALL SELECT number, part, number, true FROM record
    ), numbered AS (
        INSERT INTO journal_leaf (index, number, part)
        SELECT %(size)s + row_number() OVER (ORDER BY arrived, turn, number, part) - 1,
            number, part
        FROM entered
        RETURNING index
    )
    SELECT count(*) FROM numbered
"""
_QUEUED = """
    )
    INSERT INTO journal_waiting (number, turn)
    SELECT number, nextval('journal_record_number')
    FROM (SELECT DISTINCT number FROM record ORDER BY number) AS one
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
    try:
        return _place(epoch, batch_max, _NEXT.format(only=""))
    except IntegrityError as error:
        if not any(name in str(error) for name in _BAD):
            raise
        return _place(epoch, batch_max, _NEXT.format(only=_ONLY_GOOD.format()))


def _place(epoch: int, batch_max: int, next_ones: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        size = _held(epoch)
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_LAST, [batch_max])
        last = cursor.fetchone()[0] or 0
        cursor.execute(_POOLS, [last])
        pools = [row[0] for row in cursor.fetchall()]
        cursor.execute(_LOCK, [pools])
        pools = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            next_ones + _PLACED + _ENTERED,
            {
                "pools": pools,
                "size": size,
                "batch_max": batch_max,
                "last": last,
                "integer_max": INTEGER_MAX,
            },
        )
        count: int = cursor.fetchone()[0]
        if count:
            LogState.objects.filter(epoch=epoch, size=size).update(size=size + count)
    return count


def place_arrivals() -> None:
    """Positions for all that waits for them, in the caller's transaction, which holds the reference
    lock alone: nobody else moves anything. What arrived under the old version of a purpose, a place
    or a society thereby stands before the new one in the log."""
    with connection.cursor() as cursor:
        LogState.objects.select_for_update().get()
        cursor.execute(_ALL + _PLACED + _QUEUED)


def place_numbers(epoch: int, number: int) -> None:
    """Only what has this number, ready or arrived: the next records of the log. For a replay."""
    size = _held(epoch)
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(pools) FROM ledger_arrival WHERE number = %s", [number])
        pools = [row[0] for row in cursor.fetchall()]
        cursor.execute(_LOCK, [pools])
        cursor.execute(_THIS + _PLACED + _ENTERED, {"number": number, "pools": pools, "size": size})
        count: int = cursor.fetchone()[0]
    if not count:
        raise CannotRun(
            "sequencer.not_waiting",
            f"Record {number} stands in the log already, at another index.",
            "These books do not belong to this log. Restore the right backup.",
        )
    LogState.objects.filter(epoch=epoch, size=size).update(size=size + count)


def place_all(epoch: int) -> int:
    """Until nothing waits that could go."""
    total = 0
    while count := place(epoch):
        total += count
    return total


def tidy_queue() -> None:
    """What has left the queue lies there dead until somebody vacuums, and every batch would look
    through it again. Holds up nobody; not within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (TRUNCATE off) ledger_arrival")


def _held(epoch: int) -> int:
    state = LogState.objects.select_for_update().get()
    if state.epoch != epoch:
        raise CannotRun(
            "sequencer.fenced",
            "Another sequencer has taken over.",
            "One is enough. This one ends.",
        )
    return state.size

"""Rebuilds every total from the movements, and names each that is another than what is stored.

The movements are the truth; a total is what saves adding them up. Each question is one statement
over whole tables, and all of them see one moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, transaction


class Difference(NamedTuple):
    """`what` was asked (a key of `QUESTIONS`), `where`, what is `stored` and what was `counted`."""

    what: str
    where: str
    stored: str
    counted: str


# Each gives (where, stored, counted) for whatever differs. Intervals of one side never overlap
# where each begins at or after the end of the one before it.
QUESTIONS: dict[str, str] = {
    "taken_in": """
        SELECT pool_id::text, taken_in, counted FROM (
            SELECT i.pool_id, i.taken_in, coalesce(max(m.in_hi), 0) AS counted
            FROM ledger_intake i LEFT JOIN ledger_movement m ON m.in_pool = i.pool_id
            GROUP BY i.pool_id
        ) AS one WHERE taken_in <> counted
    """,
    "taken_in_without_gaps": """
        SELECT in_pool || ' part ' || part, before, in_lo FROM (
            SELECT in_pool, part, in_lo,
                coalesce(lag(in_hi) OVER (PARTITION BY in_pool, part ORDER BY in_lo), 0) AS before
            FROM ledger_movement WHERE in_pool IS NOT NULL AND in_lo < in_hi
        ) AS one WHERE in_lo < before OR (part = 0 AND in_lo > before)
    """,
    "booked": """
        SELECT pool_id::text, booked, counted FROM (
            SELECT b.pool_id, b.booked, coalesce(sum(m.out_hi - m.out_lo), 0) AS counted
            FROM ledger_booking b LEFT JOIN ledger_movement m ON m.out_pool = b.pool_id
            GROUP BY b.pool_id
        ) AS one WHERE booked <> counted
    """,
    "booked_once": """
        SELECT out_pool::text, before, out_lo FROM (
            SELECT out_pool, out_lo,
                lag(out_hi) OVER (PARTITION BY out_pool ORDER BY out_lo) AS before
            FROM ledger_movement WHERE out_pool IS NOT NULL
        ) AS one WHERE out_lo < before
    """,
    "cursor": """
        SELECT pool_id::text, cursor, counted FROM (
            SELECT b.pool_id, b.cursor,
                coalesce(sum(least(m.out_hi, b.cursor) - m.out_lo), 0) AS counted
            FROM ledger_booking b LEFT JOIN ledger_movement m
              ON m.out_pool = b.pool_id AND m.out_lo < b.cursor
            GROUP BY b.pool_id
        ) AS one WHERE cursor <> counted
    """,
    "settled_once": """
        SELECT settled_pool::text, before, settled_lo FROM (
            SELECT settled_pool, settled_lo,
                lag(settled_hi) OVER (PARTITION BY settled_pool ORDER BY settled_lo) AS before
            FROM ledger_movement WHERE settled_pool IS NOT NULL
        ) AS one WHERE settled_lo < before
    """,
    "settled_was_spent": """
        SELECT s.number || '/' || s.piece, s.settled_hi - s.settled_lo, spent.quantity
        FROM ledger_movement s CROSS JOIN LATERAL (
            SELECT coalesce(
                sum(least(o.out_hi, s.settled_hi) - greatest(o.out_lo, s.settled_lo)), 0
            ) AS quantity
            FROM ledger_movement o
            WHERE o.out_pool = s.settled_pool AND o.out_hi > s.settled_lo
              AND o.out_lo < s.settled_hi AND o.out_lo >= coalesce((
                SELECT f.out_lo FROM ledger_movement f
                WHERE f.out_pool = s.settled_pool AND f.out_lo <= s.settled_lo
                ORDER BY f.out_lo DESC LIMIT 1
            ), s.settled_lo)
        ) AS spent
        WHERE s.settled_pool IS NOT NULL AND spent.quantity <> s.settled_hi - s.settled_lo
    """,
    "one_of_six_shapes": """
        SELECT number || '/' || piece, 'a shape', NULL FROM ledger_movement
        WHERE num_nulls(out_pool, settled_pool, in_pool) = 0
          OR (out_pool IS NULL AND in_pool IS NULL)
          OR num_nonnulls("offset", part_length, onto_lo, onto)
            NOT IN (0, CASE WHEN out_pool IS NOT NULL AND in_pool IS NOT NULL THEN 4 ELSE 0 END)
    """,
    "both_ends": """
        SELECT number || '/' || piece, in_lo || ' to ' || in_hi, low || ' to ' || high FROM (
            SELECT number, piece, in_lo, in_hi,
                CASE WHEN part_length IS NULL THEN in_lo
                    ELSE onto_lo + div("offset"::numeric * onto, nullif(part_length, 0)) END AS low,
                CASE WHEN part_length IS NULL
                    THEN in_lo + coalesce(out_hi - out_lo, settled_hi - settled_lo)
                    ELSE onto_lo + div(
                        ("offset" + out_hi - out_lo)::numeric * onto, nullif(part_length, 0)
                    ) END AS high
            FROM ledger_movement
            WHERE in_pool IS NOT NULL AND (out_pool IS NOT NULL OR settled_pool IS NOT NULL)
        ) AS one WHERE in_lo IS DISTINCT FROM low OR in_hi IS DISTINCT FROM high
    """,
    "covers": """
        SELECT number || '/' || piece, out_hi - out_lo, settled_hi - settled_lo
        FROM ledger_movement WHERE out_pool IS NOT NULL AND settled_pool IS NOT NULL
          AND out_hi - out_lo <> settled_hi - settled_lo
    """,
    "parts_laid_end_to_end": """
        SELECT number || '/' || piece, stored, counted FROM (
            SELECT number, piece,
                CASE WHEN part_length IS NULL THEN in_lo ELSE "offset" END AS stored,
                CASE WHEN part_length IS NULL THEN coalesce(lag(in_hi) OVER w, in_lo)
                    ELSE coalesce(lag("offset" + out_hi - out_lo) OVER w, 0) END AS counted,
                CASE WHEN lead(number) OVER w IS NULL THEN "offset" + out_hi - out_lo
                    ELSE part_length END IS DISTINCT FROM part_length AS is_short,
                lag(number) OVER w IS NOT NULL
                    AND (lag(part_length) OVER w, lag(onto_lo) OVER w, lag(onto) OVER w)
                    IS DISTINCT FROM (part_length, onto_lo, onto) AS is_turned
            FROM ledger_movement WHERE out_pool IS NOT NULL AND in_pool IS NOT NULL
            WINDOW w AS (PARTITION BY number, step, part ORDER BY piece)
        ) AS one WHERE stored IS DISTINCT FROM counted OR is_short OR is_turned
    """,
    "parts_cover_the_same": """
        SELECT number || ' step ' || step, min(low) || ' to ' || max(high), count(*) FROM (
            SELECT number, step, part, min(in_lo) AS low, max(in_hi) AS high
            FROM ledger_movement WHERE in_pool IS NOT NULL
              AND number IN (SELECT number FROM ledger_movement WHERE part > 0)
            GROUP BY number, step, part
        ) AS one GROUP BY number, step
        HAVING min(low) <> max(low) OR min(high) <> max(high)
    """,
    "parts": """
        SELECT pool_id::text, parts, counted FROM (
            SELECT i.pool_id, i.parts, 1 + coalesce(max(m.part), 0) AS counted
            FROM ledger_intake i LEFT JOIN ledger_movement m ON m.in_pool = i.pool_id
            GROUP BY i.pool_id
        ) AS one WHERE parts <> counted
    """,
    "received": """
        SELECT coalesce(stored.key, counted.key), stored.quantity, counted.quantity
        FROM (SELECT purpose || ' ' || currency AS key, quantity FROM ledger_received) AS stored
        FULL JOIN (
            SELECT p.purpose || ' ' || p.commodity AS key, sum(m.in_hi - m.in_lo) AS quantity
            FROM ledger_movement m JOIN ledger_pool p ON p.id = m.in_pool
            WHERE m.out_pool IS NULL AND m.settled_pool IS NULL AND p.stage <> 'shortfall'
              AND p.commodity ~ '^[A-Z]{3}$'
            GROUP BY 1
        ) AS counted USING (key)
        WHERE stored.quantity IS DISTINCT FROM counted.quantity
    """,
    "used": """
        SELECT coalesce(stored.key, counted.key), stored.quantity, counted.quantity
        FROM (
            SELECT purpose || ' ' || currency || ' ' || use AS key, quantity
            FROM ledger_used WHERE quantity <> 0
        ) AS stored
        FULL JOIN (
            SELECT p.purpose || ' ' || p.commodity || ' ' || one.use AS key,
                sum(one.quantity) AS quantity
            FROM (
                SELECT coalesce(out_pool, settled_pool) AS pool, use, CASE
                    WHEN out_pool IS NULL THEN settled_lo - settled_hi
                    WHEN part_length IS NULL THEN out_hi - out_lo
                    WHEN "offset" = 0 THEN part_length - onto
                    ELSE 0 END AS quantity
                FROM ledger_movement WHERE use IS NOT NULL
            ) AS one JOIN ledger_pool p ON p.id = one.pool
            WHERE p.commodity ~ '^[A-Z]{3}$' GROUP BY 1 HAVING sum(one.quantity) <> 0
        ) AS counted USING (key)
        WHERE stored.quantity IS DISTINCT FROM counted.quantity
    """,
    # What came under a decision less what was released from it; what a consent let go elsewhere.
    "allowances": """
        SELECT coalesce(a.id, counted.id)::text, a.taken, counted.quantity
        FROM ledger_allowance a FULL JOIN (
            SELECT id, sum(quantity) AS quantity FROM (
                SELECT p.ref AS id, m.in_hi - m.in_lo AS quantity
                FROM ledger_pool p JOIN ledger_movement m ON m.in_pool = p.id
                WHERE p.stage = 'decided' AND m.part = 0
                  AND m.out_pool IS NOT NULL AND m.out_pool <> m.in_pool
                UNION ALL
                SELECT p.ref, m.out_lo - m.out_hi
                FROM ledger_pool p JOIN ledger_movement m ON m.out_pool = p.id
                JOIN ledger_entry e ON e.number = m.number
                WHERE p.stage = 'decided' AND e.act = 'release'
                UNION ALL
                SELECT (convert_from(r.data, 'UTF8')::jsonb ->> 'consent')::uuid,
                    m.in_hi - m.in_lo
                FROM ledger_entry e JOIN ledger_movement m ON m.number = e.number
                JOIN journal_record r ON r.number = e.number AND r.part = 1
                WHERE e.act = 'change_of_purpose'
            ) AS one GROUP BY id
        ) AS counted USING (id)
        WHERE coalesce(a.taken, 0) <> coalesce(counted.quantity, 0)
    """,
    "totals_of_a_pool": """
        SELECT coalesce(p.id, i.pool_id, b.pool_id)::text, 'pool, intake, booking',
            num_nonnulls(p.id, i.pool_id, b.pool_id) || ' of them'
        FROM ledger_pool p FULL JOIN ledger_intake i ON i.pool_id = p.id
        FULL JOIN ledger_booking b ON b.pool_id = coalesce(p.id, i.pool_id)
        WHERE num_nulls(p.id, i.pool_id, b.pool_id) > 0
    """,
    "pool_of_a_movement": """
        SELECT number || '/' || piece, 'pool', NULL FROM ledger_movement
        WHERE in_pool NOT IN (SELECT id FROM ledger_pool)
          OR out_pool NOT IN (SELECT id FROM ledger_pool)
          OR settled_pool NOT IN (SELECT id FROM ledger_pool)
    """,
    "movement_of_an_entry": """
        SELECT m.number || '/' || m.piece, 'entry', NULL FROM ledger_movement m
        WHERE NOT EXISTS (SELECT FROM ledger_entry e WHERE e.number = m.number)
    """,
    "entry_of_a_record": """
        SELECT e.number::text, 'record', NULL FROM ledger_entry e
        WHERE NOT EXISTS (SELECT FROM journal_record r WHERE r.number = e.number AND r.part = 1)
    """,
    "leaf_of_a_record": """
        SELECT 'leaf ' || l.index, 'record', NULL FROM journal_leaf l
        WHERE NOT EXISTS (
            SELECT FROM journal_record r WHERE (r.number, r.part) = (l.number, l.part)
        )
        UNION ALL
        SELECT 'waiting ' || w.number, 'record', NULL FROM journal_waiting w
        WHERE NOT EXISTS (SELECT FROM journal_record r WHERE r.number = w.number)
    """,
    "leaves_without_gaps": """
        SELECT 'log', size, counted FROM journal_logstate, (
            SELECT count(*) AS counted, coalesce(max(index) + 1, 0) AS past FROM journal_leaf
        ) AS leaves WHERE size <> counted OR size <> past
    """,
    "record_in_the_log_or_waiting": """
        SELECT r.number || '/' || r.part, 'leaf or queue', NULL FROM journal_record r
        LEFT JOIN journal_leaf l ON (l.number, l.part) = (r.number, r.part)
        LEFT JOIN journal_waiting w ON w.number = r.number
        WHERE (l.index IS NULL) = (w.number IS NULL)
        UNION ALL
        SELECT a.number::text, 'arrival', 'entry' FROM ledger_arrival a
        WHERE EXISTS (SELECT FROM journal_record r WHERE r.number = a.number)
          OR EXISTS (SELECT FROM ledger_entry e WHERE e.request = a.request)
    """,
}


def recount() -> Iterator[tuple[str, list[Difference]]]:
    """Question after question, with what differs; at most a hundred each are named."""
    with one_moment(), connection.cursor() as cursor:
        for what, query in QUESTIONS.items():
            cursor.execute(f"{query} LIMIT 100")
            yield what, [Difference(what, *(str(one) for one in row)) for row in cursor.fetchall()]


@contextmanager
def one_moment() -> Iterator[None]:
    """All statements see the books as they are at the first."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL work_mem = '256MB'")
        yield

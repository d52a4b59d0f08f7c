-- What came for some purposes, in fen, and what became of it, as the published records tell: one
-- row for each purpose and kind of sum, and one that says how many records these are.
--
-- The totals that the ledger keeps tell of now. What moved by entries that the log does not show
-- yet is few, so it is taken off again. Spending is added up from the movements: by decision and
-- payment, never by gift, so their number stays small when a million gifts come.

WITH log AS (
    SELECT coalesce(max(published), 0) AS as_of FROM journal_logstate
), unseen AS MATERIALIZED (
    SELECT number FROM journal_leaf WHERE index >= (SELECT as_of FROM log)
    UNION SELECT number FROM journal_waiting
), ours AS MATERIALIZED (
    SELECT id, purpose, stage FROM ledger_pool
    WHERE purpose = ANY (%(purposes)s) AND commodity = %(currency)s AND stage <> 'shortfall'
), late AS MATERIALIZED (
    SELECT m.* FROM unseen JOIN ledger_movement m USING (number)
), held AS (
    SELECT o.purpose, CASE WHEN o.stage = 'decided' THEN 'decided' ELSE 'held' END AS kind,
        i.taken_in - b.booked
        - coalesce((SELECT sum(in_hi - in_lo) FROM late WHERE in_pool = o.id), 0)
        + coalesce((SELECT sum(out_hi - out_lo) FROM late WHERE out_pool = o.id), 0) AS fen
    FROM ours o
    JOIN ledger_intake i ON i.pool_id = o.id JOIN ledger_booking b ON b.pool_id = o.id
), received AS (
    SELECT r.purpose, 'received' AS kind, r.quantity
        - coalesce((
            SELECT sum(m.in_hi - m.in_lo) FROM late m JOIN ours o ON o.id = m.in_pool
            WHERE o.purpose = r.purpose AND m.out_pool IS NULL AND m.settled_pool IS NULL
        ), 0) AS fen
    FROM ledger_received r
    WHERE r.purpose = ANY (%(purposes)s) AND r.currency = %(currency)s
), gone AS (
    SELECT o.purpose,
        CASE
            WHEN m.settled_pool IS NOT NULL OR e.act = 'shrink' THEN 'used'
            WHEN m.in_pool IS NULL AND e.act IN ('refund', 'reversal') THEN 'returned'
            WHEN m.in_pool IS NULL THEN 'used'
            ELSE 'passed_on'
        END AS kind,
        m.out_hi - m.out_lo - CASE WHEN e.act = 'shrink' THEN coalesce(m.in_hi - m.in_lo, 0)
            ELSE 0 END AS fen
    FROM ledger_movement m
    JOIN ours o ON o.id = m.out_pool
    JOIN ledger_entry e ON e.number = m.number
    WHERE m.out_pool = ANY (ARRAY(SELECT id FROM ours))
      AND (m.in_pool IS NULL OR e.act = 'shrink' OR m.in_pool NOT IN (SELECT id FROM ours))
      AND m.number NOT IN (SELECT number FROM unseen)
), back AS (
    SELECT o.purpose, 'used' AS kind, m.in_lo - m.in_hi AS fen
    FROM ledger_movement m JOIN ours o ON o.id = m.settled_pool
    WHERE m.settled_pool = ANY (ARRAY(SELECT id FROM ours)) AND m.out_pool IS NULL
      AND m.number NOT IN (SELECT number FROM unseen)
)
SELECT purpose, kind, sum(fen)::bigint FROM (
    SELECT * FROM held UNION ALL SELECT * FROM received
    UNION ALL SELECT * FROM gone UNION ALL SELECT * FROM back
) AS every GROUP BY purpose, kind
UNION ALL SELECT '', 'as_of', as_of FROM log

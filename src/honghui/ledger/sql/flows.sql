-- The edges of a picture of one purpose between two days (flows.py).
--
-- A movement is one road, or two, from a pool to a pool; from or to outside, a pool is null:
--     in, back   outside -> pool              out     pool -> outside
--     link       pool -> pool                 shrink  pool -> itself, and what is lost: -> outside
--     cover      reserve -> covered pool -> outside
-- Roads are first added up between pools, which are numbers, and only then between nodes, which
-- are words.

WITH road AS MATERIALIZED (
    SELECT e.occurred_on >= %(since)s AS is_within, e.act, r.left_pool, r.came_pool, r.is_turned,
        r.use, r.place, sum(r.gone) AS gone, sum(r.came) AS came,
        array_agg(e.number) FILTER (WHERE e.occurred_on >= %(since)s) AS numbers
    FROM ledger_movement m
    JOIN ledger_entry e ON e.number = m.number
    CROSS JOIN LATERAL (
        -- A kit is counted with its first part. Of a shrink as much stays as comes in again.
        SELECT m.out_pool AS left_pool, coalesce(m.in_pool, m.settled_pool) AS came_pool,
            e.act <> 'shrink' AND m.part_length IS NOT NULL AS is_turned,
            CASE WHEN m.in_pool IS NULL AND m.settled_pool IS NULL THEN m.use END AS use,
            CASE WHEN m.in_pool IS NULL AND m.settled_pool IS NULL THEN m.place END AS place,
            CASE WHEN e.act = 'shrink' AND m.in_pool IS NOT NULL THEN m.in_hi - m.in_lo
                ELSE m.out_hi - m.out_lo END AS gone,
            CASE WHEN m.part > 0 THEN 0
                ELSE coalesce(m.in_hi - m.in_lo, m.settled_hi - m.settled_lo) END AS came
        WHERE m.out_pool IS NOT NULL
        UNION ALL
        SELECT NULL, m.in_pool, false, m.use, m.place, m.in_hi - m.in_lo, m.in_hi - m.in_lo
        WHERE m.out_pool IS NULL
        UNION ALL
        SELECT m.settled_pool, NULL, false, NULL, NULL, m.out_hi - m.out_lo, NULL
        WHERE m.out_pool IS NOT NULL AND m.settled_pool IS NOT NULL
        UNION ALL
        SELECT m.out_pool, NULL, false, m.use, NULL,
            m.out_hi - m.out_lo - (m.in_hi - m.in_lo), NULL
        WHERE e.act = 'shrink' AND m.in_pool IS NOT NULL
    ) r
    WHERE (
        m.out_pool = ANY (ARRAY(SELECT id FROM ledger_pool WHERE purpose = %(purpose)s))
        OR m.settled_pool = ANY (ARRAY(SELECT id FROM ledger_pool WHERE purpose = %(purpose)s))
        OR m.in_pool = ANY (ARRAY(SELECT id FROM ledger_pool WHERE purpose = %(purpose)s))
            AND m.in_lo < m.in_hi
    ) AND e.occurred_on <= %(until)s /* seen */
    GROUP BY 1, 2, 3, 4, 5, 6, 7
), too_little AS (
    -- Pieces of other purposes that became less than one unit of ours: no index has them.
    SELECT true, n.act, m.out_pool, m.in_pool, true, NULL, NULL, m.out_hi - m.out_lo, 0,
        ARRAY[n.number]
    FROM (
        SELECT DISTINCT act, unnest(numbers) AS number FROM road
        WHERE is_turned AND left_pool NOT IN (
            SELECT id FROM ledger_pool WHERE purpose = %(purpose)s
        )
    ) n
    JOIN ledger_movement m ON m.number = n.number AND m.in_lo = m.in_hi
    WHERE m.in_pool IN (SELECT id FROM ledger_pool WHERE purpose = %(purpose)s)
      AND m.out_pool NOT IN (SELECT id FROM ledger_pool WHERE purpose = %(purpose)s)
), told AS MATERIALIZED (
    SELECT road.*, coalesce(f.purpose = %(purpose)s, false) AS leaves_ours,
        coalesce(t.purpose = %(purpose)s, false) AS comes_to_ours,
        CASE
            WHEN f.purpose = %(purpose)s
                THEN ARRAY['books', f.commodity, f.society]
            WHEN f.id IS NOT NULL
                THEN ARRAY['from_purpose', f.commodity, f.society, NULL, f.purpose]
            ELSE ARRAY['came', t.commodity, NULL, act, NULL, t.source, use, road.place]
        END AS before,
        CASE
            WHEN t.purpose = %(purpose)s
                THEN ARRAY['books', t.commodity, t.society]
            WHEN t.id IS NOT NULL
                THEN ARRAY['to_purpose', t.commodity, t.society, NULL, t.purpose]
            ELSE ARRAY['ended', f.commodity, NULL, act, NULL, NULL, use, road.place]
        END AS after
    FROM (SELECT * FROM road UNION ALL SELECT * FROM too_little) AS road
    LEFT JOIN ledger_pool f ON f.id = left_pool
    LEFT JOIN ledger_pool t ON t.id = came_pool
), edge AS MATERIALIZED (
    SELECT *, dense_rank() OVER (ORDER BY act, before, after) AS edge FROM told
    WHERE is_within AND (leaves_ours OR comes_to_ours) AND (before <> after OR is_turned)
), entries AS (
    SELECT edge, count(DISTINCT number) AS entries
    FROM edge CROSS JOIN LATERAL unnest(numbers) AS number GROUP BY edge
), change AS (
    SELECT left_pool AS pool, is_within, -gone AS change FROM told WHERE leaves_ours
    UNION ALL
    SELECT came_pool, is_within, came FROM told WHERE comes_to_ours
), held AS (
    SELECT p.society, p.commodity, p.place, p.stage,
        coalesce(sum(change) FILTER (WHERE NOT is_within), 0) AS at_first, sum(change) AS at_last
    FROM change JOIN ledger_pool p ON p.id = change.pool GROUP BY 1, 2, 3, 4
), bound AS (
    SELECT ARRAY['books', commodity, society] AS books, at.quantity,
        ARRAY[at.kind, commodity, society, NULL, NULL, NULL, NULL, place, stage] AS bound,
        at.is_before
    FROM held CROSS JOIN LATERAL (VALUES
        ('held_before', at_first, true), ('ahead_before', -at_first, false),
        ('held_after', at_last, false), ('ahead_after', -at_last, true)
    ) AS at (kind, quantity, is_before)
    WHERE at.quantity > 0
)
SELECT act, before, after, sum(gone)::bigint, sum(came)::bigint, entries
FROM (SELECT act, before, after, gone, coalesce(came, gone) AS came, edge FROM edge) AS one
JOIN entries USING (edge)
GROUP BY act, before, after, entries
UNION ALL
SELECT NULL, CASE WHEN is_before THEN bound ELSE books END,
    CASE WHEN is_before THEN books ELSE bound END, quantity::bigint, quantity::bigint, 0
FROM bound
ORDER BY 2, 3, 1

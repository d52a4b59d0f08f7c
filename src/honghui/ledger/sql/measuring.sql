-- What moved in one society's books, as the first records tell, added up by everything that a measure
-- asks for (measuring.py). Which flow a movement is, record/measures.py says and audit/flows.py.
--
-- `slot`: 0 before the window, 1 within it, 2 after it. `steps`: how many facts were added up; a step
-- that took several pieces is one fact.

WITH ours AS MATERIALIZED (
    SELECT * FROM ledger_pool WHERE society = %(society)s
), unseen AS MATERIALIZED (
    -- Few, where the log is asked about as it is now.
    SELECT number FROM journal_leaf WHERE index >= %(as_of)s
    UNION SELECT number FROM journal_waiting
), came AS (
    SELECT m.in_pool AS pool, e.act, NULL AS flow, NULL AS use, NULL AS place,
        /* slot */ AS slot, sum(m.in_hi - m.in_lo) AS change, count(*) AS steps
    FROM ledger_movement m JOIN ledger_entry e ON e.number = m.number
    WHERE m.in_pool = ANY (ARRAY(SELECT id FROM ours)) AND m.in_lo < m.in_hi
      AND m.out_pool IS NULL AND m.settled_pool IS NULL
      AND m.number NOT IN (SELECT number FROM unseen)
    GROUP BY 1, 2, 6
), entered AS (
    SELECT m.in_pool AS pool, e.act, x.flow, m.use, m.place, /* slot */ AS slot,
        sum(CASE WHEN x.flow = 'converted_in' AND m.part > 0 THEN 0 ELSE m.in_hi - m.in_lo END)
            AS change,
        CASE WHEN x.flow = 'converted_in' THEN count(DISTINCT (m.number, m.step))
            ELSE count(DISTINCT (m.number, m.step, m.part, m.leg)) END AS steps
    FROM ledger_movement m JOIN ledger_entry e ON e.number = m.number
    JOIN ours i ON i.id = m.in_pool
    LEFT JOIN ledger_pool o ON o.id = m.out_pool
    CROSS JOIN LATERAL (SELECT CASE
        WHEN m.out_pool IS NULL THEN 'used'
        WHEN o.society <> i.society THEN 'transferred_in'
        WHEN o.commodity <> i.commodity THEN 'converted_in'
        WHEN o.purpose <> i.purpose THEN 'repurposed_in'
        ELSE 'none' END AS flow) x
    WHERE m.in_pool = ANY (ARRAY(SELECT id FROM ours)) AND m.in_lo < m.in_hi
      AND (m.out_pool IS NOT NULL OR m.settled_pool IS NOT NULL) AND e.act <> 'shrink'
      AND m.number NOT IN (SELECT number FROM unseen)
    GROUP BY 1, 2, 3, 4, 5, 6
), gone AS (
    SELECT m.out_pool AS pool, e.act, x.flow,
        CASE WHEN x.flow = 'covered' THEN 'cover' ELSE m.use END AS use,
        CASE WHEN m.in_pool IS NULL THEN m.place END AS place, /* slot */ AS slot,
        sum(m.out_lo - m.out_hi + CASE WHEN e.act = 'shrink'
            THEN coalesce(m.in_hi - m.in_lo, 0) ELSE 0 END) AS change,
        count(DISTINCT (m.number, m.step, m.part, m.leg)) AS steps
    FROM ledger_movement m JOIN ledger_entry e ON e.number = m.number
    JOIN ours o ON o.id = m.out_pool
    LEFT JOIN ledger_pool i ON i.id = m.in_pool
    CROSS JOIN LATERAL (SELECT CASE
        WHEN m.settled_pool IS NOT NULL THEN 'covered'
        WHEN e.act = 'shrink' THEN 'used'
        WHEN m.in_pool IS NULL AND e.act = ANY (%(returns)s) THEN 'returned'
        WHEN m.in_pool IS NULL THEN 'used'
        WHEN o.society <> i.society THEN 'transferred_out'
        WHEN o.commodity <> i.commodity THEN 'converted_out'
        WHEN o.purpose <> i.purpose THEN 'repurposed_out'
        ELSE 'none' END AS flow) x
    WHERE m.out_pool = ANY (ARRAY(SELECT id FROM ours))
      AND m.number NOT IN (SELECT number FROM unseen)
    GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT act, coalesce(flow, CASE WHEN p.stage = 'shortfall' THEN 'shortfall' ELSE 'received' END),
    use, moved.place, slot, p.purpose, p.source, p.commodity, p.place, p.stage,
    sum(change)::bigint, sum(steps)::bigint
FROM (SELECT * FROM came UNION ALL SELECT * FROM entered UNION ALL SELECT * FROM gone) AS moved
JOIN ours p ON p.id = moved.pool
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10

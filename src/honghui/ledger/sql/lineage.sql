-- Lineage by positions: where did this go, who bore that. See docs/algorithms/lineage.md.
--
-- Whole numbers only. A unit of the giver, g, sits at the point (g * p + r) / q of some pool's axis.
-- A shift changes r; a link that turns one unit into another changes p, q and r; so ten yuan of a
-- tent stay ten yuan. Whatever leaves the pool takes the units whose point lies in it.

CREATE FUNCTION ledger_down(a numeric, b numeric) RETURNS numeric  -- floor(a / b), b > 0
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT div(a, b) - CASE WHEN mod(a, b) < 0 THEN 1 ELSE 0 END $$;

CREATE FUNCTION ledger_up(a numeric, b numeric) RETURNS numeric  -- ceil(a / b), b > 0
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT div(a, b) + CASE WHEN mod(a, b) > 0 THEN 1 ELSE 0 END $$;

CREATE FUNCTION ledger_is_seen(of_number bigint, as_of bigint) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT as_of IS NULL OR coalesce((SELECT max(index) FROM journal_leaf WHERE number = of_number) < as_of, false) $$;

-- Units [first, past) of the giver, in `pool` at the points (g * p + r) / q. `is_spent`: they were
-- spent there before, and it is a reserve that bears them now.
CREATE TYPE ledger_place AS (
    pool integer, first numeric, past numeric, p numeric, q numeric, r numeric,
    is_spent boolean, hops integer
);

-- Units [giver_first, giver_past) of the giver ended so: held, spent, lost or covered, in `pool` at
-- positions [first, past), by the movement (number, piece).
CREATE TYPE ledger_end AS (
    outcome text, number bigint, piece smallint, pool integer, first bigint, past bigint,
    giver_first bigint, giver_past bigint, hops integer
);

CREATE FUNCTION ledger_ended(
    w ledger_place, outcome text, number bigint, piece smallint, first numeric, past numeric
) RETURNS ledger_end LANGUAGE sql IMMUTABLE AS $$
    SELECT ROW(
        outcome, number, piece, w.pool,
        ledger_down(first * w.p + w.r, w.q), ledger_down((past - 1) * w.p + w.r, w.q) + 1,
        first, past, w.hops
    )::ledger_end
$$;

-- Where positions [of_lo, of_hi) of a pool have gone, as far as the first `as_of` records tell.
-- `tells_way`: what happened to them before their end as well; a row "passed" is a movement that
-- took them out of `pool` to another place. What came back or was covered is told from then on.
CREATE FUNCTION ledger_forward(
    of_pool integer, of_lo bigint, of_hi bigint, as_of bigint DEFAULT NULL,
    tells_way boolean DEFAULT false
-- ROWS: whoever joins the answer must not plan for a thousand, and read whole tables for five.
) RETURNS SETOF ledger_end LANGUAGE plpgsql STABLE ROWS 10 AS $$
DECLARE
    waiting ledger_place[] := ARRAY[ROW(of_pool, of_lo, of_hi, 1, 1, 0, false, 0)::ledger_place];
    w ledger_place;
    m record;
    s record;
    low bigint;      -- positions of the pool that the units lie in
    high bigint;
    told numeric;    -- the first unit that nothing was said of yet
    first numeric;
    past numeric;
    cut numeric;
    again numeric;
BEGIN
    WHILE cardinality(waiting) > 0 LOOP
        w := waiting[cardinality(waiting)];
        waiting := trim_array(waiting, 1);
        low := ledger_down(w.first * w.p + w.r, w.q);
        high := ledger_down((w.past - 1) * w.p + w.r, w.q);
        told := w.first;
        FOR m IN
            SELECT *, NOT w.is_spent AND coalesce((
                SELECT good.settled_hi > o.out_lo FROM ledger_movement good
                WHERE good.settled_pool = w.pool AND good.settled_lo < o.out_hi
                ORDER BY good.settled_lo DESC LIMIT 1
            ), false) AS has_settled
            FROM ledger_movement o
            WHERE out_pool = w.pool AND out_lo <= high AND out_lo >= coalesce((
                SELECT out_lo FROM ledger_movement
                WHERE out_pool = w.pool AND out_lo <= low ORDER BY out_lo DESC LIMIT 1
            ), low) AND out_hi > low
            AND (as_of IS NULL OR ledger_is_seen(number, as_of))
            ORDER BY out_lo
        LOOP
            first := greatest(told, ledger_up(m.out_lo * w.q - w.r, w.p));
            past := least(w.past, ledger_up(m.out_hi * w.q - w.r, w.p));
            CONTINUE WHEN first >= past;
            IF told < first THEN
                RETURN NEXT ledger_ended(w, 'held', NULL, NULL, told, first);
            END IF;
            told := past;
            FOR s IN
                SELECT settled_lo, settled_hi, number, piece, in_pool, in_lo FROM ledger_movement
                WHERE m.has_settled AND settled_pool = w.pool
                  AND settled_lo < m.out_hi AND settled_lo >= coalesce((
                    SELECT settled_lo FROM ledger_movement
                    WHERE settled_pool = w.pool AND settled_lo <= m.out_lo
                    ORDER BY settled_lo DESC LIMIT 1
                ), m.out_lo) AND settled_hi > m.out_lo
                AND (as_of IS NULL OR ledger_is_seen(number, as_of))
                UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL
                ORDER BY settled_lo
            LOOP
                cut := CASE WHEN s.number IS NULL THEN past
                    ELSE least(past, greatest(first, ledger_up(s.settled_lo * w.q - w.r, w.p))) END;
                IF first < cut THEN
                    IF tells_way AND m.in_pool IS DISTINCT FROM m.out_pool
                       AND (m.in_pool IS NOT NULL OR m.settled_pool IS NOT NULL) THEN
                        RETURN NEXT ledger_ended(w, 'passed', m.number, m.piece, first, cut);
                    END IF;
                    IF m.in_pool = m.out_pool AND m.part_length IS NOT NULL THEN
                        -- Shrunk: of x positions from the beginning, floor(x * onto / length) stay.
                        low := ledger_down(((m."offset" - m.out_lo) * w.q + first * w.p + w.r) * m.onto, w.q * m.part_length);
                        high := ledger_down(((m."offset" - m.out_lo) * w.q + cut * w.p + w.r) * m.onto, w.q * m.part_length);
                        again := first + least(cut - first, ledger_down((high - low) * w.q, w.p));
                        IF first < again THEN
                            waiting := waiting || ROW(
                                m.in_pool, first, again, w.p, w.q,
                                (m.onto_lo + low) * w.q - first * w.p, false, w.hops + 1
                            )::ledger_place;
                        END IF;
                        IF again < cut THEN
                            RETURN NEXT ledger_ended(w, 'lost', m.number, m.piece, again, cut);
                        END IF;
                    ELSIF m.in_pool IS NOT NULL AND m.part_length IS NULL THEN
                        waiting := waiting || ROW(
                            m.in_pool, first, cut, w.p, w.q,
                            w.r + (m.in_lo - m.out_lo) * w.q, false, w.hops + 1
                        )::ledger_place;
                    ELSIF m.in_pool IS NOT NULL THEN
                        waiting := waiting || ledger_turned(w, m."offset" - m.out_lo, m.part_length, m.onto_lo, m.onto, m.in_pool, first, cut);
                    ELSIF m.settled_pool IS NOT NULL THEN
                        waiting := waiting || ROW(
                            m.settled_pool, first, cut, w.p, w.q,
                            w.r + (m.settled_lo - m.out_lo) * w.q, true, w.hops + 1
                        )::ledger_place;
                    ELSE
                        RETURN NEXT ledger_ended(w, 'spent', m.number, m.piece, first, cut);
                    END IF;
                END IF;
                EXIT WHEN s.number IS NULL;
                first := cut;
                cut := least(past, greatest(first, ledger_up(s.settled_hi * w.q - w.r, w.p)));
                IF tells_way AND first < cut AND s.in_pool IS NOT NULL THEN
                    RETURN NEXT ledger_ended(w, 'passed', s.number, s.piece, first, cut);
                END IF;
                IF first < cut AND s.in_pool IS NOT NULL THEN
                    waiting := waiting || ROW(
                        s.in_pool, first, cut, w.p, w.q,
                        w.r + (s.in_lo - s.settled_lo) * w.q, false, w.hops + 1
                    )::ledger_place;
                ELSIF first < cut THEN
                    RETURN NEXT ledger_ended(w, 'covered', s.number, s.piece, first, cut);
                END IF;
                first := cut;
            END LOOP;
        END LOOP;
        IF told < w.past THEN
            RETURN NEXT ledger_ended(w, 'held', NULL, NULL, told, w.past);
        END IF;
    END LOOP;
END
$$;

-- The same units after a link that makes `onto` units of `part_length`.
CREATE FUNCTION ledger_turned(
    w ledger_place, shift bigint, part_length bigint, onto_lo bigint, onto bigint,
    pool integer, first numeric, past numeric
) RETURNS ledger_place LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    p numeric := w.p * onto;
    q numeric := w.q * part_length;
    r numeric := w.r * onto + (shift::numeric * onto + onto_lo::numeric * part_length) * w.q;
    common numeric := gcd(gcd(p, q), r);
BEGIN
    RETURN ROW(pool, first, past, p / common, q / common, r / common, false, w.hops + 1)::ledger_place;
END
$$;

-- Where positions came from: intervals of gifts (pool, [first, past)) by the movement that brought
-- them. `is_exact`: unit by unit. Otherwise something shrank on the way: these and no others may
-- have come here, and going forward from them tells how much did.
CREATE TYPE ledger_source AS (
    number bigint, piece smallint, pool integer, first bigint, past bigint, is_exact boolean
);
-- Points [first / q, past / q) of a pool's axis.
CREATE TYPE ledger_end_place AS (
    pool integer, first numeric, past numeric, q numeric, is_spent boolean, is_exact boolean
);

CREATE FUNCTION ledger_backward(
    of_pool integer, of_lo bigint, of_hi bigint, as_of bigint DEFAULT NULL
) RETURNS SETOF ledger_source LANGUAGE plpgsql STABLE AS $$
DECLARE
    waiting ledger_end_place[] := ARRAY[ROW(of_pool, of_lo, of_hi, 1, true, true)::ledger_end_place];
    w ledger_end_place;
    m record;
    s record;
    spans numeric[];
    parts_most integer;
    has_settled boolean;
    first numeric;
    past numeric;
    turned bigint;
    low numeric;
    high numeric;
    q numeric;
    common numeric;
    lo bigint;       -- positions that the points lie in
    hi bigint;
BEGIN
    WHILE cardinality(waiting) > 0 LOOP
        w := waiting[cardinality(waiting)];
        waiting := trim_array(waiting, 1);
        lo := ledger_down(w.first, w.q);
        hi := ledger_up(w.past, w.q);
        spans := ARRAY[w.first, w.past];
        SELECT parts, w.is_spent AND coalesce((
            SELECT settled_hi > lo FROM ledger_movement
            WHERE settled_pool = w.pool AND settled_lo < hi ORDER BY settled_lo DESC LIMIT 1
        ), false) INTO parts_most, has_settled FROM ledger_intake WHERE pool_id = w.pool;
        IF has_settled THEN  -- some of it is borne by others, or came back: what lies between is left
            spans := '{}';
            first := w.first;
            FOR s IN
                SELECT settled_lo, settled_hi, out_pool, out_lo FROM ledger_movement
                WHERE settled_pool = w.pool AND settled_lo < hi AND settled_lo >= coalesce((
                    SELECT settled_lo FROM ledger_movement
                    WHERE settled_pool = w.pool AND settled_lo <= lo
                    ORDER BY settled_lo DESC LIMIT 1
                ), lo) AND settled_hi > lo
                AND (as_of IS NULL OR ledger_is_seen(number, as_of))
                ORDER BY settled_lo
            LOOP
                low := greatest(w.first, s.settled_lo * w.q);
                high := least(w.past, s.settled_hi * w.q);
                IF first < low THEN
                    spans := spans || ARRAY[first, low];
                END IF;
                IF s.out_pool IS NOT NULL THEN
                    waiting := waiting || ROW(s.out_pool, low + (s.out_lo - s.settled_lo) * w.q, high + (s.out_lo - s.settled_lo) * w.q, w.q, true, w.is_exact)::ledger_end_place;
                END IF;
                first := high;
            END LOOP;
            IF first < w.past THEN
                spans := spans || ARRAY[first, w.past];
            END IF;
        END IF;
        FOR span IN 1 .. cardinality(spans) / 2 LOOP
            first := spans[2 * span - 1];
            past := spans[2 * span];
            lo := ledger_down(first, w.q);
            hi := ledger_up(past, w.q);
            FOR of_part IN 0 .. parts_most - 1 LOOP
                turned := NULL;
                FOR m IN
                    SELECT * FROM ledger_movement
                    WHERE in_pool = w.pool AND part = of_part AND in_lo < in_hi
                      AND in_lo < hi AND in_lo >= coalesce((
                        SELECT in_lo FROM ledger_movement
                        WHERE in_pool = w.pool AND part = of_part AND in_lo < in_hi
                          AND in_lo <= lo ORDER BY in_lo DESC LIMIT 1
                    ), lo) AND in_hi > lo
                    ORDER BY in_lo
                LOOP
                    low := greatest(first, m.in_lo * w.q);
                    high := least(past, m.in_hi * w.q);
                    IF m.part_length IS NOT NULL THEN
                        -- All pieces of the part that may lie there, once for each link.
                        CONTINUE WHEN turned IS NOT NULL AND turned = m.number * 32768 + m.step;
                        turned := m.number * 32768 + m.step;
                        low := greatest(first - m.onto_lo * w.q, 0);
                        high := least(past - m.onto_lo * w.q, m.onto * w.q);
                        IF m.in_pool = m.out_pool THEN  -- shrunk: whatever may have become those
                            low := ledger_down(ledger_down(low, w.q) * m.part_length, m.onto);
                            high := ledger_up(ledger_up(high, w.q) * m.part_length, m.onto);
                            q := 1;
                        ELSE
                            low := low * m.part_length;
                            high := high * m.part_length;
                            q := w.q * m.onto;
                            common := gcd(gcd(low, high), q);
                            low := low / common;
                            high := high / common;
                            q := q / common;
                        END IF;
                        SELECT waiting || array_agg(ROW(
                            o.out_pool,
                            (o.out_lo - o."offset") * q + greatest(low, o."offset" * q),
                            (o.out_lo - o."offset") * q + least(high, (o."offset" + o.out_hi - o.out_lo) * q),
                            q, true, w.is_exact AND m.in_pool <> m.out_pool
                        )::ledger_end_place) INTO waiting
                        FROM ledger_movement o
                        WHERE o.number = m.number AND o.step = m.step AND o.part = of_part
                          AND o."offset" * q < high AND (o."offset" + o.out_hi - o.out_lo) * q > low;
                    ELSIF m.out_pool IS NOT NULL THEN
                        waiting := waiting || ROW(m.out_pool, low + (m.out_lo - m.in_lo) * w.q, high + (m.out_lo - m.in_lo) * w.q, w.q, true, w.is_exact)::ledger_end_place;
                    ELSIF m.settled_pool IS NOT NULL THEN
                        waiting := waiting || ROW(m.settled_pool, low + (m.settled_lo - m.in_lo) * w.q, high + (m.settled_lo - m.in_lo) * w.q, w.q, false, w.is_exact)::ledger_end_place;
                    ELSE
                        IF w.q > 1 THEN  -- the units whose point lies there
                            low := ledger_up(low, w.q);
                            high := ledger_up(high, w.q);
                        END IF;
                        IF low < high THEN
                            RETURN NEXT ROW(m.number, m.piece, m.in_pool, low, high, w.is_exact)::ledger_source;
                        END IF;
                    END IF;
                END LOOP;
            END LOOP;
        END LOOP;
    END LOOP;
END
$$;

-- Who bore what an entry spent (or what a shrink of it took): units of the givers, piece by piece.
-- What a shrink left unclear is asked forward. In PL/pgSQL, whose plans are kept: as one statement
-- of SQL it is planned anew in every query that calls it, which took longer than its work.
CREATE FUNCTION ledger_bearers(of_number bigint, as_of bigint DEFAULT NULL)
RETURNS TABLE (number bigint, piece smallint, pool integer, first bigint, past bigint, ended_piece smallint)
LANGUAGE plpgsql STABLE ROWS 20 AS $$
#variable_conflict use_column
DECLARE
    e record;
    b ledger_source;
    unclear ledger_source[] := '{}';
BEGIN
    FOR e IN
        SELECT m.piece, m.out_pool, m.out_lo, m.out_hi, m.part_length IS NOT NULL AS is_shrunk
        FROM ledger_movement m
        WHERE m.number = of_number AND m.out_pool IS NOT NULL AND m.settled_pool IS NULL
          AND (m.in_pool IS NULL OR m.in_pool = m.out_pool)
    LOOP
        FOR b IN SELECT * FROM ledger_backward(e.out_pool, e.out_lo, e.out_hi, as_of) LOOP
            IF b.is_exact AND NOT e.is_shrunk THEN
                number := b.number; piece := b.piece; pool := b.pool; first := b.first; past := b.past;
                ended_piece := e.piece;
                RETURN NEXT;
            ELSE
                unclear := unclear || b;
            END IF;
        END LOOP;
    END LOOP;
    IF cardinality(unclear) > 0 THEN
        RETURN QUERY
        SELECT c.number, c.piece, c.pool, f.giver_first, f.giver_past, f.piece
        FROM (
            SELECT u.number, u.piece, u.pool, unnest(range_agg(int8range(u.first, u.past))) AS units
            FROM unnest(unclear) u GROUP BY 1, 2, 3
        ) c
        CROSS JOIN LATERAL ledger_forward(c.pool, lower(c.units), upper(c.units), as_of) f
        WHERE f.number = of_number AND f.outcome IN ('spent', 'lost');
    END IF;
END
$$;

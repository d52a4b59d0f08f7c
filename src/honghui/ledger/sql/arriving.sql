-- What comes from outside, in one call and one transaction: the record, the entry, its place in the
-- queue. It touches no pool and waits for none. What the caller checked against the references
-- holds only if nothing was declared since: `known_changes` says what it had read.
--
-- outcome: "arrived"; "known": the request was booked before, and this is that entry and its
-- content; "changed": read the references again, check again, call again.

CREATE FUNCTION ledger_arrive(
    known_changes bigint, of_act text, of_society text, of_day date, of_request bytea,
    of_content bytea, of_id uuid, at timestamptz, of_parts bytea[], pools integer[],
    quantities bigint[]
) RETURNS TABLE (outcome text, number bigint, content bytea) LANGUAGE plpgsql AS $$
DECLARE
    drawn bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(520200624);
    IF (SELECT changes FROM ledger_referencestate) <> known_changes THEN
        RETURN QUERY SELECT 'changed', NULL::bigint, NULL::bytea;
        RETURN;
    END IF;
    RETURN QUERY SELECT 'known', e.number, e.content FROM ledger_entry e WHERE e.request = of_request;
    IF FOUND THEN
        RETURN;
    END IF;
    drawn := nextval('journal_record_number');
    -- Two at once: the second waits for the first here, and finds it.
    INSERT INTO ledger_entry (number, act, society, occurred_on, request, content)
    VALUES (drawn, of_act, of_society, of_day, of_request, of_content) ON CONFLICT (request) DO NOTHING;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'known', e.number, e.content FROM ledger_entry e WHERE e.request = of_request;
        RETURN;
    END IF;
    IF cardinality(of_parts) = 1 AND cardinality(pools) = 1 THEN
        INSERT INTO journal_record (number, part, id, data, recorded_at) VALUES (drawn, 1, of_id, of_parts[1], at);
        INSERT INTO ledger_arrival (number, piece, pool_id, quantity) VALUES (drawn, 0, pools[1], quantities[1]);
    ELSE
        INSERT INTO journal_record (number, part, id, data, recorded_at)
        SELECT drawn, one.part, of_id, one.data, at FROM unnest(of_parts) WITH ORDINALITY AS one (data, part);
        INSERT INTO ledger_arrival (number, piece, pool_id, quantity)
        SELECT drawn, one.piece - 1, one.pool_id, one.quantity
        FROM unnest(pools, quantities) WITH ORDINALITY AS one (pool_id, quantity, piece);
    END IF;
    RETURN QUERY SELECT 'arrived', drawn, of_content;
END
$$;

-- What comes from outside, in one call, one transaction and one row. It touches no pool and waits for
-- none. What the caller checked against the references holds only if nothing was declared since:
-- `known_changes` says what it had read.
--
-- outcome: "arrived"; "request": the same request was booked before; "id": the record's id was used
-- before; "changed": read the references again, check again, call again. Of two equal requests at once the second waits for the first, and
-- is refused by the unique index. (ON CONFLICT would let it go on, at a third of the speed.)

CREATE FUNCTION ledger_arrive(
    known_changes bigint, of_act text, of_society text, of_day date, of_request bytea,
    of_content bytea, of_id uuid, at timestamptz, of_parts bytea[], of_pools integer[],
    of_quantities bigint[], OUT outcome text, OUT drawn bigint
) LANGUAGE plpgsql AS $$
DECLARE
    locked text := pg_advisory_xact_lock_shared(520200624);
BEGIN
    SELECT CASE WHEN changes <> known_changes THEN 'changed'
                WHEN EXISTS (SELECT FROM ledger_arrival WHERE request = of_request) THEN 'request'
                ELSE 'arrived' END
    INTO outcome FROM ledger_referencestate;
    IF outcome <> 'arrived' THEN
        RETURN;
    END IF;
    drawn := nextval('journal_record_number');
    INSERT INTO ledger_arrival (
        number, request, content, id, act, society, occurred_on, recorded_at, parts, pools, quantities
    ) VALUES (
        drawn, of_request, of_content, of_id, of_act, of_society, of_day, at, of_parts, of_pools,
        of_quantities
    );
    -- Asked after the insert, which has waited for a sequencer that was just taking the same request
    -- out of the queue: by now it is an entry, or it never was there.
    SELECT CASE WHEN EXISTS (SELECT FROM ledger_entry WHERE request = of_request) THEN 'request'
                WHEN EXISTS (SELECT FROM journal_record WHERE id = of_id) THEN 'id'
                ELSE 'arrived' END
    INTO outcome;
    IF outcome <> 'arrived' THEN
        DELETE FROM ledger_arrival WHERE request = of_request;
    END IF;
END
$$;

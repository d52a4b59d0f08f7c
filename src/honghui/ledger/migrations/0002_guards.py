"""What the database holds by itself: movements are for ever, both ends of a pool only grow, and
no more is booked than was taken in.

The last reads another row. That is sound without a lock, because `taken_in` only grows: what was
enough when it was read is enough for ever.
"""

from django.db import migrations

TABLES = ("movement", "entry", "pool", "reference")
KEEP = "".join(
    f"""
CREATE TRIGGER ledger_{table}_keeps_rows BEFORE UPDATE OR DELETE ON ledger_{table}
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_rewriting();
CREATE TRIGGER ledger_{table}_is_not_emptied BEFORE TRUNCATE ON ledger_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_rewriting();
ALTER TABLE ledger_{table} ENABLE ALWAYS TRIGGER ledger_{table}_keeps_rows;
ALTER TABLE ledger_{table} ENABLE ALWAYS TRIGGER ledger_{table}_is_not_emptied;
"""
    for table in TABLES
)
RELEASE = "".join(
    f"""
DROP TRIGGER ledger_{table}_keeps_rows ON ledger_{table};
DROP TRIGGER ledger_{table}_is_not_emptied ON ledger_{table};
"""
    for table in TABLES
)

FORWARD = (
    """
CREATE FUNCTION ledger_check_booking() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    limit_in bigint;
BEGIN
    SELECT taken_in INTO limit_in FROM ledger_intake WHERE pool_id = NEW.pool_id;
    IF limit_in IS NULL OR NEW.booked > limit_in THEN
        RAISE EXCEPTION 'pool % has taken in %, and % would be booked', NEW.pool_id, limit_in, NEW.booked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'booked_is_within_taken_in';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.booked < OLD.booked OR NEW.cursor < OLD.cursor OR NEW.pool_id <> OLD.pool_id) THEN
        RAISE EXCEPTION 'what is booked in pool % only grows', NEW.pool_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'booked_only_grows';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER ledger_booking_is_within BEFORE INSERT OR UPDATE ON ledger_booking
    FOR EACH ROW EXECUTE FUNCTION ledger_check_booking();
ALTER TABLE ledger_booking ENABLE ALWAYS TRIGGER ledger_booking_is_within;

CREATE FUNCTION ledger_check_intake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.taken_in < OLD.taken_in OR NEW.parts < OLD.parts OR NEW.pool_id <> OLD.pool_id THEN
        RAISE EXCEPTION 'what pool % took in only grows', NEW.pool_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'taken_in_only_grows';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER ledger_intake_only_grows BEFORE UPDATE ON ledger_intake
    FOR EACH ROW EXECUTE FUNCTION ledger_check_intake();
ALTER TABLE ledger_intake ENABLE ALWAYS TRIGGER ledger_intake_only_grows;

CREATE TRIGGER ledger_intake_keeps_rows BEFORE DELETE ON ledger_intake
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_rewriting();
CREATE TRIGGER ledger_booking_keeps_rows BEFORE DELETE ON ledger_booking
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_rewriting();

-- One row for many changes: leave room on its page, so that a change stays there.
ALTER TABLE ledger_intake SET (fillfactor = 50);
ALTER TABLE ledger_booking SET (fillfactor = 50);
ALTER TABLE ledger_arrival SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 10000);
INSERT INTO ledger_referencestate (id, changes) VALUES (1, 0);
"""
    + KEEP
)
BACKWARD = (
    RELEASE
    + """
DELETE FROM ledger_referencestate;
DROP TRIGGER ledger_booking_keeps_rows ON ledger_booking;
DROP TRIGGER ledger_intake_keeps_rows ON ledger_intake;
DROP TRIGGER ledger_intake_only_grows ON ledger_intake;
DROP FUNCTION ledger_check_intake;
DROP TRIGGER ledger_booking_is_within ON ledger_booking;
DROP FUNCTION ledger_check_booking;
"""
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("journal", "0004_records_are_for_ever")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

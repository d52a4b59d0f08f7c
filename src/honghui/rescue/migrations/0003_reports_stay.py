"""A report that was released stays as it is, whoever writes: it can be withdrawn, or corrected by
a new number, and its note taken back."""

from django.db import migrations

FREE = "- 'state' - 'withdrawn_by_id' - 'withdrawn_at' - 'withdrawn_reason' - 'note' - 'note_en'"
FORWARD = f"""
CREATE FUNCTION rescue_keep_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (
        TG_OP = 'DELETE' OR NEW.state = 'draft'
        OR to_jsonb(NEW) {FREE} IS DISTINCT FROM to_jsonb(OLD) {FREE}
        OR NEW.note NOT IN ('', OLD.note) OR NEW.note_en NOT IN ('', OLD.note_en)
    ) THEN
        RAISE EXCEPTION 'a report that was released stays as it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rescue_report_stays_when_released';
    END IF;
    RETURN COALESCE(NEW, OLD);
END
$$;
CREATE TRIGGER rescue_report_stays BEFORE UPDATE OR DELETE ON rescue_rescuereport
    FOR EACH ROW EXECUTE FUNCTION rescue_keep_released();
ALTER TABLE rescue_rescuereport ENABLE ALWAYS TRIGGER rescue_report_stays;
"""
BACKWARD = """
DROP TRIGGER rescue_report_stays ON rescue_rescuereport;
DROP FUNCTION rescue_keep_released();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("rescue", "0002_team_kinds_and_skills"),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

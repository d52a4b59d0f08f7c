"""A report that was released stays as it is, whoever writes: it can be withdrawn, or corrected by
a new number, and its note taken back. The rows of a report's correction and withdrawal."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

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
        ("rescue", "0005_team_kinds_and_skills"),
    ]

    operations = [
        migrations.AddField(
            model_name="rescuereport",
            name="record_number",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="rescuereport",
            name="corrects",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="rescue.rescuereport",
            ),
        ),
        migrations.AddField(
            model_name="rescuereport",
            name="correction_reason",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="rescuereport",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rescuereport",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="rescuereport",
            name="withdrawn_reason",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddConstraint(
            model_name="rescuereport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")),
                fields=("incident",),
                name="rescue_report_is_drafted_once_at_a_time",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

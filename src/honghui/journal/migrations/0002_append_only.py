"""Acts are for ever: no update, no delete, no truncate, not even by the table's owner.

ALWAYS: the trigger fires in replication mode too, where ordinary ones sleep. Whoever wants to
rewrite the journal has to drop the trigger first, and that shows in the schema; from the next
floor on it also shows in the public log.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journal_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % is refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'Record a new act that says what is true now.';
END
$$;
CREATE TRIGGER journal_act_keeps_rows BEFORE UPDATE OR DELETE ON journal_act
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_rewriting();
CREATE TRIGGER journal_act_is_not_emptied BEFORE TRUNCATE ON journal_act
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_rewriting();
ALTER TABLE journal_act ENABLE ALWAYS TRIGGER journal_act_keeps_rows;
ALTER TABLE journal_act ENABLE ALWAYS TRIGGER journal_act_is_not_emptied;
"""
BACKWARD = """
DROP TRIGGER journal_act_keeps_rows ON journal_act;
DROP TRIGGER journal_act_is_not_emptied ON journal_act;
DROP FUNCTION journal_refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

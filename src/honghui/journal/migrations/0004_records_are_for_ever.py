"""Records and leaves are for ever; the queue is vacuumed often; numbers come from one sequence."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE journal_record_number AS bigint;

CREATE TRIGGER journal_record_keeps_rows BEFORE UPDATE OR DELETE ON journal_record
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_rewriting();
CREATE TRIGGER journal_record_is_not_emptied BEFORE TRUNCATE ON journal_record
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_rewriting();
ALTER TABLE journal_record ENABLE ALWAYS TRIGGER journal_record_keeps_rows;
ALTER TABLE journal_record ENABLE ALWAYS TRIGGER journal_record_is_not_emptied;

CREATE TRIGGER journal_leaf_keeps_rows BEFORE UPDATE OR DELETE ON journal_leaf
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_rewriting();
CREATE TRIGGER journal_leaf_is_not_emptied BEFORE TRUNCATE ON journal_leaf
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_rewriting();
ALTER TABLE journal_leaf ENABLE ALWAYS TRIGGER journal_leaf_keeps_rows;
ALTER TABLE journal_leaf ENABLE ALWAYS TRIGGER journal_leaf_is_not_emptied;

ALTER TABLE journal_waiting SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 10000);
-- Records are looked up by number and read whole; compressing half a kilobyte costs more than it saves.
ALTER TABLE journal_record ALTER COLUMN data SET STORAGE EXTERNAL;

INSERT INTO journal_logstate (id, epoch, size, published, failure) VALUES (1, 0, 0, 0, '');
"""
BACKWARD = """
DELETE FROM journal_logstate;
DROP TRIGGER journal_leaf_keeps_rows ON journal_leaf;
DROP TRIGGER journal_leaf_is_not_emptied ON journal_leaf;
DROP TRIGGER journal_record_keeps_rows ON journal_record;
DROP TRIGGER journal_record_is_not_emptied ON journal_record;
DROP SEQUENCE journal_record_number;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_records")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""What was published is never changed, and nothing of it removed, by anybody. Only its free text
can be taken back: it is in no record."""

from django.db import migrations

TABLES = ("bulletin", "correctionnote")
FORWARD = """
CREATE FUNCTION disclosure_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' AND (
        TG_OP = 'DELETE'
        OR to_jsonb(NEW) - 'text' - 'text_en' IS DISTINCT FROM to_jsonb(OLD) - 'text' - 'text_en'
        OR NEW.text NOT IN ('', OLD.text) OR NEW.text_en NOT IN ('', OLD.text_en)
    ) THEN
        RAISE EXCEPTION 'what was published stays as it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_stays';
    END IF;
    RETURN COALESCE(NEW, OLD);
END
$$;
""" + "".join(
    f"""
CREATE TRIGGER disclosure_{table}_stays BEFORE UPDATE OR DELETE ON disclosure_{table}
    FOR EACH ROW EXECUTE FUNCTION disclosure_keep_published();
ALTER TABLE disclosure_{table} ENABLE ALWAYS TRIGGER disclosure_{table}_stays;
"""
    for table in TABLES
)
BACKWARD = (
    "".join(f"DROP TRIGGER disclosure_{table}_stays ON disclosure_{table};\n" for table in TABLES)
    + "DROP FUNCTION disclosure_keep_published();"
)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_bulletins")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""The one function by which value arrives from outside."""

from pathlib import Path

from django.db import migrations

FORWARD = (Path(__file__).resolve().parent.parent / "sql" / "arriving.sql").read_text()
BACKWARD = """
DROP FUNCTION ledger_arrive(bigint, text, text, date, bytea, bytea, uuid, timestamptz, bytea[], integer[], bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_lineage")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""The two functions that go along positions, forward and backward."""

from pathlib import Path

from django.db import migrations

FORWARD = (Path(__file__).resolve().parent.parent / "sql" / "lineage.sql").read_text()
BACKWARD = """
DROP FUNCTION ledger_bearers(bigint, bigint);
DROP FUNCTION ledger_backward(integer, bigint, bigint, bigint);
DROP TYPE ledger_end_place;
DROP TYPE ledger_source;
DROP FUNCTION ledger_turned(ledger_place, bigint, bigint, bigint, bigint, integer, numeric, numeric);
DROP FUNCTION IF EXISTS ledger_forward(integer, bigint, bigint, bigint);
DROP FUNCTION IF EXISTS ledger_forward(integer, bigint, bigint, bigint, boolean);
DROP FUNCTION ledger_ended(ledger_place, text, bigint, smallint, numeric, numeric);
DROP TYPE ledger_end;
DROP TYPE ledger_place;
DROP FUNCTION ledger_is_seen(bigint, bigint);
DROP FUNCTION ledger_up(numeric, numeric);
DROP FUNCTION ledger_down(numeric, numeric);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

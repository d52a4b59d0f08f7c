"""Going forward can tell the way, too. What an installation had of these functions is made anew; a
new one has them already as sql/lineage.sql stands now."""

from importlib import import_module

from django.db import migrations

_before = import_module("honghui.ledger.migrations.0003_lineage")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_arriving")]
    operations = [
        migrations.RunSQL(_before.BACKWARD + _before.FORWARD, migrations.RunSQL.noop),
    ]

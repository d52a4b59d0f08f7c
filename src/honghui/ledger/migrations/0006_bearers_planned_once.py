"""Who bore a use is told in half the time. As 0005: an installation's functions are made anew."""

from importlib import import_module

from django.db import migrations

_before = import_module("honghui.ledger.migrations.0003_lineage")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_the_way_told")]
    operations = [
        migrations.RunSQL(_before.BACKWARD + _before.FORWARD, migrations.RunSQL.noop),
    ]

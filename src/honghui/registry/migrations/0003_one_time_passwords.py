"""A password that an administrator gave holds for a while only."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_seal_second_factors")]

    operations = [
        migrations.AddField("account", "password_until", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                condition=Q(password_until__isnull=True) | Q(must_change_password=True),
                name="one_time_password_is_changed_at_first_use",
            ),
        ),
    ]

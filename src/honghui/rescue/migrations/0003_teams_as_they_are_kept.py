import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import honghui.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("rescue", "0002_tellings_say_how_many"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=honghui.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("secret_hash", models.BinaryField(unique=True)),
                ("language", models.CharField(max_length=10)),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RosterImport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=honghui.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("content_hash", models.BinaryField()),
                ("lines", models.PositiveIntegerField()),
                ("joined", models.PositiveIntegerField()),
                ("imported_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-imported_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Swap",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=honghui.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["asked_at", "id"],
            },
        ),
        migrations.AlterModelOptions(
            name="skill",
            options={"ordering": ["place", "code"]},
        ),
        migrations.AlterModelOptions(
            name="teamkind",
            options={"ordering": ["place", "code"]},
        ),
        migrations.AddField(
            model_name="gear",
            name="counted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="gear",
            name="damaged",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="gear",
            name="is_fit",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="skill",
            name="is_risky",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="skill",
            name="place",
            field=models.PositiveSmallIntegerField(default=99),
        ),
        migrations.AddField(
            model_name="team",
            name="place_code",
            field=models.CharField(blank=True, db_collation="C", max_length=6),
        ),
        migrations.AddField(
            model_name="team",
            name="state_from",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="team",
            name="state_reason",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="teamkind",
            name="is_risky",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="teamkind",
            name="place",
            field=models.PositiveSmallIntegerField(default=99),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="is_fit",
            field=models.BooleanField(default=True),
        ),
        migrations.AddConstraint(
            model_name="gear",
            constraint=models.CheckConstraint(
                condition=models.Q(("damaged__lte", models.F("quantity"))),
                name="gear_damaged_is_part_of_it",
            ),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calendar_feeds",
                to="rescue.team",
            ),
        ),
        migrations.AddField(
            model_name="rosterimport",
            name="imported_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rosterimport",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="imports",
                to="rescue.team",
            ),
        ),
        migrations.AddField(
            model_name="swap",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="swaps_asked",
                to="rescue.member",
            ),
        ),
        migrations.AddField(
            model_name="swap",
            name="place",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="swaps",
                to="rescue.standbyplace",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("team", "account"),
                name="calendar_feed_of_an_account_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterimport",
            constraint=models.UniqueConstraint(
                fields=("team", "content_hash"), name="roster_is_carried_out_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("place",),
                name="turn_is_offered_to_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "asked")),
                    models.Q(
                        models.Q(("state", "asked"), _negated=True), ("decided_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="swap_is_decided_when_it_says_so",
            ),
        ),
    ]

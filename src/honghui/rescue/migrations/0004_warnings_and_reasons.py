import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rescue", "0003_teams_as_they_are_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="addresses",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="alert",
            name="approved_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="area_text",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="alert",
            name="area_text_en",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="alert",
            name="category",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="alert",
            name="circle_latitude_microdegrees",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="alert",
            name="circle_longitude_microdegrees",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="alert",
            name="circle_radius_metres",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="alert",
            name="event_en",
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AddField(
            model_name="alert",
            name="instruction",
            field=models.TextField(blank=True, max_length=4000),
        ),
        migrations.AddField(
            model_name="alert",
            name="instruction_en",
            field=models.TextField(blank=True, max_length=6000),
        ),
        migrations.AddField(
            model_name="alert",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("draft", "Draft"),
                    ("published", "Published"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="received",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="written_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="situationreport",
            name="reason",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["state", "-sent_at"], name="alert_by_state"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("direction", "in"), ("state", "received")),
                    models.Q(("direction", "out"), models.Q(("state", "received"), _negated=True)),
                    _connector="OR",
                ),
                name="alert_that_came_is_not_ours_to_publish",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("approved_by__isnull", False),
                    _connector="OR",
                ),
                name="published_alert_was_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(("approved_by", models.F("written_by")), _negated=True),
                    _connector="OR",
                ),
                name="alert_is_not_approved_by_its_writer",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("circle_latitude_microdegrees__isnull", True),
                        ("circle_longitude_microdegrees__isnull", True),
                        ("circle_radius_metres__isnull", True),
                    ),
                    models.Q(
                        ("circle_latitude_microdegrees__range", (-90000000, 90000000)),
                        ("circle_longitude_microdegrees__range", (-180000000, 180000000)),
                        ("circle_radius_metres__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="alert_circle_is_on_earth",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="situationfigure", name="figure_stands_once_in_a_report"
        ),
        migrations.AddConstraint(
            model_name="situationfigure",
            constraint=models.UniqueConstraint(
                fields=("report", "measure", "unit"), name="figure_stands_once_in_a_report"
            ),
        ),
    ]

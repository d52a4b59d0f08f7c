"""A warning holds in any number of polygons and circles; until now it kept one circle."""

from django.db import migrations, models

FORWARD = """
UPDATE rescue_alert SET areas = jsonb_build_array(jsonb_build_object(
    'text', area_text, 'text_en', area_text_en, 'polygons', '[]'::jsonb,
    'circles', jsonb_build_array(jsonb_build_array(
        circle_latitude_microdegrees, circle_longitude_microdegrees, circle_radius_metres))))
WHERE circle_radius_metres IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("rescue", "0003_reports_stay"),
    ]

    operations = [
        migrations.AddField("alert", "areas", models.JSONField(default=list)),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
        migrations.RemoveConstraint("alert", "alert_circle_is_on_earth"),
        migrations.RemoveField("alert", "circle_latitude_microdegrees"),
        migrations.RemoveField("alert", "circle_longitude_microdegrees"),
        migrations.RemoveField("alert", "circle_radius_metres"),
    ]

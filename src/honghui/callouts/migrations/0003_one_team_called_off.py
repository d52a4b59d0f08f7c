"""One team of a call-out can be called off while others are asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("callouts", "0002_token_sealed")]

    operations = [
        migrations.AlterField(
            model_name="invitation",
            name="state",
            field=models.CharField(
                choices=[
                    ("reserve", "Reserve"),
                    ("asked", "Asked"),
                    ("coming", "Coming"),
                    ("if_short", "If Short"),
                    ("declined", "Declined"),
                    ("no_answer", "No Answer"),
                    ("stood_down", "Stood Down"),
                ],
                default="reserve",
                max_length=10,
            ),
        ),
    ]

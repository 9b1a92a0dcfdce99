"""Indexes for the list of deliveries and for the alarms on Today."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_names_of_parts")]

    operations = [
        migrations.AddIndex(
            "outgoingletter", models.Index(fields=["-queued_at"], name="exchange_letter_queued")
        ),
        migrations.AddIndex(
            "alarm",
            models.Index(condition=models.Q(("ended_at", None)), fields=["case"], name="exchange_alarm_standing"),
        ),
    ]

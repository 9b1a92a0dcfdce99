"""An index that holds all that decides which cases a list shows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_lists")]

    operations = [
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["identifier", "changed_at", "opened_at", "partner", "stage", "began_here"], name="cases_listed"
            ),
        ),
    ]

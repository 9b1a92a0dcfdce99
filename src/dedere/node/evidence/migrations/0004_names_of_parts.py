"""What its letter calls an item, where another item has that name already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_retention_uploads_and_findings")]
    operations = [
        migrations.AddField(
            model_name="item", name="part", field=models.CharField(blank=True, db_index=True, max_length=26)
        ),
    ]

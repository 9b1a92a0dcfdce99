"""A part is known by its letter and its name in it; its row's own key may differ."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F


def name_known_parts(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Until now every row's key was its part's name."""
    apps.get_model("exchange", "IncomingPart").objects.update(part=F("identifier"))


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_log_heads")]
    operations = [
        migrations.AddField(
            model_name="incomingpart",
            name="part",
            field=models.CharField(default="", max_length=26),
            preserve_default=False,
        ),
        migrations.RunPython(name_known_parts, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="incomingpart",
            constraint=models.UniqueConstraint(fields=("letter", "part"), name="exchange_one_part_of_a_name"),
        ),
    ]

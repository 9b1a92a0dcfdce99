"""The log only grows, and has its one frontier."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from dedere.node.audit.triggers import append_only


def begin(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The frontier of the empty log."""
    apps.get_model("audit", "Frontier").objects.using(editor.connection.alias).create(only=True, size=0, peaks=[])


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop), append_only("audit_event")]

"""Recorded letters are never changed."""

from django.db import migrations

from dedere.node.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [append_only("cases_letter")]

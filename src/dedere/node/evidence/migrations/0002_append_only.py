"""Custody ledgers only grow."""

from django.db import migrations

from dedere.node.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [append_only("evidence_ledgerentry")]

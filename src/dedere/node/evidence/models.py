"""Items of evidence and the custody ledger of each."""

from __future__ import annotations

from django.db import models

from dedere.node.cases.models import Case


class Item(models.Model):
    """One item: sealed bytes in the vault, and where they come from."""

    identifier = models.CharField(max_length=26, primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    title = models.CharField(max_length=300)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    object = models.CharField(max_length=64)
    measure = models.CharField(max_length=60, blank=True)
    letter = models.CharField(max_length=26, blank=True)
    origin = models.CharField(max_length=2)
    conditions = models.JSONField(default=list)
    created_at = models.DateTimeField()
    received_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["created_at", "identifier"]

    def __str__(self) -> str:
        return self.title


class LedgerEntry(models.Model):
    """One entry of an item's custody ledger, as it will be exported. The database refuses update and delete."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField()
    entry = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["item", "sequence"], name="evidence_one_place_in_ledger")]

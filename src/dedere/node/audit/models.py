"""The audit log: rows that are only ever added, each a leaf of one Merkle tree (RFC 9162)."""

from __future__ import annotations

from django.db import models

from dedere.node.audit.entry import Entry


class Event(models.Model):
    """One thing that happened. No foreign keys: it must outlive whatever it names.

    `leaf` is the RFC 9162 leaf hash of the event's canonical JSON. The database refuses update and delete.
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, db_index=True)
    case = models.CharField(max_length=26, blank=True, db_index=True)
    details = models.JSONField(default=dict)
    leaf = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]

    def as_json(self) -> dict[str, object]:
        """What the leaf hash covers, in the form that is exported."""
        return Entry(
            sequence=self.sequence,
            at=self.at,
            actor=self.actor,
            action=self.action,
            subject=self.subject,
            case=self.case,
            details=self.details,
        ).as_json()


class Frontier(models.Model):
    """The peaks of the tree over all events: the one row that lets the log grow in logarithmic time."""

    only = models.BooleanField(primary_key=True, default=True)
    size = models.PositiveBigIntegerField(default=0)
    peaks = models.JSONField(default=list)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="audit_one_frontier")]

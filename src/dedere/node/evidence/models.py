"""Items of evidence, the custody ledger of each, and what is decided, found and attested about them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from dedere.node.cases.models import Case

_OFFICER = settings.AUTH_USER_MODEL


class Item(models.Model):
    """One item: sealed bytes in the vault, and where they come from.

    `derived_from` are the identifiers of the items it was made from: it stands under their conditions. `conditions`
    are those that its letter carried or will carry. `destroyed_at` is set when its sealed bytes are gone. `part` is
    what its letter calls it, where another item here has that name already: empty for all others.
    """

    identifier = models.CharField(max_length=26, primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    title = models.CharField(max_length=300)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    object = models.CharField(max_length=64, db_index=True)
    measure = models.CharField(max_length=60, blank=True)
    letter = models.CharField(max_length=26, blank=True)
    origin = models.CharField(max_length=2)
    conditions = models.JSONField(default=list)
    derived_from = models.JSONField(default=list)
    created_at = models.DateTimeField()
    received_by = models.CharField(max_length=200, blank=True)
    destroyed_at = models.DateTimeField(null=True)
    part = models.CharField(max_length=26, blank=True, db_index=True)

    class Meta:
        ordering = ["created_at", "identifier"]

    def __str__(self) -> str:
        return self.title

    @property
    def part_id(self) -> str:
        """The identifier under which letters speak of it."""
        return self.part or self.identifier


class LedgerEntry(models.Model):
    """One entry of an item's custody ledger, as it will be exported. The database refuses update and delete."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField()
    entry = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["item", "sequence"], name="evidence_one_place_in_ledger")]


class Hold(models.Model):
    """An order to keep an item whatever else is ordered, until it is lifted."""

    identifier = models.CharField(max_length=26, primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="holds")
    reference = models.CharField(max_length=200)
    placed_by = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+")
    placed_on = models.DateField()
    lifted_by = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+", null=True)
    lifted_on = models.DateField(null=True)

    class Meta:
        ordering = ["placed_on", "identifier"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifted_by=None, lifted_on=None)
                | models.Q(lifted_by__isnull=False, lifted_on__isnull=False),
                name="evidence_hold_lifted_by_somebody",
            )
        ]


class Destruction(models.Model):
    """An order to destroy one item: given by one officer, approved by another, carried out by the worker.

    `order` and `certificate` are signed containers; the last entry of the ledger names the first.
    """

    identifier = models.CharField(max_length=26, primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="destructions")
    authority = models.CharField(max_length=200)
    reference = models.CharField(max_length=200)
    sender_agreed = models.BooleanField(default=False)
    ordered_by = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    approved_by = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)
    order = models.BinaryField(null=True)
    certificate = models.BinaryField(null=True)

    class Meta:
        ordering = ["ordered_at", "identifier"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(withdrawn_at=None), name="evidence_one_order_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None, approved_at=None)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="evidence_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("ordered_by")),
                name="evidence_destruction_needs_two",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at=None) | models.Q(approved_by__isnull=False, certificate__isnull=False),
                name="evidence_destroyed_with_certificate",
            ),
        ]


class Annotation(models.Model):
    """Something found about an item by a machine: never a reason to drop it. The database refuses update and delete."""

    class Kind(models.TextChoices):
        """What was looked for."""

        MALWARE = "malware"

    class Verdict(models.TextChoices):
        """What came of it."""

        CLEAN = "clean"
        FOUND = "found"
        NOT_SCANNED = "not-scanned"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="annotations")
    kind = models.CharField(max_length=20, choices=Kind)
    verdict = models.CharField(max_length=20, choices=Verdict)
    by = models.CharField(max_length=200)
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]


class Stamp(models.Model):
    """A signed and time-stamped statement of where an item's ledger stood. The database refuses update and delete."""

    digest = models.CharField(max_length=64, primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="stamps")
    container = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "digest"]


class Upload(models.Model):
    """A file on its way from an officer's browser. `modified` is its time of change as the browser tells it."""

    identifier = models.CharField(max_length=26, primary_key=True)
    officer = models.ForeignKey(_OFFICER, on_delete=models.CASCADE, related_name="+")
    target = models.CharField(max_length=60)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField()
    modified = models.CharField(max_length=20, blank=True)
    started_at = models.DateTimeField()

    class Meta:
        ordering = ["started_at", "identifier"]

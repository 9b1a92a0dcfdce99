"""Partners and their cards, the outbox, the inbox, receipts and alarms."""

from __future__ import annotations

from django.db import models


class PartnerCard(models.Model):
    """A card of another authority, pinned after its fingerprint was compared out of band."""

    digest = models.CharField(max_length=64, primary_key=True)
    state = models.CharField(max_length=2, db_index=True)
    serial = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    container = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    pinned_at = models.DateTimeField()
    pinned_by = models.CharField(max_length=120)
    compromised_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["state", "serial"]
        constraints = [models.UniqueConstraint(fields=["state", "serial"], name="exchange_one_card_serial")]


class OutgoingLetter(models.Model):
    """A sealed letter on its way. The sealed bytes are a file in `letters/`, named by the letter."""

    class State(models.TextChoices):
        """How far it has come."""

        QUEUED = "queued"
        DELIVERED = "delivered"
        ACKNOWLEDGED = "acknowledged"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    identifier = models.CharField(max_length=26, primary_key=True)
    case = models.CharField(max_length=26, db_index=True)
    partner = models.CharField(max_length=2)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    digest = models.CharField(max_length=64)
    sealed_sha256 = models.CharField(max_length=64)
    sealed_size = models.PositiveIntegerField()
    queued_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True)
    receipt = models.BinaryField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["queued_at"]
        indexes = [models.Index(fields=["state", "next_attempt_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "refused", "withdrawn"], receipt=None, delivered_at=None)
                | models.Q(state__in=["delivered", "acknowledged"], receipt__isnull=False, delivered_at__isnull=False),
                name="exchange_delivered_has_receipt",
            ),
        ]


class OutgoingPart(models.Model):
    """A part on its way: the payload stays in the vault; only the header is this recipient's."""

    letter = models.ForeignKey(OutgoingLetter, on_delete=models.PROTECT, related_name="parts")
    identifier = models.CharField(max_length=26, primary_key=True)
    object = models.CharField(max_length=64)
    header = models.BinaryField()
    sealed_size = models.PositiveBigIntegerField()
    sealed_sha256 = models.CharField(max_length=64)
    sent = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True)
    receipt = models.BinaryField(null=True)


class IncomingLetter(models.Model):
    """A letter that was accepted at the door, and the receipt it was given: the same one for every repetition."""

    identifier = models.CharField(max_length=26, primary_key=True)
    partner = models.CharField(max_length=2)
    case = models.CharField(max_length=26, db_index=True)
    digest = models.CharField(max_length=64)
    sealed_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    receipt = models.BinaryField()
    registered_at = models.DateTimeField(null=True)
    registered_by = models.CharField(max_length=120, blank=True)


class IncomingPart(models.Model):
    """A part that a received letter announced, and how much of it is here."""

    class State(models.TextChoices):
        """How far it has come."""

        EXPECTED = "expected"
        ARRIVED = "arrived"
        STORED = "stored"
        REFUSED = "refused"

    letter = models.ForeignKey(IncomingLetter, on_delete=models.PROTECT, related_name="parts")
    identifier = models.CharField(max_length=26, primary_key=True)
    sealed_size = models.PositiveBigIntegerField()
    facts = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.EXPECTED)
    stored_at = models.DateTimeField(null=True)
    receipt = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="stored") | (models.Q(receipt__isnull=False, stored_at__isnull=False)),
                name="exchange_stored_has_receipt",
            ),
        ]


class Nonce(models.Model):
    """A request's nonce seen at the door, kept until its signature has expired."""

    value = models.CharField(max_length=120, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)


class Alarm(models.Model):
    """Something that an officer must see now. Raised once per cause; ends when the cause does."""

    cause = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=40)
    case = models.CharField(max_length=26, blank=True)
    sentence = models.CharField(max_length=300)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

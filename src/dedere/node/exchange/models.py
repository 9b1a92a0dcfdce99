"""Partners and their cards, the outbox, the inbox, receipts and alarms."""

from __future__ import annotations

from django.db import models

from dedere.protocol.delivery import DeliveryState


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


class CardLook(models.Model):
    """When a partner's newest card was last asked for, and since when there is a reason to ask again."""

    state = models.CharField(max_length=2, primary_key=True)
    wanted_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=60, blank=True)


class HeldHead(models.Model):
    """A head of a partner's audit log that we hold: its checkpoint, and the countersignature that we gave for it.

    The database refuses update and delete.
    """

    partner = models.CharField(max_length=2)
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    checkpoint = models.BinaryField()
    countersignature = models.BinaryField()
    held_at = models.DateTimeField()

    class Meta:
        ordering = ["partner", "size"]
        constraints = [models.UniqueConstraint(fields=["partner", "size"], name="exchange_one_head_of_a_size")]


class ContradictingCheckpoint(models.Model):
    """A partner's checkpoint that does not extend the head held here: the two prove that its log was rewritten.

    The database refuses update and delete.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    partner = models.CharField(max_length=2, db_index=True)
    checkpoint = models.BinaryField()
    came_at = models.DateTimeField()


class WitnessedHead(models.Model):
    """A head of our own audit log that a partner holds, with its countersignature.

    The database refuses update and delete.
    """

    partner = models.CharField(max_length=2)
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    countersignature = models.BinaryField()
    held_at = models.DateTimeField()

    class Meta:
        ordering = ["partner", "size"]
        constraints = [models.UniqueConstraint(fields=["partner", "size"], name="exchange_one_witness_of_a_size")]


class OutgoingLetter(models.Model):
    """A sealed letter on its way: `protocol.delivery.OutgoingDelivery` as a row, with the bytes that travel.

    In one row, so that what is queued can be sent: our own copy is a file in `letters/`, sealed to ourselves.
    """

    identifier = models.CharField(max_length=26, primary_key=True)
    case = models.CharField(max_length=26, db_index=True)
    partner = models.CharField(max_length=2)
    state = models.CharField(max_length=12, default=DeliveryState.QUEUED.value)
    digest = models.CharField(max_length=64)
    sealed_sha256 = models.CharField(max_length=64)
    sealed_size = models.PositiveIntegerField()
    sealed = models.BinaryField()
    queued_at = models.DateTimeField()
    next_try = models.DateTimeField()
    moved_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    last_code = models.CharField(max_length=60, blank=True)
    exposed = models.BooleanField(default=False)
    delivered_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    receipt = models.BinaryField(null=True)
    complete = models.BooleanField(default=False, db_index=True)

    class Meta:
        ordering = ["queued_at", "identifier"]
        indexes = [
            models.Index(fields=["complete", "next_try"]),
            models.Index(fields=["-queued_at"], name="exchange_letter_queued"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in DeliveryState]),
                name="exchange_delivery_known_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="delivered") | models.Q(receipt__isnull=False, delivered_at__isnull=False),
                name="exchange_delivered_has_receipt",
            ),
        ]


class OutgoingPart(models.Model):
    """A part on its way: the payload stays in the vault; only the header is this recipient's.

    `identifier` is the part's own; of a part that goes to several States, further rows have one that follows from it.
    On the wire it is always `facts["id"]`.
    """

    letter = models.ForeignKey(OutgoingLetter, on_delete=models.PROTECT, related_name="parts")
    identifier = models.CharField(max_length=26, primary_key=True)
    facts = models.JSONField()
    header = models.BinaryField()
    offset = models.PositiveBigIntegerField(default=0)
    receipt = models.BinaryField(null=True)

    class Meta:
        ordering = ["identifier"]

    @property
    def wire_id(self) -> str:
        """The part's identifier in its letter."""
        return str(self.facts["id"])


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
    """A part that a received letter announced, and how much of it is here.

    `part` is what its letter calls it. `identifier` is the same, or one that follows from it where a part of another
    State, or an item here, has that name already: nobody can keep another State's part out by naming it first.
    """

    class State(models.TextChoices):
        """How far it has come."""

        EXPECTED = "expected"
        ARRIVED = "arrived"
        STORED = "stored"
        REFUSED = "refused"

    letter = models.ForeignKey(IncomingLetter, on_delete=models.PROTECT, related_name="parts")
    identifier = models.CharField(max_length=26, primary_key=True)
    part = models.CharField(max_length=26)
    sealed_size = models.PositiveBigIntegerField()
    facts = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.EXPECTED)
    stored_at = models.DateTimeField(null=True)
    receipt = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "part"], name="exchange_one_part_of_a_name"),
            models.CheckConstraint(
                condition=~models.Q(state="stored") | (models.Q(receipt__isnull=False, stored_at__isnull=False)),
                name="exchange_stored_has_receipt",
            ),
        ]


class Alarm(models.Model):
    """Something that an officer must see now. Raised once per cause; ends when the cause does."""

    cause = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=40)
    case = models.CharField(max_length=26, blank=True)
    sentence = models.CharField(max_length=300)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case"], condition=models.Q(ended_at=None), name="exchange_alarm_standing")]

"""Persons of cases, and the compartment in which protected identities lie sealed.

Of a protected person the database holds an alias, a sealed identity and blind marks; never a name. The other tables
hold what is done for a person: looks, protection, hearings, wishes of victims, interviews.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

_OFFICER = settings.AUTH_USER_MODEL


class Person(models.Model):
    """A person of one case. A protected person has an alias and no name; who it is lies in `SealedIdentity`.

    `details` is what a request said, and, as `identity`, what this office wrote (`dedere.casework.persons.identity`).
    """

    identifier = models.CharField(max_length=26, primary_key=True)
    case = models.CharField(max_length=26, db_index=True)
    reference = models.CharField(max_length=60)
    role = models.CharField(max_length=40)
    protected = models.BooleanField(default=False)
    alias = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)
    more_roles = models.JSONField(default=list)

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(fields=["case", "reference"], name="persons_one_reference"),
            models.CheckConstraint(
                condition=models.Q(protected=False) | (models.Q(name="", details={}) & ~models.Q(alias="")),
                name="persons_protected_by_alias_only",
            ),
        ]

    def __str__(self) -> str:
        return self.alias if self.protected else self.name

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role the person has in the case, the first one first."""
        return tuple(dict.fromkeys(each for each in (self.role, *self.more_roles) if each))


class CustodianKey(models.Model):
    """The public half of a custodian's own key. It counts from when a second custodian compared its fingerprint."""

    digest = models.CharField(max_length=64, primary_key=True)
    officer = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+")
    recipient = models.TextField()
    registered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    rehearsed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["registered_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None, confirmed_at=None)
                | (models.Q(confirmed_at__isnull=False) & ~models.Q(confirmed_by=models.F("officer"))),
                name="persons_key_confirmed_by_another",
            ),
            models.UniqueConstraint(
                fields=["officer"], condition=models.Q(retired_at=None), name="persons_one_key_in_use"
            ),
        ]


class SealedIdentity(models.Model):
    """Who a protected person is, sealed (age) to custodians' keys. `custodians` are digests of those keys.

    `origin` is the State that sent it, empty for this office. `indexed`: the leak guard knows its marks.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="sealed")
    content = models.BinaryField()
    custodians = models.JSONField(default=list)
    origin = models.CharField(max_length=2, blank=True)
    indexed = models.BooleanField(default=False)
    sealed_at = models.DateTimeField()


class GuardSecret(models.Model):
    """The leak guard's secret, sealed to custodians' keys. One row; in clear it exists in memory only."""

    content = models.BinaryField()
    custodians = models.JSONField(default=list)
    probe = models.CharField(max_length=32)
    sealed_at = models.DateTimeField()


class BlindMark(models.Model):
    """One mark of protected identities: a keyed digest, and, closed beside it, whose it is."""

    digest = models.CharField(max_length=32, primary_key=True)
    owners = models.BinaryField()


class Look(models.Model):
    """One officer's wish to see one identity, why, and what a custodian said.

    `recipient` is a key whose secret only the asker's browser holds; `content` is the identity sealed to it, there
    only while the look lasts.
    """

    class State(models.TextChoices):
        """Where the look stands."""

        ASKED = "asked"
        GRANTED = "granted"
        REFUSED = "refused"
        ENDED = "ended"

    identifier = models.CharField(max_length=26, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="looks")
    asker = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    glass = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    recipient = models.TextField()
    custodian = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=500, blank=True)
    content = models.BinaryField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(custodian=None) | ~models.Q(custodian=models.F("asker")),
                name="persons_look_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(content=None)
                | models.Q(state="granted", custodian__isnull=False, expires_at__isnull=False),
                name="persons_look_granted_has_end",
            ),
        ]


class Journey(models.Model):
    """An identity that goes, or went, to the other State: sealed to its custodians, with one draft, for one reason."""

    identifier = models.CharField(max_length=26, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="journeys")
    draft = models.CharField(max_length=26)
    partner = models.CharField(max_length=2)
    reason = models.CharField(max_length=500)
    asker = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    custodian = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, null=True, related_name="+")
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "draft"], name="persons_one_journey"),
            models.CheckConstraint(
                condition=models.Q(custodian=None, sealed_at=None)
                | (models.Q(sealed_at__isnull=False) & ~models.Q(custodian=models.F("asker"))),
                name="persons_journey_by_another",
            ),
        ]


class ProtectiveMeasure(models.Model):
    """One measure that protects a person: asked for, granted, in force, ended."""

    identifier = models.CharField(max_length=26, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="measures")
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10)
    authority = models.CharField(max_length=200, blank=True)
    binds_partner = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    asked_on = models.DateField()
    decided_on = models.DateField(null=True)
    begins_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["asked_on", "identifier"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "granted", "refused", "in-force", "ended"]),
                name="persons_measure_known_state",
            ),
        ]


class RiskAssessment(models.Model):
    """How great the danger to a person was held to be, on a day, and by when it is to be looked at again."""

    identifier = models.CharField(max_length=26, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assessments")
    level = models.CharField(max_length=10)
    text = models.TextField()
    made_on = models.DateField()
    review_by = models.DateField()
    by = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-made_on", "-identifier"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=["low", "medium", "high", "extreme"]), name="persons_risk_known_level"
            ),
        ]


class Hearing(models.Model):
    """A hearing being planned, planned, held or called off. `plan` is `dedere.casework.persons.hearings.Plan`."""

    identifier = models.CharField(max_length=26, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hearings")
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="planned")
    plan = models.JSONField()
    protocol = models.JSONField(default=dict)
    item = models.CharField(max_length=26, blank=True)
    repeat_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["starts_at", "identifier"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="persons_hearing_ends"),
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "held", "called-off"]), name="persons_hearing_known_state"
            ),
        ]


class Attendance(models.Model):
    """A person who comes to the other State under safe conduct, or is lent to it: `terms` is plain data of the kind."""

    identifier = models.CharField(max_length=26, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    kind = models.CharField(max_length=20)
    terms = models.JSONField()

    class Meta:
        ordering = ["identifier"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["safe-conduct", "temporary-transfer"]), name="persons_attendance_kind"
            ),
        ]


class VictimWishes(models.Model):
    """How a victim wants to be told, of what, and what part they take."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="wishes")
    channel = models.CharField(max_length=20)
    language = models.CharField(max_length=20, blank=True)
    through = models.CharField(max_length=200, blank=True)
    informed_of = models.JSONField(default=list)
    takes_part = models.CharField(max_length=20, blank=True)
    changed_at = models.DateTimeField()


class Told(models.Model):
    """A victim was told of something, or could not be."""

    identifier = models.CharField(max_length=26, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="told")
    event = models.CharField(max_length=60)
    on = models.DateField()
    reached = models.BooleanField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["on", "identifier"]


class Claim(models.Model):
    """What a victim claims as reparation, and the property it might be paid from."""

    identifier = models.CharField(max_length=26, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="claims")
    form = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    text = models.TextField()
    state = models.CharField(max_length=10, default="made")
    assets = models.JSONField(default=list)
    made_on = models.DateField()
    stepped_on = models.DateField(null=True)

    class Meta:
        ordering = ["made_on", "identifier"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["made", "ordered", "paid", "refused", "withdrawn"]),
                name="persons_claim_known_state",
            ),
            models.CheckConstraint(
                condition=models.Q(amount=None, currency="") | (models.Q(amount__gt=0) & ~models.Q(currency="")),
                name="persons_claim_amount_with_currency",
            ),
        ]


class Interview(models.Model):
    """The person was interviewed, by whom and when. A second one has a reason why it was needed."""

    identifier = models.CharField(max_length=26, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="interviews")
    on = models.DateField()
    by = models.CharField(max_length=200)
    recorded = models.BooleanField()
    item = models.CharField(max_length=26, blank=True)
    repeat_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["on", "identifier"]


class Inquiry(models.Model):
    """Whether a person was interviewed before, asked of the custodians: for an officer, or for the other State.

    `letter` and `question` are the other State's; `answer` is what a custodian chose to say. Whom the person resembles
    is kept nowhere.
    """

    identifier = models.CharField(max_length=26, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="inquiries")
    asker = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    letter = models.CharField(max_length=26, blank=True)
    question = models.CharField(max_length=64, blank=True)
    searched_at = models.DateTimeField(null=True)
    custodian = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, blank=True)
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer="", custodian=None, decided_at=None)
                | models.Q(answer__in=["yes", "no", "withheld"], custodian__isnull=False, decided_at__isnull=False)
                & ~models.Q(custodian=models.F("asker")),
                name="persons_inquiry_answered_by_another",
            ),
            models.UniqueConstraint(
                fields=["letter", "question"], condition=~models.Q(letter=""), name="persons_one_inquiry_a_question"
            ),
        ]

"""Cases: the record of letters, drafts and their approval, and who works on what."""

from __future__ import annotations

from django.conf import settings
from django.db import models

_OFFICER = settings.AUTH_USER_MODEL


class Case(models.Model):
    """Everything about one matter between two States. `identifier` is shared with the other authority.

    `state` is the fold over the recorded letters, kept beside them so that a page reads one row; `record_digest`
    is the SHA-256 of its canonical JSON, and equal on both sides.
    """

    identifier = models.CharField(max_length=26, primary_key=True)
    partner = models.CharField(max_length=2, db_index=True)
    reference = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)
    state = models.JSONField(default=dict)
    record_digest = models.CharField(max_length=64, blank=True)
    closed = models.BooleanField(default=False)
    # What lists narrow by, kept with the state (`listing`): a list opens no record to decide what it shows.
    stage = models.CharField(max_length=40, default="draft")
    began_here = models.BooleanField(default=True)
    their_reference = models.CharField(max_length=300, blank=True)
    # When a clock of the case may have something to tell; empty: as soon as somebody looks.
    clocks_due_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["-changed_at"]
        # All that decides which cases a list shows and in which order: the rows, heavy with their records, stay closed.
        indexes = [
            models.Index(
                fields=["identifier", "changed_at", "opened_at", "partner", "stage", "began_here"], name="cases_listed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class Debt(models.Model):
    """Something that this side owes in an open case, as its letters stand; kept with the state, for Today."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="debts")
    kind = models.CharField(max_length=60)
    what = models.TextField()
    due = models.DateField(null=True)


class Telling(models.Model):
    """What a clock of a case told, once: `key` names it for ever. It ends when nothing runs or is owed any more."""

    class Stage(models.TextChoices):
        """How far the clock had come."""

        WARNING = "warning"
        REACHED = "reached"
        REMINDER = "reminder"
        ESCALATION = "escalation"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tellings")
    key = models.CharField(max_length=300)
    stage = models.CharField(max_length=12, choices=Stage)
    proceeding = models.CharField(max_length=26)
    sentence = models.TextField()
    due = models.DateField(null=True)
    provision = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField()
    told_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["told_at", "key"]
        indexes = [models.Index(fields=["case"], condition=models.Q(ended_at=None), name="cases_telling_standing")]
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="cases_told_once"),
            models.CheckConstraint(
                condition=models.Q(stage__in=["warning", "reached", "reminder", "escalation"]),
                name="cases_telling_known_stage",
            ),
        ]


class Member(models.Model):
    """An officer who has part in a case. Without a row the case does not exist for that officer."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="members")
    officer = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "officer"], name="cases_one_membership")]


class Letter(models.Model):
    """A recorded letter, sent or received: what the fold reads. The database refuses update and delete."""

    identifier = models.CharField(max_length=26, primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    sender = models.CharField(max_length=2)
    recipient = models.CharField(max_length=2)
    sequence = models.PositiveIntegerField()
    answers = models.JSONField(default=list)
    kind = models.CharField(max_length=60)
    proceeding = models.CharField(max_length=26)
    act = models.JSONField()
    parts = models.JSONField(default=list)
    sealed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)
    sender_card = models.CharField(max_length=64)

    class Meta:
        ordering = ["sealed_at", "identifier"]
        indexes = [models.Index(fields=["recipient", "-recorded_at"], name="cases_letter_incoming")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "sender", "recipient", "sequence"], name="cases_one_place_in_sequence"
            ),
        ]


class Draft(models.Model):
    """An act being prepared. What is approved is `digest`: exactly the bytes that will leave.

    `paper` says how its formal document is written: languages, arrangement, translations (`actions.papers`).
    """

    class State(models.TextChoices):
        """Where the draft stands."""

        OPEN = "open"
        SUBMITTED = "submitted"
        APPROVED = "approved"
        SENT = "sent"
        DISCARDED = "discarded"

    identifier = models.CharField(max_length=26, primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="drafts")
    kind = models.CharField(max_length=60)
    proceeding = models.CharField(max_length=26)
    body = models.JSONField(default=dict)
    paper = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="drafts")
    remark = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    letter = models.CharField(max_length=26, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-changed_at"]
        indexes = [models.Index(fields=["state", "-changed_at"], name="cases_draft_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "submitted", "approved", "sent", "discarded"]),
                name="cases_draft_known_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "discarded"]) | ~models.Q(digest=""),
                name="cases_draft_submitted_has_digest",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | ~models.Q(letter=""), name="cases_draft_sent_has_letter"
            ),
        ]


class Attachment(models.Model):
    """A file that will leave with a draft: one object of the vault under the name the officer gave it."""

    identifier = models.CharField(max_length=26, primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="attachments")
    item = models.CharField(max_length=26, blank=True)
    name = models.CharField(max_length=255)
    title = models.CharField(max_length=300, blank=True)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    object = models.CharField(max_length=64)
    conditions = models.JSONField(default=list)

    class Meta:
        ordering = ["identifier"]
        constraints = [models.UniqueConstraint(fields=["draft", "name"], name="cases_one_attachment_name")]


class Approval(models.Model):
    """The second officer's yes, bound to the digest of what was approved."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="approvals")
    officer = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "digest"], name="cases_one_approval")]


class Assignment(models.Model):
    """A measure given to an executing authority. Internal to the node: no letter tells of it."""

    identifier = models.CharField(max_length=26, primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    proceeding = models.CharField(max_length=26)
    measure = models.CharField(max_length=60)
    authority = models.CharField(max_length=200)
    officer = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="assignments")
    instructions = models.TextField(blank=True)
    due = models.DateField(null=True)
    assigned_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    report = models.TextField(blank=True)

    class Meta:
        ordering = ["assigned_at"]
        constraints = [
            models.UniqueConstraint(fields=["proceeding", "measure"], name="cases_one_assignment"),
            models.CheckConstraint(
                condition=models.Q(reported_at=None, report="")
                | (models.Q(reported_at__isnull=False) & ~models.Q(report="")),
                name="cases_report_with_its_time",
            ),
        ]

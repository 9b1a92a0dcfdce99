"""Paper in the office: what came, what came back, what is made. None of it is a letter, and none changes one."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from dedere.node.cases.models import Case

_OFFICER = settings.AUTH_USER_MODEL


class PaperRequest(models.Model):
    """A request of another State that came on paper, registered under a reference of ours.

    `tables` are what an officer read out of it, as a request file; they are this office's reading and never become
    a letter of the other State by themselves. `case` is the case on paper that it opened; `confirmed_by` the case that
    the other authority's letter opened afterwards, in which everything goes on.
    """

    identifier = models.CharField(max_length=26, primary_key=True)
    partner = models.CharField(max_length=2)
    reference = models.CharField(max_length=60, unique=True)
    their_reference = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=300)
    received_on = models.DateField()
    tables = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    officer = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="paper_requests")
    registered_by = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    read_by = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+", null=True)
    read_at = models.DateTimeField(null=True)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="paper_request", null=True)
    confirmed_by = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="confirmed_papers", null=True)

    class Meta:
        ordering = ["-registered_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(read_by=None, read_at=None) | models.Q(read_by__isnull=False, read_at__isnull=False),
                name="papers_read_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_by=models.F("case")),
                name="papers_confirmed_by_another_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class PaperFile(models.Model):
    """A file in the vault: pages of a request on paper, or an edited copy of the document `about` names in a case."""

    identifier = models.CharField(max_length=26, primary_key=True)
    request = models.ForeignKey(PaperRequest, on_delete=models.PROTECT, related_name="files", null=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="paper_files", null=True)
    about = models.CharField(max_length=26, blank=True)
    name = models.CharField(max_length=255)
    note = models.CharField(max_length=300, blank=True)
    media_type = models.CharField(max_length=120)
    pages = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    object = models.CharField(max_length=64)
    added_by = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "identifier"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(request=None, case__isnull=False) & ~models.Q(about="")
                | models.Q(request__isnull=False, case=None, about=""),
                name="papers_file_of_one_thing",
            ),
        ]


class Sheet(models.Model):
    """A certificate, record or plan of a case, made here: its data, who approved them, and the document signed on them.

    What is approved is `digest`, of data and languages; the worker signs exactly that.
    """

    class State(models.TextChoices):
        """Where the sheet stands."""

        OPEN = "open"
        APPROVED = "approved"
        SIGNED = "signed"
        DISCARDED = "discarded"

    identifier = models.CharField(max_length=26, primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sheets")
    kind = models.CharField(max_length=40)
    data = models.JSONField()
    paper = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    made_by = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)
    approved_by = models.ForeignKey(_OFFICER, on_delete=models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    object = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "discarded"], approved_at=None, approved_by=None)
                | models.Q(state__in=["approved", "signed"], approved_at__isnull=False, approved_by__isnull=False)
                & ~models.Q(digest=""),
                name="papers_sheet_approved_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="signed") | ~models.Q(object=""), name="papers_sheet_signed_has_document"
            ),
        ]

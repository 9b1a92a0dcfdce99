"""What runs in the background: queues, processes, and the dossiers asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from dedere.node.accounts.queries import officers_by_id
from dedere.node.cases.models import Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.exchange.models import IncomingPart, OutgoingLetter
from dedere.node.jobs.models import Export, Heartbeat
from dedere.node.office import office

SILENT_AFTER = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """How much waits in one queue, and since when."""

    name: str
    waiting: int
    oldest: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A process of the node and when it last said that it works."""

    name: str
    seen_at: dt.datetime
    alive: bool


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A dossier that an officer asked for."""

    id: str
    asked_at: dt.datetime
    asked_by: str
    finished_at: dt.datetime | None
    failure: str


def queues() -> tuple[QueueRow, ...]:
    """What waits to be sealed, sent, verified and exported."""
    drafts = Draft.objects.filter(state=Draft.State.APPROVED).order_by("changed_at")
    letters = OutgoingLetter.objects.filter(complete=False).exclude(state="withdrawn").order_by("queued_at")
    parts = IncomingPart.objects.filter(state=IncomingPart.State.ARRIVED).order_by("letter__received_at")
    exports = Export.objects.filter(finished_at=None).order_by("asked_at")
    return (
        QueueRow("to-be-sealed", drafts.count(), drafts.values_list("changed_at", flat=True).first()),
        QueueRow("to-be-delivered", letters.count(), letters.values_list("queued_at", flat=True).first()),
        QueueRow("to-be-verified", parts.count(), parts.values_list("letter__received_at", flat=True).first()),
        QueueRow("to-be-exported", exports.count(), exports.values_list("asked_at", flat=True).first()),
    )


def processes() -> tuple[ProcessRow, ...]:
    """Every process that ever reported."""
    now = office().clock.now()
    return tuple(
        ProcessRow(each.process, each.at, now - each.at < SILENT_AFTER)
        for each in Heartbeat.objects.order_by("process")
    )


def exports_of(case_id: str) -> tuple[ExportRow, ...]:
    """The dossiers of a case, newest first. The caller has checked that the reader has part in it."""
    found = list(Export.objects.filter(case=case_id).order_by("-asked_at"))
    names = officers_by_id({each.asked_by for each in found})
    return tuple(
        ExportRow(each.pk, each.asked_at, names.get(each.asked_by, each.asked_by), each.finished_at, each.failure)
        for each in found
    )


def export_folder(case_id: str, export_id: str) -> Path:
    """Where a finished dossier lies. The caller has checked that the reader has part in the case.

    Raises:
        UnknownObjectError: the case has no such finished dossier.
    """
    found = Export.objects.filter(case=case_id, pk=export_id, finished_at__isnull=False, failure="").first()
    if found is None or not found.folder:
        raise UnknownObjectError
    return office().home.dossiers / found.folder

"""Reading the audit log: the whole of it for an auditor, the part of one case for those who have part in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.node.audit.models import Event

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGE = 50


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event. `actor` is an officer's identifier or the name of a part of the system."""

    sequence: int
    at: dt.datetime
    actor: str
    action: str
    subject: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of the log, newest first."""

    rows: tuple[EventRow, ...]
    page: int
    pages: int


def all_events(*, page: int) -> EventPage:
    """A page of the whole log. The caller has checked that the reader may read it."""
    return _page(Event.objects.all(), page)


def events_of_case(case_id: str, *, page: int) -> EventPage:
    """A page of what happened in one case. The caller has checked that the reader has part in it."""
    return _page(Event.objects.filter(case=case_id), page)


def count_events() -> int:
    """How many events the log has."""
    last = Event.objects.order_by("-sequence").first()
    return 0 if last is None else last.sequence + 1


def _page(events: QuerySet[Event], page: int) -> EventPage:
    count = events.count()
    pages = max(1, -(-count // PAGE))
    page = min(page, pages)
    start = (page - 1) * PAGE
    rows = tuple(
        EventRow(event.sequence, event.at, event.actor, event.action, event.subject)
        for event in events.order_by("-sequence")[start : start + PAGE]
    )
    return EventPage(rows, page, pages)

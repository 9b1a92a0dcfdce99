"""The audit log as people read it: names for identifiers; a case's part for those in it, the whole for the auditor."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.accounts.queries import officers_by_id
from dedere.node.audit.queries import all_events, events_of_case
from dedere.node.cases.access import require_case

if TYPE_CHECKING:
    from dedere.node.audit.queries import EventPage


@dataclass(frozen=True, slots=True)
class LogRow:
    """One event. `officer` is a name, or the part of the system that did it."""

    at: dt.datetime
    officer: str
    event: str
    subject: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log, newest first."""

    rows: tuple[LogRow, ...]
    page: int
    pages: int


def case_log(officer: Officer, case_id: str, *, page: int) -> LogPage:
    """What happened in one case.

    Raises:
        UnknownObjectError: the case is not this officer's.
    """
    return _named(events_of_case(require_case(officer, case_id).pk, page=page))


def whole_log(officer: Officer, *, page: int) -> LogPage:
    """What happened in this office.

    Raises:
        PermissionRefusedError: the officer is neither auditor nor administrator.
    """
    require_role(officer, Role.AUDITOR, Role.ADMINISTRATOR)
    return _named(all_events(page=page))


def _named(events: EventPage) -> LogPage:
    names = officers_by_id({event.actor for event in events.rows})
    rows = tuple(
        LogRow(event.at, names.get(event.actor, event.actor), event.action, event.subject) for event in events.rows
    )
    return LogPage(rows, events.page, events.pages)

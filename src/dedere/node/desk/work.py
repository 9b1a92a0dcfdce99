"""Measures given to executing authorities: what their officers see, and nothing else of the case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.cases.access import cases_of, require_assignment
from dedere.node.cases.models import Assignment
from dedere.node.desk.case import ConditionRow, conditions_of
from dedere.node.desk.recorded import Table, proceedings, tables, text
from dedere.node.evidence.queries import ItemRow, items_of_measure


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """A measure given to somebody. `case_id` is empty for a reader who has no part in the case."""

    id: str
    case_id: str
    case_reference: str
    partner: str
    kind: str
    description: str
    authority: str
    officer: str
    instructions: str
    assigned_at: dt.datetime
    due: dt.date | None
    reported_at: dt.datetime | None
    report: str
    items: tuple[ItemRow, ...]
    conditions: tuple[ConditionRow, ...]
    is_mine: bool


def executing(officer: Officer) -> tuple[AssignmentView, ...]:
    """The measures given to this officer, those not reported on first.

    Raises:
        PermissionRefusedError: the officer executes no measures.
    """
    require_role(officer, Role.EXECUTING_AUTHORITY)
    found = Assignment.objects.filter(officer=officer).select_related("case", "officer")
    return tuple(_view(officer, each) for each in found.order_by("-reported_at", "due", "assigned_at"))


def assignment(officer: Officer, assignment_id: str) -> AssignmentView:
    """One measure, for whom it was given to and for those who have part in its case.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    return _view(officer, require_assignment(officer, assignment_id))


def _view(officer: Officer, given: Assignment) -> AssignmentView:
    measure = _measure(given)
    return AssignmentView(
        id=given.pk,
        case_id=given.case_id if cases_of(officer).filter(pk=given.case_id).exists() else "",
        case_reference=given.case.reference,
        partner=given.case.partner,
        kind=text(measure, "kind"),
        description=text(measure, "description") or text(measure, "title"),
        authority=given.authority,
        officer=given.officer.name,
        instructions=given.instructions,
        assigned_at=given.assigned_at,
        due=given.due,
        reported_at=given.reported_at,
        report=given.report,
        items=items_of_measure(given.case_id, given.measure),
        conditions=conditions_of(given.case),
        is_mine=given.officer_id == officer.pk,
    )


def _measure(given: Assignment) -> Table:
    """What the request says of the measure: its kind from the state, its words from the request."""
    for proceeding in proceedings(given.case):
        if text(proceeding, "id") != given.proceeding:
            continue
        stated = next((each for each in tables(proceeding, "measures") if text(each, "id") == given.measure), {})
        request: object = proceeding.get("request")
        for name in ("request", "assistance"):
            request = request.get(name) if isinstance(request, dict) else None
        asked = tables(request, "items") if isinstance(request, dict) else []
        words = next((each for each in asked if text(each, "id") == given.measure), {})
        return {**stated, "description": text(words, "description")}
    return {}

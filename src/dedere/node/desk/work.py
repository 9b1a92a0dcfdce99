"""Measures given to executing authorities: what their officers see, and nothing else of the case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.cases.access import cases_of, require_assignment
from dedere.node.cases.models import Assignment
from dedere.node.desk.case import ConditionRow, conditions_of
from dedere.node.desk.recorded import Table, proceedings, tables, text
from dedere.node.evidence.models import Item
from dedere.node.evidence.queries import ItemPage, item_row
from dedere.node.paging import paged

PAGE = 50


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure in the list of those given to an officer."""

    id: str
    case_reference: str
    partner: str
    kind: str
    description: str
    due: dt.date | None
    reported_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """A page of measures."""

    rows: tuple[MeasureLine, ...]
    page: int
    pages: int


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
    items: ItemPage
    conditions: tuple[ConditionRow, ...]
    is_mine: bool


def executing(officer: Officer, *, page: int) -> MeasurePage:
    """The measures given to this officer, those not reported on first.

    Raises:
        PermissionRefusedError: the officer executes no measures.
    """
    require_role(officer, Role.EXECUTING_AUTHORITY)
    given = Assignment.objects.filter(officer=officer).select_related("case")
    reported = F("reported_at").desc(nulls_first=True)
    found = paged(given.order_by(reported, F("due").asc(nulls_last=True), "assigned_at"), page, size=PAGE)
    return MeasurePage(tuple(map(_listed, found.rows)), found.page, found.pages)


def assignment(officer: Officer, assignment_id: str, *, page: int = 1) -> AssignmentView:
    """One measure with a page of its items, for whom it was given to and for those who have part in its case.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    given = require_assignment(officer, assignment_id)
    measure = _measure(given)
    found = paged(Item.objects.filter(case=given.case_id, measure=given.measure), page, size=PAGE)
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
        items=ItemPage(tuple(map(item_row, found.rows)), found.page, found.pages),
        conditions=conditions_of(given.case),
        is_mine=given.officer_id == officer.pk,
    )


def _listed(given: Assignment) -> MeasureLine:
    measure = _measure(given)
    return MeasureLine(
        id=given.pk,
        case_reference=given.case.reference,
        partner=given.case.partner,
        kind=text(measure, "kind"),
        description=text(measure, "description") or text(measure, "title"),
        due=given.due,
        reported_at=given.reported_at,
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

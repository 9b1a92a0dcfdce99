"""The list of cases: those in which the officer has part, searched and filtered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_case_role
from dedere.node.cases.access import cases_of
from dedere.node.cases.models import Case
from dedere.node.desk.recorded import began_here, proceedings, reference_of, stage_of, tables, text
from dedere.node.office import office
from dedere.node.persons.models import Person
from dedere.node.search.queries import cases_with

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGE = 25


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What narrows the list; empty narrows nothing. `direction` is "out" (we ask) or "in"."""

    text: str = ""
    partner: str = ""
    direction: str = ""
    stage: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the list. `next_by` is "us", "them" or empty; `due` a day or nothing."""

    id: str
    title: str
    own_reference: str
    partner_reference: str
    partner: str
    direction: str
    stage: str
    stage_title: str
    proceedings: tuple[str, ...]
    opened: dt.date
    next_step: str
    next_by: str
    due: dt.date | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of the list. `partners` are the States with which this officer has cases, for the filter."""

    rows: tuple[CaseRow, ...]
    total: int
    page: int
    pages: int
    partners: tuple[str, ...]


def list_cases(officer: Officer, wanted: CaseFilter) -> CasePage:
    """The officer's cases that fit, last changed first.

    Raises:
        UnknownObjectError: the officer's work is not with cases.
    """
    require_case_role(officer)
    mine = cases_of(officer)
    partners = tuple(sorted(set(mine.order_by().values_list("partner", flat=True))))
    found = _matching(mine, wanted)
    total = found.count()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, wanted.page), pages)
    start = (page - 1) * PAGE
    rows = tuple(case_row(case) for case in found.order_by("-changed_at", "pk")[start : start + PAGE])
    return CasePage(rows, total, page, pages, partners)


def case_row(case: Case) -> CaseRow:
    """A case as lists show it."""
    own = office().state
    owed = tables(case.state, "owed")
    first = next((entry for entry in owed if text(entry, "state") == own), owed[0] if owed else {})
    due = text(first, "by")
    stage, title = stage_of(case)
    return CaseRow(
        id=case.pk,
        title=case.title,
        own_reference=case.reference,
        partner_reference=reference_of(case, case.partner),
        partner=case.partner,
        direction="out" if began_here(case, own) else "in",
        stage=stage,
        stage_title=title,
        proceedings=tuple(text(proceeding, "kind") for proceeding in proceedings(case)),
        opened=case.opened_at.date(),
        next_step=text(first, "what"),
        next_by="" if not first else "us" if text(first, "state") == own else "them",
        due=dt.date.fromisoformat(due) if due else None,
    )


def _matching(mine: QuerySet[Case], wanted: CaseFilter) -> QuerySet[Case]:
    found = mine
    for word, texts in cases_with(wanted.text):
        named = Person.objects.filter(Q(name__icontains=word) | Q(alias__icontains=word)).values("case")
        found = found.filter(
            Q(title__icontains=word)
            | Q(reference__icontains=word)
            | Q(state__proceedings__0__references__icontains=word)
            | Q(pk__in=named)
            | Q(pk__in=texts)
        )
    if wanted.partner:
        found = found.filter(partner=wanted.partner)
    if wanted.stage:
        found = found.filter(state__proceedings__0__status=wanted.stage)
    if wanted.direction:
        ours = Q(letters=None) | Q(state__timeline__0__sender=office().state)
        found = found.filter(ours) if wanted.direction == "out" else found.exclude(ours)
    return found

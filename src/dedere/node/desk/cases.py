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
from dedere.node.desk.recorded import proceedings, tables, text
from dedere.node.office import office
from dedere.node.paging import COUNTED, paged
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
    proceedings: tuple[str, ...]
    opened: dt.date
    next_step: str
    next_by: str
    due: dt.date | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of the list. `partners` are the States with which this officer has cases, for the filter.

    `total` is exact up to `paging.COUNTED`; `more` says that it is larger.
    """

    rows: tuple[CaseRow, ...]
    total: int
    page: int
    pages: int
    partners: tuple[str, ...]
    more: bool


def list_cases(officer: Officer, wanted: CaseFilter) -> CasePage:
    """The officer's cases that fit, last changed first.

    Raises:
        UnknownObjectError: the officer's work is not with cases.
    """
    require_case_role(officer)
    mine = cases_of(officer)
    partners = tuple(mine.order_by("partner").values_list("partner", flat=True).distinct())
    found = paged(_matching(mine, wanted).order_by("-changed_at", "pk"), wanted.page, size=PAGE)
    return CasePage(
        rows=tuple(map(case_row, found.rows)),
        total=min(found.total, COUNTED),
        page=found.page,
        pages=found.pages,
        partners=partners,
        more=found.total > COUNTED,
    )


def case_row(case: Case) -> CaseRow:
    """A case as lists show it."""
    own = office().state
    owed = tables(case.state, "owed")
    first = next((entry for entry in owed if text(entry, "state") == own), owed[0] if owed else {})
    due = text(first, "by")
    return CaseRow(
        id=case.pk,
        title=case.title,
        own_reference=case.reference,
        partner_reference=case.their_reference,
        partner=case.partner,
        direction="out" if case.began_here else "in",
        stage=case.stage,
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
            | Q(their_reference__icontains=word)
            | Q(pk__in=named)
            | Q(pk__in=texts)
        )
    if wanted.partner:
        found = found.filter(partner=wanted.partner)
    if wanted.stage:
        found = found.filter(stage=wanted.stage)
    if wanted.direction:
        found = found.filter(began_here=wanted.direction == "out")
    return found

"""What protects a person and what is due for persons, for officers who have part in the case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import F, OuterRef, Subquery

from dedere.casework.acts import ActKind
from dedere.casework.persons.protection import BINDING, FOLLOWS, Stage
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import cases_of, require_case
from dedere.node.cases.actions.protection import condition_standing, drafted_conditions
from dedere.node.cases.models import Case
from dedere.node.desk.case import permitted_rows
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons.models import Person, ProtectiveMeasure, RiskAssessment

MOST_CALLS = 50


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One protective measure. `put` is how far it came as a condition: a status, "draft", or empty."""

    id: str
    kind: str
    stage: str
    text: str
    authority: str
    binds_partner: bool
    asked_on: dt.date
    decided_on: dt.date | None
    begins_on: dt.date | None
    ended_on: dt.date | None
    put: str
    can_put: bool
    following: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One assessment. `due`: it is the last one, and its review is due."""

    level: str
    text: str
    made_on: dt.date
    review_by: dt.date
    by: str
    due: bool


@dataclass(frozen=True, slots=True)
class ProtectionView:
    """Everything that protects one person, the last assessment first. `partner` is the State it may bind."""

    measures: tuple[MeasureRow, ...]
    assessments: tuple[RiskRow, ...]
    partner: str


@dataclass(frozen=True, slots=True)
class PersonCall:
    """Something that is due for a person of one of the officer's cases: by name or alias."""

    kind: str
    weight: str
    name: str
    partner: str
    case_id: str
    case_reference: str
    person_id: str
    due: dt.date | None


def protection_of(officer: Officer, case_id: str, person_id: str) -> ProtectionView:
    """What protects one person of the case.

    Raises:
        UnknownObjectError: the case is not this officer's, or has no such person.
    """
    case = require_case(officer, case_id)
    person = require_person(case, person_id)
    assessments = list(person.assessments.select_related("by"))
    today, drafted = office().clock.now().date(), drafted_conditions([case.pk])
    return ProtectionView(
        tuple(_measure_row(case, each, drafted) for each in person.measures.all()),
        tuple(
            RiskRow(
                each.level,
                each.text,
                each.made_on,
                each.review_by,
                each.by.name,
                due=not place and each.review_by <= today,
            )
            for place, each in enumerate(assessments)
        ),
        case.partner,
    )


def measure_of_person(officer: Officer, case_id: str, person_id: str, measure_id: str) -> MeasureRow:
    """One measure of one person of the case.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    case = require_case(officer, case_id)
    found = require_person(case, person_id).measures.filter(pk=measure_id).first()
    if found is None:
        raise UnknownObjectError
    return _measure_row(case, found, drafted_conditions([case.pk]))


def proceedings_for_conditions(officer: Officer, case_id: str) -> tuple[tuple[str, str], ...]:
    """The proceedings in which this officer may propose conditions now, each with its kind."""
    case = require_case(officer, case_id)
    kinds = {str(each["id"]): str(each["kind"]) for each in case.state.get("proceedings", [])}
    allowed = {row.proceeding for row in permitted_rows(officer, case) if row.permitted and row.kind == _CONDITIONS}
    return tuple((name, kind) for name, kind in kinds.items() if name in allowed)


def require_person(case: Case, person_id: str) -> Person:
    """One person of the case.

    Raises:
        UnknownObjectError: there is none.
    """
    found = Person.objects.filter(case=case.pk, pk=person_id).first()
    if found is None:
        raise UnknownObjectError
    return found


def protection_calls(officer: Officer) -> Iterator[PersonCall]:
    """Reviews of the danger that are due in a week or were, and binding measures that no letter has put yet."""
    mine = cases_of(officer).values("pk")
    today = office().clock.now().date()
    soon = today + dt.timedelta(days=office().home.practice.warn_before)
    last = RiskAssessment.objects.filter(person=OuterRef("person")).values("pk")[:1]
    due = list(
        RiskAssessment.objects.filter(pk=Subquery(last), person__case__in=mine, review_by__lte=soon)
        .select_related("person")
        .order_by("review_by")[:MOST_CALLS]
    )
    binding = list(
        ProtectiveMeasure.objects.filter(
            person__case__in=mine, binds_partner=True, state__in=[stage.value for stage in BINDING]
        )
        .select_related("person")
        .order_by(F("decided_on").asc(nulls_last=True))[:MOST_CALLS]
    )
    cases = Case.objects.in_bulk({*(each.person.case for each in due), *(each.person.case for each in binding)})
    for each in due:
        weight = "grave" if each.review_by < today else "serious"
        yield call_for("risk-review", weight, each.person, cases[each.person.case], due=each.review_by)
    drafted = drafted_conditions({measure.person.case for measure in binding})
    for measure in binding:
        case = cases[measure.person.case]
        if not condition_standing(case, measure.pk, drafted=drafted):
            yield call_for("measure-not-put", "serious", measure.person, case, due=None)


def call_for(kind: str, weight: str, person: Person, case: Case, *, due: dt.date | None) -> PersonCall:
    """A call about a person of a case."""
    return PersonCall(kind, weight, str(person), case.partner, case.pk, case.reference, person.pk, due)


def _measure_row(case: Case, measure: ProtectiveMeasure, drafted: Collection[str]) -> MeasureRow:
    stage = Stage(measure.state)
    put = condition_standing(case, measure.pk, drafted=drafted) if measure.binds_partner else ""
    return MeasureRow(
        id=measure.pk,
        kind=measure.kind,
        stage=measure.state,
        text=measure.text,
        authority=measure.authority,
        binds_partner=measure.binds_partner,
        asked_on=measure.asked_on,
        decided_on=measure.decided_on,
        begins_on=measure.begins_on,
        ended_on=measure.ended_on,
        put=put,
        can_put=measure.binds_partner and stage in BINDING and not put,
        following=tuple(each.value for each in FOLLOWS[stage]),
    )


_CONDITIONS = ActKind.CONDITIONS.value

"""Protective measures that bind the other State: each travels as a condition, in a letter like any other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import ActKind
from dedere.casework.persons.protection import BINDING, Protection, Stage, as_condition
from dedere.node.accounts.models import Officer
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.access import require_case, standing
from dedere.node.cases.actions.drafts import propose_act
from dedere.node.cases.models import Case, Draft
from dedere.node.persons.actions.protection import require_measure
from dedere.node.persons.refusals import logs_refusals

IN_DRAFT = "draft"


@logs_refusals
@transaction.atomic
def put_measure(*, by: Officer, case_id: str, person_id: str, measure_id: str, proceeding: str) -> Draft:
    """Begin the letter that puts a measure to the other State as a condition, under the measure's own id.

    Raises:
        UnknownObjectError: the case or the measure is not this officer's.
        InputError: the measure binds nobody else, is not granted, or was put to the other State before.
        ActRefusedError: the procedure does not allow conditions now.
    """
    case = require_case(by, case_id)
    measure = require_measure(standing(by, case_id), person_id, measure_id)
    if not measure.binds_partner or Stage(measure.state) not in BINDING:
        raise InputError("Only a measure that is granted and binds the other State is put to it.")
    if condition_standing(case, measure.pk, drafted=drafted_conditions([case.pk])):
        raise InputError("This measure was put to the other State, or is about to be.")
    condition = as_condition(measure.pk, Protection(measure.kind), person=str(measure.person), text=measure.text)
    draft = propose_act(
        by=by,
        case_id=case.pk,
        proceeding=proceeding,
        kind=ActKind.CONDITIONS.value,
        body={"conditions": [condition]},
    )
    details = {"draft": draft.pk, "kind": measure.kind}
    record(Happening(by.identifier, action="measure-put", subject=measure.pk, case=case.pk, details=details))
    return draft


def condition_standing(case: Case, condition: str, *, drafted: Collection[str]) -> str:
    """How far a condition has come: a `ConditionStatus`, "draft" while a letter with it is being prepared, or empty.

    `drafted` are the `drafted_conditions` of the case.
    """
    for proceeding in case.state.get("proceedings", []):
        for known in proceeding.get("conditions", []):
            if known["id"] == condition:
                return str(known["status"])
    return IN_DRAFT if condition in drafted else ""


def drafted_conditions(cases: Iterable[str]) -> frozenset[str]:
    """The ids of the conditions that drafts of these cases are to propose, in one question to the database."""
    drafts = Draft.objects.filter(case__in=list(cases), kind=ActKind.CONDITIONS.value)
    bodies = drafts.exclude(state=Draft.State.DISCARDED).values_list("body", flat=True)
    return frozenset(name for body in bodies for name in _named(body))


def _named(body: Mapping[str, object]) -> Iterator[str]:
    rows = body.get("conditions")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            yield str(row.get("id"))

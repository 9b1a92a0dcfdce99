"""Need to know: the only ways from an officer to a case, a draft, a letter. No part in it: it does not exist."""

from __future__ import annotations

from django.db.models import QuerySet

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import works_on_cases
from dedere.node.cases.models import Assignment, Case, Draft, Letter
from dedere.node.errors import UnknownObjectError
from dedere.node.persons.standing import Standing


def cases_of(officer: Officer) -> QuerySet[Case]:
    """The cases in which the officer has part."""
    if not works_on_cases(officer):
        return Case.objects.none()
    return Case.objects.filter(members__officer=officer)


def require_case(officer: Officer, case_id: str) -> Case:
    """The case, if the officer has part in it.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    found = cases_of(officer).filter(pk=case_id).first()
    if found is None:
        raise UnknownObjectError
    return found


def standing(officer: Officer, case_id: str) -> Standing:
    """The officer as one who has part in the case: what writes about its persons start from."""
    case = require_case(officer, case_id)
    return Standing(officer, case.pk, case.partner)


def require_draft(officer: Officer, draft_id: str) -> Draft:
    """The draft with its case, if the officer has part in the case."""
    found = Draft.objects.select_related("case", "author").filter(pk=draft_id, case__in=cases_of(officer)).first()
    if found is None:
        raise UnknownObjectError
    return found


def require_letter(officer: Officer, letter_id: str) -> Letter:
    """The recorded letter with its case.

    A letter that opened a case is visible to every registrar: taking it up is what they are there for.
    """
    letters = Letter.objects.select_related("case").filter(pk=letter_id)
    found = letters.filter(case__in=cases_of(officer)).first()
    if found is None and officer.holds(Role.REGISTRAR):
        found = letters.filter(case__members=None).first()
    if found is None:
        raise UnknownObjectError
    return found


def require_assignment(officer: Officer, assignment_id: str) -> Assignment:
    """The measure that was given to this officer, or that belongs to one of their cases."""
    found = Assignment.objects.select_related("case", "officer").filter(pk=assignment_id).first()
    if found is None or (found.officer_id != officer.pk and not cases_of(officer).filter(pk=found.case_id).exists()):
        raise UnknownObjectError
    return found

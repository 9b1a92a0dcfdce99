"""A person of a case, for officers who have part in the case."""

from __future__ import annotations

from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case
from dedere.node.errors import UnknownObjectError
from dedere.node.persons.queries import PersonView, find_person


def person_view(officer: Officer, case_id: str, person_id: str) -> PersonView:
    """One person, by name, or by alias alone where protected.

    Raises:
        UnknownObjectError: the case is not this officer's, or has no such person.
    """
    found = find_person(require_case(officer, case_id).pk, person_id)
    if found is None:
        raise UnknownObjectError
    return found

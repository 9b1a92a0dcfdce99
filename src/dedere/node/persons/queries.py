"""Persons of a case: by name, or, where protected, by alias and nothing else. Who may see the case is asked before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dedere.casework.persons.identity import Identity
from dedere.node.persons.actions.plain import identity_of, version_of
from dedere.node.persons.models import Person


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list; `name` is the alias of a protected person."""

    id: str
    name: str
    protected: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person's page. `details` is what a request said, `identity` what this office wrote; `version` names both."""

    id: str
    case_id: str
    name: str
    protected: bool
    roles: tuple[str, ...]
    details: Mapping[str, object]
    identity: Identity | None = None
    version: str = ""


def persons_of(case_id: str) -> tuple[PersonRow, ...]:
    """The persons of a case, in the order in which the request names them."""
    found = Person.objects.filter(case=case_id).defer("details")
    return tuple(PersonRow(each.pk, str(each), each.protected, each.roles) for each in found)


def find_person(case_id: str, person_id: str) -> PersonView | None:
    """One person of a case, nothing when the case has no such person."""
    found = Person.objects.filter(case=case_id, pk=person_id).first()
    if found is None:
        return None
    if found.protected:
        return PersonView(found.pk, case_id, str(found), protected=True, roles=found.roles, details={})
    said = {name: value for name, value in found.details.items() if name != "identity"}
    return PersonView(
        id=found.pk,
        case_id=case_id,
        name=str(found),
        protected=False,
        roles=found.roles,
        details={"reference": found.reference, **said},
        identity=identity_of(found),
        version=version_of(found),
    )

"""A person of a case, for officers who have part in the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dedere.casework.persons.roles import duties_to
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case
from dedere.node.cases.models import Case, Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons.custody import LookRow, is_sealed, looks_of
from dedere.node.persons.queries import PersonView, find_person
from dedere.treaty.duties import OwedDuty

CONVENTION = "lhc"


def person_view(officer: Officer, case_id: str, person_id: str) -> PersonView:
    """One person, by name, or by alias alone where protected.

    Raises:
        UnknownObjectError: the case is not this officer's, or has no such person.
    """
    found = find_person(require_case(officer, case_id).pk, person_id)
    if found is None:
        raise UnknownObjectError
    return found


@dataclass(frozen=True, slots=True)
class Compartment:
    """What an officer of the case may know and ask about a protected person: nothing of who it is."""

    sealed: bool
    looks: tuple[LookRow, ...]
    drafts: tuple[tuple[str, str], ...]


def compartment_of(officer: Officer, person: PersonView) -> Compartment:
    """The compartment around one person, and the open drafts with which the identity could travel."""
    case = require_case(officer, person.case_id)
    if not person.protected:
        return Compartment(sealed=False, looks=(), drafts=())
    drafts = tuple((each.pk, each.kind) for each in case.drafts.filter(state=Draft.State.OPEN))
    return Compartment(is_sealed(person.id), looks_of(officer, person.id), drafts)


def duties_to_person(officer: Officer, person: PersonView) -> tuple[OwedDuty, ...]:
    """What the treaties relied on in the case make States owe to a person with these roles, with provenance."""
    case = require_case(officer, person.case_id)
    relied_on = tuple(name for name in office().law.instruments if name in _relied_on(case)) or (CONVENTION,)
    return duties_to(office().law, person.roles, instruments=relied_on, on=office().clock.now().date())


def _relied_on(case: Case) -> set[str]:
    """The instruments that the requests of the case rely on, sent, received or being drafted."""
    bodies = [letter.act.get("body") for letter in case.letters.filter(kind="request")]
    bodies += [draft.body for draft in case.drafts.filter(kind="request")]
    named: set[str] = set()
    for body in bodies:
        found: object = body
        for name in ("request", "request", "legal_basis", "instruments"):
            found = found.get(name) if isinstance(found, Mapping) else None
        named |= {str(each) for each in found} if isinstance(found, (list, tuple)) else set()
    return named

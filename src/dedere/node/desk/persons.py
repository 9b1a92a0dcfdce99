"""A person of a case, for officers who have part in the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dedere.casework.persons.roles import duties_to
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case
from dedere.node.cases.models import Case, Draft, Letter
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons.custody import LookRow, is_sealed, looks_of
from dedere.node.persons.queries import PersonRow, PersonView, find_person, persons_of
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
    return duties_to(office().law, person.roles, instruments=relied_on(case), on=office().clock.now().date())


@dataclass(frozen=True, slots=True)
class OwedToPerson:
    """A person of a case and what States owe them."""

    person: PersonRow
    duties: tuple[OwedDuty, ...]


def duties_to_persons(officer: Officer, case_id: str) -> tuple[OwedToPerson, ...]:
    """The rights of the persons of a case as duties of States, person by person; who is owed nothing is left out.

    Raises:
        UnknownObjectError: the case is not this officer's.
    """
    case = require_case(officer, case_id)
    law, instruments, today = office().law, relied_on(case), office().clock.now().date()
    owed = [
        OwedToPerson(person, duties_to(law, person.roles, instruments=instruments, on=today))
        for person in persons_of(case.pk)
    ]
    return tuple(each for each in owed if each.duties)


def relied_on(case: Case) -> tuple[str, ...]:
    """The instruments of the law's data on which the case's requests rely; the Convention where there are none."""
    return relied_on_in([case.pk])[case.pk]


def relied_on_in(cases: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The same for several cases, in two questions to the database: requests sent, received and being drafted."""
    letters = Letter.objects.filter(case__in=cases, kind="request").values_list("case", "act")
    drafts = Draft.objects.filter(case__in=cases, kind="request").values_list("case", "body")
    named: dict[str, set[str]] = {case: set() for case in cases}
    for case, body in (*((case, act.get("body")) for case, act in letters), *drafts):
        named[case] |= _named_in(body)
    known = office().law.instruments
    return {case: tuple(name for name in known if name in found) or (CONVENTION,) for case, found in named.items()}


def _named_in(body: object) -> set[str]:
    found: object = body
    for name in ("request", "request", "legal_basis", "instruments"):
        found = found.get(name) if isinstance(found, Mapping) else None
    return {str(each) for each in found} if isinstance(found, (list, tuple)) else set()

"""Persons who need no protection: added to a case and corrected, under their names."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.casework.persons.identity import Identity
from dedere.casework.persons.roles import PersonRole
from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.office import office
from dedere.node.persons import guard
from dedere.node.persons.actions.identities import next_reference
from dedere.node.persons.models import Person
from dedere.node.persons.refusals import logs_refusals
from dedere.node.persons.standing import Standing


@dataclass(frozen=True, slots=True)
class PlainPerson:
    """A person known by name. `reference` is the id that a request gives them; empty: the next one is taken."""

    identity: Identity
    roles: tuple[str, ...]
    reference: str = ""


@logs_refusals
@transaction.atomic
def add_person(*, by: Standing, new: PlainPerson) -> Person:
    """Add a person to the case by name.

    Raises:
        InputError: no role or an unknown one, a reference that the case has.
        LeakError, GuardLockedError: what was typed gives a protected person away, or nobody could tell.
    """
    require_role(by.officer, Role.CASE_OFFICER, Role.REGISTRAR)
    person = Person(
        identifier=office().identifiers.new(),
        case=by.case,
        reference=new.reference.strip() or next_reference(by.case),
    )
    if Person.objects.filter(case=by.case, reference=person.reference).exists():
        raise InputError("The case has a person under this reference.")
    _write(by, person, new)
    _log(by, "person-added", person)
    return person


@logs_refusals
@transaction.atomic
def edit_person(*, by: Standing, person_id: str, new: PlainPerson, seen: str) -> Person:
    """Correct what is known of a person; `seen` is the `version_of` what the officer started from.

    The reference stays: letters name the person by it.

    Raises:
        InputError: the person is protected, or somebody else changed them since.
    """
    require_role(by.officer, Role.CASE_OFFICER, Role.REGISTRAR)
    person = by.person(person_id)
    if person.protected:
        raise InputError("Who a protected person is lies sealed: only a custodian corrects it.")
    if version_of(person) != seen:
        raise InputError("Another officer changed this person meanwhile: look at their version before you save yours.")
    _write(by, person, new)
    _log(by, "person-changed", person)
    return person


def version_of(person: Person) -> str:
    """A digest of what is known of a person: it changes with every correction."""
    return sha256_hex(canonical_json({"name": person.name, "roles": list(person.roles), "details": person.details}))


def identity_of(person: Person) -> Identity | None:
    """What this office wrote down about an unprotected person; None: there is only what a request said."""
    written = person.details.get("identity")
    return None if written is None else Identity.from_json(written)


def _write(by: Standing, person: Person, new: PlainPerson) -> None:
    if not new.roles or not set(new.roles) <= set(PersonRole):
        raise InputError("A person has at least one role in the case, from the list.")
    if new.identity.relocation_pointer:
        raise InputError("A person of whom a protection service keeps a file is added as a protected person.")
    if len(new.identity.name) > _LONGEST_NAME:
        raise InputError(f"A name has at most {_LONGEST_NAME} characters.")
    written = new.identity.as_json()
    spelled = "\n".join(name.full for name in new.identity.names)
    texts = {**guard.texts_in(written, place="details"), "The names": spelled, "The reference": person.reference}
    guard.require_clean(by=by.officer, case=by.case, texts=texts)
    person.role, *person.more_roles = new.roles
    person.name = new.identity.name
    # What the request said stands beside it, but for what the identity says better.
    kept = {name: value for name, value in person.details.items() if name != "nationality"}
    person.details = {**kept, "identity": written}
    person.save()


def _log(by: Standing, action: str, person: Person) -> None:
    details = {"roles": list(person.roles)}
    record(Happening(actor=by.officer.identifier, action=action, subject=person.pk, case=by.case, details=details))


_LONGEST_NAME = 300

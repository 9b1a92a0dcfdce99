"""The compartment: identities go in sealed, are sealed anew for other custodians, and are opened in memory alone.

A seal is age for the custodians' keys, padded to whole kilobytes, and names the case and the person's reference, so
that a seal put beside another person is refused when it is opened.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.casework.persons.identity import Identity
from dedere.crypto.age import HybridIdentity, Recipient, open_sealed, parse_recipient, seal
from dedere.crypto.blinding import SECRET_LENGTH, BlindIndex
from dedere.crypto.errors import SealError
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.office import office
from dedere.node.persons import guard
from dedere.node.persons.actions.custodians import Unlocking, key_digest, keys_in_use, unlock
from dedere.node.persons.memory import keep_guard_secret, read_guard_secret
from dedere.node.persons.models import CustodianKey, GuardSecret, Person, SealedIdentity
from dedere.node.persons.refusals import logs_refusals
from dedere.node.persons.standing import Standing

FORMAT = "dedere-sealed-identity/1"
_PAD = 1024
LEAST_CUSTODIANS = 2


@dataclass(frozen=True, slots=True)
class NewProtected:
    """A person to be known by alias alone. `identity` is sealed and forgotten."""

    alias: str
    roles: tuple[str, ...]
    identity: Identity
    reference: str = ""

    def __repr__(self) -> str:
        return f"NewProtected(alias={self.alias!r})"


@logs_refusals
@transaction.atomic
def protect_person(*, by: Standing, new: NewProtected, custodians: Sequence[str]) -> Person:
    """Add a protected person to the case. `custodians` are digests of keys, two at least, as the officer compared them.

    Raises:
        InputError: too few custodians, an unknown key, an alias in use or one that gives the person away, a reference
            that the case has.
        GuardLockedError: the leak guard is locked, so the alias could not be checked and the marks not be kept.
    """
    require_role(by.officer, Role.CASE_OFFICER, Role.REGISTRAR, Role.CUSTODIAN)
    keys = _chosen(custodians)
    alias = new.alias.strip()
    _require_free_alias(alias)
    opened = _guard_for(keys)
    person = Person(
        identifier=office().identifiers.new(),
        case=by.case,
        reference=new.reference.strip() or next_reference(by.case),
        role=new.roles[0] if new.roles else "",
        more_roles=list(new.roles[1:]),
        protected=True,
        alias=alias,
    )
    if Person.objects.filter(case=by.case, reference=person.reference).exists():
        raise InputError("The case has a person under this reference.")
    if not person.role:
        raise InputError("A person has at least one role in the case.")
    person.save()
    guard.note_marks(opened, person, new.identity)
    guard.require_clean(by=by.officer, case=by.case, texts={"The alias": alias, "The reference": person.reference})
    SealedIdentity.objects.create(
        person=person,
        content=seal_identity(person, new.identity, (parse_recipient(key.recipient) for key in keys)),
        custodians=[key.pk for key in keys],
        indexed=True,
        sealed_at=office().clock.now(),
    )
    _log(by.officer, "identity-sealed", person.pk, case=by.case, details={"custodians": [key.pk for key in keys]})
    return person


@logs_refusals
@transaction.atomic
def replace_identity(*, by: Officer, person: Person, identity: Identity, with_: Unlocking) -> None:
    """A custodian corrects what is sealed, under their own key: the same custodians, new content, new marks."""
    key = unlock(by=by, with_=with_)
    sealed = require_sealed(person)
    open_identity(sealed, key)
    opened = open_guard(key)
    keys = list(CustodianKey.objects.filter(pk__in=sealed.custodians))
    sealed.content = seal_identity(person, identity, (parse_recipient(each.recipient) for each in keys))
    sealed.sealed_at = office().clock.now()
    guard.note_marks(opened, person, identity)
    sealed.indexed = True
    sealed.save()
    _log(by, "identity-replaced", person.pk, case=person.case)


@logs_refusals
def unlock_guard(*, by: Officer, with_: Unlocking) -> None:
    """Open the leak guard after a restart."""
    open_guard(unlock(by=by, with_=with_))
    record(Happening(actor=by.identifier, action="guard-opened", subject="guard"))


@dataclass(frozen=True, slots=True)
class Resealed:
    """What a re-sealing, or its rehearsal, found: seals opened, and persons whose seal this key does not open."""

    opened: int
    closed: tuple[str, ...]


@logs_refusals
@transaction.atomic
def reseal_all(*, by: Officer, custodians: Sequence[str], with_: Unlocking) -> Resealed:
    """Seal every identity that this custodian can open anew, to other keys: after a key was lost or a custodian went.

    Nothing of the old seal is used again; whoever kept an old copy *and* the old key can still read that copy.
    """
    key = unlock(by=by, with_=with_)
    keys = _chosen(custodians)
    found = _all_openable(key)
    opened = open_guard(key)
    for sealed, identity in found.opened:
        sealed.content = seal_identity(sealed.person, identity, (parse_recipient(each.recipient) for each in keys))
        sealed.custodians = [each.pk for each in keys]
        sealed.sealed_at = office().clock.now()
        if not sealed.indexed:
            guard.note_marks(opened, sealed.person, identity)
            sealed.indexed = True
        sealed.save()
    if (secret := read_guard_secret(office().home)) is not None and GuardSecret.objects.exists():
        _seal_guard(secret, keys)
    details = {"opened": len(found.opened), "closed": len(found.closed), "custodians": [each.pk for each in keys]}
    record(Happening(actor=by.identifier, action="identities-resealed", subject="compartment", details=details))
    return Resealed(len(found.opened), found.closed)


@logs_refusals
@transaction.atomic
def rehearse(*, by: Officer, with_: Unlocking) -> Resealed:
    """Open every seal in memory and forget what it says: that this custodian alone could recover the compartment."""
    key = unlock(by=by, with_=with_)
    found = _all_openable(key)
    now = office().clock.now()
    CustodianKey.objects.filter(pk=key_digest(key.recipient.encode())).update(rehearsed_at=now)
    details = {"opened": len(found.opened), "closed": len(found.closed)}
    record(Happening(actor=by.identifier, action="recovery-rehearsed", subject="compartment", details=details))
    return Resealed(len(found.opened), found.closed)


@transaction.atomic
def take_in_identity(*, case: str, reference: str, sealed: bytes, origin: str) -> None:
    """An identity came from another State, sealed to our custodians: kept beside its alias, unread."""
    person = Person.objects.filter(case=case, reference=reference, protected=True).first()
    if person is None or SealedIdentity.objects.filter(person=person).exists():
        record(Happening(actor="system:worker", action="identity-without-place", subject=reference[:60], case=case))
        return
    SealedIdentity.objects.create(
        person=person,
        content=sealed,
        custodians=[key.pk for key in keys_in_use()],
        origin=origin,
        sealed_at=office().clock.now(),
    )
    record(Happening(actor="system:worker", action="identity-arrived", subject=person.pk, case=case))


def seal_identity(person: Person, identity: Identity, recipients: Iterable[Recipient]) -> bytes:
    """The identity sealed to `recipients`, bound to its person's case and reference."""
    plain = {"format": FORMAT, "case": person.case, "reference": person.reference, "identity": identity.as_json()}
    data = json.dumps(plain, ensure_ascii=False).encode("utf-8")
    return seal(data + b" " * (-len(data) % _PAD), list(recipients), chance=office().identifiers)


def open_identity(sealed: SealedIdentity, key: HybridIdentity) -> Identity:
    """What is sealed, in memory.

    Raises:
        InputError: it is not sealed to this key, or belongs to another person.
    """
    return read_identity(bytes(sealed.content), key, case=sealed.person.case, reference=sealed.person.reference)


def read_identity(content: bytes, key: HybridIdentity, *, case: str, reference: str) -> Identity:
    """The identity in `content`, if it is that of this person of this case."""
    try:
        plain = json.loads(open_sealed(content, [key]))
    except (SealError, ValueError) as error:
        raise InputError("This identity is not sealed to this key, or the seal is damaged.") from error
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise InputError("What is sealed here is no identity in a form that this version reads.")
    if (plain.get("case"), plain.get("reference")) != (case, reference):
        raise InputError("What is sealed here is the identity of another person: somebody exchanged the seals.")
    return Identity.from_json(plain.get("identity"))


def require_sealed(person: Person) -> SealedIdentity:
    """The sealed identity of a person.

    Raises:
        InputError: none is kept here.
    """
    found = SealedIdentity.objects.select_related("person").filter(person=person).first()
    if found is None:
        raise InputError("This office keeps no identity of this person: the other State knows who it is.")
    return found


def open_guard(key: HybridIdentity) -> BlindIndex:
    """The leak guard's index, opened with a custodian's key where it was locked.

    Raises:
        InputError: it is locked, and its secret is not sealed to this key.
    """
    row = GuardSecret.objects.first()
    if row is None:
        return _guard_for(keys_in_use())
    if (known := guard.index()) is not None:
        return known
    try:
        secret = open_sealed(bytes(row.content), [key])
    except SealError as error:
        raise InputError("The leak guard is not sealed to this key: a custodian to whom it is re-seals it.") from error
    keep_guard_secret(office().home, secret)
    return BlindIndex(secret)


def next_reference(case: str) -> str:
    """A reference for another person of the case, in the form that request files use."""
    taken = set(Person.objects.filter(case=case).values_list("reference", flat=True))
    number = len(taken) + 1
    while f"person-{number}" in taken:
        number += 1
    return f"person-{number}"


@dataclass(frozen=True, slots=True)
class _Openable:
    opened: list[tuple[SealedIdentity, Identity]]
    closed: tuple[str, ...]


def _all_openable(key: HybridIdentity) -> _Openable:
    opened, closed = [], []
    for sealed in SealedIdentity.objects.select_related("person"):
        try:
            opened.append((sealed, open_identity(sealed, key)))
        except InputError:
            closed.append(sealed.person.alias)
    return _Openable(opened, tuple(closed))


def _guard_for(keys: list[CustodianKey]) -> BlindIndex:
    """The guard's index; where this office has none yet, its secret is made and sealed to `keys`.

    Raises:
        GuardLockedError: there is one, and it is locked.
    """
    known = guard.index()
    if GuardSecret.objects.exists():
        if known is None:
            raise guard.GuardLockedError
        return known
    secret = read_guard_secret(office().home) or office().identifiers.random_bytes(SECRET_LENGTH)
    _seal_guard(secret, keys)
    keep_guard_secret(office().home, secret)
    return BlindIndex(secret)


def _seal_guard(secret: bytes, keys: list[CustodianKey]) -> None:
    content = seal(secret, [parse_recipient(key.recipient) for key in keys], chance=office().identifiers)
    facts = {
        "content": content,
        "custodians": [key.pk for key in keys],
        "probe": guard.probe_of(BlindIndex(secret)),
        "sealed_at": office().clock.now(),
    }
    GuardSecret.objects.update_or_create(pk=1, defaults=facts)


def _chosen(digests: Sequence[str]) -> list[CustodianKey]:
    known = {key.pk: key for key in keys_in_use()}
    if len(set(digests)) < LEAST_CUSTODIANS:
        raise InputError("Choose at least two custodians: one who loses a key is replaced by the other.")
    if any(digest not in known for digest in digests):
        raise InputError("One of these custodians has no confirmed key in use.")
    return [known[digest] for digest in dict.fromkeys(digests)]


def _require_free_alias(alias: str) -> None:
    if not alias:
        raise InputError("A protected person needs an alias.")
    if Person.objects.filter(protected=True, alias__iexact=alias).exists():
        raise InputError("This alias is in use for another protected person: one alias, one person.")


def _log(by: Officer, action: str, subject: str, *, case: str, details: dict[str, object] | None = None) -> None:
    record(Happening(actor=by.identifier, action=action, subject=subject, case=case, details=details or {}))

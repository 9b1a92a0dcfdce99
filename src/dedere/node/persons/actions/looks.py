"""Looks at protected identities: asked for with a reason, granted by a custodian, shown for minutes, logged.

The identity passes from the custodian's request to the asker's without resting anywhere in clear: when a look is asked
for, a key is made whose secret goes to the asker's browser and nowhere else; the custodian's grant seals the identity
to it. The row holds that seal until the look ends. A *broken glass* is a look that one custodian takes and another
grants, without a case officer; everybody concerned is alarmed.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.casework.persons.identity import Identity
from dedere.crypto.age import HybridIdentity, parse_identity, parse_recipient
from dedere.crypto.errors import KeyTextError
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons import guard
from dedere.node.persons.actions.custodians import Unlocking, unlock
from dedere.node.persons.actions.identities import (
    open_guard,
    open_identity,
    read_identity,
    require_sealed,
    seal_identity,
)
from dedere.node.persons.models import Look, Person
from dedere.node.persons.refusals import logs_refusals
from dedere.node.persons.standing import Standing

MOST_MINUTES = 60
ASKED_LASTS = dt.timedelta(days=3)
LEAST_REASON = 10


@dataclass(frozen=True, slots=True)
class AskedLook:
    """A look that was asked for, and the secret with which the asker will read it: for their browser alone."""

    id: str
    secret: str

    def __repr__(self) -> str:
        return f"AskedLook({self.id})"


@dataclass(frozen=True, slots=True)
class SeenIdentity:
    """An identity in memory, for one answer, and how long it may stay on the screen."""

    identity: Identity
    seconds_left: int

    def __repr__(self) -> str:
        return "SeenIdentity(…)"


@logs_refusals
@transaction.atomic
def ask_look(*, by: Standing, person_id: str, reason: str) -> AskedLook:
    """Ask the custodians to see who a protected person is.

    Raises:
        InputError: no reason, or nothing is sealed here.
    """
    person = by.person(person_id)
    return _ask(by.officer, person, reason, glass=False)


@logs_refusals
@transaction.atomic
def break_glass(*, by: Officer, person_id: str, reason: str, with_: Unlocking) -> AskedLook:
    """A custodian asks for a look without a case officer: they show that they hold a key; another one grants it.

    The alarm is raised now, whether it is granted or not.
    """
    person = Person.objects.filter(pk=person_id, protected=True).first()
    require_role(by, Role.CUSTODIAN)
    if person is None:
        raise UnknownObjectError
    open_identity(require_sealed(person), unlock(by=by, with_=with_))
    return _ask(by, person, reason, glass=True)


@logs_refusals
@transaction.atomic
def grant_look(*, by: Officer, look_id: str, minutes: int, with_: Unlocking) -> None:
    """A custodian who is not the asker unlocks the identity for so many minutes.

    Raises:
        InputError: the look does not wait, was the custodian's own, or the key does not open the identity.
    """
    look = require_waiting(by, look_id)
    if look.asker_id == by.pk:
        raise InputError("You asked for this look yourself: another custodian decides on it.")
    if not 1 <= minutes <= MOST_MINUTES:
        raise InputError(f"A look lasts between one minute and {MOST_MINUTES}.")
    if not look.asker.is_active:
        raise InputError("The officer who asked does not work here any more.")
    key = unlock(by=by, with_=with_)
    sealed = require_sealed(look.person)
    identity = open_identity(sealed, key)
    if not sealed.indexed:
        guard.note_marks(open_guard(key), look.person, identity)
        sealed.indexed = True
        sealed.save(update_fields=["indexed"])
    now = office().clock.now()
    look.content = seal_identity(look.person, identity, [parse_recipient(look.recipient)])
    look.state = Look.State.GRANTED
    look.custodian = by
    look.decided_at = now
    look.expires_at = now + dt.timedelta(minutes=minutes)
    look.save()
    _log(by, "look-granted", look, details={"minutes": minutes, "asker": look.asker.identifier})


@logs_refusals
@transaction.atomic
def refuse_look(*, by: Officer, look_id: str, remark: str) -> None:
    """A custodian says no, and why."""
    look = require_waiting(by, look_id)
    if look.asker_id == by.pk:
        raise InputError("You asked for this look yourself: another custodian decides on it.")
    if not remark.strip():
        raise InputError("Say why.")
    guard.require_clean(by=by, case=look.person.case, texts={"The remark": remark})
    look.state = Look.State.REFUSED
    look.custodian = by
    look.decided_at = office().clock.now()
    look.remark = remark.strip()[:500]
    look.save()
    _log(by, "look-refused", look)


def read_look(*, by: Officer, look_id: str, secret: str) -> SeenIdentity:
    """The identity, for the officer who asked, while the look lasts; each reading is logged before it is shown.

    Raises:
        UnknownObjectError: no look of this officer.
        InputError: it is not granted, is over, or this browser did not ask for it.
    """
    look = require_own(by, look_id)
    if look.state == Look.State.GRANTED and _is_over(look):
        _end(look)
    if look.state != Look.State.GRANTED or look.content is None or look.expires_at is None:
        raise InputError("This look is over, or was not granted.")
    try:
        key = parse_identity(secret)
    except KeyTextError as error:
        raise InputError("Open the look in the browser in which you asked for it, or ask again.") from error
    if not isinstance(key, HybridIdentity):
        raise InputError("Open the look in the browser in which you asked for it, or ask again.")
    identity = read_identity(bytes(look.content), key, case=look.person.case, reference=look.person.reference)
    _log(by, "identity-looked-at", look)
    # Rounded up: a page that comes back before the look is over would offer it again.
    return SeenIdentity(identity, math.ceil((look.expires_at - office().clock.now()).total_seconds()))


@transaction.atomic
def end_look(*, by: Officer, look_id: str) -> None:
    """The asker, or a custodian, ends a look before its time."""
    look = Look.objects.select_related("person", "asker").filter(pk=look_id).first()
    if look is None or (look.asker_id != by.pk and not by.holds(Role.CUSTODIAN)):
        raise UnknownObjectError
    if look.state in (Look.State.ASKED, Look.State.GRANTED):
        _end(look)
        _log(by, "look-ended", look)


@transaction.atomic
def end_expired_looks() -> int:
    """Take away what looks that are over still hold; how many."""
    now = office().clock.now()
    over = Look.objects.filter(state=Look.State.GRANTED, expires_at__lte=now)
    old = Look.objects.filter(state=Look.State.ASKED, asked_at__lte=now - ASKED_LASTS)
    return over.update(state=Look.State.ENDED, content=None) + old.update(state=Look.State.ENDED)


def require_own(by: Officer, look_id: str) -> Look:
    """A look that this officer asked for."""
    look = Look.objects.select_related("person", "asker", "custodian").filter(pk=look_id, asker=by).first()
    if look is None:
        raise UnknownObjectError
    return look


def require_waiting(by: Officer, look_id: str) -> Look:
    """A look that waits for a custodian.

    Raises:
        PermissionRefusedError: `by` is no custodian.
        UnknownObjectError: none waits under this identifier.
    """
    require_role(by, Role.CUSTODIAN)
    look = Look.objects.select_related("person", "asker").filter(pk=look_id, state=Look.State.ASKED).first()
    if look is None or look.asked_at + ASKED_LASTS <= office().clock.now():
        raise UnknownObjectError
    return look


def _ask(by: Officer, person: Person, reason: str, *, glass: bool) -> AskedLook:
    require_sealed(person)
    if len(reason.strip()) < LEAST_REASON:
        raise InputError("Say why you need to know who this is: the custodian decides on it, and it stays in the log.")
    guard.require_clean(by=by, case=person.case, texts={"The reason": reason})
    key = HybridIdentity.generate(office().identifiers)
    look = Look.objects.create(
        pk=office().identifiers.new(),
        person=person,
        asker=by,
        reason=reason.strip()[:500],
        glass=glass,
        asked_at=office().clock.now(),
        recipient=key.recipient.encode(),
    )
    _log(by, "glass-broken" if glass else "look-asked", look)
    return AskedLook(look.pk, key.encode())


def _is_over(look: Look) -> bool:
    return look.expires_at is None or look.expires_at <= office().clock.now()


def _end(look: Look) -> None:
    look.state = Look.State.ENDED
    look.content = None
    look.save()


def _log(by: Officer, action: str, look: Look, *, details: dict[str, object] | None = None) -> None:
    happening = Happening(
        actor=by.identifier,
        action=action,
        subject=look.person_id,
        case=look.person.case,
        details={"look": look.pk, **(details or {})},
    )
    record(happening)

"""What custodians and askers see of the compartment. Reads only; nothing here holds a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons import guard
from dedere.node.persons.actions.custodians import fingerprint_of, keys_in_use
from dedere.node.persons.actions.looks import ASKED_LASTS
from dedere.node.persons.models import CustodianKey, Inquiry, Journey, Look, SealedIdentity

REHEARSAL_LASTS = dt.timedelta(days=180)
GLASS_TOLD = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A custodian's key. `state` is waiting, in-use or retired."""

    digest: str
    officer: str
    mine: bool
    fingerprint: str
    state: str
    rehearsed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class LookRow:
    """A look. `content` is never in it."""

    id: str
    person_id: str
    case_id: str
    alias: str
    asker: str
    mine: bool
    reason: str
    glass: bool
    state: str
    asked_at: dt.datetime
    expires_at: dt.datetime | None
    custodian: str
    remark: str


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """An identity that is to go to the other State."""

    id: str
    alias: str
    partner: str
    asker: str
    mine: bool
    reason: str
    asked_at: dt.datetime


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A protected person of whom an identity is kept, for custodians."""

    person_id: str
    alias: str
    origin: str
    indexed: bool
    sealed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class CustodyView:
    """The custodian's page."""

    needed: bool
    locked: bool
    keys: tuple[KeyRow, ...]
    has_key: bool
    looks: tuple[LookRow, ...]
    journeys: tuple[JourneyRow, ...]
    identities: tuple[SealedRow, ...]
    glass: tuple[LookRow, ...]


def custody_view(officer: Officer) -> CustodyView:
    """Everything that waits for a custodian.

    Raises:
        PermissionRefusedError: the officer is no custodian.
    """
    require_role(officer, Role.CUSTODIAN)
    now = office().clock.now()
    keys = CustodianKey.objects.select_related("officer")
    waiting = _looks().filter(state=Look.State.ASKED, asked_at__gt=now - ASKED_LASTS)
    glass = _looks().filter(glass=True, asked_at__gt=now - GLASS_TOLD)
    journeys = Journey.objects.select_related("person", "asker").filter(sealed_at=None)
    return CustodyView(
        needed=guard.is_needed(),
        locked=guard.is_locked(),
        keys=tuple(_key_row(key, officer) for key in keys),
        has_key=keys.filter(officer=officer, retired_at=None).exists(),
        looks=tuple(_look_row(look, officer) for look in waiting),
        journeys=tuple(_journey_row(each, officer) for each in journeys),
        identities=tuple(
            SealedRow(each.person_id, each.person.alias, each.origin, each.indexed, each.sealed_at)
            for each in SealedIdentity.objects.select_related("person").order_by("person__alias")
        ),
        glass=tuple(_look_row(look, officer) for look in glass),
    )


def usable_keys(officer: Officer) -> tuple[KeyRow, ...]:
    """The keys to which an identity may be sealed, with the fingerprints to compare."""
    return tuple(_key_row(key, officer) for key in keys_in_use())


def look_row(officer: Officer, look_id: str) -> LookRow:
    """A look for its asker, or for a custodian.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    look = _looks().filter(pk=look_id).first()
    if look is None or (look.asker_id != officer.pk and not officer.holds(Role.CUSTODIAN)):
        raise UnknownObjectError
    return _look_row(look, officer)


def looks_of(officer: Officer, person_id: str) -> tuple[LookRow, ...]:
    """The officer's own looks at one person, the last one first."""
    return tuple(_look_row(look, officer) for look in _looks().filter(asker=officer, person=person_id)[:5])


def journey_row(officer: Officer, journey_id: str) -> JourneyRow:
    """A journey that waits for a custodian."""
    require_role(officer, Role.CUSTODIAN)
    found = Journey.objects.select_related("person", "asker").filter(pk=journey_id, sealed_at=None).first()
    if found is None:
        raise UnknownObjectError
    return _journey_row(found, officer)


def sealed_person(officer: Officer, person_id: str) -> SealedRow:
    """A protected person, for a custodian who is not of the case.

    Raises:
        PermissionRefusedError: the officer is no custodian.
        UnknownObjectError: nobody is sealed under this identifier.
    """
    require_role(officer, Role.CUSTODIAN)
    found = SealedIdentity.objects.select_related("person").filter(person=person_id).first()
    if found is None:
        raise UnknownObjectError
    return SealedRow(found.person_id, found.person.alias, found.origin, found.indexed, found.sealed_at)


def is_sealed(person_id: str) -> bool:
    """Whether this office keeps an identity of the person."""
    return SealedIdentity.objects.filter(person=person_id).exists()


@dataclass(frozen=True, slots=True)
class Call:
    """Something of the compartment that needs an officer: `kind` and what it is about."""

    kind: str
    alias: str
    object_id: str
    since: dt.datetime | None


def calls_for(officer: Officer, cases: Iterable[str]) -> list[Call]:
    """What waits for this officer: looks and journeys to decide, a locked guard, a broken glass, looks granted."""
    now = office().clock.now()
    recent = Q(glass=True, asked_at__gt=now - GLASS_TOLD)
    calls = []
    if officer.holds(Role.CUSTODIAN):
        calls += _custodians_calls(officer, now)
    concerned = officer.holds(Role.CUSTODIAN, Role.AUDITOR)
    for look in _looks().filter(recent) if concerned else _looks().filter(recent, person__case__in=cases):
        calls.append(
            Call("glass-broken", look.person.alias, look.pk if officer.holds(Role.CUSTODIAN) else "", look.asked_at)
        )
    for look in _looks().filter(asker=officer, state=Look.State.GRANTED, expires_at__gt=now):
        calls.append(Call("look-granted", look.person.alias, look.pk, look.decided_at))
    return calls


def _custodians_calls(officer: Officer, now: dt.datetime) -> list[Call]:
    waiting = _looks().filter(state=Look.State.ASKED, asked_at__gt=now - ASKED_LASTS).exclude(asker=officer)
    journeys = Journey.objects.select_related("person").filter(sealed_at=None).exclude(asker=officer)
    inquiries = Inquiry.objects.select_related("person").filter(answer="").exclude(asker=officer)
    keys = CustodianKey.objects.filter(confirmed_at=None, retired_at=None).exclude(officer=officer)
    unread = SealedIdentity.objects.select_related("person").filter(indexed=False)
    own = CustodianKey.objects.filter(officer=officer, retired_at=None).exclude(confirmed_at=None).first()
    due = own is not None and (own.rehearsed_at or own.registered_at) < now - REHEARSAL_LASTS
    return [
        *(Call("look-asked", look.person.alias, look.pk, look.asked_at) for look in waiting),
        *(Call("history-asked", str(each.person), each.pk, each.asked_at) for each in inquiries),
        *(Call("journey-asked", each.person.alias, each.pk, each.asked_at) for each in journeys),
        *([Call("guard-locked", "", "", None)] if guard.is_locked() else []),
        *(Call("key-waiting", key.officer.name, "", key.registered_at) for key in keys.select_related("officer")),
        *(Call("identity-unread", sealed.person.alias, "", sealed.sealed_at) for sealed in unread),
        *([Call("rehearsal-due", "", "", None)] if due else []),
    ]


def _looks() -> QuerySet[Look]:
    return Look.objects.select_related("person", "asker", "custodian").defer("content", "recipient")


def _look_row(look: Look, officer: Officer) -> LookRow:
    over = look.state == Look.State.GRANTED and look.expires_at is not None and look.expires_at <= office().clock.now()
    return LookRow(
        id=look.pk,
        person_id=look.person_id,
        case_id=look.person.case,
        alias=look.person.alias,
        asker=look.asker.name,
        mine=look.asker_id == officer.pk,
        reason=look.reason,
        glass=look.glass,
        state="ended" if over else look.state,
        asked_at=look.asked_at,
        expires_at=look.expires_at,
        custodian=look.custodian.name if look.custodian else "",
        remark=look.remark,
    )


def _journey_row(each: Journey, officer: Officer) -> JourneyRow:
    return JourneyRow(
        id=each.pk,
        alias=each.person.alias,
        partner=each.partner,
        asker=each.asker.name,
        mine=each.asker_id == officer.pk,
        reason=each.reason,
        asked_at=each.asked_at,
    )


def _key_row(key: CustodianKey, officer: Officer) -> KeyRow:
    state = "retired" if key.retired_at else "in-use" if key.confirmed_at else "waiting"
    return KeyRow(
        digest=key.pk,
        officer=key.officer.name,
        mine=key.officer_id == officer.pk,
        fingerprint=fingerprint_of(key.pk),
        state=state,
        rehearsed_at=key.rehearsed_at,
    )

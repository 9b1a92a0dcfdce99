"""Who we are, who the officers are, and what one officer's frame shows. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib.metadata import version

from django.contrib.sessions.models import Session

from dedere.casework.acts import Role
from dedere.node.accounts import webauthn
from dedere.node.accounts.models import MailWish, Officer, Visit
from dedere.node.accounts.permissions import CASE_ROLES, require_role
from dedere.node.accounts.webauthn import Question, Site, ask_for_new
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office

__all__ = [
    "Badge",
    "Factors",
    "House",
    "MailWish",
    "Officer",
    "OfficerRow",
    "PasskeyRow",
    "TokenRow",
    "VisitRow",
    "all_officers",
    "ask_for_passkey",
    "ask_for_proof",
    "badge",
    "factors",
    "has_second_factor",
    "house",
    "needs_second_factor",
    "officer_to_administer",
    "officers",
    "officers_by_id",
    "tokens",
    "unseen",
    "visits",
    "waiting_officer",
]


@dataclass(frozen=True, slots=True)
class House:
    """The authority whose office this is."""

    state: str
    authority: str
    version: str
    languages: tuple[str, ...]
    demonstration: bool


@dataclass(frozen=True, slots=True)
class Badge:
    """The officer as every page names them."""

    name: str
    roles: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer in a list. `id` is the identifier that acts and the audit log use."""

    id: str
    name: str
    title: str
    roles: tuple[str, ...]
    active: bool
    last_seen: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey as its holder sees it."""

    id: str
    name: str
    created_at: dt.datetime
    used_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as its officer sees it; its text is not kept."""

    id: str
    name: str
    scopes: tuple[str, ...]
    expires_at: dt.datetime
    used_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """An officer's second factor: passkeys, oldest first, and how many recovery codes are unspent."""

    passkeys: tuple[PasskeyRow, ...]
    codes_left: int


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A browser in which the officer is signed in; `here` is the one that asks."""

    id: str
    browser: str
    started_at: dt.datetime
    here: bool


def house() -> House:
    """The authority, from the home's settings; asks no database."""
    home = office().home
    return House(
        state=home.state,
        authority=home.name,
        version=version("dedere"),
        languages=home.languages,
        demonstration=home.demonstration,
    )


def badge(officer: Officer) -> Badge:
    """The officer's name and roles, in the order in which roles are listed everywhere."""
    return Badge(name=officer.name, roles=_roles_of(officer), language=officer.language)


def officers(officer: Officer, *, role: str = "") -> tuple[OfficerRow, ...]:
    """Active colleagues, all or those with one role, by name: for choosing whom to ask.

    Raises:
        PermissionRefusedError: the officer works on no cases and administers no officers.
    """
    require_role(officer, *CASE_ROLES, Role.ADMINISTRATOR, Role.CUSTODIAN)
    found = Officer.objects.filter(is_active=True).prefetch_related("grants").order_by("name")
    if role:
        found = found.filter(grants__role=role)
    return tuple(_row(each) for each in found)


def all_officers(officer: Officer) -> tuple[OfficerRow, ...]:
    """Every officer there ever was, for the administrator.

    Raises:
        PermissionRefusedError: the officer is no administrator.
    """
    require_role(officer, Role.ADMINISTRATOR)
    return tuple(_row(each) for each in Officer.objects.prefetch_related("grants").order_by("name"))


def officers_by_id(identifiers: set[str]) -> dict[str, str]:
    """Names by identifier: how logs are read by people. Who may read the log is decided before."""
    found = Officer.objects.filter(identifier__in=identifiers).values_list("identifier", "name")
    return dict(found)


def needs_second_factor() -> bool:
    """Whether officers of this node sign in with a second factor: all do, except in a demonstration's home."""
    return not office().home.demonstration


def has_second_factor(officer: Officer) -> bool:
    """Whether the officer has a passkey to prove."""
    return officer.passkeys.exists()


def unseen(officer: Officer) -> int:
    """How many things wait for the officer that were not there when they last looked at Today."""
    return officer.notices.filter(seen_at=None).count()


def tokens(officer: Officer) -> tuple[TokenRow, ...]:
    """The officer's tokens that are still good, the newest first."""
    good = officer.tokens.filter(expires_at__gt=office().clock.now()).order_by("-created_at")
    return tuple(
        TokenRow(each.identifier, each.name, tuple(each.scopes), each.expires_at, each.used_at) for each in good
    )


def factors(officer: Officer) -> Factors:
    """The officer's own second factor."""
    return Factors(
        passkeys=tuple(
            PasskeyRow(each.identifier, each.name, each.created_at, each.used_at)
            for each in officer.passkeys.order_by("created_at")
        ),
        codes_left=officer.recovery_codes.filter(used_at=None).count(),
    )


def ask_for_passkey(officer: Officer, site: Site) -> Question:
    """What the officer's browser is asked so that it makes a passkey."""
    return ask_for_new(site, identifier=officer.identifier, name=officer.name, known=_credentials(officer))


def ask_for_proof(officer: Officer, site: Site) -> Question:
    """What the officer's browser is asked so that a passkey proves itself."""
    return webauthn.ask_for_proof(site, _credentials(officer))


def waiting_officer(identifier: str) -> Officer | None:
    """The officer who has shown a first factor and still owes the second; only one who works here."""
    return Officer.objects.filter(identifier=identifier, is_active=True).first()


def visits(officer: Officer, *, session_key: str) -> tuple[VisitRow, ...]:
    """The browsers in which the officer is signed in now, newest first."""
    living = Session.objects.filter(expire_date__gt=office().clock.now()).values("session_key")
    found = Visit.objects.filter(officer=officer, session_key__in=living).order_by("-started_at")
    return tuple(
        VisitRow(each.identifier, each.browser, each.started_at, each.session_key == session_key) for each in found
    )


def officer_to_administer(officer: Officer, identifier: str) -> Officer:
    """The officer with this identifier, for the administrator.

    Raises:
        PermissionRefusedError: `officer` is no administrator.
        UnknownObjectError: there is no such officer.
    """
    require_role(officer, Role.ADMINISTRATOR)
    found = Officer.objects.prefetch_related("grants").filter(identifier=identifier).first()
    if found is None:
        raise UnknownObjectError
    return found


def _credentials(officer: Officer) -> tuple[bytes, ...]:
    return tuple(bytes(each) for each in officer.passkeys.order_by("pk").values_list("credential", flat=True))


def _roles_of(officer: Officer) -> tuple[str, ...]:
    held = officer.roles()
    return tuple(role.value for role in Role if role in held)


def _row(officer: Officer) -> OfficerRow:
    return OfficerRow(
        id=officer.identifier,
        name=officer.name,
        title=officer.title,
        roles=_roles_of(officer),
        active=officer.is_active,
        last_seen=officer.last_login,
    )

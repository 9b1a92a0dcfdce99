"""Who we are, who the officers are, and what one officer's frame shows. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib.metadata import version

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import CASE_ROLES, require_role
from dedere.node.office import office

__all__ = ["Badge", "House", "Officer", "OfficerRow", "all_officers", "badge", "house", "officers", "officers_by_id"]


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

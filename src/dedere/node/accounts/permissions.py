"""What an officer may do, as predicates over roles. Actions and queries ask here; nothing else decides."""

from __future__ import annotations

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.errors import UnknownObjectError

CASE_ROLES = frozenset({Role.CASE_OFFICER, Role.APPROVER, Role.REGISTRAR})

_WORDS = {
    Role.CASE_OFFICER: "a case officer",
    Role.APPROVER: "an approver",
    Role.REGISTRAR: "a registrar",
    Role.EXECUTING_AUTHORITY: "an executing authority",
    Role.CUSTODIAN: "a custodian",
    Role.AUDITOR: "an auditor",
    Role.ADMINISTRATOR: "an administrator",
}


def require_role(officer: Officer, *roles: Role) -> None:
    """Let pass an active officer who holds one of the roles.

    Raises:
        PermissionRefusedError: it says which roles may.
    """
    if not officer.holds(*roles):
        raise PermissionRefusedError(f"Only {' or '.join(_WORDS[role] for role in roles)} may do this.")


def require_case_role(officer: Officer) -> None:
    """Let pass an officer whose work is with cases; for others, cases do not exist."""
    if not officer.holds(*CASE_ROLES):
        raise UnknownObjectError


def works_on_cases(officer: Officer) -> bool:
    """Whether the officer's roles let them see cases at all."""
    return officer.holds(*CASE_ROLES)


def require_officer(identifier: str) -> Officer:
    """The officer with this identifier who works here now.

    Raises:
        InputError: there is none.
    """
    officer = Officer.objects.filter(identifier=identifier, is_active=True).first()
    if officer is None:
        raise InputError("Choose an officer who works here.")
    return officer

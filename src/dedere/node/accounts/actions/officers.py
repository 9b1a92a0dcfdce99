"""Officers come and go; their names, roles, passwords and first links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.crypto.digests import sha256_hex
from dedere.node.accounts.actions.log import log
from dedere.node.accounts.actions.visits import close_visits
from dedere.node.accounts.models import Grant, Officer, SignInLink
from dedere.node.accounts.permissions import require_role
from dedere.node.errors import FieldsError
from dedere.node.office import office

LINK_LASTS = dt.timedelta(days=3)


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """Who is to be an officer."""

    sign_in_name: str
    name: str
    title: str
    roles: tuple[Role, ...]
    language: str = "en"
    email: str = ""


@transaction.atomic
def invite_officer(*, by: Officer | None, new: NewOfficer) -> Officer:
    """Create an officer without a password. `by` is None only where the command line makes the first ones.

    Raises:
        PermissionRefusedError: `by` is no administrator.
        InputError: the sign-in name is taken, or something is empty.
    """
    if by is not None:
        require_role(by, Role.ADMINISTRATOR)
    if not new.sign_in_name.strip() or not new.name.strip() or not new.roles:
        raise InputError("An officer needs a sign-in name, a name and at least one role.")
    if Officer.objects.filter(sign_in_name__iexact=new.sign_in_name).exists():
        raise InputError("This sign-in name is taken: choose another.")
    officer = Officer(
        identifier=office().identifiers.new(),
        sign_in_name=new.sign_in_name.strip(),
        name=new.name.strip(),
        title=new.title.strip(),
        email=new.email,
        language=new.language,
        created_at=office().clock.now(),
    )
    officer.set_unusable_password()
    officer.save()
    Grant.objects.bulk_create(Grant(officer=officer, role=role.value) for role in _ordered(new.roles))
    log(by, "officer-invited", officer, roles=[role.value for role in _ordered(new.roles)])
    return officer


@transaction.atomic
def invite_with_link(*, by: Officer, new: NewOfficer) -> str:
    """Create an officer and answer the token of their first sign-in link."""
    return make_sign_in_link(officer=invite_officer(by=by, new=new))


@transaction.atomic
def change_password(*, by: Officer, old: str, new: str) -> None:
    """Set the officer's password. `old` is asked for once there is one.

    Raises:
        FieldsError: the old password is wrong, or the new one too weak.
    """
    if by.has_usable_password() and not by.check_password(old):
        raise FieldsError({"old": "This is not your present password."})
    try:
        validate_password(new, user=by)
    except ValidationError as error:
        raise FieldsError({"new": " ".join(error.messages)}) from error
    by.set_password(new)
    by.save(update_fields=["password"])
    log(by, "password-changed", by)


@transaction.atomic
def make_sign_in_link(*, officer: Officer) -> str:
    """A token that signs `officer` in once within three days; only its digest is stored."""
    token = office().identifiers.new()
    SignInLink.objects.create(
        digest=sha256_hex(token.encode()), officer=officer, expires_at=office().clock.now() + LINK_LASTS
    )
    return token


@transaction.atomic
def renew_link(*, by: Officer, officer: Officer) -> str:
    """Another sign-in link for an officer who lost the password. Their second factor stays what it is.

    Raises:
        PermissionRefusedError: `by` is no administrator.
        InputError: the officer no longer works here, or is the administrator who asks.
    """
    require_role(by, Role.ADMINISTRATOR)
    if by.pk == officer.pk:
        raise InputError("You cannot make a link for yourself: another administrator can.")
    if not officer.is_active:
        raise InputError("This officer no longer works here.")
    log(by, "sign-in-link-made", officer)
    return make_sign_in_link(officer=officer)


@transaction.atomic
def choose_language(*, by: Officer, language: str) -> None:
    """Remember the officer's language; the caller has checked that the office speaks it."""
    Officer.objects.filter(pk=by.pk).update(language=language)


@transaction.atomic
def deactivate_officer(*, by: Officer, officer: Officer) -> None:
    """End an officer's access and every visit of theirs. Their past acts keep their name."""
    require_role(by, Role.ADMINISTRATOR)
    if by.pk == officer.pk:
        raise InputError("You cannot end your own access: another administrator can.")
    Officer.objects.filter(pk=officer.pk).update(is_active=False)
    close_visits(officer)
    log(by, "officer-ended", officer)


def _ordered(roles: Iterable[Role]) -> list[Role]:
    return sorted(set(roles), key=lambda role: role.value)

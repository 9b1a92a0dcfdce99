"""The second factor: passkeys, and recovery codes for the day on which a device is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.crypto.digests import sha256_hex
from dedere.node.accounts import webauthn
from dedere.node.accounts.actions.log import log
from dedere.node.accounts.actions.visits import close_visits, note_failure, require_few_failures
from dedere.node.accounts.models import Officer, Passkey, RecoveryCode
from dedere.node.accounts.permissions import require_role
from dedere.node.office import office

RECOVERY_CODES = 10
_CODE_LENGTH = 16  # characters of base32: 80 bits
_PASSKEYS_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class FactorUse:
    """A browser's answer, with the question it answers and the site that asked."""

    site: webauthn.Site
    state: Mapping[str, Any]
    answer: Mapping[str, Any]


@transaction.atomic
def add_passkey(*, by: Officer, use: FactorUse, name: str) -> tuple[str, ...]:
    """Keep a new passkey. With the first come recovery codes, which are shown once and never again.

    Raises:
        InputError: the browser's answer proves nothing, or the passkey is known.
    """
    if by.passkeys.count() >= _PASSKEYS_AT_MOST:
        raise InputError(f"You have {_PASSKEYS_AT_MOST} passkeys: remove one that you no longer use.")
    credential = webauthn.read_new(use.site, use.state, use.answer)
    digest = sha256_hex(credential)
    if Passkey.objects.filter(credential_digest=digest).exists():
        raise InputError("This passkey is known already.", code="passkey-refused")
    first = not by.passkeys.exists()
    Passkey.objects.create(
        identifier=office().identifiers.new(),
        officer=by,
        name=name.strip()[:100] or "Passkey",
        credential=credential,
        credential_digest=digest,
        created_at=office().clock.now(),
    )
    log(by, "passkey-added", by)
    return _new_codes(by) if first else ()


def prove_passkey(*, officer: Officer, use: FactorUse) -> None:
    """Let pass an officer whose passkey answered. A counter that went back is a copied device: refused, and logged.

    Raises:
        InputError: no passkey of theirs answered, or too many attempts failed.
    """
    require_few_failures(officer.sign_in_name)
    try:
        _prove(officer, use)
    except InputError:
        note_failure(officer.sign_in_name, officer)
        raise


@transaction.atomic
def _prove(officer: Officer, use: FactorUse) -> None:
    keys = {bytes(each.credential): each for each in officer.passkeys.select_for_update()}
    proven, uses = webauthn.read_proof(use.site, use.state, tuple(keys), use.answer)
    passkey = keys[proven]
    if passkey.uses and uses <= passkey.uses:
        raise InputError("This passkey has been copied: tell your administrator, and use another.", code="copied")
    passkey.uses, passkey.used_at = uses, office().clock.now()
    passkey.save(update_fields=["uses", "used_at"])


def spend_recovery_code(*, officer: Officer, code: str) -> None:
    """Let pass an officer who has a recovery code; it is good once.

    Raises:
        InputError: it is not theirs, or spent, or too many attempts failed.
    """
    require_few_failures(officer.sign_in_name)
    digest = _digest(officer, code)
    spent = RecoveryCode.objects.filter(digest=digest, officer=officer, used_at=None).update(
        used_at=office().clock.now()
    )
    if not spent:
        note_failure(officer.sign_in_name, officer)
        raise InputError("This recovery code is not good, or it was used before.", code="refused")


@transaction.atomic
def renew_recovery_codes(*, by: Officer) -> tuple[str, ...]:
    """Ten new codes, to be written down now; the old ones are worthless."""
    log(by, "recovery-codes-renewed", by)
    return _new_codes(by)


@transaction.atomic
def remove_passkey(*, by: Officer, identifier: str) -> None:
    """Forget one of the officer's passkeys.

    Raises:
        InputError: it is the last one; somebody without a second factor could no longer sign in.
    """
    keys = list(by.passkeys.select_for_update())
    if not any(each.identifier == identifier for each in keys):
        return
    if len(keys) == 1:
        raise InputError("This is your only passkey: add another before you remove it.")
    Passkey.objects.filter(officer=by, identifier=identifier).delete()
    log(by, "passkey-removed", by)


@transaction.atomic
def reset_second_factor(*, by: Officer, officer: Officer) -> None:
    """Forget an officer's passkeys and codes, who has lost them all; at the next sign-in they make new ones.

    The officer is signed out everywhere.

    Raises:
        PermissionRefusedError: `by` is no administrator.
        InputError: it is their own; another administrator does that.
    """
    require_role(by, Role.ADMINISTRATOR)
    if by.pk == officer.pk:
        raise InputError("You cannot reset your own second factor: another administrator can.")
    officer.passkeys.all().delete()
    officer.recovery_codes.all().delete()
    close_visits(officer)
    log(by, "second-factor-reset", officer)


def _new_codes(officer: Officer) -> tuple[str, ...]:
    codes = tuple(office().identifiers.new()[:_CODE_LENGTH] for _ in range(RECOVERY_CODES))
    officer.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(digest=_digest(officer, code), officer=officer) for code in codes)
    return tuple("-".join(code[start : start + 4] for start in range(0, _CODE_LENGTH, 4)) for code in codes)


def _digest(officer: Officer, code: str) -> str:
    letters = "".join(each for each in code.casefold() if each.isalnum())
    return sha256_hex(f"{officer.identifier}:{letters}".encode())

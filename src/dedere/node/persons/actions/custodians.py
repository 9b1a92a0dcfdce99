"""Custodians and their keys. The secret half is with the custodian; this office sees it for the moment of one use.

A key is made in memory and handed out as a file under the custodian's own passphrase (age); or it was made elsewhere
(`age-keygen -pq`) and only its public half is told. It counts from when another custodian compared the fingerprint.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction

from dedere.base.errors import DedereError, InputError
from dedere.casework.acts import Role
from dedere.crypto.age import (
    HybridIdentity,
    HybridRecipient,
    is_armored,
    parse_recipient,
    read_identities,
    write_identities,
)
from dedere.crypto.errors import KeyTextError
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons.models import CustodianKey
from dedere.node.persons.refusals import LoggedRefusalError

LEAST_PASSPHRASE = 16
LARGEST_KEY_FILE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Unlocking:
    """What a custodian brings to open a seal: their key file as it is, and its passphrase. Never kept, never logged."""

    key_file: bytes
    passphrase: str

    def __repr__(self) -> str:
        return "Unlocking(…)"


def make_key(*, by: Officer, passphrase: str) -> bytes:
    """A new key for this custodian: the file, wrapped under the passphrase, to be kept outside this office's machines.

    Raises:
        InputError: the passphrase is too short, or the custodian has a key in use.
    """
    require_role(by, Role.CUSTODIAN)
    if len(passphrase.strip()) < LEAST_PASSPHRASE:
        raise InputError(f"A passphrase for a custodian's key has at least {LEAST_PASSPHRASE} characters.")
    identity = HybridIdentity.generate(office().identifiers)
    content = write_identities([identity], chance=office().identifiers, passphrase=passphrase)
    register_key(by=by, recipient=identity.recipient.encode())
    return content


@transaction.atomic
def register_key(*, by: Officer, recipient: str) -> CustodianKey:
    """Note the public half of the custodian's own key. It is used only after another custodian confirmed it.

    Raises:
        InputError: it is no post-quantum recipient, is known already, or the custodian has a key in use.
    """
    require_role(by, Role.CUSTODIAN)
    try:
        parsed = parse_recipient(recipient.strip())
    except KeyTextError as error:
        raise InputError("This is not the public half of an age key.") from error
    if not isinstance(parsed, HybridRecipient):
        raise InputError("A custodian's key begins with age1pq1: make one with `age-keygen -pq`.")
    if CustodianKey.objects.filter(officer=by, retired_at=None).exists():
        raise InputError("You have a key in use: retire it first.")
    digest = key_digest(parsed.encode())
    if CustodianKey.objects.filter(pk=digest).exists():
        raise InputError("This key was registered before.")
    key = CustodianKey.objects.create(
        pk=digest, officer=by, recipient=parsed.encode(), registered_at=office().clock.now()
    )
    _log(by, "custodian-key-registered", key)
    return key


@transaction.atomic
def confirm_key(*, by: Officer, digest: str, fingerprint: str) -> None:
    """Another custodian compared the fingerprint with the key's holder, by voice or in person.

    Raises:
        UnknownObjectError: no such key waits for it.
        InputError: the fingerprint is another one, or the key is one's own.
    """
    require_role(by, Role.CUSTODIAN)
    key = CustodianKey.objects.filter(pk=digest, confirmed_at=None, retired_at=None).first()
    if key is None:
        raise UnknownObjectError
    if key.officer_id == by.pk:
        raise InputError("Another custodian confirms your key.")
    if "".join(filter(str.isdigit, fingerprint)) != fingerprint_of(key.pk).replace(" ", ""):
        raise InputError("This is not the fingerprint of the key: ask the custodian to read theirs out again.")
    key.confirmed_by = by
    key.confirmed_at = office().clock.now()
    key.save()
    _log(by, "custodian-key-confirmed", key)


@transaction.atomic
def retire_key(*, by: Officer, digest: str) -> None:
    """A key is lost, or its custodian goes: nothing new is sealed to it. What it opened is re-sealed by another."""
    require_role(by, Role.CUSTODIAN)
    key = CustodianKey.objects.filter(pk=digest, retired_at=None).first()
    if key is None:
        raise UnknownObjectError
    key.retired_at = office().clock.now()
    key.save()
    _log(by, "custodian-key-retired", key)


def unlock(*, by: Officer, with_: Unlocking) -> HybridIdentity:
    """The custodian's key, in memory.

    Raises:
        InputError: the file or the passphrase is wrong, or it is not this custodian's confirmed key. Which of them is
            said, since whoever asks has signed in as that custodian.
    """
    require_role(by, Role.CUSTODIAN)
    try:
        return _unlock(by, with_)
    except DedereError as error:
        failed = Happening(actor=by.identifier, action="custodian-unlock-failed", subject=by.identifier)
        raise LoggedRefusalError(error.sentence, failed) from error


def _unlock(by: Officer, with_: Unlocking) -> HybridIdentity:
    if len(with_.key_file) > LARGEST_KEY_FILE or not is_armored(with_.key_file):
        raise InputError("This is not a custodian's key file under a passphrase.")
    identities = read_identities(with_.key_file, passphrase=with_.passphrase or None)
    keys = {key.pk for key in CustodianKey.objects.filter(officer=by).exclude(confirmed_at=None)}
    for identity in identities:
        if isinstance(identity, HybridIdentity) and key_digest(identity.recipient.encode()) in keys:
            return identity
    raise InputError("This is not the key that you registered, or no other custodian has confirmed it yet.")


def keys_in_use() -> list[CustodianKey]:
    """The keys that may be sealed to, oldest first."""
    found = CustodianKey.objects.filter(retired_at=None, officer__is_active=True).exclude(confirmed_at=None)
    return [key for key in found.select_related("officer") if key.officer.holds(Role.CUSTODIAN)]


def recipients_in_use() -> tuple[str, ...]:
    """Their public halves: what the authority's card names."""
    return tuple(key.recipient for key in keys_in_use())


def key_digest(recipient: str) -> str:
    """The name of a key: SHA-256 of its public half as text."""
    return hashlib.sha256(recipient.encode("ascii")).hexdigest()


def fingerprint_of(digest: str) -> str:
    """Six groups of five digits that two people compare by voice."""
    number = hashlib.sha256(b"dedere-custodian-fingerprint/1:" + digest.encode("ascii")).digest()
    digits = str(int.from_bytes(number, "big"))[-30:].rjust(30, "0")
    return " ".join(digits[start : start + 5] for start in range(0, 30, 5))


def _log(by: Officer, action: str, key: CustodianKey) -> None:
    details = {"officer": key.officer.identifier}
    record(Happening(actor=by.identifier, action=action, subject=key.pk, details=details))

"""Identity files, as age-keygen writes them: one identity a line; under a passphrase, sealed and armored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.crypto.age.armor import armor, dearmor, is_armored
from dedere.crypto.age.passphrase import WORK_FACTOR, PassphraseIdentity, PassphraseRecipient
from dedere.crypto.age.recipients import HybridIdentity, X25519Identity, parse_identity
from dedere.crypto.age.sealing import open_sealed, seal
from dedere.crypto.errors import KeyTextError, NoMatchingIdentityError, SealError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.base.identifiers import Identifiers


def write_identities(
    identities: Iterable[X25519Identity | HybridIdentity],
    *,
    chance: Identifiers,
    passphrase: str | None = None,
    work_factor: int = WORK_FACTOR,
) -> bytes:
    """The content of an identity file, in the order given; with a `passphrase` wrapped under it."""
    lines = "".join(f"# recipient: {each.recipient.encode()}\n{each.encode()}\n" for each in identities)
    plain = lines.encode("ascii")
    if passphrase is None:
        return plain
    return armor(seal(plain, [PassphraseRecipient(passphrase, work_factor)], chance=chance))


def read_identities(content: bytes, *, passphrase: str | None = None) -> tuple[X25519Identity | HybridIdentity, ...]:
    """The identities in an identity file, in its order; lines that begin with # say nothing.

    Raises:
        KeyTextError: there is none, one cannot be read, or the passphrase is missing or wrong.
    """
    if is_armored(content):
        content = _unwrap(content, passphrase)
    try:
        lines = [line.strip() for line in content.decode("ascii").splitlines()]
    except UnicodeDecodeError as error:
        raise KeyTextError("The identity file is damaged.") from error
    found = tuple(parse_identity(line) for line in lines if line and not line.startswith("#"))
    if not found:
        raise KeyTextError("The identity file holds no identity.")
    return found


def _unwrap(content: bytes, passphrase: str | None) -> bytes:
    if passphrase is None:
        raise KeyTextError("The identity file is wrapped under a passphrase, and none was given.")
    try:
        return open_sealed(dearmor(content), [PassphraseIdentity(passphrase)])
    except NoMatchingIdentityError as error:
        raise KeyTextError("The passphrase of the identity file is wrong.") from error
    except SealError as error:
        raise KeyTextError("The identity file is damaged.") from error

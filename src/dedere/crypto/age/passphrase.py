"""Passphrase recipients (age v1, "The scrypt recipient type"): how keys are wrapped for rest.

A passphrase seals alone: no other recipient may stand beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from dedere.base.errors import InputError
from dedere.crypto.age.header import Stanza, decode_base64, encode_base64
from dedere.crypto.errors import SealHeaderError

if TYPE_CHECKING:
    from dedere.base.identifiers import Identifiers

WORK_FACTOR = 17
"""Logarithm of the work by default: about 0.4 s and 128 MiB, once, when a node starts."""

MAXIMUM_WORK_FACTOR = 20
"""More is refused: the file would decide how much memory we spend (1 GiB at 20)."""

_SALT_LENGTH = 16
_WRAPPED_LENGTH = 32
_LABEL = b"age-encryption.org/v1/scrypt"
_DECIMAL = re.compile(r"[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class PassphraseRecipient:
    """Whoever knows the passphrase."""

    _passphrase: str = field(repr=False)
    work_factor: int = WORK_FACTOR

    def __post_init__(self) -> None:
        if not self._passphrase:
            raise InputError("A passphrase cannot be empty.")

    @property
    def family(self) -> str:
        """Passphrase."""
        return "passphrase"

    def wrap(self, file_key: bytes, *, chance: Identifiers) -> Stanza:
        """`file_key` wrapped under a key stretched from the passphrase with a fresh salt."""
        salt = chance.random_bytes(_SALT_LENGTH)
        key = _stretch(self._passphrase, salt=salt, work_factor=self.work_factor)
        body = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)
        return Stanza("scrypt", (encode_base64(salt), str(self.work_factor)), body)


@dataclass(frozen=True, slots=True)
class PassphraseIdentity:
    """The passphrase as what opens."""

    _passphrase: str = field(repr=False)
    maximum_work_factor: int = MAXIMUM_WORK_FACTOR

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None if the passphrase is another one.

        Raises:
            SealHeaderError: malformed, or more work than allowed.
        """
        if stanza.kind != "scrypt":
            return None
        if len(stanza.arguments) != 2:  # noqa: PLR2004 - salt and work factor
            raise SealHeaderError("A passphrase recipient has exactly two values in the header.")
        salt = decode_base64(stanza.arguments[0], length=_SALT_LENGTH)
        if not _DECIMAL.fullmatch(stanza.arguments[1]):
            raise SealHeaderError("The work factor of the passphrase is not a plain number.")
        work_factor = int(stanza.arguments[1])
        if work_factor > self.maximum_work_factor:
            raise SealHeaderError(
                f"The passphrase's work factor is {work_factor}; {self.maximum_work_factor} is allowed."
            )
        if len(stanza.body) != _WRAPPED_LENGTH:
            raise SealHeaderError("The header of the sealed data wraps a key of the wrong length.")
        key = _stretch(self._passphrase, salt=salt, work_factor=work_factor)
        try:
            return ChaCha20Poly1305(key).decrypt(bytes(12), stanza.body, None)
        except InvalidTag:
            return None


def _stretch(passphrase: str, *, salt: bytes, work_factor: int) -> bytes:
    return Scrypt(salt=_LABEL + salt, length=32, n=1 << work_factor, r=8, p=1).derive(passphrase.encode("utf-8"))

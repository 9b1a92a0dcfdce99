"""A keyed index that is blind: it finds what it is asked for and tells, without its key, nothing of what it holds.

Each key word becomes a keyed digest (HMAC-SHA-256, 128 bits); what belongs to it is closed with ChaCha20-Poly1305 under
another key from the same secret, bound to the digest it stands beside. Whoever has the index *and* the secret can try
words one by one; nobody can list them. Where the secret may lie is for `dedere.node.persons` to say.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from dedere.base.errors import InputError
from dedere.crypto.errors import SealPayloadError

if TYPE_CHECKING:
    from dedere.base.identifiers import Identifiers

SECRET_LENGTH = 32
DIGEST_LENGTH = 16
_NONCE = 12
_PAD = 64


class BlindIndex:
    """Digests of words, and small records closed beside them."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET_LENGTH:
            raise InputError(f"The secret of a blind index has {SECRET_LENGTH} bytes.")
        self._digests = hmac.digest(secret, b"dedere-blind-index/1 digests", "sha256")
        self._records = ChaCha20Poly1305(hmac.digest(secret, b"dedere-blind-index/1 records", "sha256"))

    def digest(self, kind: str, word: str) -> bytes:
        """What stands in the index for `word`; words of different kinds never meet."""
        named = kind.encode("utf-8") + b"\0" + word.encode("utf-8")
        return hmac.digest(self._digests, named, "sha256")[:DIGEST_LENGTH]

    def close(self, record: bytes, *, beside: bytes, chance: Identifiers) -> bytes:
        """`record`, padded to a multiple of 64 bytes and closed, to stand beside the digest `beside`."""
        nonce = chance.random_bytes(_NONCE)
        padded = len(record).to_bytes(4, "big") + record
        padded += bytes(-len(padded) % _PAD)
        return nonce + self._records.encrypt(nonce, padded, beside)

    def open(self, closed: bytes, *, beside: bytes) -> bytes:
        """The record that was closed beside `beside`.

        Raises:
            SealPayloadError: it was changed, moved to another place, or closed under another secret.
        """
        try:
            padded = self._records.decrypt(closed[:_NONCE], closed[_NONCE:], beside)
        except (InvalidTag, ValueError) as error:
            raise SealPayloadError("A record of the blind index was changed, or belongs to another secret.") from error
        return padded[4 : 4 + int.from_bytes(padded[:4], "big")]

"""Public-key recipients: X25519, and the post-quantum hybrid of ML-KEM-768 and X25519 (age v1, native recipients).

A recipient wraps the 16-byte file key into a stanza; the identity that belongs to it unwraps it.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from dedere.crypto.age.bech32 import decode_bech32, encode_bech32
from dedere.crypto.age.header import Stanza, decode_base64, derive_key, encode_base64
from dedere.crypto.errors import KeyTextError, SealHeaderError

if TYPE_CHECKING:
    from dedere.base.identifiers import Identifiers

FILE_KEY_LENGTH = 16
_WRAPPED_LENGTH = FILE_KEY_LENGTH + 16
_X25519_LENGTH = 32
_MLKEM_CIPHERTEXT_LENGTH = 1088
_MLKEM_PUBLIC_LENGTH = 1184
_MLKEM_SEED_LENGTH = 64
_ZERO_NONCE = bytes(12)
_X25519_INFO = b"age-encryption.org/v1/X25519"
_HYBRID_INFO = b"age-encryption.org/mlkem768x25519"


class Recipient(Protocol):
    """Whom data is sealed to."""

    @property
    def family(self) -> str:
        """Recipients of one header share their family, so that the weakest does not decide for all."""
        ...

    def wrap(self, file_key: bytes, *, chance: Identifiers) -> Stanza:
        """`file_key` wrapped so that only this recipient's identity unwraps it."""
        ...


class Identity(Protocol):
    """What opens data sealed to its recipient."""

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None if the stanza is not for this identity.

        Raises:
            SealHeaderError: the stanza is of this identity's type and malformed.
        """
        ...


@dataclass(frozen=True, slots=True)
class X25519Recipient:
    """A classical recipient, `age1…`: for cards that offer no hybrid key."""

    public: bytes

    @property
    def family(self) -> str:
        """Classical."""
        return "classical"

    def encode(self) -> str:
        """The recipient as text."""
        return encode_bech32("age", self.public)

    def wrap(self, file_key: bytes, *, chance: Identifiers) -> Stanza:
        """`file_key` wrapped with a fresh ephemeral share."""
        ephemeral = X25519PrivateKey.from_private_bytes(chance.random_bytes(_X25519_LENGTH))
        share = ephemeral.public_key().public_bytes_raw()
        shared = _exchange(ephemeral, self.public)
        key = derive_key(shared, salt=share + self.public, info=_X25519_INFO)
        return Stanza("X25519", (encode_base64(share),), ChaCha20Poly1305(key).encrypt(_ZERO_NONCE, file_key, None))


@dataclass(frozen=True, slots=True)
class X25519Identity:
    """The secret of a classical recipient, `AGE-SECRET-KEY-1…`."""

    _secret: bytes = field(repr=False)

    @classmethod
    def generate(cls, ids: Identifiers) -> X25519Identity:
        """A fresh identity."""
        return cls(ids.random_bytes(_X25519_LENGTH))

    @property
    def recipient(self) -> X25519Recipient:
        """The recipient that belongs to it."""
        return X25519Recipient(self._private().public_key().public_bytes_raw())

    def encode(self) -> str:
        """The identity as text, upper case: a secret."""
        return encode_bech32("age-secret-key-", self._secret).upper()

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None if the stanza is for somebody else."""
        if stanza.kind != "X25519":
            return None
        share = _share_of(stanza, length=_X25519_LENGTH)
        shared = _exchange(self._private(), share)
        key = derive_key(shared, salt=share + self.recipient.public, info=_X25519_INFO)
        try:
            return ChaCha20Poly1305(key).decrypt(_ZERO_NONCE, stanza.body, None)
        except InvalidTag:
            return None

    def _private(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self._secret)


@dataclass(frozen=True, slots=True)
class HybridRecipient:
    """A post-quantum recipient, `age1pq1…` (`mlkem768x25519`)."""

    public: bytes

    @property
    def family(self) -> str:
        """Post-quantum."""
        return "hybrid"

    def encode(self) -> str:
        """The recipient as text, about two thousand characters."""
        return _written(self.public)

    def wrap(self, file_key: bytes, *, chance: Identifiers) -> Stanza:  # noqa: ARG002 - the port's signature
        """`file_key` sealed with HPKE, whose encapsulation draws on the operating system and not on `chance`."""
        sealed = _suite().encrypt(file_key, _hybrid_public(self.public), _HYBRID_INFO)
        split = len(sealed) - _WRAPPED_LENGTH
        return Stanza("mlkem768x25519", (encode_base64(sealed[:split]),), sealed[split:])


@dataclass(frozen=True, slots=True)
class HybridIdentity:
    """The secret of a post-quantum recipient, `AGE-SECRET-KEY-PQ-1…`: a seed of 32 bytes."""

    _seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, ids: Identifiers) -> HybridIdentity:
        """A fresh identity."""
        return cls(ids.random_bytes(_X25519_LENGTH))

    @property
    def recipient(self) -> HybridRecipient:
        """The recipient that belongs to it."""
        mlkem, x25519 = _hybrid_private(self._seed)
        return HybridRecipient(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())

    def encode(self) -> str:
        """The identity as text, upper case: a secret."""
        return encode_bech32("age-secret-key-pq-", self._seed).upper()

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None if the stanza is for somebody else."""
        if stanza.kind != "mlkem768x25519":
            return None
        encapsulated = _share_of(stanza, length=_MLKEM_CIPHERTEXT_LENGTH + _X25519_LENGTH)
        mlkem, x25519 = _hybrid_private(self._seed)
        _exchange(
            x25519, encapsulated[_MLKEM_CIPHERTEXT_LENGTH:]
        )  # HPKE would not tell a low-order share from no match
        try:
            return _suite().decrypt(
                encapsulated + stanza.body, hpke.MLKEM768X25519PrivateKey(mlkem, x25519), _HYBRID_INFO
            )
        except InvalidTag:
            return None


def parse_identity(text: str) -> X25519Identity | HybridIdentity:
    """The identity written as `text`.

    Raises:
        KeyTextError: it is not an identity of a known type.
    """
    prefix, data = decode_bech32(text)
    if text != text.upper() or len(data) != _X25519_LENGTH:
        raise KeyTextError("An identity is written in capitals and starts with AGE-SECRET-KEY-.")
    match prefix:
        case "age-secret-key-":
            return X25519Identity(data)
        case "age-secret-key-pq-":
            return HybridIdentity(data)
        case _:
            raise KeyTextError("An identity is written in capitals and starts with AGE-SECRET-KEY-.")


@functools.lru_cache(maxsize=1024)
def _written(public: bytes) -> str:
    """A hybrid recipient as text: two thousand characters, each with a part in the checksum."""
    return encode_bech32("age1pq", public)


@functools.lru_cache(maxsize=1024)
def parse_recipient(text: str) -> X25519Recipient | HybridRecipient:
    """The recipient written as `text`.

    Raises:
        KeyTextError: it is not a recipient of a known type, or its key cannot be one.
    """
    prefix, data = decode_bech32(text)
    if text != text.lower():
        raise KeyTextError("A recipient is written in lower case and starts with age1.")
    match prefix, len(data):
        case "age", 32:
            return X25519Recipient(data)
        case "age1pq", 1216:
            _hybrid_public(data)
            return HybridRecipient(data)
        case _:
            raise KeyTextError("A recipient is written in lower case and starts with age1.")


def _share_of(stanza: Stanza, *, length: int) -> bytes:
    if len(stanza.arguments) != 1:
        raise SealHeaderError(f"A recipient of type {stanza.kind} has exactly one value in the header.")
    share = decode_base64(stanza.arguments[0], length=length)
    if len(stanza.body) != _WRAPPED_LENGTH:
        raise SealHeaderError("The header of the sealed data wraps a key of the wrong length.")
    return share


def _exchange(private: X25519PrivateKey, public: bytes) -> bytes:
    try:
        return private.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as error:
        raise SealHeaderError("The header of the sealed data holds a point that hides nothing.") from error


def _suite() -> hpke.Suite:
    return hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def _hybrid_private(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    expanded = hashlib.shake_256(seed).digest(_MLKEM_SEED_LENGTH + _X25519_LENGTH)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_LENGTH]),
        X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_LENGTH:]),
    )


def _hybrid_public(public: bytes) -> hpke.MLKEM768X25519PublicKey:
    try:
        return hpke.MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_LENGTH]),
            X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC_LENGTH:]),
        )
    except ValueError as error:
        raise KeyTextError("The recipient's post-quantum key is not one.") from error

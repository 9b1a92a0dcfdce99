"""Signers: what holds a private key and signs with it, whether in a file or in a device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from dedere.crypto.errors import KeyTextError, SignatureError, SubIndication
from dedere.crypto.keys.algorithms import SigningAlgorithm, algorithm_for, sign_with, verify_with
from dedere.crypto.keys.certificates import parse_certificate
from dedere.crypto.keys.private import PrivateKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography import x509

_P256_HALF = 32


class SigningKey(Protocol):
    """Signs. Whether the key lies in a file or in a device is nobody's business above."""

    @property
    def certificate_chain(self) -> tuple[bytes, ...]:
        """The certificate of the key and those above it, DER."""
        ...

    @property
    def algorithm(self) -> SigningAlgorithm:
        """What it signs with."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`, which is hashed here; ECDSA in its DER form."""
        ...


class FileSigner:
    """A signer whose key is in memory."""

    def __init__(self, key: PrivateKey, chain: Sequence[bytes]) -> None:
        """`chain`: certificates in PEM or DER, the key's own first.

        Raises:
            KeyTextError: no certificate, or the first is for another key.
        """
        certificates = [parse_certificate(certificate) for certificate in chain]
        require_same_key(key.public_key(), certificates)
        self._key = key
        self._algorithm = algorithm_for(key.public_key())
        self._chain = tuple(each.public_bytes(serialization.Encoding.DER) for each in certificates)

    @property
    def certificate_chain(self) -> tuple[bytes, ...]:
        """The certificate of the key and those above it, DER."""
        return self._chain

    @property
    def algorithm(self) -> SigningAlgorithm:
        """What it signs with."""
        return self._algorithm

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`."""
        return sign_with(self._key, message, algorithm=self._algorithm)


def verify_message(certificate: bytes | str, message: bytes, *, signature: bytes) -> None:
    """Return only if `signature` over `message` was made by the key of `certificate` (PEM or DER).

    Says nothing about trust in the certificate or its validity. For HTTP message signatures, where ECDSA
    signatures have the raw form, convert with `ecdsa_der` first.

    Raises:
        SignatureError: it was not.
    """
    public = parse_certificate(certificate).public_key()
    verify_with(public, message, signature=signature, algorithm=algorithm_for(public))


def ecdsa_raw(signature: bytes) -> bytes:
    """A DER signature on P-256 as 64 bytes, r and s (RFC 9421, `ecdsa-p256-sha256`)."""
    r, s = decode_dss_signature(signature)
    return r.to_bytes(_P256_HALF, "big") + s.to_bytes(_P256_HALF, "big")


def ecdsa_der(raw: bytes) -> bytes:
    """64 bytes, r and s, as a DER signature.

    Raises:
        SignatureError: another length.
    """
    if len(raw) != 2 * _P256_HALF:
        raise SignatureError("An ECDSA signature on P-256 has 64 bytes.", sub_indication=SubIndication.FORMAT_FAILURE)
    return encode_dss_signature(int.from_bytes(raw[:_P256_HALF], "big"), int.from_bytes(raw[_P256_HALF:], "big"))


def require_same_key(public: object, certificates: Sequence[x509.Certificate]) -> None:
    """Return only if the first of `certificates` is for `public`.

    Raises:
        KeyTextError: there is none, or it is for another key.
    """
    if not certificates:
        raise KeyTextError("A signing key needs its certificate.")
    if certificates[0].public_key() != public:
        raise KeyTextError("The certificate beside the signing key belongs to another key.")

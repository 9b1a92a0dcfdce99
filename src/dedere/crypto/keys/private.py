"""Private keys: make, write and read them (PKCS#8), with or without a passphrase."""

from __future__ import annotations

from typing import TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    SECP521R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from dedere.crypto.errors import KeyTextError

PrivateKey: TypeAlias = EllipticCurvePrivateKey | RSAPrivateKey | MLDSA65PrivateKey
"""The kinds of key that may sign."""

MINIMUM_RSA_BITS = 3072
CURVES = (SECP256R1, SECP384R1, SECP521R1)


def generate_signing_key() -> EllipticCurvePrivateKey:
    """A fresh ECDSA key on P-256, from the operating system's chance."""
    return generate_private_key(SECP256R1())


def generate_second_signing_key() -> MLDSA65PrivateKey:
    """A fresh ML-DSA-65 key for the optional second, post-quantum signature."""
    return MLDSA65PrivateKey.generate()


def encode_private_key(key: PrivateKey, *, passphrase: str | None = None) -> bytes:
    """`key` as PKCS#8 in PEM, encrypted under `passphrase` if there is one."""
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        protection = serialization.BestAvailableEncryption(passphrase.encode("utf-8"))
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)


def load_private_key(pem: bytes, *, passphrase: str | None = None) -> PrivateKey:
    """The key in `pem`.

    Raises:
        KeyTextError: no key, a wrong or missing passphrase, or a kind of key that may not sign.
    """
    password = None if passphrase is None else passphrase.encode("utf-8")
    try:
        key = serialization.load_pem_private_key(pem, password)
    except TypeError as error:
        raise KeyTextError("The key file and the passphrase do not go together: one of the two is missing.") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyTextError("The key file cannot be read: it is damaged or the passphrase is wrong.") from error
    match key:
        case EllipticCurvePrivateKey(curve=curve) if isinstance(curve, CURVES):
            return key
        case RSAPrivateKey(key_size=bits) if bits >= MINIMUM_RSA_BITS:
            return key
        case MLDSA65PrivateKey():
            return key
        case _:
            kinds = f"ECDSA on P-256, P-384 or P-521, RSA of {MINIMUM_RSA_BITS} bits or more, or ML-DSA-65"
            raise KeyTextError(f"A signing key is {kinds}.")

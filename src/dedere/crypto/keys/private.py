"""Private keys: make, write and read them (PKCS#8), with or without a passphrase."""

from __future__ import annotations

import base64
import textwrap
from typing import TYPE_CHECKING, TypeAlias

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
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7

from dedere.base.errors import InputError
from dedere.crypto import der
from dedere.crypto.errors import KeyTextError

if TYPE_CHECKING:
    from dedere.base.identifiers import Identifiers

PrivateKey: TypeAlias = EllipticCurvePrivateKey | RSAPrivateKey | MLDSA65PrivateKey
"""The kinds of key that may sign."""

MINIMUM_RSA_BITS = 3072
_PBES2 = "1.2.840.113549.1.5.13"
_SCRYPT = "1.3.6.1.4.1.11591.4.11"
_AES_256_CBC = "2.16.840.1.101.3.4.1.42"
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 1 << 14, 8, 8
CURVES = (SECP256R1, SECP384R1, SECP521R1)


def generate_signing_key() -> EllipticCurvePrivateKey:
    """A fresh ECDSA key on P-256, from the operating system's chance."""
    return generate_private_key(SECP256R1())


def generate_second_signing_key() -> MLDSA65PrivateKey:
    """A fresh ML-DSA-65 key for the optional second, post-quantum signature."""
    return MLDSA65PrivateKey.generate()


def encode_private_key(key: PrivateKey) -> bytes:
    """`key` as PKCS#8 in PEM, in clear."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def wrap_private_key(key: PrivateKey, passphrase: str, *, chance: Identifiers) -> bytes:
    """`key` as PKCS#8 in PEM under `passphrase` (PBES2 with scrypt and AES-256-CBC; RFC 7914, section 7).

    The library's own form stretches a passphrase 2,048 times only; this one costs about 0.3 s and 16 MiB a guess,
    which is as much memory as `openssl pkcs8` allows.

    Raises:
        InputError: an empty passphrase.
    """
    if not passphrase:
        raise InputError("A passphrase cannot be empty.")
    salt, vector = chance.random_bytes(16), chance.random_bytes(16)
    secret = Scrypt(salt=salt, length=32, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P).derive(passphrase.encode("utf-8"))
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    padder, encryptor = PKCS7(128).padder(), Cipher(AES(secret), CBC(vector)).encryptor()
    padded = padder.update(plain) + padder.finalize()
    costs = (der.integer(_SCRYPT_N), der.integer(_SCRYPT_R), der.integer(_SCRYPT_P))
    derivation = der.algorithm(_SCRYPT, der.sequence(der.octets(salt), *costs))
    scheme = der.algorithm(_PBES2, der.sequence(derivation, der.algorithm(_AES_256_CBC, der.octets(vector))))
    wrapped = der.sequence(scheme, der.octets(encryptor.update(padded) + encryptor.finalize()))
    lines = "\n".join(textwrap.wrap(base64.b64encode(wrapped).decode("ascii"), 64))
    label = "ENCRYPTED PRIVATE KEY"
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode("ascii")


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

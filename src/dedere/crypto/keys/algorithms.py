"""The signature algorithms we make and accept; everything not named here is refused.

Sources: ETSI TS 119 312 (agreed cryptographic suites), RFC 5754 (SHA-2 in CMS), RFC 9882 (ML-DSA in CMS).
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, TypeAlias, assert_never

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from dedere.crypto.errors import SignatureError, SubIndication
from dedere.crypto.keys.private import CURVES, MINIMUM_RSA_BITS, PrivateKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

PublicKey: TypeAlias = EllipticCurvePublicKey | RSAPublicKey | MLDSA65PublicKey
"""The kinds of key whose signatures are accepted."""


class SigningAlgorithm(enum.StrEnum):
    """An accepted signature algorithm together with its digest."""

    ECDSA_SHA256 = "ecdsa-sha256"
    ECDSA_SHA384 = "ecdsa-sha384"
    ECDSA_SHA512 = "ecdsa-sha512"
    RSA_PSS_SHA256 = "rsa-pss-sha256"
    RSA_PSS_SHA384 = "rsa-pss-sha384"
    RSA_PSS_SHA512 = "rsa-pss-sha512"
    RSA_SHA256 = "rsa-sha256"
    RSA_SHA384 = "rsa-sha384"
    RSA_SHA512 = "rsa-sha512"
    ML_DSA_65 = "ml-dsa-65"

    @property
    def digest(self) -> str:
        """The digest that goes with it, as hashlib names it. ML-DSA hashes itself; its attributes use SHA-512."""
        return "sha512" if self is SigningAlgorithm.ML_DSA_65 else self.rsplit("-", 1)[1]

    @property
    def hash(self) -> HashAlgorithm:
        """The same digest as a hash object."""
        return _HASHES[self.digest]


_HASHES: dict[str, HashAlgorithm] = {"sha256": SHA256(), "sha384": SHA384(), "sha512": SHA512()}
_PSS = frozenset(
    {SigningAlgorithm.RSA_PSS_SHA256, SigningAlgorithm.RSA_PSS_SHA384, SigningAlgorithm.RSA_PSS_SHA512},
)
_PKCS1 = frozenset({SigningAlgorithm.RSA_SHA256, SigningAlgorithm.RSA_SHA384, SigningAlgorithm.RSA_SHA512})
_ECDSA = frozenset(
    {SigningAlgorithm.ECDSA_SHA256, SigningAlgorithm.ECDSA_SHA384, SigningAlgorithm.ECDSA_SHA512},
)


def algorithm_for(public: CertificatePublicKeyTypes) -> SigningAlgorithm:
    """The algorithm we sign with under a key of this kind and size.

    Raises:
        SignatureError: a kind or size of key that is not accepted.
    """
    match require_strong(public):
        case EllipticCurvePublicKey(key_size=256):
            return SigningAlgorithm.ECDSA_SHA256
        case EllipticCurvePublicKey(key_size=384):
            return SigningAlgorithm.ECDSA_SHA384
        case EllipticCurvePublicKey():
            return SigningAlgorithm.ECDSA_SHA512
        case RSAPublicKey():
            return SigningAlgorithm.RSA_PSS_SHA256
        case MLDSA65PublicKey():
            return SigningAlgorithm.ML_DSA_65
        case other:
            assert_never(other)


def require_strong(public: CertificatePublicKeyTypes) -> PublicKey:
    """`public` if its kind and size are accepted.

    Raises:
        SignatureError: they are not (CRYPTO_CONSTRAINTS_FAILURE).
    """
    match public:
        case EllipticCurvePublicKey(curve=curve) if isinstance(curve, CURVES):
            return public
        case RSAPublicKey(key_size=bits) if bits >= MINIMUM_RSA_BITS:
            return public
        case MLDSA65PublicKey():
            return public
        case _:
            raise SignatureError(
                "The signer's key is of a kind or size that is not accepted.",
                sub_indication=SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
                code="algorithm-refused",
            )


def sign_with(key: PrivateKey, message: bytes, *, algorithm: SigningAlgorithm) -> bytes:
    """The signature over `message` (hashed here); ECDSA in its DER form."""
    match key:
        case EllipticCurvePrivateKey():
            return key.sign(message, ECDSA(algorithm.hash))
        case RSAPrivateKey():
            return key.sign(message, PSS(MGF1(algorithm.hash), algorithm.hash.digest_size), algorithm.hash)
        case MLDSA65PrivateKey():
            return key.sign(message)
        case other:
            assert_never(other)


def verify_with(
    public: CertificatePublicKeyTypes, message: bytes, *, signature: bytes, algorithm: SigningAlgorithm
) -> None:
    """Return only if `signature` over `message` was made with the private half of `public`.

    Raises:
        SignatureError: it was not (SIG_CRYPTO_FAILURE), or key and algorithm are not accepted together
            (CRYPTO_CONSTRAINTS_FAILURE).
    """
    try:
        match require_strong(public):
            case EllipticCurvePublicKey() as curve_key if algorithm in _ECDSA:
                curve_key.verify(signature, message, ECDSA(algorithm.hash))
            case RSAPublicKey() as rsa_key if algorithm in _PSS:
                scheme = PSS(MGF1(algorithm.hash), algorithm.hash.digest_size)
                rsa_key.verify(signature, message, scheme, algorithm.hash)
            case RSAPublicKey() as rsa_key if algorithm in _PKCS1:
                rsa_key.verify(signature, message, PKCS1v15(), algorithm.hash)
            case MLDSA65PublicKey() as lattice_key if algorithm is SigningAlgorithm.ML_DSA_65:
                lattice_key.verify(signature, message)
            case _:
                raise SignatureError(
                    f"The signature claims {algorithm.value}, which does not fit the signer's key.",
                    sub_indication=SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
                    code="algorithm-refused",
                )
    except InvalidSignature as error:
        raise SignatureError(
            "The signature does not belong to what was signed and the certificate that stands beside it.",
            sub_indication=SubIndication.SIG_CRYPTO_FAILURE,
        ) from error

"""The object identifiers of signatures and time-stamps, and the algorithms they stand for."""

from __future__ import annotations

from dedere.crypto.keys.algorithms import SigningAlgorithm

SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPES = {"data": "1.2.840.113549.1.7.1", "tst_info": "1.2.840.113549.1.9.16.1.4"}

# Attributes (RFC 5652, 11; RFC 5035, 3; RFC 3161, appendix A)
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47"
SIGNATURE_TIMESTAMP = "1.2.840.113549.1.9.16.2.14"

DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
DIGEST_IDENTIFIERS = {name: identifier for identifier, name in DIGESTS.items()}

RSA = "1.2.840.113549.1.1.1"
RSA_PSS = "1.2.840.113549.1.1.10"
MGF1 = "1.2.840.113549.1.1.8"
ALGORITHMS = {
    "1.2.840.10045.4.3.2": SigningAlgorithm.ECDSA_SHA256,
    "1.2.840.10045.4.3.3": SigningAlgorithm.ECDSA_SHA384,
    "1.2.840.10045.4.3.4": SigningAlgorithm.ECDSA_SHA512,
    "1.2.840.113549.1.1.11": SigningAlgorithm.RSA_SHA256,
    "1.2.840.113549.1.1.12": SigningAlgorithm.RSA_SHA384,
    "1.2.840.113549.1.1.13": SigningAlgorithm.RSA_SHA512,
    "2.16.840.1.101.3.4.3.18": SigningAlgorithm.ML_DSA_65,
}
ALGORITHM_IDENTIFIERS = {algorithm: identifier for identifier, algorithm in ALGORITHMS.items()}

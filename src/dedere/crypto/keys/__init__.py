"""Signing keys and their certificates: made, kept, read and used."""

from dedere.crypto.keys.algorithms import SigningAlgorithm
from dedere.crypto.keys.certificates import (
    CertificateContent,
    Purpose,
    certificate_der,
    certificate_fingerprint,
    parse_certificate,
    parse_certificates,
    self_issued_certificate,
    subject_name,
)
from dedere.crypto.keys.loading import file_address, load_signer
from dedere.crypto.keys.private import (
    PrivateKey,
    encode_private_key,
    generate_second_signing_key,
    generate_signing_key,
    load_private_key,
    wrap_private_key,
)
from dedere.crypto.keys.signing import FileSigner, SigningKey, ecdsa_der, ecdsa_raw, verify_message

__all__ = [
    "CertificateContent",
    "FileSigner",
    "PrivateKey",
    "Purpose",
    "SigningAlgorithm",
    "SigningKey",
    "certificate_der",
    "certificate_fingerprint",
    "ecdsa_der",
    "ecdsa_raw",
    "encode_private_key",
    "file_address",
    "generate_second_signing_key",
    "generate_signing_key",
    "load_private_key",
    "load_signer",
    "parse_certificate",
    "parse_certificates",
    "self_issued_certificate",
    "subject_name",
    "verify_message",
    "wrap_private_key",
]

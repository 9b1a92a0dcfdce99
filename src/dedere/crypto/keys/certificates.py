"""X.509 certificates: self-issued ones by purpose, and reading those of others."""

from __future__ import annotations

import base64
import enum
import hashlib
import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dedere.base.clock import format_instant, require_utc
from dedere.base.errors import InputError
from dedere.crypto.der_reading import DerError, issuer_and_serial
from dedere.crypto.errors import KeyStoreError, KeyTextError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from dedere.crypto.keys.private import PrivateKey


_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----")
_UNREADABLE = (ValueError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


class Purpose(enum.StrEnum):
    """What a key is for; each key has one purpose."""

    AUTHORITY = "authority"
    GATEWAY = "gateway"
    TLS = "tls"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """What a self-issued certificate says. `state` is an ISO 3166-1 alpha-2 code; the period includes both ends."""

    common_name: str
    state: str
    organisation: str
    valid_from: dt.datetime
    valid_until: dt.datetime
    purpose: Purpose
    ip_addresses: tuple[str, ...] = ()
    dns_names: tuple[str, ...] = ()


def self_issued_certificate(key: PrivateKey, content: CertificateContent) -> bytes:
    """A certificate for `key`, signed by `key`, in PEM: trust in it comes from the card that names it.

    The serial number is a digest of key and content, so that the same input always has the same number.

    Raises:
        InputError: a period that ends before it begins, a name or an address that X.509 does not take.
    """
    public = key.public_key()
    encoded = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    try:
        name = _name(content)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(public)
            .serial_number(_serial(encoded, content))
            .not_valid_before(require_utc(content.valid_from).replace(microsecond=0))
            .not_valid_after(require_utc(content.valid_until).replace(microsecond=0))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        )
        for extension, critical in _extensions(content):
            builder = builder.add_extension(extension, critical=critical)
    except ValueError as error:
        raise InputError(f"No certificate can be made of this: {error}") from error
    return builder.sign(key, _digest_for(key)).public_bytes(serialization.Encoding.PEM)


def certificate_der(certificate: bytes | str) -> bytes:
    """The DER bytes of one certificate in PEM or DER.

    Raises:
        KeyTextError: it is neither.
    """
    return parse_certificate(certificate).public_bytes(serialization.Encoding.DER)


def certificate_fingerprint(certificate: bytes | str) -> str:
    """SHA-256 of the DER bytes, lower-case hexadecimal."""
    return hashlib.sha256(certificate_der(certificate)).hexdigest()


def parse_certificate(certificate: bytes | str) -> x509.Certificate:
    """One certificate in PEM or DER.

    Raises:
        KeyTextError: it is neither, there are several, or its serial number is not positive (RFC 5280, 4.1.2.2).
    """
    data = certificate.encode("utf-8") if isinstance(certificate, str) else certificate
    if not data.lstrip().startswith(b"-----BEGIN"):
        return _parse_der(data)
    found = parse_certificates(data)
    if len(found) != 1:
        raise KeyTextError("One certificate was expected, and there are several.")
    return found[0]


def parse_certificates(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Every certificate in a PEM file, in its order.

    Raises:
        KeyTextError: there is none, or one is malformed.
    """
    try:
        encoded = [base64.b64decode(b"".join(body.split()), validate=True) for body in _PEM.findall(pem)]
    except ValueError as error:
        raise KeyTextError("The certificate file is damaged.") from error
    if not encoded:
        raise KeyTextError("The certificate file holds no readable X.509 certificate.")
    return tuple(_parse_der(each) for each in encoded)


def _parse_der(data: bytes) -> x509.Certificate:
    try:
        issuer_and_serial(data)
        found = x509.load_der_x509_certificate(data)
        # These are read only when asked for; what is malformed shall show here and nowhere later.
        _ = found.extensions, found.subject, found.not_valid_before_utc, found.not_valid_after_utc
    except (DerError, *_UNREADABLE) as error:
        raise KeyTextError("This is not a readable X.509 certificate.") from error
    return found


def read_file(path: Path) -> bytes:
    """The content of a key or certificate file.

    Raises:
        KeyStoreError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyStoreError(f"The key file {path.name} cannot be read: {error.strerror}.") from error


def subject_name(certificate: x509.Certificate) -> str:
    """The subject for a person's eyes: common name, organisation, country."""
    wanted = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.COUNTRY_NAME)
    found = [str(part.value) for oid in wanted for part in certificate.subject.get_attributes_for_oid(oid)]
    return ", ".join(found) or certificate.subject.rfc4514_string()


def _name(content: CertificateContent) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, content.state),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, content.organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, content.common_name),
        ]
    )


def _serial(public: bytes, content: CertificateContent) -> int:
    text = "\n".join(
        (
            content.purpose,
            content.common_name,
            content.organisation,
            content.state,
            format_instant(content.valid_from),
            format_instant(content.valid_until),
        )
    )
    return int.from_bytes(hashlib.sha256(public + text.encode("utf-8")).digest()[:16], "big") | 1


def _extensions(content: CertificateContent) -> Sequence[tuple[x509.ExtensionType, bool]]:
    # Signatures that bind a person (letters) carry the non-repudiation bit; machines' do not.
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=content.purpose in (Purpose.AUTHORITY, Purpose.TIMESTAMP),
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    found: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (usage, True),
    ]
    if content.purpose is Purpose.TLS:
        both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        found.append((both, False))
    if content.purpose is Purpose.TIMESTAMP:
        found.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True))
    addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in content.ip_addresses]
    names = [x509.DNSName(name) for name in content.dns_names]
    if names or addresses:
        found.append((x509.SubjectAlternativeName([*names, *addresses]), False))
    return found


def _digest_for(key: PrivateKey) -> SHA256 | SHA384 | SHA512 | None:
    match key:
        case EllipticCurvePrivateKey(key_size=bits):
            return SHA256() if bits <= 256 else SHA384() if bits <= 384 else SHA512()  # noqa: PLR2004 - curve sizes
        case RSAPrivateKey():
            return SHA256()
        case _:
            return None

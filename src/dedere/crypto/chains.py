"""Whether a certificate may be relied on at a moment: pinned by a card, or below a pinned one.

Revocation is not looked up on the network: a card's own revocations decide, above this package.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from dedere.crypto.errors import SignatureError, SubIndication
from dedere.crypto.keys.algorithms import require_strong
from dedere.crypto.keys.certificates import parse_certificate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence


class Use(enum.Enum):
    """What a certificate is relied on for."""

    SIGNATURE = "signature"
    TIMESTAMP = "timestamp"


_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_SIGNATURE_USES = frozenset(
    {
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        _DOCUMENT_SIGNING,
    }
)


def require_trusted(
    certificate: x509.Certificate,
    *,
    intermediates: Sequence[x509.Certificate],
    trusted: Iterable[bytes | str],
    use: Use,
    at: dt.datetime,
) -> None:
    """Return only if `certificate` may be used for `use` and is one of `trusted` (PEM or DER) or below one, at `at`.

    The period of `certificate` itself is not judged here: see `period_fault`.

    Raises:
        SignatureError: NO_CERTIFICATE_CHAIN_FOUND, CHAIN_CONSTRAINTS_FAILURE or CRYPTO_CONSTRAINTS_FAILURE.
    """
    _require_use(certificate, use)
    require_strong(certificate.public_key())
    anchors = [parse_certificate(each) for each in trusted]
    if certificate in anchors:
        return
    _require_path(certificate, intermediates=intermediates, anchors=anchors, at=at)


def period_fault(certificate: x509.Certificate, at: dt.datetime) -> SubIndication | None:
    """Which side of its period of validity `at` lies on, None within (both ends included)."""
    if at < certificate.not_valid_before_utc:
        return SubIndication.NOT_YET_VALID
    if at > certificate.not_valid_after_utc:
        return SubIndication.EXPIRED
    return None


def _require_use(certificate: x509.Certificate, use: Use) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        fit = usage.digital_signature or usage.content_commitment
    except x509.ExtensionNotFound:
        fit = True
    try:
        extended = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        fit = fit and use is Use.SIGNATURE
    else:
        if use is Use.SIGNATURE:
            fit = fit and not _SIGNATURE_USES.isdisjoint(extended.value)
        else:  # RFC 3161, 2.3: critical, and this use alone
            fit = fit and extended.critical and list(extended.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    if not fit:
        raise SignatureError(
            f"The certificate is not meant for a {use.value}.",
            sub_indication=SubIndication.CHAIN_CONSTRAINTS_FAILURE,
        )


def _require_path(
    certificate: x509.Certificate,
    *,
    intermediates: Sequence[x509.Certificate],
    anchors: Sequence[x509.Certificate],
    at: dt.datetime,
) -> None:
    """Path validation (RFC 5280, section 6) by pyhanko-certvalidator, for certificates that are not pinned."""
    unknown = SignatureError(
        "The signer's certificate is none of the trusted ones and no valid chain leads from it to one of them.",
        sub_indication=SubIndication.NO_CERTIFICATE_CHAIN_FOUND,
    )
    issuers = [each for each in anchors if _may_issue(each)]
    if not issuers:
        raise unknown
    import asyncio  # noqa: PLC0415 - with what follows

    from asn1crypto import x509 as asn1_x509  # noqa: PLC0415 - with what follows
    from pyhanko_certvalidator import CertificateValidator, ValidationContext  # noqa: PLC0415 - slow to load, seldom
    from pyhanko_certvalidator.errors import PathError, ValidationError  # noqa: PLC0415 - needed

    def converted(certificates: Iterable[x509.Certificate]) -> list[object]:
        return [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in certificates]

    moment = max(certificate.not_valid_before_utc, min(at, certificate.not_valid_after_utc))
    context = ValidationContext(
        trust_roots=converted(issuers), other_certs=converted(intermediates), moment=moment, revocation_mode="soft-fail"
    )
    validator = CertificateValidator(converted([certificate])[0], validation_context=context)
    try:
        asyncio.run(validator.async_validate_path())
    except (PathError, ValidationError, ValueError) as error:
        raise unknown from error


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False

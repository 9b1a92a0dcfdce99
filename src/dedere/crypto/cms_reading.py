"""Read CMS SignedData of one signer (RFC 5652) strictly, and verify its signature.

Knows nothing of trust or time: `cades`, `timestamps` and `chains` judge what stands here.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from dedere.crypto import oids
from dedere.crypto.der_reading import NULL, SEQUENCE, SET, DerError, Element, issuer_and_serial, read_one
from dedere.crypto.errors import KeyTextError, SignatureError, SubIndication
from dedere.crypto.keys.algorithms import SigningAlgorithm, verify_with
from dedere.crypto.keys.certificates import parse_certificate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes


@dataclass(frozen=True, slots=True)
class SignerFacts:
    """What one SignedData says: its signature is verified against the certificate it names, nothing else is judged."""

    certificate: x509.Certificate
    intermediates: tuple[x509.Certificate, ...]
    algorithm: SigningAlgorithm
    signed_at: dt.datetime | None
    signature: bytes
    timestamp_tokens: tuple[bytes, ...]
    encapsulated: bytes | None


def read_signed(
    signed: bytes, *, content_type: str, digest_of_content: Callable[[str], bytes] | None, what: str = "signature"
) -> SignerFacts:
    """What stands in `signed`, its message digest and signature verified.

    `digest_of_content(name)` is the digest of the detached content; None takes the content from inside.

    Raises:
        SignatureError: FORMAT_FAILURE, HASH_FAILURE, SIG_CRYPTO_FAILURE, CRYPTO_CONSTRAINTS_FAILURE,
            NO_SIGNING_CERTIFICATE_FOUND or SIG_CONSTRAINTS_FAILURE (the signing-certificate attribute).
    """
    try:
        data = _read_data(signed, content_type=content_type)
        return _verify_signer(data, content_type=content_type, digest_of_content=digest_of_content)
    except DerError as error:
        raise SignatureError(
            f"The {what} is not in the form of CMS SignedData: {error}.", sub_indication=SubIndication.FORMAT_FAILURE
        ) from error


def read_digest_algorithm(identifier: Element) -> str:
    """The name of an accepted digest; parameters are absent or NULL.

    Raises:
        SignatureError: a digest that is not accepted (CRYPTO_CONSTRAINTS_FAILURE).
        DerError: malformed.
    """
    parts = identifier.children()
    dotted = parts.next().identifier()
    parts.optional(NULL)
    parts.end()
    if dotted not in oids.DIGESTS:
        raise _refused(f"the digest {dotted}")
    return oids.DIGESTS[dotted]


@dataclass(frozen=True, slots=True)
class _Data:
    """The parts of a SignedData that matter here."""

    encapsulated: bytes | None
    certificates: tuple[Element, ...]
    signer: Element


def _read_data(signed: bytes, *, content_type: str) -> _Data:
    outer = read_one(signed).children()
    _require(outer.next().identifier() == oids.SIGNED_DATA, "another type of message")
    data = outer.next(0xA0).only_child().children()
    outer.end()
    data.next().integer()
    data.next(SET)
    inner = data.next().children()
    _require(inner.next().identifier() == oids.CONTENT_TYPES[content_type], "over another type of content")
    inside = inner.optional(0xA0)
    inner.end()
    certificates = data.optional(0xA0)
    data.optional(0xA1)
    signers = tuple(data.next().children(SET).rest())
    data.end()
    _require(len(signers) == 1, "not exactly one signer")
    return _Data(
        encapsulated=inside.only_child().octets() if inside else None,
        certificates=tuple(certificates.children(0xA0).rest()) if certificates else (),
        signer=signers[0],
    )


def _verify_signer(data: _Data, *, content_type: str, digest_of_content: Callable[[str], bytes] | None) -> SignerFacts:
    signer = data.signer.children()
    signer.next().integer()
    named = signer.next(SEQUENCE, 0x80)
    digest_name = read_digest_algorithm(signer.next())
    attributes = signer.next(0xA0)
    algorithm = _accepted_algorithm(signer.next(), digest_name)
    signature = signer.next().octets()
    unsigned = signer.optional(0xA1)
    signer.end()
    certificate, others = _certificates(data.certificates, named)
    signed = _attributes(attributes)
    _require(oids.CONTENT_TYPE in signed and oids.MESSAGE_DIGEST in signed, "without its two first attributes")
    _require(signed[oids.CONTENT_TYPE].identifier() == oids.CONTENT_TYPES[content_type], "over another type of content")
    if digest_of_content is not None:
        _require(data.encapsulated is None, "with its content inside")
        digest = digest_of_content(digest_name)
    else:
        _require(data.encapsulated is not None, "without its content")
        digest = hashlib.new(digest_name, data.encapsulated or b"").digest()
    if not hmac.compare_digest(signed[oids.MESSAGE_DIGEST].octets(), digest):
        raise SignatureError(
            "The content is not the one that was signed: its digest differs.",
            sub_indication=SubIndication.HASH_FAILURE,
        )
    _require_signing_certificate(signed.get(oids.SIGNING_CERTIFICATE), certificate)
    # Signed is the SET OF itself, not its implicit tag (RFC 5652, 5.4).
    verify_with(_public_key(certificate), b"\x31" + attributes.whole[1:], signature=signature, algorithm=algorithm)
    return SignerFacts(
        certificate=certificate,
        intermediates=others,
        algorithm=algorithm,
        signed_at=signed[oids.SIGNING_TIME].time() if oids.SIGNING_TIME in signed else None,
        signature=signature,
        timestamp_tokens=_timestamp_tokens(unsigned),
        encapsulated=data.encapsulated,
    )


def _accepted_algorithm(identifier: Element, digest_name: str) -> SigningAlgorithm:
    parts = identifier.children()
    dotted = parts.next().identifier()
    if dotted == oids.RSA_PSS:
        return _accepted_pss(parts.next(), digest_name)
    parts.optional(NULL)
    parts.end()
    if dotted == oids.RSA:  # the bare identifier, whose digest stands beside it (RFC 3370, 3.2)
        return SigningAlgorithm(f"rsa-{digest_name}")
    algorithm = oids.ALGORITHMS.get(dotted)
    if algorithm is None:
        raise _refused(f"the signature algorithm {dotted}")
    if algorithm.digest != digest_name:
        raise _refused("two different digests in one signature")
    return algorithm


def _accepted_pss(parameters: Element, digest_name: str) -> SigningAlgorithm:
    parts = parameters.children()
    inner = read_digest_algorithm(parts.next(0xA0).only_child())
    mask = parts.next(0xA1).only_child().children()
    _require(mask.next().identifier() == oids.MGF1, "with an unknown mask")
    mask_digest = read_digest_algorithm(mask.next())
    salt_length = parts.next(0xA2).only_child().integer()
    parts.end()
    algorithm = SigningAlgorithm(f"rsa-pss-{digest_name}")
    if not inner == digest_name == mask_digest or salt_length != algorithm.hash.digest_size:
        raise _refused("RSA-PSS parameters of another digest")
    return algorithm


def _certificates(found: tuple[Element, ...], named: Element) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
    own: x509.Certificate | None = None
    others = []
    for element in found:
        certificate = _certificate(element)
        if own is None and _is_named(element.whole, certificate, named):
            own = certificate
        else:
            others.append(certificate)
    if own is None:
        raise SignatureError(
            "The signature does not hold the certificate of its signer.",
            sub_indication=SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
        )
    return own, tuple(others)


def _certificate(element: Element) -> x509.Certificate:
    try:
        return parse_certificate(element.expect(SEQUENCE).whole)
    except KeyTextError as error:
        raise DerError("a malformed certificate") from error


def _public_key(certificate: x509.Certificate) -> CertificatePublicKeyTypes:
    try:
        return certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _refused("a kind of key") from error


def _is_named(encoded: bytes, certificate: x509.Certificate, named: Element) -> bool:
    if named.tag == SEQUENCE:
        return b"".join(issuer_and_serial(encoded)) == named.content
    return x509.SubjectKeyIdentifier.from_public_key(_public_key(certificate)).digest == named.content


def _attributes(attributes: Element) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for attribute in attributes.children(0xA0).rest():
        parts = attribute.children()
        kind = parts.next().identifier()
        values = tuple(parts.next().children(SET).rest())
        parts.end()
        _require(kind not in found and len(values) == 1, "with an attribute that stands twice")
        found[kind] = values[0]
    return found


def _require_signing_certificate(attribute: Element | None, certificate: x509.Certificate) -> None:
    """The ESS signing-certificate-v2 attribute names this certificate (RFC 5035; EN 319 122-1, 5.2.2.3)."""
    if attribute is None:
        raise SignatureError(
            "The signature does not say under its protection which certificate it was made with.",
            sub_indication=SubIndication.SIG_CONSTRAINTS_FAILURE,
        )
    first = attribute.children().next().children().next().children()
    digest = first.optional(SEQUENCE)
    name = read_digest_algorithm(digest) if digest else "sha256"
    expected = hashlib.new(name, certificate.public_bytes(Encoding.DER)).digest()
    if not hmac.compare_digest(first.next().octets(), expected):
        raise SignatureError(
            "The signature was made with another certificate than the one beside it.",
            sub_indication=SubIndication.SIG_CONSTRAINTS_FAILURE,
        )


def _timestamp_tokens(attributes: Element | None) -> tuple[bytes, ...]:
    if attributes is None:
        return ()
    tokens: list[bytes] = []
    for attribute in attributes.children(0xA1).rest():
        parts = attribute.children()
        kind = parts.next().identifier()
        values = parts.next().children(SET).rest()
        if kind == oids.SIGNATURE_TIMESTAMP:
            tokens.extend(value.whole for value in values)
    return tuple(tokens)


def _require(holds: bool, fault: str) -> None:  # noqa: FBT001 - reads as a requirement
    if not holds:
        raise DerError(fault)


def _refused(what: str) -> SignatureError:
    return SignatureError(
        f"The signature uses {what}, which is not accepted.",
        sub_indication=SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
        code="algorithm-refused",
    )

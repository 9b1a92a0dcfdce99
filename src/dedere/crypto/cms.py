"""CMS SignedData of one signer (RFC 5652) with the attributes of CAdES (ETSI EN 319 122-1): made and read strictly.

Knows nothing of trust or time: `cades`, `timestamps` and `chains` judge what stands here.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from dedere.base.clock import require_utc
from dedere.crypto.errors import SignatureError, SubIndication
from dedere.crypto.keys.algorithms import SigningAlgorithm, verify_with

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from dedere.crypto.keys.signing import SigningKey

# asn1crypto has no types: its objects are Any here and do not leave this package.

_ML_DSA_65 = "2.16.840.1.101.3.4.3.18"
_ALGORITHM_NAMES = {
    "sha256_ecdsa": SigningAlgorithm.ECDSA_SHA256,
    "sha384_ecdsa": SigningAlgorithm.ECDSA_SHA384,
    "sha512_ecdsa": SigningAlgorithm.ECDSA_SHA512,
    "sha256_rsa": SigningAlgorithm.RSA_SHA256,
    "sha384_rsa": SigningAlgorithm.RSA_SHA384,
    "sha512_rsa": SigningAlgorithm.RSA_SHA512,
    _ML_DSA_65: SigningAlgorithm.ML_DSA_65,
}
_NAMES = {algorithm: name for name, algorithm in _ALGORITHM_NAMES.items()}
_DIGESTS = frozenset({"sha256", "sha384", "sha512"})
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What asn1crypto raises on bytes that are not the structure it was told to expect."""


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


def digest_algorithm(name: str) -> Any:
    """The identifier of a digest, with NULL parameters (RFC 5754, section 2: all must accept them)."""
    return algos.DigestAlgorithm({"algorithm": name})


@dataclass(frozen=True, slots=True)
class ContentToSign:
    """What is signed: its digest under the signer's algorithm; its bytes only where they stand inside (time-stamps)."""

    content_type: str
    digest: bytes
    encapsulated: Any = None


def sign_content(
    content: ContentToSign,
    signer: SigningKey,
    *,
    signed_at: dt.datetime,
    countersign: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """The ContentInfo, DER. `countersign` gives a time-stamp token for the signature value."""
    algorithm = signer.algorithm
    attributes = _signed_attributes(content, signer, signed_at=signed_at)
    signature = signer.sign(attributes.dump())
    own = asn1_x509.Certificate.load(signer.certificate_chain[0])
    info = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
        "digest_algorithm": digest_algorithm(algorithm.digest),
        "signed_attrs": attributes,
        "signature_algorithm": _algorithm_identifier(algorithm),
        "signature": signature,
    }
    if countersign is not None:
        token = cms.ContentInfo.load(countersign(signature))
        info["unsigned_attrs"] = [{"type": "signature_time_stamp_token", "values": [token]}]
    encapsulated: dict[str, Any] = {"content_type": content.content_type}
    if content.encapsulated is not None:
        encapsulated["content"] = content.encapsulated
    data = cms.SignedData(
        {
            "version": "v1" if content.content_type == "data" else "v3",
            "digest_algorithms": [digest_algorithm(algorithm.digest)],
            "encap_content_info": encapsulated,
            "certificates": [asn1_x509.Certificate.load(each) for each in signer.certificate_chain],
            "signer_infos": [info],
        }
    )
    der: bytes = cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()
    return der


def read_signed(
    der: bytes, *, content_type: str, digest_of_content: Callable[[str], bytes] | None, what: str = "signature"
) -> SignerFacts:
    """What stands in `der`, its message digest and signature verified.

    `digest_of_content(name)` is the digest of the detached content; None takes the content from inside.

    Raises:
        SignatureError: FORMAT_FAILURE, HASH_FAILURE, SIG_CRYPTO_FAILURE, CRYPTO_CONSTRAINTS_FAILURE,
            NO_SIGNING_CERTIFICATE_FOUND or SIG_CONSTRAINTS_FAILURE (the signing-certificate attribute).
    """
    try:
        return _read(der, content_type=content_type, digest_of_content=digest_of_content)
    except _MALFORMED as error:
        raise SignatureError(
            f"The {what} is not CMS SignedData as expected.", sub_indication=SubIndication.FORMAT_FAILURE
        ) from error


def _read(der: bytes, *, content_type: str, digest_of_content: Callable[[str], bytes] | None) -> SignerFacts:
    outer = cms.ContentInfo.load(der, strict=True)
    _require(outer["content_type"].native == "signed_data", "The signature is not CMS SignedData.")
    data = outer["content"]
    inner = data["encap_content_info"]
    _require(inner["content_type"].native == content_type, "The signature is over another type of content.")
    _require(len(data["signer_infos"]) == 1, "The signature must have exactly one signer.")
    signer = data["signer_infos"][0]
    digest_name = signer["digest_algorithm"]["algorithm"].native
    if digest_name not in _DIGESTS:
        raise _refused(f"the digest {digest_name}")
    algorithm = _accepted_algorithm(signer["signature_algorithm"], digest_name)
    encapsulated = _encapsulated(inner, detached=digest_of_content is not None)
    if digest_of_content is not None:
        digest = digest_of_content(digest_name)
    else:
        digest = hashlib.new(digest_name, encapsulated or b"").digest()
    certificate, others = _certificates(data["certificates"], signer["sid"])
    signed = _attributes(signer["signed_attrs"])
    _require(signed["content_type"].native == content_type, "The signed attributes name another type of content.")
    if not hmac.compare_digest(signed["message_digest"].native, digest):
        raise SignatureError(
            "The content is not the one that was signed: its digest differs.",
            sub_indication=SubIndication.HASH_FAILURE,
        )
    _require_signing_certificate(signed, certificate)
    attributes = signer["signed_attrs"].dump()
    verify_with(
        certificate.public_key(),
        b"\x31" + attributes[1:],
        signature=signer["signature"].native,
        algorithm=algorithm,
    )
    return SignerFacts(
        certificate=certificate,
        intermediates=others,
        algorithm=algorithm,
        signed_at=require_utc(signed["signing_time"].native) if "signing_time" in signed else None,
        signature=signer["signature"].native,
        timestamp_tokens=_timestamp_tokens(signer["unsigned_attrs"]),
        encapsulated=encapsulated,
    )


def _signed_attributes(content: ContentToSign, signer: SigningKey, *, signed_at: dt.datetime) -> Any:
    moment = require_utc(signed_at).replace(microsecond=0)
    kind = "utc_time" if moment.year < 2050 else "general_time"  # noqa: PLR2004 - RFC 5652, 11.3
    own_digest = hashlib.sha256(signer.certificate_chain[0]).digest()
    return cms.CMSAttributes(
        [
            {"type": "content_type", "values": [content.content_type]},
            {"type": "signing_time", "values": [cms.Time(name=kind, value=moment)]},
            {"type": "message_digest", "values": [content.digest]},
            {"type": "signing_certificate_v2", "values": [{"certs": [{"cert_hash": own_digest}]}]},
        ]
    )


def _algorithm_identifier(algorithm: SigningAlgorithm) -> Any:
    if algorithm.value.startswith("rsa-pss"):
        parameters = {
            "hash_algorithm": digest_algorithm(algorithm.digest),
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": digest_algorithm(algorithm.digest)},
            "salt_length": hashlib.new(algorithm.digest).digest_size,
        }
        return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})
    return algos.SignedDigestAlgorithm({"algorithm": _NAMES[algorithm]})


def _accepted_algorithm(identifier: Any, digest_name: str) -> SigningAlgorithm:
    name = identifier["algorithm"].native
    if name == "rsassa_pss":
        return _accepted_pss(identifier["parameters"], digest_name)
    if name == "rsassa_pkcs1v15":  # the bare rsaEncryption identifier, whose digest stands beside it (RFC 3370)
        name = f"{digest_name}_rsa"
    algorithm = _ALGORITHM_NAMES.get(name)
    if algorithm is None:
        raise _refused(f"the signature algorithm {name}")
    if algorithm.digest != digest_name and algorithm is not SigningAlgorithm.ML_DSA_65:
        raise _refused("two different digests in one signature")
    return algorithm


def _accepted_pss(parameters: Any, digest_name: str) -> SigningAlgorithm:
    inner = parameters["hash_algorithm"]["algorithm"].native
    mask = parameters["mask_gen_algorithm"]
    same = inner == digest_name == mask["parameters"]["algorithm"].native
    if not same or parameters["salt_length"].native != hashlib.new(digest_name).digest_size:
        raise _refused("RSA-PSS parameters of another digest")
    return SigningAlgorithm(f"rsa-pss-{digest_name}")


def _encapsulated(inner: Any, *, detached: bool) -> bytes | None:
    present = inner["content"]
    if detached:
        _require(isinstance(present, core.Void) or present.native is None, "The content must stand outside.")
        return None
    _require(isinstance(present, core.OctetString | core.ParsableOctetString), "The content must stand inside.")
    return bytes(present)


def _certificates(found: Any, sid: Any) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
    own: x509.Certificate | None = None
    others = []
    for choice in found:
        _require(choice.name == "certificate", "Only X.509 certificates may stand in a signature.")
        certificate = x509.load_der_x509_certificate(choice.chosen.dump())
        if own is None and _is_named_by(choice.chosen, sid):
            own = certificate
        else:
            others.append(certificate)
    if own is None:
        raise SignatureError(
            "The signature does not hold the certificate of its signer.",
            sub_indication=SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
        )
    return own, tuple(others)


def _is_named_by(certificate: Any, sid: Any) -> bool:
    if sid.name == "issuer_and_serial_number":
        issuer, serial = sid.chosen["issuer"], sid.chosen["serial_number"]
        return bool(
            certificate.serial_number == serial.native and certificate.issuer.dump() == issuer.dump(),
        )
    return bool(certificate.key_identifier == sid.chosen.native)


def _attributes(attributes: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for attribute in attributes:
        name = attribute["type"].native
        _require(name not in found, "A signed attribute stands twice.")
        _require(len(attribute["values"]) == 1, "A signed attribute must have one value.")
        found[name] = attribute["values"][0]
    return found


def _require_signing_certificate(signed: dict[str, Any], certificate: x509.Certificate) -> None:
    """The ESS signing-certificate-v2 attribute names this certificate (RFC 5035; EN 319 122-1, 5.2.2.3)."""
    if "signing_certificate_v2" not in signed:
        raise SignatureError(
            "The signature does not say under its protection which certificate it was made with.",
            sub_indication=SubIndication.SIG_CONSTRAINTS_FAILURE,
        )
    first = signed["signing_certificate_v2"]["certs"][0]
    name = first["hash_algorithm"]["algorithm"].native
    if name not in _DIGESTS:
        raise _refused(f"the digest {name}")
    der = certificate.public_bytes(Encoding.DER)
    if not hmac.compare_digest(first["cert_hash"].native, hashlib.new(name, der).digest()):
        raise SignatureError(
            "The signature was made with another certificate than the one beside it.",
            sub_indication=SubIndication.SIG_CONSTRAINTS_FAILURE,
        )


def _timestamp_tokens(attributes: Any) -> tuple[bytes, ...]:
    if isinstance(attributes, core.Void):
        return ()
    return tuple(
        value.dump()
        for attribute in attributes
        if attribute["type"].native == "signature_time_stamp_token"
        for value in attribute["values"]
    )


def _require(holds: bool, sentence: str) -> None:  # noqa: FBT001 - reads as a requirement
    if not holds:
        raise SignatureError(sentence, sub_indication=SubIndication.FORMAT_FAILURE)


def _refused(what: str) -> SignatureError:
    return SignatureError(
        f"The signature uses {what}, which is not accepted.",
        sub_indication=SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
        code="algorithm-refused",
    )

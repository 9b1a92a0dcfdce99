"""Make CMS SignedData of one signer (RFC 5652) with the attributes of CAdES (ETSI EN 319 122-1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.crypto import der, oids
from dedere.crypto.der_reading import issuer_and_serial
from dedere.crypto.keys.algorithms import SigningAlgorithm

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from dedere.crypto.keys.signing import SigningKey


@dataclass(frozen=True, slots=True)
class ContentToSign:
    """What is signed: its type, its digest under the signer's algorithm; its bytes only where they stand inside."""

    content_type: str
    digest: bytes
    encapsulated: bytes | None = None


def sign_content(
    content: ContentToSign,
    signer: SigningKey,
    *,
    signed_at: dt.datetime | None,
    countersign: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """The ContentInfo, DER. `countersign` gives a time-stamp token (DER) for the signature value.

    Without `signed_at` the signature claims no time (as inside a PDF, EN 319 142-1, 6.3).
    """
    chain, algorithm = signer.certificate_chain, signer.algorithm
    attributes = _signed_attributes(content, chain[0], signed_at=signed_at)
    signature = signer.sign(der.set_of(attributes))
    unsigned = []
    if countersign is not None:
        token = der.sequence(der.identifier(oids.SIGNATURE_TIMESTAMP), der.set_of([countersign(signature)]))
        unsigned.append(der.set_of([token], tag=0xA1))
    info = der.sequence(
        der.integer(1),
        der.sequence(*issuer_and_serial(chain[0])),
        digest_identifier(algorithm.digest),
        der.set_of(attributes, tag=0xA0),
        _algorithm_identifier(algorithm),
        der.octets(signature),
        *unsigned,
    )
    inside = []
    if content.encapsulated is not None:
        inside.append(der.explicit(0, der.octets(content.encapsulated)))
    data = der.sequence(
        der.integer(1 if content.content_type == "data" else 3),
        der.set_of([digest_identifier(algorithm.digest)]),
        der.sequence(der.identifier(oids.CONTENT_TYPES[content.content_type]), *inside),
        der.set_of(chain, tag=0xA0),
        der.set_of([info]),
    )
    return der.sequence(der.identifier(oids.SIGNED_DATA), der.explicit(0, data))


def digest_identifier(name: str) -> bytes:
    """The identifier of a digest, without parameters (RFC 5754, section 2)."""
    return der.algorithm(oids.DIGEST_IDENTIFIERS[name])


def _signed_attributes(content: ContentToSign, certificate: bytes, *, signed_at: dt.datetime | None) -> list[bytes]:
    # ESSCertIDv2 with its default digest, SHA-256, which DER leaves out.
    own = der.sequence(der.sequence(der.sequence(der.octets(hashlib.sha256(certificate).digest()))))
    values = {
        oids.CONTENT_TYPE: der.identifier(oids.CONTENT_TYPES[content.content_type]),
        oids.MESSAGE_DIGEST: der.octets(content.digest),
        oids.SIGNING_CERTIFICATE: own,
    }
    if signed_at is not None:
        values[oids.SIGNING_TIME] = der.time(signed_at)
    return [der.sequence(der.identifier(kind), der.set_of([value])) for kind, value in values.items()]


def _algorithm_identifier(algorithm: SigningAlgorithm) -> bytes:
    if algorithm is SigningAlgorithm.RSA_PSS_SHA256:
        digest = digest_identifier(algorithm.digest)
        parameters = der.sequence(
            der.explicit(0, digest),
            der.explicit(1, der.algorithm(oids.MGF1, digest)),
            der.explicit(2, der.integer(algorithm.hash.digest_size)),
        )
        return der.algorithm(oids.RSA_PSS, parameters)
    return der.algorithm(oids.ALGORITHM_IDENTIFIERS[algorithm])

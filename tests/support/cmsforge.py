"""Builds signatures that are wrong in exactly one way: what an attacker or a careless program would send."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from dedere.crypto import der, oids
from dedere.crypto.der_reading import issuer_and_serial
from dedere.crypto.keys import FileSigner

SHA1 = "1.3.14.3.2.26"
DATA = oids.CONTENT_TYPES["data"]


def attribute(kind: str, *values: bytes) -> bytes:
    """One attribute."""
    return der.sequence(der.identifier(kind), der.set_of(values))


def signing_certificate(certificate: bytes, *, digest: str = "sha256", identifier: bytes | None = None) -> bytes:
    """The value of signing-certificate-v2 for a certificate."""
    named = [identifier] if identifier is not None else []
    value = hashlib.new(digest, certificate).digest()
    return der.sequence(der.sequence(der.sequence(*named, der.octets(value))))


@dataclass
class Forgery:
    """A correct signature over `content` by `signer`; every part can be replaced before `build`."""

    signer: FileSigner
    content: bytes
    signing_time: bytes
    digest: bytes = field(default_factory=lambda: der.algorithm(oids.DIGEST_IDENTIFIERS["sha256"]))
    algorithm: bytes = field(default_factory=lambda: der.algorithm("1.2.840.10045.4.3.2"))
    content_type: str = DATA
    inner_type: str = DATA
    outer_type: str = oids.SIGNED_DATA
    inside: bytes | None = None
    certificates: list[bytes] | None = None
    named: bytes | None = None
    extra_attributes: list[bytes] = field(default_factory=list)
    without: set[str] = field(default_factory=set)
    certificate_value: bytes | None = None
    unsigned: list[bytes] = field(default_factory=list)
    signers: int = 1
    attributes_over: bytes | None = None

    def attributes(self) -> list[bytes]:
        """The signed attributes."""
        own = self.signer.certificate_chain[0]
        found = {
            oids.CONTENT_TYPE: der.identifier(self.content_type),
            oids.SIGNING_TIME: self.signing_time,
            oids.MESSAGE_DIGEST: der.octets(hashlib.sha256(self.content).digest()),
            oids.SIGNING_CERTIFICATE: self.certificate_value or signing_certificate(own),
        }
        kept = [attribute(kind, value) for kind, value in found.items() if kind not in self.without]
        return [*kept, *self.extra_attributes]

    def build(self) -> bytes:
        """The ContentInfo."""
        attributes = self.attributes()
        chain = self.signer.certificate_chain
        signature = self.signer.sign(self.attributes_over or der.set_of(attributes))
        info = der.sequence(
            der.integer(1),
            self.named or der.sequence(*issuer_and_serial(chain[0])),
            self.digest,
            der.set_of(attributes, tag=0xA0),
            self.algorithm,
            der.octets(signature),
            *([der.set_of(self.unsigned, tag=0xA1)] if self.unsigned else []),
        )
        certificates = list(chain) if self.certificates is None else self.certificates
        data = der.sequence(
            der.integer(1),
            der.set_of([self.digest]),
            der.sequence(
                der.identifier(self.inner_type),
                *([] if self.inside is None else [der.explicit(0, der.octets(self.inside))]),
            ),
            *([der.set_of(certificates, tag=0xA0)] if certificates else []),
            der.element(0x31, info * self.signers),
        )
        return der.sequence(der.identifier(self.outer_type), der.explicit(0, data))

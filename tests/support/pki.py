"""A fictional public-key infrastructure under fixed time: four keys and a sealing identity for any State.

Keys are made once in a test run. Everything here is fictional; nothing here is secret.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from dedere.base.clock import FixedClock
from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto.age import HybridIdentity
from dedere.crypto.keys import (
    CertificateContent,
    FileSigner,
    PrivateKey,
    Purpose,
    generate_signing_key,
    self_issued_certificate,
)
from dedere.crypto.timestamps import LocalTimestamper

TIME = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
"""The instant at which the fictional world stands."""

VALID_FROM = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
VALID_UNTIL = dt.datetime(2028, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Holder:
    """One key with its certificate: as objects, as PEM files would hold them, and as a signer."""

    key: PrivateKey
    certificate: bytes
    signer: FileSigner

    @property
    def der(self) -> bytes:
        """The certificate, DER."""
        return self.signer.certificate_chain[0]


@dataclass(frozen=True)
class StateKeys:
    """The keys of one fictional authority, by use."""

    state: str
    authority: Holder
    gateway: Holder
    tls: Holder
    timestamp: Holder
    sealing: HybridIdentity
    custodian: HybridIdentity

    def timestamper(self, at: dt.datetime = TIME) -> LocalTimestamper:
        """The State's own time-stamper, whose clock stands at `at`."""
        return LocalTimestamper(self.timestamp.signer, clock=FixedClock(at))


@functools.cache
def state(code: str) -> StateKeys:
    """The keys of the fictional authority of State `code`; the same in every test of a run."""
    chance = SeededIdentifiers(f"sealing {code}")
    return StateKeys(
        state=code,
        authority=holder(Purpose.AUTHORITY, code),
        gateway=holder(Purpose.GATEWAY, code),
        tls=holder(Purpose.TLS, code),
        timestamp=holder(Purpose.TIMESTAMP, code),
        sealing=HybridIdentity.generate(chance),
        custodian=HybridIdentity.generate(chance),
    )


@functools.cache
def rsa_key() -> RSAPrivateKey:
    """One RSA key of accepted size for a whole run: making one takes a second."""
    return rsa.generate_private_key(65537, 3072)


def holder(
    purpose: Purpose,
    code: str = "NL",
    *,
    valid_from: dt.datetime = VALID_FROM,
    valid_until: dt.datetime = VALID_UNTIL,
    key: PrivateKey | None = None,
) -> Holder:
    """A fresh key with a self-issued certificate."""
    key = key or generate_signing_key()
    content = CertificateContent(
        common_name=f"Fictional central authority of {code}, {purpose.value}",
        state=code,
        organisation="Fictional authority for tests",
        valid_from=valid_from,
        valid_until=valid_until,
        purpose=purpose,
        ip_addresses=("127.0.0.1",) if purpose is Purpose.TLS else (),
        dns_names=("localhost",) if purpose is Purpose.TLS else (),
    )
    certificate = self_issued_certificate(key, content)
    return Holder(key=key, certificate=certificate, signer=FileSigner(key, [certificate]))

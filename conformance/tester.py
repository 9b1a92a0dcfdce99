"""The tester's own authority: keys, a card, letters good and bad, and a client that can misbehave.

State MN, fictional, its keys made anew at each run. It stands outside every implementation.
"""
# ruff: noqa: INP001 - run as a program

from __future__ import annotations

import datetime as dt
import hashlib
import ssl
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx2

from dedere.base.clock import FixedClock, SystemClock
from dedere.base.identifiers import RandomIdentifiers
from dedere.crypto.age import HybridIdentity, parse_recipient, split_sealed
from dedere.crypto.age import seal as seal_bytes
from dedere.crypto.keys import CertificateContent, FileSigner, Purpose, generate_signing_key, self_issued_certificate
from dedere.crypto.timestamps import LocalTimestamper
from dedere.protocol.card import Card, CardChain, SignedCard, key_id, pack_card
from dedere.protocol.container import Signing
from dedere.protocol.letter import Letter, Part, pack_letter, seal_letter
from dedere.protocol.trust import TrustDirectory
from dedere.transport.client import NodeClient
from dedere.transport.http_signature import ClientIdentity, RequestHead, content_digest, sign_request
from dedere.transport.pinned_tls import pinned_context

if TYPE_CHECKING:
    from dedere.protocol.card import CardChain as Chain

STATE = "MN"
CLOCK = SystemClock()
IDS = RandomIdentifiers()
PDF = b"%PDF-1.7 a fictional act\n"
ACT = {
    "version": "dedere-act/1",
    "kind": "request",
    "proceeding": "conformance",
    "officer": {"name": "Tester (fictional)"},
    "body": {"fictional": True},
}


@dataclass(frozen=True)
class Tester:
    """The authority with its keys by use, and its first card."""

    keys: dict[Purpose, FileSigner]
    card: SignedCard

    @classmethod
    def make(cls) -> Tester:
        """A tester with fresh keys, valid from yesterday for a week."""
        now = CLOCK.now().replace(microsecond=0)
        keys, certificates = {}, {}
        for purpose in Purpose:
            key = generate_signing_key()
            period = (now - dt.timedelta(days=1), now + dt.timedelta(days=7))
            content = CertificateContent(f"Tester {purpose}", STATE, "Fictional", *period, purpose)
            certificate = self_issued_certificate(key, content)
            keys[purpose] = FileSigner(key, [certificate])
            certificates[purpose] = (certificate.decode("ascii"),)
        card = Card(
            state=STATE,
            name="Tester (fictional)",
            functions=("mutual-legal-assistance",),
            languages=("en",),
            addresses=("https://127.0.0.1:9",),
            signing_certificates=certificates[Purpose.AUTHORITY],
            gateway_certificates=certificates[Purpose.GATEWAY],
            timestamp_certificates=certificates[Purpose.TIMESTAMP],
            tls_certificates=certificates[Purpose.TLS],
            sealing_recipients=(HybridIdentity.generate(IDS).recipient.encode(),),
            valid_from=(now - dt.timedelta(days=1)).date(),
            valid_until=(now + dt.timedelta(days=7)).date(),
        )
        return cls(keys, pack_card(card, signing=Signing(keys[Purpose.AUTHORITY], now)))

    @property
    def identity(self) -> ClientIdentity:
        """Who signs its requests."""
        return ClientIdentity(self.keys[Purpose.GATEWAY], key_id(self.card.card.gateway_certificates[0]))

    def signing(self, at: dt.datetime) -> Signing:
        """How it signs letters."""
        stamper = LocalTimestamper(self.keys[Purpose.TIMESTAMP], clock=FixedClock(at))
        return Signing(self.keys[Purpose.AUTHORITY], at, timestamper=stamper)


@dataclass(frozen=True)
class Correspondent:
    """The tester writing to one implementation."""

    tester: Tester
    chain: Chain

    @property
    def directory(self) -> TrustDirectory:
        """Whom the tester trusts."""
        return TrustDirectory([self.chain])

    @property
    def state(self) -> str:
        """The implementation's State."""
        return self.chain.state

    def letter(self, **changes: object) -> Letter:
        """A letter in a case of its own."""
        letter = Letter(
            id=IDS.new(),
            case=IDS.new(),
            sender=self.tester.card.party,
            recipient=self.chain.newest.party,
            sequence=1,
            sealed_at=CLOCK.now().replace(microsecond=0),
            act=ACT,
        )
        return replace(letter, **changes)  # type: ignore[arg-type] # the caller names fields of a letter

    def packed(self, letter: Letter) -> bytes:
        """Its container."""
        return pack_letter(letter, PDF, signing=self.tester.signing(letter.sealed_at))

    def sealed(self, container: bytes) -> bytes:
        """Sealed to the implementation."""
        return seal_letter(container, self.chain.newest.card.letter_recipients, chance=IDS)

    def part(self, plain: bytes) -> tuple[Part, bytes]:
        """A part and its sealed bytes."""
        recipients = [parse_recipient(text) for text in self.chain.newest.card.letter_recipients]
        sealed = seal_bytes(plain, recipients, chance=IDS)
        digests = [hashlib.sha256(data).hexdigest() for data in (plain, sealed, split_sealed(sealed)[1])]
        kind = "application/octet-stream"
        part = Part(IDS.new(), "fictional.bin", kind, len(plain), digests[0], len(sealed), digests[1], digests[2])
        return part, sealed

    def client(self) -> NodeClient:
        """A client that behaves."""
        return NodeClient(self.chain.newest.card, self.tester.identity, clock=CLOCK, ids=IDS)

    def signed(self, method: str, path: str, *, headers: dict[str, str], body: bytes | None = None) -> dict[str, str]:
        """The headers of a signed request, to be spoiled."""
        plain = {"dedere-to": self.state, **headers}
        if body is not None:
            plain.setdefault("content-digest", content_digest(body))
        url = self.chain.newest.card.addresses[0] + path
        return sign_request(RequestHead(method, url, plain), self.tester.identity, clock=CLOCK, ids=IDS)

    def raw(self, method: str, path: str, *, headers: dict[str, str], body: bytes | None = None) -> httpx2.Response:
        """Any request, over the pinned TLS."""
        context = pinned_context(self.chain.newest.card.tls_certificates)
        with httpx2.Client(verify=context, timeout=60) as client:
            url = self.chain.newest.card.addresses[0] + path
            return client.request(method, url, headers=headers, content=body)

    def old_tls(self) -> bool:
        """Whether the door still speaks TLS 1.2."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        try:
            with httpx2.Client(verify=context, timeout=20) as client:
                client.get(self.chain.newest.card.addresses[0] + "/health")
        except httpx2.TransportError:
            return False
        return True


def chain_from(container: bytes) -> CardChain:
    """The chain that begins with an implementation's card."""
    return CardChain.begin(container)

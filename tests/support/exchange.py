"""Two fictional authorities with cards, letters between them, and ways to spoil these: for tests of the exchange.

Everything here is fictional. Keys come from `support.pki`; the same letter is made once in a run.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto.age import payload_size
from dedere.protocol.card import Card, CardChain, SignedCard, pack_card
from dedere.protocol.container import Signing
from dedere.protocol.intake import Arrival, KnownLetter, Receiver
from dedere.protocol.letter import Letter, LetterRef, Part, pack_letter, seal_letter
from dedere.protocol.trust import TrustDirectory
from support import pki

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = pki.TIME
PDF = b"%PDF-1.7 a fictional act\n"
ACT: Mapping[str, object] = {
    "version": "dedere-act/1",
    "kind": "request",
    "proceeding": "first",
    "officer": {"name": "Officer Van Dijk (fictional)"},
    "body": {"fictional": True, "text": "A request that nobody made."},
}


def identifier(word: str) -> str:
    """An identifier that is the same for the same word."""
    return SeededIdentifiers(word).new()


def plain_card(code: str, **changes: object) -> Card:
    """The card of a fictional authority, unsigned."""
    keys = pki.state(code)
    card = Card(
        state=code,
        name=f"Fictional central authority of {code}",
        functions=("mutual-legal-assistance",),
        languages=("en", "fr"),
        addresses=("https://127.0.0.1:8443",),
        signing_certificates=(keys.authority.certificate.decode(),),
        gateway_certificates=(keys.gateway.certificate.decode(),),
        timestamp_certificates=(keys.timestamp.certificate.decode(),),
        tls_certificates=(keys.tls.certificate.decode(),),
        sealing_recipients=(keys.sealing.recipient.encode(),),
        custodian_recipients=(keys.custodian.recipient.encode(),),
        valid_from=dt.date(2026, 1, 1),
        valid_until=dt.date(2027, 12, 31),
    )
    return replace(card, **changes)  # type: ignore[arg-type] # the caller names fields of a card


def sign_card(card: Card, *, by: str | None = None) -> SignedCard:
    """`card` signed by the authority key of `by`, its own State when nobody is named."""
    return pack_card(card, signing=Signing(pki.state(by or card.state).authority.signer, NOW))


@functools.cache
def card_of(state: str) -> SignedCard:
    """The first card of a fictional authority."""
    return sign_card(plain_card(state))


@functools.cache
def chain_of(state: str) -> CardChain:
    """Its chain, of one card."""
    return CardChain.begin(card_of(state).container)


@functools.cache
def directory(*states: str) -> TrustDirectory:
    """A directory that has pinned the named States, NL and SN when none is named."""
    return TrustDirectory(chain_of(state) for state in states or ("NL", "SN"))


def part_of(word: str, size: int = 1000, **changes: object) -> Part:
    """The facts of a part that could exist."""
    digest = hashlib.sha256(word.encode()).hexdigest()
    part = Part(
        id=identifier(word),
        name=f"{word}.pdf",
        media_type="application/pdf",
        size=size,
        sha256=digest,
        sealed_size=payload_size(size) + 200,
        sealed_sha256=digest,
        payload_sha256=digest,
        conditions=({"kind": "use-limitation"},),
    )
    return replace(part, **changes)  # type: ignore[arg-type] # the caller names fields of a part


def plain_letter(by: str = "NL", to: str = "SN", **changes: object) -> Letter:
    """A letter, unsigned."""
    letter = Letter(
        id=identifier("letter"),
        case=identifier("case"),
        sender=card_of(by).party,
        recipient=card_of(to).party,
        sequence=1,
        sealed_at=NOW,
        act=ACT,
    )
    return replace(letter, **changes)  # type: ignore[arg-type] # the caller names fields of a letter


def signing_of(state: str, *, at: dt.datetime = NOW, stamped: bool = True) -> Signing:
    """How the authority signs its letters."""
    keys = pki.state(state)
    return Signing(keys.authority.signer, at, timestamper=keys.timestamper(at) if stamped else None)


def pack(letter: Letter, *, pdf: bytes = PDF, signing: Signing | None = None) -> bytes:
    """The container of `letter`."""
    return pack_letter(letter, pdf, signing=signing or signing_of(letter.sender.state, at=letter.sealed_at))


def seal(container: bytes, recipient: str = "SN") -> bytes:
    """`container` sealed to the authority of `recipient`; the same bytes each time."""
    return seal_letter(container, card_of(recipient).card.letter_recipients, chance=SeededIdentifiers("seal"))


@functools.cache
def good_container() -> bytes:
    """The container of `plain_letter()`."""
    return pack(plain_letter())


@functools.cache
def good_sealed() -> bytes:
    """The same, sealed to SN."""
    return seal(good_container())


def receiver_of(state: str = "SN", **changes: object) -> Receiver:
    """The authority as it receives."""
    receiver = Receiver(
        state=state,
        own_cards=frozenset({card_of(state).digest}),
        identities=(pki.state(state).sealing,),
        directory=directory(),
    )
    return replace(receiver, **changes)  # type: ignore[arg-type] # the caller names fields of a receiver


ARRIVAL = Arrival(now=NOW, caller="NL")


@dataclass
class Record:
    """What a receiver has already: a fake of the two questions that intake asks."""

    letters: dict[str, KnownLetter] = field(default_factory=dict)
    places: dict[tuple[str, str, int], KnownLetter] = field(default_factory=dict)

    def letter_with_id(self, letter_id: str) -> KnownLetter | None:
        return self.letters.get(letter_id)

    def letter_at(self, *, sender: str, case: str, sequence: int) -> KnownLetter | None:
        return self.places.get((sender, case, sequence))

    def keep(self, letter: Letter, digest: str) -> None:
        """Remember `letter`."""
        known = KnownLetter(letter.id, digest)
        self.letters[letter.id] = known
        self.places[letter.sender.state, letter.case, letter.sequence] = known


def ref_to(container: bytes, letter: Letter) -> LetterRef:
    """The reference by which another letter answers this one."""
    return LetterRef(letter.id, hashlib.sha256(container).hexdigest())

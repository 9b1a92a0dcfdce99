"""A card: an authority's signed statement of its keys, addresses, functions and languages, and the chain of them.

Requirements P-050 to P-062. The first card of a chain is signed by its own authority key and means nothing until its
fingerprint was compared out of band and pinned. Each later card is signed by an authority key that the card before it
names, carries the next serial and the digest of the card before it. What was valid on a past day stays verifiable.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from dedere.base.clock import format_instant
from dedere.crypto.keys import certificate_fingerprint
from dedere.protocol.archive import ArchiveLimits
from dedere.protocol.container import Signing, open_container, pack_container, verify_container
from dedere.protocol.content import Checked, require_member, write_content
from dedere.protocol.errors import ContentRefusedError, TrustRefusedError
from dedere.protocol.letter import Party, read_instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.protocol.container import OpenedContainer

CARD_VERSION = "dedere-card/1"
CARD_MEMBER = "card.json"
CARD_LIMITS = ArchiveLimits(members=6, member_bytes=512 * 1024, total_bytes=1024 * 1024)
_HYBRID_PREFIX = "age1pq1"
_FINGERPRINT_GROUPS = 6
_GROUP_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Revocation:
    """A card's end before its time. `compromised` means its keys may have been used by others since `since`."""

    card: str
    since: dt.datetime
    compromised: bool
    reason: str = ""

    def as_json(self) -> dict[str, object]:
        """The revocation as it stands in a later card."""
        kind = "compromised" if self.compromised else "revoked"
        return {"card": self.card, "from": format_instant(self.since), "kind": kind, "reason": self.reason}

    @classmethod
    def from_json(cls, value: Checked) -> Revocation:
        """The revocation that `value`, checked by its schema, describes."""
        return cls(value["card"], read_instant(value["from"]), value["kind"] == "compromised", value["reason"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What `card.json` says. Certificates are PEM, recipients are age recipients, days are inclusive and in UTC."""

    state: str
    name: str
    functions: tuple[str, ...]
    languages: tuple[str, ...]
    addresses: tuple[str, ...]
    signing_certificates: tuple[str, ...]
    gateway_certificates: tuple[str, ...]
    timestamp_certificates: tuple[str, ...]
    tls_certificates: tuple[str, ...]
    sealing_recipients: tuple[str, ...]
    valid_from: dt.date
    valid_until: dt.date
    custodian_recipients: tuple[str, ...] = ()
    second_signing_certificates: tuple[str, ...] = ()
    serial: int = 1
    previous: str | None = None
    revocations: tuple[Revocation, ...] = ()
    version: str = field(default=CARD_VERSION)

    def as_json(self) -> dict[str, object]:
        """The content of `card.json`."""
        value: dict[str, object] = {}
        for each in fields(self):
            item = getattr(self, each.name)
            value[each.name] = list(item) if isinstance(item, tuple) else item
        value["valid_from"] = self.valid_from.isoformat()
        value["valid_until"] = self.valid_until.isoformat()
        value["revocations"] = [revocation.as_json() for revocation in self.revocations]
        return value

    @classmethod
    def from_json(cls, value: Checked) -> Card:
        """The card that `value`, checked by its schema, describes.

        Raises:
            ContentRefusedError: a day that does not exist.
            TrustRefusedError: the card contradicts itself (P-053).
        """
        content: dict[str, Any] = {  # the schema has checked every value
            name: tuple(item) if isinstance(item, list) else item for name, item in value.items()
        }
        content["valid_from"] = _day(value["valid_from"])
        content["valid_until"] = _day(value["valid_until"])
        content["revocations"] = tuple(Revocation.from_json(item) for item in value["revocations"])
        card = cls(**content)
        if card.valid_until < card.valid_from or (card.serial == 1) != (card.previous is None):
            raise TrustRefusedError("The card contradicts itself in its days or serial.", code="card-content")
        return card

    def valid_on(self, day: dt.date) -> bool:
        """Whether `day` lies within the card's own validity; revocations are the trust directory's knowledge."""
        return self.valid_from <= day <= self.valid_until

    @property
    def letter_recipients(self) -> tuple[str, ...]:
        """To whom letters and parts are sealed: hybrid recipients; classical ones only where there is none (P-055)."""
        hybrid = tuple(text for text in self.sealing_recipients if text.startswith(_HYBRID_PREFIX))
        return hybrid or self.sealing_recipients


@dataclass(frozen=True, slots=True)
class SignedCard:
    """A card with the container it came in; `digest` is the SHA-256 of the container."""

    card: Card
    digest: str
    container: bytes = field(repr=False)

    @property
    def party(self) -> Party:
        """The party that letters and receipts name."""
        return Party(self.card.state, self.digest)

    @property
    def fingerprint(self) -> str:
        """The fingerprint that people compare."""
        return fingerprint(self.digest)


class CardChain:
    """A State's cards from the first to the newest, each verified against the one before. Immutable.

    Made only by `begin` and `extended`, so that a chain that exists is a chain that holds.
    """

    __slots__ = ("_cards",)

    def __init__(self, cards: tuple[SignedCard, ...]) -> None:
        self._cards = cards

    @classmethod
    def begin(cls, container: bytes) -> CardChain:
        """A chain from its first card, signed by its own authority key (P-051).

        Raises:
            ContainerRefusedError, ContentRefusedError, SignatureRefusedError, TrustRefusedError
        """
        opened, card = _open_card(container)
        if card.previous is not None:
            raise TrustRefusedError("The first card of a chain follows no other.", code="card-chain")
        return cls((_verified(opened, card, container=container, signed_by=card),))

    @classmethod
    def of(cls, containers: Iterable[bytes]) -> CardChain:
        """The chain of `containers`, oldest first; refused as `begin` and `extended` refuse."""
        chain: CardChain | None = None
        for container in containers:
            chain = cls.begin(container) if chain is None else chain.extended(container)
        if chain is None:
            raise TrustRefusedError("A chain needs at least one card.", code="card-chain")
        return chain

    def extended(self, container: bytes) -> CardChain:
        """The chain with one more card, signed by a key that the newest names (P-052).

        Raises:
            TrustRefusedError: another State, another serial, another previous digest.
            SignatureRefusedError: not signed by the newest card's authority key.
        """
        opened, card = _open_card(container)
        newest = self.newest
        follows = (newest.card.state, newest.card.serial + 1, newest.digest)
        if (card.state, card.serial, card.previous) != follows or card.valid_from < newest.card.valid_from:
            raise TrustRefusedError("The card does not follow the newest known one.", code="card-chain")
        return CardChain((*self._cards, _verified(opened, card, container=container, signed_by=newest.card)))

    @property
    def cards(self) -> tuple[SignedCard, ...]:
        """Every card, oldest first."""
        return self._cards

    @property
    def first(self) -> SignedCard:
        """The card that was pinned."""
        return self._cards[0]

    @property
    def newest(self) -> SignedCard:
        """The card with the highest serial; it may be for a day to come."""
        return self._cards[-1]

    @property
    def state(self) -> str:
        """The State all its cards are of."""
        return self.first.card.state


def pack_card(card: Card, *, signing: Signing) -> SignedCard:
    """`card` signed by `signing`: its own authority key for a first card, the previous card's for a later one.

    Raises:
        ProtocolUseError: the card would be refused by its reader.
    """
    container = pack_container(
        {CARD_MEMBER: write_content(card.as_json())},
        signer=signing.signer,
        signed_at=signing.signed_at,
        timestamper=signing.timestamper,
        second_signer=signing.second_signer,
    )
    return SignedCard(card, hashlib.sha256(container).hexdigest(), container)


def read_card(container: bytes) -> Card:
    """What the card in `container` claims, before anything is verified: to know whose chain it should follow.

    Raises:
        ContainerRefusedError, ContentRefusedError, TrustRefusedError: it is no card at all.
    """
    return _open_card(container)[1]


def fingerprint(card_digest: str) -> str:
    """Six groups of five digits (99 bits) for a note verbale, the same for the same card: `12345 67890 …` (P-054)."""
    digest = hashlib.sha256(b"dedere-card-fingerprint/1:" + card_digest.encode("ascii")).digest()
    digits = str(int.from_bytes(digest, "big"))[-_FINGERPRINT_GROUPS * _GROUP_DIGITS :]
    return " ".join(digits[start : start + _GROUP_DIGITS] for start in range(0, len(digits), _GROUP_DIGITS))


def require_fingerprint(card: SignedCard, compared: str) -> None:
    """Nothing, if `compared`, as a person typed it, is the card's fingerprint.

    Raises:
        TrustRefusedError: it is not.
    """
    typed = "".join(character for character in compared if character.isdigit())
    if typed != card.fingerprint.replace(" ", ""):
        raise TrustRefusedError("The card's fingerprint is not the one that was compared.", code="card-fingerprint")


def key_id(certificate: str) -> str:
    """The name of a gateway key in requests: SHA-256 of its certificate's DER, in hexadecimal (P-071)."""
    return certificate_fingerprint(certificate)


def _open_card(container: bytes) -> tuple[OpenedContainer, Card]:
    opened = open_container(container, limits=CARD_LIMITS)
    value = require_member(opened, CARD_MEMBER, kinds=("card",))
    if opened.members.keys() != {CARD_MEMBER} or opened.padded:
        raise ContentRefusedError("A card has card.json, nothing else.", code="content-missing")
    return opened, Card.from_json(value)


def _verified(opened: OpenedContainer, card: Card, *, container: bytes, signed_by: Card) -> SignedCard:
    verify_container(opened, trusted=signed_by.signing_certificates, at=None)
    if signed_by.second_signing_certificates:
        verify_container(opened, trusted=signed_by.second_signing_certificates, at=None, number=2)
    return SignedCard(card, opened.digest, container)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ContentRefusedError("A day does not exist.", code="content-schema") from error

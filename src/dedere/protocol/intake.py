"""Intake: the numbered checks between sealed bytes that arrived and a letter that counts. Pure; stores nothing.

Requirement P-100. The checks run in this order and the first that fails decides, by raising the refusal of its layer:

  1. *seal*       the size is one a letter may have (P-101)
  2. *seal*       it opens with a sealing key of ours (P-102)
  3. *container*  it is exactly the zip of the protocol, padded to its class; its manifests hold (P-103)
  4. *content*    `letter.json` is canonical, of a known version, as its schema says; `act.pdf` is a PDF (P-104)
  5. *trust*      the sender's card is pinned, was valid when the letter was sealed, is neither revoked nor
                  compromised, is of the State the letter names, and did not end too long ago (P-105)
  6. *signature*  every signature the card promises holds under its authority certificates, was made at the instant
                  the letter says, with the time-stamp the card promises (P-106)
  7. *address*    the door's caller is the sender; the recipient is us, under a card of ours; the identifier is the
                  one announced outside; it is not dated in the future (P-107)
  8. *parts*      what the letter says of its parts can be true and is within our limits (P-108)
  9. *order*      no other letter has its identifier or its place; what it answers is what we hold (P-109)

What the act means, whether it is permitted in the case, and what is stored is the business of others. A duplicate is
not refused: it gives the same receipt again and changes nothing (P-110).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from dedere.crypto.age import open_sealed, payload_size
from dedere.crypto.errors import NoMatchingIdentityError, SealError
from dedere.protocol.container import open_container, require_passed, verify_container
from dedere.protocol.errors import (
    AddressRefusedError,
    ContainerRefusedError,
    ContentRefusedError,
    OrderRefusedError,
    PartRefusedError,
    SealRefusedError,
    SignatureRefusedError,
    TrustRefusedError,
)
from dedere.protocol.letter import ACT_MEMBER, LETTER_LIMITS, MAX_SEALED_BYTES, Letter, read_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedere.crypto.age import Identity
    from dedere.protocol.card import SignedCard
    from dedere.protocol.container import OpenedContainer
    from dedere.protocol.letter import LetterRef, Part
    from dedere.protocol.trust import TrustDirectory

CLOCK_TOLERANCE = dt.timedelta(minutes=10)
"""How far another State's clock may run before ours (P-107)."""
STAMP_TOLERANCE = dt.timedelta(hours=24)
"""How long after sealing the time-stamp may have been got (P-106)."""
_MAX_HEADER = 64 * 1024
_MIN_HEADER = 100


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """What this authority takes of one letter: bytes of a part, of all parts together, number of parts."""

    part_bytes: int = 1024**4
    parts_bytes: int = 4 * 1024**4
    parts: int = 1000


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who receives: our sealing identities, the digests of our own cards, our State, what we know of others.

    Give only hybrid identities while our card offers a hybrid recipient: a letter sealed lower then does not open.
    """

    state: str
    own_cards: frozenset[str]
    identities: Sequence[Identity] = field(repr=False)
    directory: TrustDirectory = field(repr=False)
    limits: IntakeLimits = field(default_factory=IntakeLimits)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How it came: when, by whose authenticated request (`None`: by hand), under which announced identifier."""

    now: dt.datetime
    caller: str | None = None
    announced_id: str | None = None


@dataclass(frozen=True, slots=True)
class KnownLetter:
    """A letter that is already here: its identifier and the SHA-256 of its container."""

    id: str
    digest: str


class LetterRecord(Protocol):
    """What the receiver has already, asked by check 9. `sender` is a State's code."""

    def letter_with_id(self, letter_id: str) -> KnownLetter | None:
        """The letter with this identifier, sent or received."""
        ...

    def letter_at(self, *, sender: str, case: str, sequence: int) -> KnownLetter | None:
        """The letter that `sender` has at this place of the case."""
        ...


@dataclass(frozen=True, slots=True)
class ReceivedLetter:
    """A letter that passed. `digest` is of the container, `sealed_sha256` of the bytes that came.

    `duplicate`: the same letter is already here; give its receipt again and change nothing.
    """

    letter: Letter
    digest: str
    sealed_sha256: str
    container: bytes = field(repr=False)
    act_pdf: bytes = field(repr=False)
    card: SignedCard = field(repr=False)
    signed_at: dt.datetime | None
    stamped_at: dt.datetime | None
    duplicate: bool = False


def check_letter(sealed: bytes, receiver: Receiver, *, arrival: Arrival, record: LetterRecord) -> ReceivedLetter:
    """The letter in `sealed`, when all nine checks pass.

    Raises:
        ProtocolRefusedError: the subclass of the layer that decides, with a registered code.
    """
    container = _unseal(sealed, receiver)
    letter, opened, checked = check_container(container, receiver.directory, now=arrival.now)
    _check_address(letter, receiver, arrival)
    _check_parts(letter.parts, receiver.limits)
    known = _check_order(letter, opened.digest, record)
    return ReceivedLetter(
        letter=letter,
        digest=opened.digest,
        sealed_sha256=hashlib.sha256(sealed).hexdigest(),
        container=container,
        act_pdf=opened.members[ACT_MEMBER],
        card=checked.card,
        signed_at=checked.signed_at,
        stamped_at=checked.stamped_at,
        duplicate=known,
    )


@dataclass(frozen=True, slots=True)
class CheckedSignature:
    """Under which card a letter's signatures hold, and the instants they state."""

    card: SignedCard
    signed_at: dt.datetime | None
    stamped_at: dt.datetime | None


def check_container(
    container: bytes, directory: TrustDirectory, *, now: dt.datetime
) -> tuple[Letter, OpenedContainer, CheckedSignature]:
    """Checks 3 to 6 on an unsealed letter, ours or theirs: for intake, for reading back and for whoever verifies.

    Raises:
        ProtocolRefusedError: the subclass of the layer that decides.
    """
    opened = open_container(container, limits=LETTER_LIMITS)
    if not opened.padded:
        raise ContainerRefusedError("A letter is padded to its size class.", code="container-padding")
    letter = read_letter(opened)
    if not opened.members[ACT_MEMBER].startswith(b"%PDF-"):
        raise ContentRefusedError("The act of the letter is not a PDF.", code="content-schema")
    card = directory.card_for_letter(letter.sender.card, sealed_at=letter.sealed_at, now=now)
    if card.card.state != letter.sender.state:
        raise TrustRefusedError("The card is of another State than the letter names.", code="card-unknown")
    return letter, opened, _check_signatures(opened, letter, card)


def _unseal(sealed: bytes, receiver: Receiver) -> bytes:
    # Check 1 (P-101).
    if len(sealed) > MAX_SEALED_BYTES:
        raise SealRefusedError("The sealed letter is larger than a letter may be.", code="letter-too-large")
    # Check 2 (P-102).
    try:
        return open_sealed(sealed, receiver.identities)
    except NoMatchingIdentityError as error:
        raise SealRefusedError("The letter is not sealed to a key of ours.", code="seal-not-for-us") from error
    except SealError as error:
        raise SealRefusedError(f"The seal is broken: {error}", code="seal-broken") from error


def _check_signatures(opened: OpenedContainer, letter: Letter, card: SignedCard) -> CheckedSignature:
    """Check 6 (P-106)."""
    promised = [card.card.signing_certificates]
    if card.card.second_signing_certificates:
        promised.append(card.card.second_signing_certificates)
    signed_at = stamped_at = None
    for number, certificates in enumerate(promised, start=1):
        stamps = card.card.timestamp_certificates
        report = require_passed(
            verify_container(opened, trusted=certificates, stamps=stamps, at=letter.sealed_at, number=number)
        )
        if number == 1:
            signed_at, stamped_at = report.signed_at, report.timestamped_at
    if signed_at != letter.sealed_at:
        raise SignatureRefusedError("The signature is of another time than the letter.", code="signature-time")
    if card.card.timestamp_certificates and stamped_at is None:
        raise SignatureRefusedError("The signature lacks the promised time-stamp.", code="signature-level")
    if stamped_at is not None and not -CLOCK_TOLERANCE <= stamped_at - letter.sealed_at <= STAMP_TOLERANCE:
        raise SignatureRefusedError("The time-stamp is of another time than the letter.", code="signature-time")
    return CheckedSignature(card, signed_at, stamped_at)


def _check_address(letter: Letter, receiver: Receiver, arrival: Arrival) -> None:
    """Check 7 (P-107)."""
    if arrival.caller is not None and arrival.caller != letter.sender.state:
        raise AddressRefusedError("The letter is from another State than its bringer.", code="sender-differs")
    if letter.recipient.state != receiver.state or letter.recipient.card not in receiver.own_cards:
        raise AddressRefusedError("The letter is for another recipient.", code="recipient-wrong")
    if arrival.announced_id is not None and arrival.announced_id != letter.id:
        raise AddressRefusedError("The letter has another identifier than announced.", code="letter-id-differs")
    if letter.sealed_at > arrival.now + CLOCK_TOLERANCE:
        raise AddressRefusedError("The letter is dated in the future; one clock is wrong.", code="sealed-in-future")


def _check_parts(parts: tuple[Part, ...], limits: IntakeLimits) -> None:
    """Check 8 (P-108)."""
    if len({part.id for part in parts}) != len(parts):
        raise PartRefusedError("Two parts have the same identifier.", code="parts-contradict")
    for part in parts:
        header = part.sealed_size - payload_size(part.size)
        if not _MIN_HEADER <= header <= _MAX_HEADER:
            raise PartRefusedError("The sizes of a part contradict each other.", code="parts-contradict")
    too_large = any(part.sealed_size > limits.part_bytes for part in parts)
    if too_large or len(parts) > limits.parts or sum(part.sealed_size for part in parts) > limits.parts_bytes:
        raise PartRefusedError("The letter announces more than this authority takes.", code="parts-too-many")


def _check_order(letter: Letter, digest: str, record: LetterRecord) -> bool:
    """Check 9 (P-109): whether the letter is already here; refused when another one is in its place."""
    same_id = record.letter_with_id(letter.id)
    if same_id is not None:
        if same_id.digest != digest:
            raise OrderRefusedError("Another letter with this identifier is already here.", code="letter-id-reused")
        return True
    if record.letter_at(sender=letter.sender.state, case=letter.case, sequence=letter.sequence) is not None:
        raise OrderRefusedError("Another letter has this place in the case.", code="sequence-taken")
    for ref in letter.answers:
        _check_answer(ref, letter, record)
    return False


def _check_answer(ref: LetterRef, letter: Letter, record: LetterRecord) -> None:
    known = record.letter_with_id(ref.id)
    if ref.id == letter.id or (known is not None and known.digest != ref.digest):
        raise OrderRefusedError("The letter answers a letter with another digest than ours.", code="answers-wrong")

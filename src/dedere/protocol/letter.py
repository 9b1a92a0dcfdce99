"""A letter: one signed act of procedure with everything that binds it to its place, and the facts of its parts.

Requirements P-040 to P-049. Sender, recipient, identifier, case, sequence and the digests of the letters it answers
stand inside what is signed, so a letter cannot be forwarded, replayed, reordered or cut out unnoticed. The protocol
does not interpret the act.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant, parse_instant
from dedere.base.errors import InputError
from dedere.crypto.age import parse_recipient, seal
from dedere.protocol.archive import ArchiveLimits
from dedere.protocol.container import Signing, pack_container
from dedere.protocol.content import Checked, require_member, write_content
from dedere.protocol.errors import ContentRefusedError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from dedere.base.identifiers import Identifiers
    from dedere.protocol.container import OpenedContainer

LETTER_VERSION = "dedere-letter/1"
LETTER_MEMBER = "letter.json"
ACT_MEMBER = "act.pdf"
MAX_CONTAINER_BYTES = 16 * 1024 * 1024
MAX_SEALED_BYTES = MAX_CONTAINER_BYTES + 64 * 1024
LETTER_LIMITS = ArchiveLimits(members=8, member_bytes=MAX_CONTAINER_BYTES, total_bytes=MAX_CONTAINER_BYTES)


@dataclass(frozen=True, slots=True)
class Party:
    """An authority as it stood that day: its State (ISO 3166-1 alpha-2) and the digest of its card."""

    state: str
    card: str

    def as_json(self) -> dict[str, object]:
        """The party as it stands in letters and receipts."""
        return {"state": self.state, "card": self.card}

    @classmethod
    def from_json(cls, value: Checked) -> Party:
        """The party that `value`, checked by its schema, describes."""
        return cls(state=value["state"], card=value["card"])


@dataclass(frozen=True, slots=True)
class LetterRef:
    """A letter named by its identifier and the SHA-256 of its container, so that it cannot be exchanged."""

    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Part:
    """The facts of one part.

    `size` and `sha256` are of the plain bytes; `sealed_*` of the file that travels (age header and payload);
    `payload_sha256` of the sealed payload alone, which stays the same for every recipient.
    """

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    sealed_size: int
    sealed_sha256: str
    payload_sha256: str
    conditions: tuple[Mapping[str, object], ...] = ()

    def as_json(self) -> dict[str, object]:
        """The part as it stands in `letter.json`."""
        return {
            "id": self.id,
            "name": self.name,
            "media_type": self.media_type,
            "size": self.size,
            "sha256": self.sha256,
            "sealed_size": self.sealed_size,
            "sealed_sha256": self.sealed_sha256,
            "payload_sha256": self.payload_sha256,
            "conditions": [dict(condition) for condition in self.conditions],
        }

    @classmethod
    def from_json(cls, value: Checked) -> Part:
        """The part that `value`, checked by its schema, describes."""
        return cls(**{**value, "conditions": tuple(value["conditions"])})


@dataclass(frozen=True, slots=True)
class Letter:
    """What `letter.json` says. `sequence` counts the sender's letters to this recipient in this case, from 1."""

    id: str
    case: str
    sender: Party
    recipient: Party
    sequence: int
    sealed_at: dt.datetime
    act: Mapping[str, object]
    answers: tuple[LetterRef, ...] = ()
    parts: tuple[Part, ...] = ()
    version: str = field(default=LETTER_VERSION)

    def as_json(self) -> dict[str, object]:
        """The content of `letter.json`."""
        return {
            "version": self.version,
            "id": self.id,
            "case": self.case,
            "sender": self.sender.as_json(),
            "recipient": self.recipient.as_json(),
            "sequence": self.sequence,
            "answers": [{"id": ref.id, "digest": ref.digest} for ref in self.answers],
            "sealed_at": format_instant(self.sealed_at),
            "act": dict(self.act),
            "parts": [part.as_json() for part in self.parts],
        }

    @classmethod
    def from_json(cls, value: Checked) -> Letter:
        """The letter that `value`, checked by its schema, describes.

        Raises:
            ContentRefusedError: an instant that does not exist.
        """
        return cls(
            id=value["id"],
            case=value["case"],
            sender=Party.from_json(value["sender"]),
            recipient=Party.from_json(value["recipient"]),
            sequence=value["sequence"],
            sealed_at=read_instant(value["sealed_at"]),
            act=value["act"],
            answers=tuple(LetterRef(ref["id"], ref["digest"]) for ref in value["answers"]),
            parts=tuple(Part.from_json(part) for part in value["parts"]),
            version=value["version"],
        )


def pack_letter(letter: Letter, act_pdf: bytes, *, signing: Signing) -> bytes:
    """The signed, padded container of `letter` with its human-readable act (PDF); its SHA-256 is the letter's digest.

    `signing.signed_at` is replaced by the letter's own `sealed_at`: the signature and the letter tell one time.

    Raises:
        ProtocolUseError: the letter would be refused by its reader.
    """
    members = {LETTER_MEMBER: write_content(letter.as_json()), ACT_MEMBER: act_pdf}
    return pack_container(
        members,
        signer=signing.signer,
        signed_at=letter.sealed_at,
        timestamper=signing.timestamper,
        second_signer=signing.second_signer,
        pad=True,
    )


def read_letter(opened: OpenedContainer) -> Letter:
    """The letter in an opened container; its signature is not verified here.

    Raises:
        ContentRefusedError: a member is missing or one too many, or `letter.json` is not what its schema says.
    """
    value = require_member(opened, LETTER_MEMBER, kinds=("letter",))
    if opened.members.keys() != {LETTER_MEMBER, ACT_MEMBER}:
        raise ContentRefusedError("A letter has letter.json and act.pdf, nothing else.", code="content-missing")
    return Letter.from_json(value)


def seal_letter(container: bytes, recipients: Sequence[str], *, chance: Identifiers) -> bytes:
    """The container sealed with age to `recipients`, as `Card.letter_recipients` gives them."""
    return seal(container, [parse_recipient(text) for text in recipients], chance=chance)


def read_instant(text: str) -> dt.datetime:
    """`parse_instant` for an instant that another State wrote."""
    try:
        return parse_instant(text)
    except InputError as error:
        raise ContentRefusedError("An instant does not exist or is not in UTC.", code="content-schema") from error

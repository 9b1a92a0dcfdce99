"""Receipts of a gateway: *this letter is here*, *this part is here whole*. No officer has seen anything yet.

Requirements P-080 to P-087. A receipt is a container signed by the gateway key of the receiver's card over the digest
of what came and when. Whoever sent holds it as proof; it is checked against what was sent before it counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.protocol.archive import ArchiveLimits
from dedere.protocol.container import Signing, open_container, pack_container, require_passed, verify_container
from dedere.protocol.content import Checked, require_member, write_content
from dedere.protocol.errors import ContentRefusedError, ProtocolRefusedError, ReceiptRefusedError
from dedere.protocol.letter import Party, read_instant

if TYPE_CHECKING:
    import datetime as dt

    from dedere.protocol.container import OpenedContainer
    from dedere.protocol.letter import Letter, Part
    from dedere.protocol.trust import TrustDirectory

MACHINE_RECEIPT_VERSION = "dedere-machine-receipt/1"
PART_RECEIPT_VERSION = "dedere-part-receipt/1"
RECEIPT_MEMBER = "receipt.json"
RECEIPT_LIMITS = ArchiveLimits(members=8, member_bytes=128 * 1024, total_bytes=256 * 1024)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineReceipt:
    """*The gateway of `received_by` holds this letter since `received_at`.* `parts` are the parts it still expects."""

    letter: str
    sender: Party
    container_sha256: str
    sealed_sha256: str
    received_at: dt.datetime
    received_by: Party
    parts: tuple[str, ...] = ()
    version: str = field(default=MACHINE_RECEIPT_VERSION)

    def as_json(self) -> dict[str, object]:
        """The content of `receipt.json`."""
        return {
            "version": self.version,
            "letter": self.letter,
            "sender": self.sender.as_json(),
            "container_sha256": self.container_sha256,
            "sealed_sha256": self.sealed_sha256,
            "received_at": format_instant(self.received_at),
            "received_by": self.received_by.as_json(),
            "parts": list(self.parts),
        }

    @classmethod
    def from_json(cls, value: Checked) -> MachineReceipt:
        """The receipt that `value`, checked by its schema, describes."""
        return cls(
            letter=value["letter"],
            sender=Party.from_json(value["sender"]),
            container_sha256=value["container_sha256"],
            sealed_sha256=value["sealed_sha256"],
            received_at=read_instant(value["received_at"]),
            received_by=Party.from_json(value["received_by"]),
            parts=tuple(value["parts"]),
            version=value["version"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReceipt:
    """*The gateway of `received_by` holds this sealed part whole since `received_at`*, with these digests."""

    letter: str
    part: str
    sealed_size: int
    sealed_sha256: str
    payload_sha256: str
    received_at: dt.datetime
    received_by: Party
    version: str = field(default=PART_RECEIPT_VERSION)

    def as_json(self) -> dict[str, object]:
        """The content of `receipt.json`."""
        return {
            "version": self.version,
            "letter": self.letter,
            "part": self.part,
            "sealed_size": self.sealed_size,
            "sealed_sha256": self.sealed_sha256,
            "payload_sha256": self.payload_sha256,
            "received_at": format_instant(self.received_at),
            "received_by": self.received_by.as_json(),
        }

    @classmethod
    def from_json(cls, value: Checked) -> PartReceipt:
        """The receipt that `value`, checked by its schema, describes."""
        content = dict(value)
        content["received_at"] = read_instant(value["received_at"])
        content["received_by"] = Party.from_json(value["received_by"])
        return cls(**content)


@dataclass(frozen=True, slots=True)
class SentLetter:
    """What the sender knows of a letter it sent: enough to judge a receipt for it."""

    id: str
    container_sha256: str
    recipient: str
    parts: tuple[str, ...] = ()

    @classmethod
    def of(cls, letter: Letter, container_sha256: str) -> SentLetter:
        """The facts of `letter`, whose container has this SHA-256."""
        parts = tuple(part.id for part in letter.parts)
        return cls(letter.id, container_sha256, letter.recipient.state, parts)


def pack_receipt(receipt: MachineReceipt | PartReceipt, *, signing: Signing) -> bytes:
    """The signed container of `receipt`; `signing.signer` is the gateway key."""
    return pack_container(
        {RECEIPT_MEMBER: write_content(receipt.as_json())},
        signer=signing.signer,
        signed_at=signing.signed_at,
        timestamper=signing.timestamper,
    )


def accept_machine_receipt(
    data: bytes, sent: SentLetter, *, directory: TrustDirectory, now: dt.datetime
) -> MachineReceipt:
    """The receipt in `data`, when it is a true receipt for what was `sent` (P-083, P-084).

    The sealed digest may differ from ours: the letter may have been sealed anew or carried by hand.

    Raises:
        ReceiptRefusedError: another form; not signed by the recipient's gateway under a valid card; another letter.
    """
    with _judging():
        opened, value = _open_receipt(data, "machine-receipt")
        receipt = MachineReceipt.from_json(value)
        _verify(opened, receipt, directory=directory, now=now)
    found = (receipt.letter, receipt.container_sha256, receipt.received_by.state)
    if found != (sent.id, sent.container_sha256, sent.recipient) or not set(receipt.parts) <= set(sent.parts):
        raise ReceiptRefusedError("The receipt is not for what was sent.")
    return receipt


def accept_part_receipt(
    data: bytes, part: Part, *, letter: SentLetter, directory: TrustDirectory, now: dt.datetime
) -> PartReceipt:
    """The receipt in `data`, when it is a true receipt for `part` of `letter` (P-085).

    Raises:
        ReceiptRefusedError: as for a machine receipt.
    """
    with _judging():
        opened, value = _open_receipt(data, "part-receipt")
        receipt = PartReceipt.from_json(value)
        _verify(opened, receipt, directory=directory, now=now)
    found = (receipt.letter, receipt.part, receipt.received_by.state)
    digests = (receipt.sealed_size, receipt.sealed_sha256, receipt.payload_sha256)
    expected = (part.sealed_size, part.sealed_sha256, part.payload_sha256)
    if found != (letter.id, part.id, letter.recipient) or digests != expected:
        raise ReceiptRefusedError("The receipt is not for the part that was sent.")
    return receipt


def read_receipt(data: bytes) -> tuple[OpenedContainer, MachineReceipt | PartReceipt]:
    """The receipt in `data`, whichever kind it is, unverified: for showing it and for the dossier's own checks.

    Raises:
        ContainerRefusedError, ContentRefusedError
    """
    opened, value = _open_receipt(data, "machine-receipt", "part-receipt")
    if value["version"] == PART_RECEIPT_VERSION:
        return opened, PartReceipt.from_json(value)
    return opened, MachineReceipt.from_json(value)


@contextmanager
def _judging() -> Iterator[None]:
    """P-087: whatever is wrong with an answer, it is not a receipt; the layer where that showed is kept."""
    try:
        yield
    except ProtocolRefusedError as error:
        raise ReceiptRefusedError(f"The answer is no receipt: {error}", layer=error.layer) from error


def _open_receipt(data: bytes, *kinds: str) -> tuple[OpenedContainer, Checked]:
    opened = open_container(data, limits=RECEIPT_LIMITS)
    value = require_member(opened, RECEIPT_MEMBER, kinds=kinds)
    if opened.members.keys() != {RECEIPT_MEMBER} or opened.padded:
        raise ContentRefusedError("A receipt has receipt.json, nothing else.", code="content-missing")
    return opened, value


def _verify(
    opened: OpenedContainer,
    receipt: MachineReceipt | PartReceipt,
    *,
    directory: TrustDirectory,
    now: dt.datetime,
) -> None:
    """P-082: signed by a gateway key of the receiver's card, valid when it received."""
    card = directory.card_for_letter(receipt.received_by.card, sealed_at=receipt.received_at, now=now)
    if card.card.state != receipt.received_by.state:
        raise ReceiptRefusedError("The receipt names another State than its card.")
    stamps = card.card.timestamp_certificates
    certificates = card.card.gateway_certificates
    require_passed(verify_container(opened, trusted=certificates, stamps=stamps, at=receipt.received_at))

"""Carriage by hand, in: what a medium brings is taken in like by network, and its receipts go back on it (P-237)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

from dedere.base.errors import InputError, MessageError
from dedere.node.audit.actions import Happening, record
from dedere.node.exchange.actions.mailbox import mailbox_receipt
from dedere.node.exchange.actions.receiving import receive_letter
from dedere.node.exchange.actions.receiving_parts import append_part, begin_part
from dedere.node.exchange.arriving import verify_part
from dedere.node.exchange.models import IncomingLetter, IncomingPart
from dedere.node.exchange.packing import COMMAND_LINE, Receipt, pack_receipts
from dedere.node.office import office
from dedere.protocol.errors import DoorRefusedError, ProtocolRefusedError
from dedere.protocol.parts import MAX_PIECE_BYTES
from dedere.transport.carrier import CARRIER_FILE, CarriedPart, Carrier, carriers_on, open_carrier

_READ_BYTES = 4 * 1024 * 1024


@dataclass
class Unpacked:
    """What a medium brought. `refusals` are sentences; `receipts` are the carriers written for the way back."""

    letters: int = 0
    parts: int = 0
    receipts_taken: int = 0
    refusals: list[str] = field(default_factory=list)
    receipts: list[Path] = field(default_factory=list)


def unpack(*, medium: Path) -> Unpacked:
    """Take in every carrier on the medium that is for us, and write the receipts for it to the medium.

    Whatever is refused hinders nothing else. Taking a medium in twice changes nothing.

    Raises:
        InputError: the medium holds no carrier for us.
        CarrierFacilityError: the medium cannot be read, or the receipts cannot be written.
        FacilityError: something could not be stored; take the medium in again.
    """
    taking = _Taking()
    carriers = [carrier for folder in carriers_on(medium) for carrier in taking.opened(folder)]
    ours = [carrier for carrier in carriers if carrier.recipient == office().state]
    if not ours and not taking.done.refusals:
        raise InputError(f"{medium} holds no carrier for {office().state}.")
    for carrier in ours:
        taking.take(carrier)
    done = taking.done
    held = {key for sent in carriers if sent.sender == office().state for key in sent.receipts}
    for partner, receipts in taking.given.items():
        new = [each for each in receipts if (each.letter, each.part) not in held]
        if new:
            place = medium.parent if (medium / CARRIER_FILE).exists() else medium
            done.receipts.append(pack_receipts(new, partner=partner, medium=place))
    details = {"letters": done.letters, "parts": done.parts, "refused": len(done.refusals)}
    senders = ",".join(sorted({carrier.sender for carrier in ours}))
    record(Happening(actor=COMMAND_LINE, action="carrier-unpacked", subject=senders, details=details))
    return done


@dataclass
class _Taking:
    """One medium being taken in: what came of it, and the receipts to give back, by partner.

    Every refusal is logged with its code; that of a letter is logged where letters are judged.
    """

    done: Unpacked = field(default_factory=Unpacked)
    given: dict[str, list[Receipt]] = field(default_factory=dict)

    def opened(self, folder: Path) -> Iterator[Carrier]:
        """The carrier in a folder, or nothing where there is none that can be read."""
        try:
            yield open_carrier(folder)
        except MessageError as error:
            self._refuse(folder.name, error)

    def take(self, carrier: Carrier) -> None:
        """Letters first, since they announce the parts; then what is said of our own letters."""
        for letter in carrier.letters:
            self._try(f"letter {letter}", partial(self._letter, carrier, letter))
        for part in carrier.parts:
            self._try(f"part {part.part}", partial(self._part, carrier, part))
        for letter, part_id in sorted(carrier.receipts, key=lambda each: each[1] is not None):
            self._try(f"receipt for {part_id or letter}", partial(self._receipt, carrier, letter, part_id))

    def _try(self, what: str, work: Callable[[], None]) -> None:
        try:
            work()
        except MessageError as error:
            self._refuse(what, error)

    def _refuse(self, what: str, error: MessageError) -> None:
        self.done.refusals.append(f"{what}: {error}")
        record(Happening(COMMAND_LINE, action="carried-refused", subject=what[:120], details={"code": error.code}))

    def _letter(self, carrier: Carrier, letter_id: str) -> None:
        known = IncomingLetter.objects.filter(pk=letter_id).exists()
        sealed = carrier.read_letter(letter_id)
        try:
            receipt = receive_letter(partner=None, letter_id=letter_id, sealed=sealed, at=office().clock.now())
        except ProtocolRefusedError as error:
            self.done.refusals.append(f"letter {letter_id}: {error}")
            return
        self.done.letters += not known
        self._give(IncomingLetter.objects.get(pk=letter_id).partner, Receipt(letter_id, None, receipt))

    def _part(self, carrier: Carrier, part: CarriedPart) -> None:
        row = IncomingPart.objects.select_related("letter").filter(part=part.part, letter=part.letter).first()
        if row is None:
            raise DoorRefusedError("No letter announced this part.", code="unknown-object")
        known = row.receipt is not None
        if not known:
            _append(row, carrier, part)
            verify_part(row.pk)
            row.refresh_from_db()
        if row.receipt is None:
            raise MessageError("It is not what its letter says, and was forgotten.", code="part-digest")
        self.done.parts += not known
        self._give(row.letter.partner, Receipt(part.letter, part.part, bytes(row.receipt)))

    def _receipt(self, carrier: Carrier, letter_id: str, part_id: str | None) -> None:
        receipt = carrier.read_receipt(letter_id, part_id=part_id)
        at = office().clock.now()
        mailbox_receipt(partner=carrier.sender, letter_id=letter_id, part_id=part_id, receipt=receipt, at=at)
        self.done.receipts_taken += 1

    def _give(self, partner: str, receipt: Receipt) -> None:
        self.given.setdefault(partner, []).append(receipt)


def _append(row: IncomingPart, carrier: Carrier, part: CarriedPart) -> None:
    """Append what is missing of a part, piece by piece, each on the disk before the next is read."""
    size = carrier.part_size(part)
    where = {"partner": row.letter.partner, "letter_id": part.letter, "part_id": part.part}
    offset = begin_part(length=size, at=office().clock.now(), **where)
    with carrier.open_part(part) as source:
        source.seek(offset)
        while offset < size:
            length = min(MAX_PIECE_BYTES, size - offset)
            offset = append_part(offset=offset, length=length, pieces=_pieces(source, length), **where)


def _pieces(source: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0:
        piece = source.read(min(_READ_BYTES, length))
        if not piece:
            raise DoorRefusedError("The medium gives fewer bytes than it says.", code="part-length")
        yield piece
        length -= len(piece)

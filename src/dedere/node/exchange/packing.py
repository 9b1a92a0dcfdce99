"""Carriage by hand, out: what waits for a partner, written to a medium; the same bytes as by network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from django.db import transaction

from dedere.base.errors import InputError
from dedere.node.audit.actions import Happening, record
from dedere.node.exchange.delivering import delivery_of, store_delivery
from dedere.node.exchange.directory import trust_directory
from dedere.node.exchange.models import OutgoingLetter, OutgoingPart
from dedere.node.office import office
from dedere.protocol.delivery import DeliveryState
from dedere.protocol.letter import Part
from dedere.transport.carrier import Bearing, CarrierWriter
from dedere.vault.reading import sealed_stream

COMMAND_LINE = "system:command-line"


@dataclass(frozen=True, slots=True)
class Packed:
    """A carrier that was written, and what is in it."""

    folder: Path
    letters: int
    parts: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt to go back: for a letter, or (`part` given) for a part of it."""

    letter: str
    part: str | None
    data: bytes


def pack(*, partner: str, medium: Path) -> Packed:
    """Write everything that waits for a partner into a new carrier on the medium.

    It stays queued for the network too: what comes twice has its effect once.

    Raises:
        InputError: nothing waits for this partner, or its card is not pinned here.
        CarrierFacilityError: the medium cannot be written.
    """
    if partner not in trust_directory().states or partner == office().state:
        raise InputError(f"No card of {partner} is pinned here.")
    waiting = _expose(partner)
    if not waiting:
        raise InputError(f"Nothing waits for {partner}.")
    folder = new_folder(medium, partner)
    writer = CarrierWriter(folder)
    letters = parts = 0
    for row in waiting:
        if not delivery_of(row).is_there:
            writer.put_letter(row.pk, bytes(row.sealed))
            letters += 1
        for part in row.parts.all():
            if part.receipt is None:
                _put_part(writer, part)
                parts += 1
    writer.finish(Bearing(office().state, partner, office().clock.now()))
    details = {"to": partner, "letters": letters, "parts": parts}
    record(Happening(actor=COMMAND_LINE, action="carrier-packed", subject=folder.name, details=details))
    return Packed(folder, letters, parts)


def pack_receipts(receipts: Iterable[Receipt], *, partner: str, medium: Path) -> Path:
    """Write receipts for a partner into a new carrier on the medium."""
    folder = new_folder(medium, partner)
    writer = CarrierWriter(folder)
    for receipt in receipts:
        writer.put_receipt(receipt.letter, receipt.data, part_id=receipt.part)
    writer.finish(Bearing(office().state, partner, office().clock.now()))
    return folder


def new_folder(medium: Path, partner: str) -> Path:
    """A free name that says from whom, to whom and when; nothing of what is in it."""
    name = f"{office().state}-{partner}-{office().clock.now():%Y%m%dT%H%M%SZ}"
    folder, number = medium / name, 2
    while folder.exists():
        folder, number = medium / f"{name}-{number}", number + 1
    return folder


@transaction.atomic
def _expose(partner: str) -> list[OutgoingLetter]:
    """Note, before a byte is written, that from now on somebody may hold these letters (P-130)."""
    rows = OutgoingLetter.objects.filter(partner=partner, complete=False).prefetch_related("parts")
    waiting = list(rows.exclude(state__in=[DeliveryState.REFUSED, DeliveryState.WITHDRAWN]))
    for row in waiting:
        store_delivery(row, delivery_of(row).packed())
    return waiting


def _put_part(writer: CarrierWriter, part: OutgoingPart) -> None:
    facts = Part.from_json(part.facts)
    with BufferedReader(sealed_stream(office().store, facts.payload_sha256, bytes(part.header))) as source:
        writer.put_part(part.letter_id, part.wire_id, source)

"""The mailbox: what waits here for a partner that fetches, because nobody can reach it."""

from __future__ import annotations

import datetime as dt
from io import BufferedReader
from typing import BinaryIO

from django.db import transaction

from dedere.node.audit.actions import Happening, record
from dedere.node.exchange.delivering import delivery_of, note_receipt, store_delivery
from dedere.node.exchange.directory import trust_directory
from dedere.node.exchange.models import OutgoingLetter, OutgoingPart
from dedere.node.office import office
from dedere.protocol.delivery import DeliveryState
from dedere.protocol.errors import DoorRefusedError
from dedere.protocol.letter import Part
from dedere.protocol.mailbox import MailboxEntry, MailboxPart
from dedere.protocol.receipt import SentLetter, accept_machine_receipt, accept_part_receipt
from dedere.vault.reading import sealed_stream

_GONE = (DeliveryState.WITHDRAWN, DeliveryState.REFUSED)


def mailbox_list(*, partner: str) -> tuple[MailboxEntry, ...]:
    """The letters to this partner that are not complete, with the parts it does not have yet."""
    rows = OutgoingLetter.objects.filter(partner=partner, complete=False).exclude(state__in=_GONE)
    return tuple(
        MailboxEntry(
            letter=row.pk,
            sealed_size=0 if row.receipt else row.sealed_size,
            parts=tuple(
                MailboxPart(part.wire_id, part.facts["sealed_size"]) for part in row.parts.all() if part.receipt is None
            ),
        )
        for row in rows.prefetch_related("parts")
    )


@transaction.atomic
def mailbox_letter(*, partner: str, letter_id: str) -> bytes:
    """The sealed letter. From now on it may have been seen, and cannot be withdrawn."""
    row = _require(partner, letter_id)
    store_delivery(row, delivery_of(row).packed())
    return bytes(row.sealed)


def mailbox_part(*, partner: str, letter_id: str, part_id: str) -> BinaryIO:
    """The sealed part, seekable; the caller closes it."""
    part = _require_part(_require(partner, letter_id), part_id)
    facts = Part.from_json(part.facts)
    return BufferedReader(sealed_stream(office().store, facts.payload_sha256, bytes(part.header)))


@transaction.atomic
def mailbox_receipt(*, partner: str, letter_id: str, part_id: str | None, receipt: bytes, at: dt.datetime) -> None:
    """Take the receipt for what was fetched: as good as one that came in answer to a delivery. Twice changes nothing.

    Raises:
        ProtocolRefusedError: it is not a true receipt for this letter or part.
    """
    row = _require(partner, letter_id)
    sent = SentLetter(row.pk, row.digest, row.partner, tuple(part.wire_id for part in row.parts.all()))
    if part_id is None:
        accepted = accept_machine_receipt(receipt, sent, directory=trust_directory(), now=at)
        if row.receipt is not None:
            return
        note_receipt(row, receipt, received_at=accepted.received_at, now=at)
        action = "letter-delivered"
    else:
        part = _require_part(row, part_id)
        accept_part_receipt(receipt, Part.from_json(part.facts), letter=sent, directory=trust_directory(), now=at)
        if part.receipt is not None:
            return
        part.receipt = receipt
        part.save(update_fields=["receipt"])
        store_delivery(row, delivery_of(row).part_delivered(part.pk, now=at))
        action = "part-delivered"
    details = {"to": partner, "by": "mailbox"}
    record(Happening(actor="system:gateway", action=action, subject=row.pk, case=row.case, details=details))


def _require(partner: str, letter_id: str) -> OutgoingLetter:
    row = OutgoingLetter.objects.filter(pk=letter_id, partner=partner).exclude(state__in=_GONE).first()
    if row is None:
        raise DoorRefusedError("There is no such letter or part.", code="unknown-object")
    return row


def _require_part(row: OutgoingLetter, part_id: str) -> OutgoingPart:
    part = row.parts.filter(facts__id=part_id).first()
    if part is None:
        raise DoorRefusedError("There is no such letter or part.", code="unknown-object")
    return part

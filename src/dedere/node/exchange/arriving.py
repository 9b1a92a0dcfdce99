"""Parts that arrived whole: the worker verifies them, takes them into the vault and gives the receipt."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from dedere.base.errors import MessageError
from dedere.crypto.digests import sha256_hex, sha256_of_stream
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.models import Letter
from dedere.node.evidence.actions import ArrivedPart, take_in
from dedere.node.exchange.actions.receiving_parts import arrival_of, forget_lock, hold_part, note_arrived
from dedere.node.exchange.directory import answering_card
from dedere.node.exchange.journeys import take_in_if_identity
from dedere.node.exchange.models import IncomingPart
from dedere.node.office import office
from dedere.protocol.card import SignedCard
from dedere.protocol.container import Signing
from dedere.protocol.letter import Part
from dedere.protocol.receipt import PartReceipt, pack_receipt, read_receipt
from dedere.vault.arrival import Announced, Arrival, Opening, ingest_arrival
from dedere.vault.errors import PartDiffersError
from dedere.vault.ingest import StoredObject
from dedere.vault.reading import open_object


def arrived_parts() -> list[str]:
    """The parts whose last byte is here and that nobody has verified yet."""
    return list(IncomingPart.objects.filter(state=IncomingPart.State.ARRIVED).values_list("pk", flat=True))


def recover_arrivals() -> None:
    """After a start: a part whose last byte came just before a crash is known by its files."""
    for row in IncomingPart.objects.filter(state=IncomingPart.State.EXPECTED):
        if arrival_of(row.pk).offset == row.sealed_size:
            note_arrived(row.pk)


def verify_part(key: str) -> None:
    """Compare a part with what its letter said, put it into the vault, make it an item, give the receipt.

    A part that is not what was announced is forgotten: the sender begins again at nothing. Whoever comes second, while
    another verifies the same part, waits and finds it done.
    """
    with hold_part(key, wait=True):
        row = IncomingPart.objects.select_related("letter").get(pk=key)
        if row.state == IncomingPart.State.ARRIVED:
            _verify(row)
        if row.state == IncomingPart.State.STORED:
            forget_lock(key)


def _verify(row: IncomingPart) -> None:
    part = Part.from_json(row.facts)
    arrival = arrival_of(row.pk)
    try:
        stored = _take_over(arrival, part)
    except MessageError:  # whatever differs, the sender hears the one code that has it begin again
        # The bytes go first: a part that is expected with all its bytes would count as arrived.
        arrival.discard()
        with transaction.atomic():
            IncomingPart.objects.filter(pk=row.pk).update(state=IncomingPart.State.EXPECTED)
            _log("part-refused", row, details={"code": "part-digest", "from": row.letter.partner})
        return
    _keep(row, part, stored)


def _take_over(arrival: Arrival, part: Part) -> StoredObject:
    """The part in the vault. Where a crash came after it was taken over, and before that was noted, it is there."""
    identities = office().sealing_identities
    if arrival.offset == 0 and office().store.holds(part.payload_sha256):
        with open_object(office().store, part.payload_sha256, identities) as reader:
            digest = sha256_of_stream(reader)
        if digest != part.sha256:
            raise PartDiffersError("The part in the vault is not what the letter says.")
        payload = office().store.payload_size(part.payload_sha256)
        return StoredObject(part.payload_sha256, part.size, part.sha256, payload, part.sealed_size)
    return ingest_arrival(
        arrival,
        Announced(part.size, part.sha256, part.sealed_size, part.sealed_sha256, part.payload_sha256),
        store=office().store,
        opening=Opening(identities, [identities[0].recipient], office().identifiers),
    )


@transaction.atomic
def _keep(row: IncomingPart, part: Part, stored: StoredObject) -> None:
    now = office().clock.now().replace(microsecond=0)
    receipt = pack_receipt(
        PartReceipt(
            letter=row.letter_id,
            part=part.id,
            sealed_size=part.sealed_size,
            sealed_sha256=part.sealed_sha256,
            payload_sha256=part.payload_sha256,
            received_at=now,
            received_by=_answering(row).party,
        ),
        signing=Signing(office().gateway_signer, now),
    )
    row.receipt = receipt
    row.stored_at = now
    row.state = IncomingPart.State.STORED
    row.save()
    letter = Letter.objects.get(pk=row.letter_id)
    take_in(
        ArrivedPart(
            case=letter.case_id,
            letter=letter.pk,
            sender=letter.sender,
            key=row.pk,
            facts=row.facts,
            stored=stored,
            receipt_digest=sha256_hex(receipt),
            described=_described(letter, part.id),
        )
    )
    take_in_if_identity(case=letter.case_id, sender=letter.sender, facts=row.facts, object_id=stored.id)
    _log("part-received", row, details={"sha256": part.sha256, "from": row.letter.partner})


def _answering(row: IncomingPart) -> SignedCard:
    """The card under which the letter's own receipt was given, while it still counts."""
    _, receipt = read_receipt(bytes(row.letter.receipt))
    return answering_card(receipt.received_by.card)


def _described(letter: Letter, part_id: str) -> Mapping[str, object]:
    """What the act says of the part."""
    body = letter.act["body"]
    for key in ("items", "documents"):
        for described in body.get(key, []):
            if isinstance(described, dict) and described.get("part") == part_id:
                return described
    return {}


def _log(action: str, row: IncomingPart, *, details: dict[str, object]) -> None:
    record(Happening(actor="system:worker", action=action, subject=row.pk, case=row.letter.case, details=details))

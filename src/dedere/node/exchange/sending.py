"""The worker's side of delivery: what is due for a partner is carried to it, step by step, each step stored first."""

from __future__ import annotations

from collections.abc import Callable
from io import BufferedReader

from django.db import transaction

from dedere.base.errors import DedereError
from dedere.node.audit.actions import Happening, record
from dedere.node.exchange.delivering import delivery_of, store_delivery
from dedere.node.exchange.directory import partner_card, trust_directory
from dedere.node.exchange.models import OutgoingLetter, OutgoingPart
from dedere.node.office import office
from dedere.protocol.card import key_id
from dedere.protocol.delivery import DeliveryState, OutgoingDelivery, Work
from dedere.protocol.letter import Part
from dedere.protocol.receipt import SentLetter, accept_machine_receipt, accept_part_receipt
from dedere.transport.client import NodeClient
from dedere.transport.errors import PartnerUnreachableError
from dedere.transport.http_signature import ClientIdentity
from dedere.vault.reading import sealed_stream

WORKER = "system:worker"


def due_deliveries() -> list[OutgoingDelivery]:
    """Every delivery that is not complete, as the protocol sees it."""
    rows = OutgoingLetter.objects.filter(complete=False).exclude(state__in=["refused", "withdrawn"])
    return [delivery_of(row) for row in rows.defer("sealed").prefetch_related("parts")]


def recover_deliveries() -> None:
    """After a start: what was being sent when the process ended is queued again."""
    for row in OutgoingLetter.objects.filter(state=DeliveryState.SENDING):
        _change(row.pk, lambda delivery: delivery.recovered(office().clock.now()))


def open_client(partner: str) -> NodeClient:
    """A connection to the partner's gateway, pinned to the certificate its card names."""
    identity = ClientIdentity(signer=office().gateway_signer, key_id=key_id(office().gateway_certificate))
    return NodeClient(partner_card(partner).card, identity, clock=office().clock, ids=office().identifiers)


def carry(work: Work, client: NodeClient) -> None:
    """Do one piece of work: deliver the letter, or push a part of it. Failures are stored, to be tried again.

    Raises:
        PartnerUnreachableError: the partner does not answer; the caller closes its line for a while.
    """
    try:
        if work.part is None:
            _deliver(work, client)
        else:
            _push(work, client)
    except PartnerUnreachableError as error:
        exposed = error.exposed
        _fail(work, error, exposed=exposed)
        raise
    except DedereError as error:
        _fail(work, error, exposed=True)


def _deliver(work: Work, client: NodeClient) -> None:
    row = _change(work.letter, lambda delivery: delivery.sending())
    data = client.deliver_letter(row.pk, bytes(row.sealed))
    now = office().clock.now()
    receipt = accept_machine_receipt(data, _sent(row), directory=trust_directory(), now=now)
    with transaction.atomic():
        OutgoingLetter.objects.filter(pk=row.pk).update(receipt=data)
        _change(row.pk, lambda delivery: delivery.delivered(now, received_at=receipt.received_at))
        _log("letter-delivered", row, details={"to": row.partner})


def _push(work: Work, client: NodeClient) -> None:
    part = OutgoingPart.objects.select_related("letter").get(pk=work.part)
    facts = Part.from_json(part.facts)
    with BufferedReader(sealed_stream(office().store, facts.payload_sha256, bytes(part.header))) as source:
        data = client.push_part(work.letter, facts, source, progress=_progress(work))
    now = office().clock.now()
    accept_part_receipt(data, facts, letter=_sent(part.letter), directory=trust_directory(), now=now)
    with transaction.atomic():
        OutgoingPart.objects.filter(pk=part.pk).update(receipt=data)
        _change(work.letter, lambda delivery: delivery.part_delivered(part.pk, now=now))
        _log("part-delivered", part.letter, details={"part": part.pk, "to": part.letter.partner})


def _progress(work: Work) -> Callable[[int], None]:
    def note(offset: int) -> None:
        now = office().clock.now()
        _change(work.letter, lambda delivery: delivery.part_moved(str(work.part), offset, now=now))

    return note


def _fail(work: Work, error: DedereError, *, exposed: bool) -> None:
    now, chance = office().clock.now(), office().identifiers
    _change(work.letter, lambda delivery: delivery.failed(now, error.code, chance=chance, exposed=exposed))


@transaction.atomic
def _change(letter_id: str, step: Callable[[OutgoingDelivery], OutgoingDelivery]) -> OutgoingLetter:
    """Take one step of a delivery and store it before anybody acts on it."""
    row = OutgoingLetter.objects.select_for_update().prefetch_related("parts").get(pk=letter_id)
    store_delivery(row, step(delivery_of(row)))
    return row


def _sent(row: OutgoingLetter) -> SentLetter:
    parts = tuple(row.parts.values_list("pk", flat=True))
    return SentLetter(row.pk, row.digest, row.partner, parts)


def _log(action: str, row: OutgoingLetter, *, details: dict[str, object]) -> None:
    record(Happening(actor=WORKER, action=action, subject=row.pk, case=row.case, details=details))

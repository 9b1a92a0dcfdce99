"""The worker's side of delivery: what is due for a partner is carried to it, step by step, each step stored first."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BufferedReader

from django.db import transaction
from django.db.models import Window
from django.db.models.functions import RowNumber

from dedere.base.errors import DedereError, DefectError, FacilityError
from dedere.node.audit.actions import Happening, record
from dedere.node.exchange.actions.cards import want_card
from dedere.node.exchange.delivering import delivery_of, note_receipt, store_delivery
from dedere.node.exchange.directory import can_be_called, partner_card, trust_directory
from dedere.node.exchange.models import OutgoingLetter, OutgoingPart
from dedere.node.office import office
from dedere.protocol.card import Card, key_id
from dedere.protocol.delivery import DeliveryState, OutgoingDelivery, Work
from dedere.protocol.errors import DeliveryError
from dedere.protocol.letter import Part
from dedere.protocol.receipt import SentLetter, accept_machine_receipt, accept_part_receipt
from dedere.transport.client import NodeClient
from dedere.transport.errors import PartnerUnreachableError
from dedere.transport.http_signature import ClientIdentity
from dedere.vault.reading import sealed_stream

LOG = logging.getLogger(__name__)
WORKER = "system:worker"
# More than one partner is given at once, so that those under way leave some.
OLDEST_EACH = 16
_CARRIED = (DeliveryState.QUEUED, DeliveryState.DELIVERED, DeliveryState.ACKNOWLEDGED)


# After these a partner's newest card is looked for: it may have one that we do not know.
_CARD_CODES = frozenset({"receipt-wrong", "unknown-caller"})


class StoppedError(FacilityError):
    """The worker is asked to end: the part goes on at its next start, where it is."""

    code = "stopped"


def due_deliveries() -> list[OutgoingDelivery]:
    """The deliveries whose time has come, as the protocol sees them; those that a partner fetches are left out.

    Of each partner the oldest few, of letters and of letters with parts to follow: however many wait, finding out what
    to do next costs the same.
    """
    place = Window(RowNumber(), partition_by=["partner", "state"], order_by=["queued_at", "identifier"])
    rows = OutgoingLetter.objects.filter(complete=False, next_try__lte=office().clock.now(), state__in=_CARRIED)
    oldest = rows.annotate(place=place).filter(place__lte=OLDEST_EACH)
    due = [delivery_of(row) for row in oldest.defer("sealed", "receipt").prefetch_related("parts")]
    fetching = {partner for partner in {each.partner for each in due} if not can_be_called(partner)}
    return [each for each in due if each.partner not in fetching]


def recover_deliveries() -> None:
    """After a start: what was being sent when the process ended is queued again."""
    for row in OutgoingLetter.objects.filter(state=DeliveryState.SENDING):
        _change(row.pk, lambda delivery: delivery.recovered(office().clock.now()))


def open_client(partner: str, card: Card | None = None) -> NodeClient:
    """A connection to the partner's gateway, pinned to the certificate its card names: today's, or the one given.

    Raises:
        TrustRefusedError: no card of the partner counts today.
    """
    identity = ClientIdentity(signer=office().gateway_signer, key_id=key_id(office().gateway_certificate))
    card = card or partner_card(partner).card
    return NodeClient(card, identity, clock=office().clock, ids=office().identifiers, wire=office().wire)


def carry(work: Work, client: NodeClient, *, stopped: Callable[[], bool] = lambda: False) -> None:
    """Do one piece of work: deliver the letter, or push a part of it. Failures are stored, to be tried again.

    `stopped` is asked between two pieces of a part.

    Raises:
        PartnerUnreachableError: the partner does not answer; the caller closes its line for a while.
    """
    try:
        if work.part is None:
            _deliver(work, client)
        else:
            _push(work, client, stopped)
    except (StoppedError, DeliveryError):
        return  # stopped between two pieces; or it took another step meanwhile: acknowledged, say, or withdrawn
    except PartnerUnreachableError as error:
        _fail(work, error, exposed=error.exposed)
        raise
    except DedereError as error:
        _fail(work, error, exposed=True)
    except Exception as error:  # the outer border of a delivery: a defect of ours must not leave a letter behind
        LOG.exception("carrying to %s failed", work.partner)
        _fail(work, DefectError(type(error).__name__), exposed=True)


def _deliver(work: Work, client: NodeClient) -> None:
    row = _change(work.letter, lambda delivery: delivery.sending())
    data = client.deliver_letter(row.pk, bytes(row.sealed))
    now = office().clock.now()
    receipt = accept_machine_receipt(data, _sent(row), directory=trust_directory(), now=now)
    with transaction.atomic():
        note_receipt(_locked(row.pk), data, received_at=receipt.received_at, now=now)
        _log("letter-delivered", row, details={"to": row.partner})


def _push(work: Work, client: NodeClient, stopped: Callable[[], bool]) -> None:
    part = OutgoingPart.objects.select_related("letter").get(pk=work.part)
    facts = Part.from_json(part.facts)
    with BufferedReader(sealed_stream(office().store, facts.payload_sha256, bytes(part.header))) as source:
        data = client.push_part(work.letter, facts, source, progress=_progress(work, stopped))
    now = office().clock.now()
    accept_part_receipt(data, facts, letter=_sent(part.letter), directory=trust_directory(), now=now)
    with transaction.atomic():
        OutgoingPart.objects.filter(pk=part.pk).update(receipt=data)
        _change(work.letter, lambda delivery: delivery.part_delivered(part.pk, now=now))
        _log("part-delivered", part.letter, details={"part": part.pk, "to": part.letter.partner})


def _progress(work: Work, stopped: Callable[[], bool]) -> Callable[[int], None]:
    def note(offset: int) -> None:
        now = office().clock.now()
        _change(work.letter, lambda delivery: delivery.part_moved(str(work.part), offset, now=now))
        if stopped():
            raise StoppedError("The worker ends; the part goes on later.")

    return note


def _fail(work: Work, error: DedereError, *, exposed: bool) -> None:
    now, chance = office().clock.now(), office().identifiers
    _change(work.letter, lambda delivery: delivery.failed(now, error.code, chance=chance, exposed=exposed))
    if error.code in _CARD_CODES:
        want_card(work.partner)


@transaction.atomic
def _change(letter_id: str, step: Callable[[OutgoingDelivery], OutgoingDelivery]) -> OutgoingLetter:
    """Take one step of a delivery and store it before anybody acts on it."""
    row = _locked(letter_id)
    store_delivery(row, step(delivery_of(row)))
    return row


def _locked(letter_id: str) -> OutgoingLetter:
    letters = OutgoingLetter.objects.select_for_update().defer("sealed")
    return letters.prefetch_related("parts").get(pk=letter_id)


def _sent(row: OutgoingLetter) -> SentLetter:
    parts = tuple(part.wire_id for part in row.parts.all())
    return SentLetter(row.pk, row.digest, row.partner, parts)


def _log(action: str, row: OutgoingLetter, *, details: dict[str, object]) -> None:
    record(Happening(actor=WORKER, action=action, subject=row.pk, case=row.case, details=details))

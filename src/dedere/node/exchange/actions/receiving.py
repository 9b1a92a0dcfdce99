"""A letter at the door: checked whole, recorded in one transaction with its receipt, or refused and logged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from django.db import IntegrityError, transaction

from dedere.base.errors import DedereError
from dedere.casework.acts import ActKind
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.actions.record import NewLetter, record_letter
from dedere.node.cases.circulation import copy_id
from dedere.node.cases.models import Letter as RecordedLetter
from dedere.node.evidence.actions import note_custody_receipt, note_return
from dedere.node.evidence.models import Item
from dedere.node.exchange.actions.cards import want_card
from dedere.node.exchange.copies import place_copies, written_copy
from dedere.node.exchange.delivering import acknowledge
from dedere.node.exchange.directory import answering_card, trust_directory
from dedere.node.exchange.models import IncomingLetter, IncomingPart, OutgoingPart
from dedere.node.exchange.parties import require_party
from dedere.node.office import office
from dedere.node.trust import own_chain
from dedere.protocol.container import Signing
from dedere.protocol.errors import ContentRefusedError, PartRefusedError, ProtocolRefusedError
from dedere.protocol.intake import Arrival, KnownLetter, ReceivedLetter, Receiver, check_letter
from dedere.protocol.letter import Letter
from dedere.protocol.receipt import MachineReceipt, pack_receipt

GATEWAY = "system:gateway"


class Record:
    """What is here already: the port by which intake asks for identifiers and places."""

    def letter_with_id(self, letter_id: str) -> KnownLetter | None:
        """The letter with this identifier, sent or received."""
        return _known(RecordedLetter.objects.filter(pk=letter_id).first())

    def letter_at(self, *, sender: str, case: str, sequence: int) -> KnownLetter | None:
        """The letter that `sender` has at this place of the case."""
        return _known(
            RecordedLetter.objects.filter(sender=sender, recipient=office().state, case=case, sequence=sequence).first()
        )


def receive_letter(*, partner: str | None, letter_id: str | None, sealed: bytes, at: dt.datetime) -> bytes:
    """Take in a sealed letter and answer its machine receipt; a repetition gets the receipt it got before.

    `partner` is the authenticated caller, None when the letter came by hand.

    Raises:
        ProtocolRefusedError: refused by the layer that decides; logged, nothing of it is stored.
        FacilityError: it could not be stored; the sender tries again.
    """
    received = _judged(sealed, partner=partner, letter_id=letter_id, at=at)
    if not received.duplicate:
        try:
            with written_copy(sealed) as copy:
                return _record(received, at, copy)
        except IntegrityError:
            # A letter came over another connection at the same moment and was recorded first: this one, or another
            # that stands in its way.
            if not _judged(sealed, partner=partner, letter_id=letter_id, at=at).duplicate:
                raise
    return bytes(IncomingLetter.objects.get(pk=received.letter.id).receipt)


def _judged(sealed: bytes, *, partner: str | None, letter_id: str | None, at: dt.datetime) -> ReceivedLetter:
    """The letter, when every check passes; a refusal is logged."""
    try:
        received = check_letter(sealed, _receiver(), arrival=Arrival(at, partner, letter_id), record=Record())
        require_known_act(received.letter)
        if not received.duplicate:
            require_party(received.letter)
            _require_new_parts(received.letter)
    except ProtocolRefusedError as error:
        _log_refusal(partner, error, letter_id=letter_id)
        if error.code == "card-unknown" and partner is not None:
            want_card(partner)
        raise
    return received


@transaction.atomic
def _record(received: ReceivedLetter, at: dt.datetime, copy: Path) -> bytes:
    letter = received.letter
    at = at.replace(microsecond=0)
    receipt = pack_receipt(
        MachineReceipt(
            letter=letter.id,
            sender=letter.sender,
            container_sha256=received.digest,
            sealed_sha256=received.sealed_sha256,
            received_at=at,
            received_by=answering_card(letter.recipient.card).party,
            parts=tuple(part.id for part in letter.parts),
        ),
        signing=Signing(office().gateway_signer, at),
    )
    effective = record_letter(new_letter(letter, received.digest))
    incoming = IncomingLetter.objects.create(
        pk=letter.id,
        partner=letter.sender.state,
        case=letter.case,
        digest=received.digest,
        sealed_sha256=received.sealed_sha256,
        received_at=at,
        receipt=receipt,
    )
    IncomingPart.objects.bulk_create(
        IncomingPart(
            letter=incoming,
            pk=_part_key(letter, part.id),
            part=part.id,
            sealed_size=part.sealed_size,
            facts=part.as_json(),
        )
        for part in letter.parts
    )
    take_effect(effective, at=at)
    record(
        Happening(
            actor=GATEWAY,
            action="letter-received",
            subject=letter.id,
            case=letter.case,
            details={"from": letter.sender.state, "digest": received.digest, "kind": letter.act["kind"]},
        )
    )
    place_copies([(copy, letter.id)])
    return receipt


def take_effect(letters: Iterable[RecordedLetter], *, at: dt.datetime) -> None:
    """What letters that have effect now mean outside the case's state: for the outbox and for custody."""
    for letter in letters:
        if letter.kind == ActKind.ACKNOWLEDGEMENT and letter.recipient == office().state:
            acknowledge([answer[0] for answer in letter.answers], at=at)
        if letter.kind == ActKind.CUSTODY_RECEIPT:
            note_custody_receipt(
                letter.case_id, act=letter.act, digest=letter.digest, partner=letter.sender, at=letter.sealed_at
            )
        if letter.kind == ActKind.RETURN:
            note_return(
                letter.case_id, act=letter.act, digest=letter.digest, partner=letter.sender, at=letter.sealed_at
            )


def require_known_act(letter: Letter) -> None:
    """Let a letter through whose kind of act this version knows; what the act may do is judged by the case.

    Raises:
        ContentRefusedError: another kind.
    """
    if letter.act["kind"] not in {kind.value for kind in ActKind}:
        raise ContentRefusedError("The letter carries a kind of act that is not known here.", code="content-schema")


def _require_new_parts(letter: Letter) -> None:
    """P-108: a part belongs to one letter of its State. What other States named so is none of its business.

    Raises:
        PartRefusedError: a part has the identifier of one that another letter, theirs or ours, announced.
    """
    parts = [part.id for part in letter.parts]
    same_state = IncomingPart.objects.filter(part__in=parts, letter__partner=letter.sender.state)
    ours = Item.objects.filter(pk__in=parts, origin=office().state)
    if any(each.exists() for each in (same_state, ours, OutgoingPart.objects.filter(pk__in=parts))):
        raise PartRefusedError("A part has the identifier of another letter's part.", code="parts-contradict")


def _part_key(letter: Letter, part: str) -> str:
    """Under which identifier a part is kept here: its own, unless another State's part has that."""
    taken = IncomingPart.objects.filter(pk=part).exists() or Item.objects.filter(pk=part).exists()
    return copy_id(part, letter.id) if taken else part


def new_letter(letter: Letter, digest: str) -> NewLetter:
    """A protocol letter as cases record it."""
    return NewLetter(
        identifier=letter.id,
        case=letter.case,
        sender=letter.sender.state,
        recipient=letter.recipient.state,
        sequence=letter.sequence,
        answers=tuple((ref.id, ref.digest) for ref in letter.answers),
        act=letter.act,
        parts=tuple(part.as_json() for part in letter.parts),
        sealed_at=letter.sealed_at,
        digest=digest,
        sender_card=letter.sender.card,
    )


def _receiver() -> Receiver:
    return Receiver(
        state=office().state,
        own_cards=frozenset(card.digest for card in own_chain(office().home).cards),
        identities=office().sealing_identities,
        directory=trust_directory(),
    )


def _known(row: RecordedLetter | None) -> KnownLetter | None:
    return None if row is None else KnownLetter(row.pk, row.digest)


def _log_refusal(partner: str | None, error: DedereError, *, letter_id: str | None) -> None:
    details = {"code": error.code, "from": partner or "by hand"}
    record(Happening(actor=GATEWAY, action="letter-refused", subject=letter_id or "", details=details))

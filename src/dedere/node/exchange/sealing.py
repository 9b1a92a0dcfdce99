"""Approved drafts become sealed letters: only the worker does this, with the authority's key.

The letter bears the draft's identifier, so a crash at any point leads to the same letter and never to two. An act of a
proceeding of several States becomes one letter for each; all copies are recorded and queued together or not at all.
Drafts of different cases may be sealed together: what costs most time is to have the disk say that it has them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from dedere.base.errors import DefectError
from dedere.casework.acts import ACT_VERSION
from dedere.casework.fold import fold
from dedere.crypto.age import parse_recipient
from dedere.crypto.digests import sha256_hex
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.actions.drafts import officer_line, planned_act
from dedere.node.cases.actions.record import mark_sent, record_letter, recorded_acts
from dedere.node.cases.circulation import circulation_of, copy_id, letter_id
from dedere.node.cases.lawful import require_lawful
from dedere.node.cases.leaving import leaving_digest
from dedere.node.cases.models import Draft
from dedere.node.evidence.actions import note_sent
from dedere.node.evidence.conditions import require_release
from dedere.node.exchange.actions.receiving import new_letter, take_effect
from dedere.node.exchange.copies import place_copies, written_copy
from dedere.node.exchange.delivering import place_delivery
from dedere.node.exchange.directory import own_card, partner_card
from dedere.node.exchange.models import OutgoingLetter, OutgoingPart
from dedere.node.exchange.paper import act_pdf
from dedere.node.office import office
from dedere.protocol.card import SignedCard
from dedere.protocol.container import Signing
from dedere.protocol.delivery import OutgoingDelivery
from dedere.protocol.letter import Letter, LetterRef, Part, pack_letter, seal_letter
from dedere.vault.reading import SealedCopy, prepare_copy

WORKER = "system:worker"


def approved_drafts(*, without: Collection[str] = ()) -> list[str]:
    """The drafts that wait to be sealed, oldest first, of each case the one whose turn it is; `without` some."""
    waiting = Draft.objects.filter(state=Draft.State.APPROVED).exclude(pk__in=without).order_by("changed_at")
    first: dict[str, str] = {}
    for draft, case in waiting.values_list("pk", "case"):
        first.setdefault(case, draft)
    return list(first.values())


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A letter that was signed and sealed, not yet recorded."""

    letter: Letter
    container_digest: str
    to_partner: bytes
    to_ourselves: bytes
    copies: dict[str, SealedCopy]


def seal_draft(draft_id: str) -> str:
    """Sign and seal one approved draft, record it, and put it into the outbox: the (first) letter's identifier.

    Raises:
        DefectError: what was approved is not what is in the draft now; nothing is sealed.
        TrustRefusedError: the partner has no card that is valid today.
        ActRefusedError: a letter that came meanwhile stands in the way; the approver sends the draft back.
        UseForbiddenError: a condition keeps a file of it from that State.
    """
    return seal_together([draft_id])[0]


def seal_together(draft_ids: Sequence[str]) -> list[str]:
    """Seal approved drafts of different cases, as `seal_draft` does each: all are recorded and queued, or none is."""
    prepared = [_prepared(draft_id) for draft_id in draft_ids]
    with ExitStack() as stack:
        written = [
            (draft, [(each, stack.enter_context(written_copy(each.to_ourselves))) for each in sealed])
            for draft, sealed in prepared
        ]
        _record_all(written)
    return [sealed[0].letter.id for _, sealed in prepared]


def _prepared(draft_id: str) -> tuple[Draft, list[_Sealed]]:
    draft = _with_its_case(draft_id)
    approval = draft.approvals.select_related("officer").filter(digest=leaving_digest(draft)).first()
    if draft.state != Draft.State.APPROVED or approval is None or approval.officer_id == draft.author_id:
        raise DefectError("This draft's content is not what a second officer approved: it is not sealed.")
    return draft, _seal(draft, approver=approval.officer.name)


def _with_its_case(draft_id: str) -> Draft:
    """The draft with all that sealing reads of it, read once."""
    drafts = Draft.objects.select_related("case", "author")
    return drafts.prefetch_related("attachments", "case__letters").get(pk=draft_id)


def _seal(draft: Draft, *, approver: str) -> list[_Sealed]:
    state = fold(draft.case_id, recorded_acts(draft.case))
    require_lawful(state, planned_act(draft, state))
    require_release(draft)
    now = office().clock.now().replace(microsecond=0)
    circulation = circulation_of(draft, state, at=now)
    act = {
        "version": ACT_VERSION,
        "kind": draft.kind,
        "proceeding": draft.proceeding,
        "officer": officer_line(draft, state, approver=approver),
        "body": circulation.body,
    }
    copies = ((number, partner_card(recipient)) for number, recipient in enumerate(circulation.recipients))
    return [
        _sealed_for(partner, draft, act, number=number, at=now, answers=circulation.answers)
        for number, partner in copies
    ]


def _sealed_for(
    partner: SignedCard,
    draft: Draft,
    act: Mapping[str, object],
    *,
    number: int,
    at: dt.datetime,
    answers: tuple[tuple[str, str], ...],
) -> _Sealed:
    state = partner.card.state
    copies = _copies(draft, partner)
    letter = Letter(
        id=letter_id(draft, number, state),
        case=draft.case_id,
        sender=own_card().party,
        recipient=partner.party,
        sequence=1 + sum((each.sender, each.recipient) == (office().state, state) for each in draft.case.letters.all()),
        sealed_at=at,
        act=act,
        answers=tuple(LetterRef(identifier, digest) for identifier, digest in answers),
        parts=_parts(draft, copies),
    )
    container = pack_letter(
        letter,
        act_pdf(letter, draft),
        signing=Signing(office().authority_signer, at, office().timestamper, office().second_signer),
    )
    chance = office().identifiers
    own = [identity.recipient.encode() for identity in office().sealing_identities[:1]]
    return _Sealed(
        letter=letter,
        container_digest=sha256_hex(container),
        to_partner=seal_letter(container, partner.card.letter_recipients, chance=chance),
        to_ourselves=seal_letter(container, own, chance=chance),
        copies=copies,
    )


@transaction.atomic
def _record_all(written: list[tuple[Draft, list[tuple[_Sealed, Path]]]]) -> None:
    for draft, copies in written:
        _record(draft, [each for each, _ in copies])
    place_copies([(copy, each.letter.id) for _, copies in written for each, copy in copies])


def _record(draft: Draft, sealed: list[_Sealed]) -> None:
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if locked.state != Draft.State.APPROVED or locked.version != draft.version:
        raise DefectError("The draft changed while it was being sealed: it is not sent.")
    mark_sent(locked, sealed[0].letter.id)
    for number, each in enumerate(sealed):
        _record_copy(draft, each, number=number)


def _record_copy(draft: Draft, sealed: _Sealed, *, number: int) -> None:
    letter, at = sealed.letter, sealed.letter.sealed_at
    effective = record_letter(new_letter(letter, sealed.container_digest))
    _queue(sealed, at, number=number)
    note_sent(
        items=[part.id for part in letter.parts],
        letter=letter.id,
        digest=sealed.container_digest,
        partner=letter.recipient.state,
        by=draft.author.name,
    )
    take_effect(effective, at=at)
    details = {"to": letter.recipient.state, "digest": sealed.container_digest, "kind": draft.kind}
    record(Happening(actor=WORKER, action="letter-sealed", subject=letter.id, case=letter.case, details=details))


def _queue(sealed: _Sealed, at: dt.datetime, *, number: int) -> None:
    letter = sealed.letter
    rows = {part.id: copy_id(part.id, letter.recipient.state) if number else part.id for part in letter.parts}
    queued = OutgoingDelivery.queue(letter, at)
    row = OutgoingLetter(
        pk=letter.id,
        case=letter.case,
        partner=letter.recipient.state,
        digest=sealed.container_digest,
        sealed_sha256=sha256_hex(sealed.to_partner),
        sealed_size=len(sealed.to_partner),
        sealed=sealed.to_partner,
        queued_at=at,
    )
    place_delivery(row, queued)
    row.save(force_insert=True)
    OutgoingPart.objects.bulk_create(
        OutgoingPart(letter=row, pk=rows[part.id], facts=part.as_json(), header=sealed.copies[part.id].header)
        for part in letter.parts
    )


def _copies(draft: Draft, partner: SignedCard) -> dict[str, SealedCopy]:
    """Each attachment's object with its header wrapped for the partner: the payload is read, never written again."""
    recipients = [parse_recipient(text) for text in partner.card.letter_recipients]
    return {
        attachment.pk: prepare_copy(
            office().store,
            attachment.object,
            identities=office().sealing_identities,
            recipients=recipients,
            chance=office().identifiers,
        )
        for attachment in draft.attachments.all()
    }


def _parts(draft: Draft, copies: dict[str, SealedCopy]) -> tuple[Part, ...]:
    return tuple(
        Part(
            id=attachment.pk,
            name=attachment.name,
            media_type=attachment.media_type,
            size=attachment.size,
            sha256=attachment.sha256,
            sealed_size=copies[attachment.pk].sealed_size,
            sealed_sha256=copies[attachment.pk].sealed_sha256,
            payload_sha256=attachment.object,
            conditions=tuple(attachment.conditions),
        )
        for attachment in draft.attachments.all()
    )

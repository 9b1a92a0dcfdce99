"""Certificates, records and plans of a case: made by one officer, approved by another, signed by the worker.

A sheet is no letter. To leave the house it goes with one, as a file.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import cast

from django.db import transaction

from dedere.base.errors import DefectError, InputError, PermissionRefusedError
from dedere.casework.acts import Role
from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.access import require_case
from dedere.node.cases.actions.papers import PaperChoice
from dedere.node.cases.leaks import require_clean_to_keep
from dedere.node.cases.models import Case
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.actions import seal_into_vault
from dedere.node.exchange.directory import own_card, partner_card
from dedere.node.house import house, validation_material
from dedere.node.office import office
from dedere.node.papers.access import require_sheet
from dedere.node.papers.models import PaperRequest, Sheet
from dedere.node.papers.records import beginning, is_whole
from dedere.node.persons.refusals import logs_refusals
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.facts import Arrangement, DocumentFacts
from dedere.papers.facts import Office as PaperOffice
from dedere.papers.particulars import Json
from dedere.papers.render import sheet_document
from dedere.papers.sheet_fields import require_complete
from dedere.papers.signing import SignatureTerms, sign_document
from dedere.papers.word import word_file
from dedere.protocol.errors import TrustRefusedError

VERSION = "dedere-sheet/1"
WORKER = "system:worker"


@logs_refusals
@transaction.atomic
def make_sheet(*, by: Officer, case_id: str, kind: SheetKind, data: Mapping[str, object], choice: PaperChoice) -> Sheet:
    """Make a document of a case that is no letter's.

    Raises:
        UnknownObjectError: the case is not this officer's.
        DocumentInputError: something that it must hold is missing, or it cannot be printed; nothing is kept.
        LeakError: it gives a protected person away.
    """
    case = require_case(by, case_id)
    require_complete(kind, cast("Mapping[str, Json]", data))
    require_clean_to_keep(by, case.pk, data)
    sheet = Sheet(
        pk=office().identifiers.new(),
        case=case,
        kind=kind.value,
        data=dict(data),
        paper={
            "language": choice.language,
            "second_language": choice.second_language,
            "arrangement": choice.arrangement.value,
        },
        made_by=by,
        made_at=office().clock.now(),
    )
    sheet_pdf(sheet)
    sheet.save()
    _log(by.identifier, "sheet-made", sheet, details={"kind": kind.value})
    return sheet


def make_sheet_from_records(*, by: Officer, case_id: str, kind: SheetKind, about: str, choice: PaperChoice) -> Sheet:
    """Make a document that says what the records say and nothing else; `about` as `records.offers` names it.

    Raises:
        UnknownObjectError: the case is not this officer's, or has nothing of this kind there.
        DocumentInputError, LeakError: as `make_sheet`.
    """
    if not is_whole(kind, about):
        raise UnknownObjectError
    return make_sheet(by=by, case_id=case_id, kind=kind, data=beginning(by, case_id, kind, about), choice=choice)


@transaction.atomic
def approve_sheet(*, by: Officer, sheet_id: str, digest: str) -> Sheet:
    """The second officer's yes to exactly what has `digest`; the worker then signs it for the authority.

    Raises:
        PermissionRefusedError: `by` made it, or may not approve.
        InputError: it does not wait for approval, or is not what was read.
    """
    sheet = require_sheet(by, sheet_id)
    if sheet.made_by_id == by.pk:
        raise PermissionRefusedError("What is signed for the authority needs a second officer: you made it yourself.")
    require_role(by, Role.APPROVER)
    if sheet.state != Sheet.State.OPEN:
        raise InputError("This document is not waiting for approval.")
    if digest != sheet_digest(sheet):
        raise InputError("This is not the version that you read: read it again before you approve it.")
    sheet.digest = digest
    sheet.state, sheet.approved_by, sheet.approved_at = Sheet.State.APPROVED, by, office().clock.now()
    sheet.save()
    _log(by.identifier, "sheet-approved", sheet, details={"digest": digest})
    return sheet


@transaction.atomic
def discard_sheet(*, by: Officer, sheet_id: str) -> None:
    """Give a document up that nobody approved."""
    sheet = require_sheet(by, sheet_id)
    if sheet.state != Sheet.State.OPEN:
        raise InputError("This document was approved: it stays in the case.")
    sheet.state = Sheet.State.DISCARDED
    sheet.save(update_fields=["state"])
    _log(by.identifier, "sheet-discarded", sheet)


def approved_sheets() -> list[str]:
    """The documents that wait for the worker's signature, oldest first."""
    return list(Sheet.objects.filter(state=Sheet.State.APPROVED).order_by("approved_at").values_list("pk", flat=True))


def sign_sheet(sheet_id: str) -> None:
    """Sign one approved document with the authority's key and keep it in the vault. A crash leaves it to be signed.

    Raises:
        DefectError: what was approved is not what is kept now; nothing is signed.
    """
    sheet = Sheet.objects.select_related("case", "made_by", "approved_by").get(pk=sheet_id)
    if sheet.state != Sheet.State.APPROVED or sheet.digest != sheet_digest(sheet) or sheet.approved_at is None:
        raise DefectError("This document is not what a second officer approved: it is not signed.")
    facts, pdf = _facts(sheet), sheet_pdf(sheet)
    terms = SignatureTerms(
        name=facts.officer,
        authority=facts.sender.authority,
        signed_at=office().clock.now().replace(microsecond=0),
        place=facts.place,
        language=facts.language,
    )
    signed = sign_document(
        pdf,
        approved_sha256=sha256_hex(pdf),
        signer=office().authority_signer,
        terms=terms,
        timestamper=office().timestamper,
        material=validation_material(office().home),
    )
    stored = seal_into_vault(io.BytesIO(signed))
    with transaction.atomic():
        locked = Sheet.objects.select_for_update().get(pk=sheet.pk)
        if locked.state != Sheet.State.APPROVED or locked.digest != sheet.digest:
            raise DefectError("The document changed while it was being signed: the signature is thrown away.")
        locked.state = Sheet.State.SIGNED
        locked.object, locked.sha256, locked.size = stored.id, stored.sha256, stored.size
        locked.save()
        _log(WORKER, "sheet-signed", locked, details={"sha256": stored.sha256})


def sheet_digest(sheet: Sheet) -> str:
    """SHA-256 (hex) of everything that a document says and how it is written."""
    content = {"version": VERSION, "id": sheet.pk, "case": sheet.case_id, "kind": sheet.kind}
    return sha256_hex(canonical_json({**content, "data": sheet.data, "paper": sheet.paper}))


def sheet_pdf(sheet: Sheet) -> bytes:
    """The document as it is now, unsigned."""
    document = sheet_document(SheetKind(sheet.kind), sheet.data, facts=_facts(sheet), house=house())
    return house().typesetter.typeset(document)


def sheet_word(sheet: Sheet) -> bytes:
    """The document as a file to be edited on paper."""
    return word_file(sheet_document(SheetKind(sheet.kind), sheet.data, facts=_facts(sheet), house=house()))


def _facts(sheet: Sheet) -> DocumentFacts:
    settings, paper = house().settings, sheet.paper
    language = str(paper.get("language", "en"))
    at: dt.datetime = sheet.approved_at or sheet.made_at
    own = own_card().card
    return DocumentFacts(
        letter=sheet.pk,
        case=sheet.case_id,
        sender=PaperOffice(
            own.state,
            settings.authority.get(language, own.name),
            lines=settings.lines,
            reference=settings.referenced(sheet.case.reference),
        ),
        recipient=_recipient(sheet.case),
        officer=sheet.made_by.name,
        approved_by=sheet.approved_by.name if sheet.approved_by else "",
        sealed_at=at.replace(microsecond=0),
        language=language,
        second_language=str(paper.get("second_language", "")),
        arrangement=Arrangement(paper.get("arrangement", Arrangement.PARALLEL)),
        place=settings.place,
        signature_room=True,
        demonstration=office().home.demonstration,
    )


def _recipient(case: Case) -> PaperOffice:
    """The other authority: named by its card, or, where none is pinned, by what its request on paper said."""
    try:
        name = partner_card(case.partner).card.name
    except TrustRefusedError:
        paper = PaperRequest.objects.filter(case=case).first()
        inner = paper.tables.get("request", {}) if paper is not None else {}
        name = str(inner.get("requesting_authority") or "")
    return PaperOffice(case.partner, name, reference=case.their_reference)


def _log(actor: str, action: str, sheet: Sheet, *, details: Mapping[str, object] | None = None) -> None:
    record(Happening(actor=actor, action=action, subject=sheet.pk, case=sheet.case_id, details=details or {}))

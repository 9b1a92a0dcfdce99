"""Dossiers asked for by officers: written by the worker, whole or not at all, and noted as done."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from io import BufferedReader
from typing import BinaryIO

from django.db import transaction

from dedere.base.errors import DedereError
from dedere.dossier.contents import (
    AuditExtract,
    AuditLine,
    CaseExport,
    EvidenceForm,
    ExportedItem,
    ExportedLetter,
    Witness,
)
from dedere.dossier.export import write_dossier
from dedere.node.accounts.models import Officer
from dedere.node.audit.actions import Happening, record
from dedere.node.audit.models import Event
from dedere.node.audit.queries import LogView, view_log
from dedere.node.cases.models import Attachment, Case, Letter
from dedere.node.evidence.actions import ledger_of
from dedere.node.evidence.models import Item
from dedere.node.exchange.copies import read_copy
from dedere.node.exchange.directory import own_card, trust_directory
from dedere.node.exchange.models import IncomingLetter, OutgoingLetter, WitnessedHead
from dedere.node.jobs.models import Export
from dedere.node.jobs.redacting import (
    ITEM,
    LETTER,
    reasons_of,
    redacted_item,
    redacted_letter,
    require_disclosable,
)
from dedere.node.office import Office, office
from dedere.protocol.container import Signing
from dedere.vault.reading import open_object

LOG = logging.getLogger(__name__)
PURPOSE = "The whole case, as this authority holds it."
_TOGETHER = 200


def pending_exports() -> list[str]:
    """The exports that wait, oldest first."""
    return list(Export.objects.filter(finished_at=None).order_by("asked_at").values_list("pk", flat=True))


def run_export(export_id: str) -> None:
    """Write one dossier into `dossiers/`. A crash before the note that it is done leads to the same dossier again."""
    export = Export.objects.get(pk=export_id)
    case = Case.objects.get(pk=export.case)
    asked_by = Officer.objects.get(identifier=export.asked_by)
    name = f"{case.reference}-{export.asked_at:%Y%m%dT%H%M%SZ}-{export.pk[:6]}"
    target = office().home.dossiers / name
    try:
        if not target.exists():
            if export.recipient:
                left_out = frozenset(reasons_of(export, ITEM))
                require_disclosable(case, left_out=left_out, purpose=export.purpose)
            write_dossier(target, case_export(case, export, asked_by))
        failure = ""
    except DedereError as error:
        LOG.warning("the dossier %s could not be written: %s", export_id, error.code)
        failure = str(error)[:300]
    with transaction.atomic():
        export.finished_at = office().clock.now()
        export.folder = "" if failure else name
        export.failure = failure
        export.save()
        action = "dossier-failed" if failure else "dossier-written"
        record(Happening(actor="system:worker", action=action, subject=export.pk, case=case.pk))


def case_export(case: Case, export: Export, asked_by: Officer) -> CaseExport:
    """Everything the dossier of a case holds, less what is to be left out."""
    now = office().clock.now().replace(microsecond=0)
    directory = trust_directory()
    letters = list(case.letters.all())
    states = sorted({office().state, *(letter.sender for letter in letters), *(letter.recipient for letter in letters)})
    return CaseExport(
        id=export.pk,
        case=case.pk,
        # The title is the house's own words, which nobody looked over for those outside.
        title=case.reference if export.recipient else case.title,
        references=_references(case),
        exporter=own_card().party,
        exported_by=asked_by.name,
        exported_at=now,
        purpose=f"{export.recipient}: {export.purpose}" if export.recipient else PURPOSE,
        cards=tuple(card.container for state in states for card in directory.chain(state).cards),
        letters=tuple(_letters(letters, export)),
        items=_items(case, export),
        audit=_audit(case, states, apart=frozenset(row["id"] for row in export.left_out)),
        signing=Signing(office().authority_signer, now, office().timestamper, office().second_signer),
        record_digest=case.record_digest,
    )


def _letters(letters: Iterable[Letter], export: Export) -> Iterator[ExportedLetter]:
    reasons = reasons_of(export, LETTER)
    for letter in letters:
        whole = _letter(letter)
        yield redacted_letter(whole, reasons[letter.pk]) if letter.pk in reasons else whole


def _items(case: Case, export: Export) -> Iterator[ExportedItem]:
    """The items, a few at a time: a case may have many."""
    items, letters = reasons_of(export, ITEM), reasons_of(export, LETTER)
    related = ("entries", "stamps", "destructions")
    for item in case.items.prefetch_related(*related).order_by("created_at", "pk").iterator(chunk_size=_TOGETHER):
        whole = _item(item)
        yield redacted_item(whole, items[item.pk]) if item.pk in items else whole
    # An annex goes with its letter.
    for annex in Attachment.objects.filter(draft__case=case, draft__state="sent", item="").order_by("pk"):
        whole = _annex(annex)
        yield redacted_item(whole, letters[whole.letter]) if whole.letter in letters else whole


def _letter(letter: Letter) -> ExportedLetter:
    return ExportedLetter(
        id=letter.pk, digest=letter.digest, read=partial(read_copy, letter.pk), receipts=_receipts(letter)
    )


def _receipts(letter: Letter) -> tuple[bytes, ...]:
    if letter.sender == office().state:
        outgoing = OutgoingLetter.objects.prefetch_related("parts").get(pk=letter.pk)
        held = [outgoing.receipt, *(part.receipt for part in outgoing.parts.all())]
    else:
        incoming = IncomingLetter.objects.prefetch_related("parts").get(pk=letter.pk)
        held = [incoming.receipt, *(part.receipt for part in incoming.parts.all())]
    return tuple(bytes(receipt) for receipt in held if receipt is not None)


def _open_plain(house: Office, object_id: str) -> BinaryIO:
    """Runs in threads of the dossier, which know no office of their own."""
    return BufferedReader(open_object(house.store, object_id, house.sealing_identities))


def _annex(annex: Attachment) -> ExportedItem:
    """A file that left with one of our letters and was never evidence of ours: it has no ledger."""
    return ExportedItem(
        id=annex.pk,
        title=annex.title or annex.name,
        name=annex.name,
        media_type=annex.media_type,
        size=annex.size,
        sha256=annex.sha256,
        object=annex.object,
        letter=annex.draft_id,
        part=annex.pk,
        conditions=tuple(annex.conditions),
        ledger=(),
        form=EvidenceForm.PLAIN,
        open=partial(_open_plain, office(), annex.object),
    )


def _item(item: Item) -> ExportedItem:
    destroyed = next((each for each in item.destructions.all() if each.done_at is not None), None)
    held = [stamp.container for stamp in item.stamps.all()]
    signed = (*held, *((destroyed.order, destroyed.certificate) if destroyed else ()))
    return ExportedItem(
        id=item.pk,
        title=item.title,
        name=item.name,
        media_type=item.media_type,
        size=item.size,
        sha256=item.sha256,
        object=item.object,
        letter=item.letter,
        part=item.part_id if item.letter else "",
        conditions=tuple(item.conditions),
        ledger=tuple(ledger_of(item)),
        form=EvidenceForm.LEFT_OUT if destroyed else EvidenceForm.PLAIN,
        open=None if destroyed else partial(_open_plain, office(), item.object),
        left_out=f"destroyed by order {destroyed.reference}" if destroyed else "",
        attestations=tuple(bytes(container) for container in signed if container is not None),
    )


def _audit(case: Case, states: Sequence[str], *, apart: frozenset[str]) -> AuditExtract:
    """The log's entries about this case but for those `apart`, each with the proof that it stands in the log."""
    view = view_log()
    return AuditExtract(
        size=view.size,
        root=view.root.hex(),
        entries=tuple(
            AuditLine(
                index=event.sequence,
                entry=event.as_json(),
                proof=tuple(step.hex() for step in view.tree.inclusion_proof(event.sequence, view.size)),
            )
            for event in Event.objects.filter(case=case.pk, sequence__lt=view.size).exclude(subject__in=apart)
        ),
        witnesses=tuple(_witnesses(view, states)),
    )


def _witnesses(view: LogView, states: Sequence[str]) -> Iterator[Witness]:
    """P-248: of each partner of the case the newest head it holds, with the proof that the log extends it."""
    for state in states:
        row = WitnessedHead.objects.filter(partner=state, size__lte=view.size).order_by("-size").first()
        if row is not None:
            proof = view.tree.consistency_proof(row.size, view.size)
            yield Witness(bytes(row.countersignature), tuple(step.hex() for step in proof))


def _references(case: Case) -> dict[str, str]:
    references = {office().state: case.reference}
    for proceeding in case.state["proceedings"]:
        references |= dict(proceeding["references"])
    return references

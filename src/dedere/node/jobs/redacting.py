"""Dossiers for somebody outside, the defence first of all: what may not be shown goes in by its digest alone.

To give an item out is to disclose it: one that a condition keeps from disclosure is left out, or nothing is written.
Of what is left out nothing is told but its identifier, digest and the reason. A letter that stays in still names what
came with it: it is signed whole and cannot be blackened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.conditions import Use, UseKind
from dedere.casework.errors import UseForbiddenError
from dedere.dossier.contents import EvidenceForm, ExportedItem, ExportedLetter
from dedere.node.accounts.models import Officer
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.access import require_case
from dedere.node.cases.leaks import require_clean_to_keep
from dedere.node.cases.models import Case
from dedere.node.evidence.conditions import forbidden_uses
from dedere.node.evidence.models import Item
from dedere.node.jobs.models import Export
from dedere.node.office import office
from dedere.node.persons.refusals import logs_refusals

LETTER = "letter"
ITEM = "item"


@dataclass(frozen=True, slots=True)
class Redaction:
    """For whom a dossier is, for which purpose, and which letters and items are left out of it, and why."""

    recipient: str
    purpose: str
    reason: str
    letters: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LetterChoice:
    """A letter that could be left out."""

    id: str
    kind: str
    sender: str
    sealed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """An item that could be left out; `forbidden` is the sentence that says why it must be, where it must."""

    id: str
    title: str
    letter: str
    forbidden: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What a redacted dossier of a case is chosen from."""

    case_id: str
    reference: str
    letters: tuple[LetterChoice, ...]
    items: tuple[ItemChoice, ...]


def choices(officer: Officer, case_id: str) -> Choices:
    """What there is to choose from.

    Raises:
        UnknownObjectError: the case is not this officer's.
    """
    case = require_case(officer, case_id)
    forbidden = _forbidden(case, purpose="")
    return Choices(
        case.pk,
        case.reference,
        tuple(LetterChoice(each.pk, each.kind, each.sender, each.sealed_at) for each in case.letters.all()),
        tuple(
            ItemChoice(each.pk, each.title or each.name, each.letter, forbidden.get(each.pk, ""))
            for each in case.items.filter(destroyed_at=None)
        ),
    )


@logs_refusals
@transaction.atomic
def ask_for_redacted_dossier(*, by: Officer, case_id: str, redaction: Redaction) -> Export:
    """Have a dossier of the case written for somebody outside; the worker writes it.

    Raises:
        UnknownObjectError: the case is not this officer's.
        InputError: nobody, no purpose or no reason is named, something left out is not of the case, or what was typed
            gives a protected person away.
        UseForbiddenError: a condition keeps an item from disclosure that is not left out.
    """
    case = require_case(by, case_id)
    typed = {"for": redaction.recipient, "purpose": redaction.purpose, "reason": redaction.reason}
    left_out = _left_out(case, redaction)
    require_clean_to_keep(by, case.pk, typed)
    require_disclosable(case, left_out=redaction.items, purpose=redaction.purpose.strip())
    export = Export.objects.create(
        pk=office().identifiers.new(),
        case=case.pk,
        asked_by=by.identifier,
        asked_at=office().clock.now(),
        recipient=redaction.recipient.strip(),
        purpose=redaction.purpose.strip(),
        left_out=left_out,
    )
    details: dict[str, object] = {"letters": len(redaction.letters), "items": len(redaction.items)}
    record(Happening(actor=by.identifier, action="dossier-asked", subject=export.pk, case=case.pk, details=details))
    return export


def require_disclosable(case: Case, *, left_out: frozenset[str], purpose: str) -> None:
    """Let a dossier pass whose every item may be disclosed today for this purpose.

    Raises:
        UseForbiddenError: one may not; the sentence names it and the condition.
    """
    for item, error in _refusals(case, purpose=purpose):
        if item.pk not in left_out:
            raise UseForbiddenError(
                f"{item.title or item.name}: {error.sentence}",
                condition=error.condition,
                set_by=error.set_by,
                letter=error.letter,
            ) from error


def reasons_of(export: Export, kind: str) -> dict[str, str]:
    """Why each letter or item that an export leaves out is left out."""
    return {row["id"]: row["reason"] for row in export.left_out if row["kind"] == kind}


def redacted_letter(letter: ExportedLetter, reason: str) -> ExportedLetter:
    """The letter as its digest alone; its receipts would tell when it was received and what came with it."""
    return replace(letter, receipts=(), left_out=reason)


def redacted_item(item: ExportedItem, reason: str) -> ExportedItem:
    """The item as its digest alone, without words, without its custody."""
    return ExportedItem(
        id=item.id,
        title="",
        name="",
        media_type="",
        size=item.size,
        sha256=item.sha256,
        object=item.object,
        ledger=(),
        form=EvidenceForm.LEFT_OUT,
        letter=item.letter,
        part=item.part,
        left_out=reason,
    )


def _left_out(case: Case, redaction: Redaction) -> list[Mapping[str, str]]:
    if not redaction.recipient.strip() or not redaction.purpose.strip():
        raise InputError("Say for whom the dossier is, and for which purpose.")
    if (redaction.letters or redaction.items) and not redaction.reason.strip():
        raise InputError("Say why something is left out: the dossier tells its reader.")
    known = {
        LETTER: set(case.letters.values_list("pk", flat=True)),
        ITEM: set(case.items.values_list("pk", flat=True)),
    }
    chosen = {LETTER: redaction.letters, ITEM: redaction.items}
    for kind, ids in chosen.items():
        if not ids <= known[kind]:
            raise InputError(f"The case has no such {kind} to leave out.")
    reason = redaction.reason.strip()
    return [{"kind": kind, "id": each, "reason": reason} for kind, ids in chosen.items() for each in sorted(ids)]


def _forbidden(case: Case, *, purpose: str) -> dict[str, str]:
    return {item.pk: error.sentence for item, error in _refusals(case, purpose=purpose)}


def _refusals(case: Case, *, purpose: str) -> Iterator[tuple[Item, UseForbiddenError]]:
    """The items of a case that a condition keeps from disclosure today."""
    use = Use(UseKind.DISCLOSURE, office().clock.now().date(), purpose=purpose)
    yield from forbidden_uses(case.items.select_related("case").filter(destroyed_at=None), use)

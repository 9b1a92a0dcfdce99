"""Letters that came in: the list, and one letter as it was received, checked and read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from dedere.casework.acts import ActKind, Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_case_role
from dedere.node.cases.access import cases_of, require_letter
from dedere.node.cases.models import Case, Letter
from dedere.node.desk.case import PermittedRow, permitted_rows
from dedere.node.desk.findings import DraftFinding, findings_in
from dedere.node.evidence.models import Item
from dedere.node.evidence.queries import ItemRow, item_row
from dedere.node.exchange.models import IncomingLetter, IncomingPart
from dedere.node.exchange.queries import letter_document
from dedere.node.office import office


@dataclass(frozen=True, slots=True)
class IncomingRow:
    """A received letter in the list. `taken_up` says that somebody has part in its case."""

    letter_id: str
    case_id: str
    partner: str
    kind: str
    title: str
    received_at: dt.datetime
    parts_complete: bool
    taken_up: bool
    registered: bool


@dataclass(frozen=True, slots=True)
class IncomingView:
    """One received letter. What stands in `act` was signed by the named officers of the other authority."""

    row: IncomingRow
    case_reference: str
    officer: str
    approved_by: str
    sealed_at: dt.datetime
    digest: str
    act: Mapping[str, object]
    parts: tuple[ItemRow, ...]
    findings: tuple[DraftFinding, ...]
    permitted: tuple[PermittedRow, ...]
    can_take_up: bool


def incoming(officer: Officer) -> tuple[IncomingRow, ...]:
    """Received letters of the officer's cases, and for a registrar those of cases nobody has taken up; newest first.

    Raises:
        UnknownObjectError: the officer's work is not with cases.
    """
    require_case_role(officer)
    visible = Case.objects.filter(pk__in=cases_of(officer).values("pk"))
    if officer.holds(Role.REGISTRAR):
        visible = visible | Case.objects.filter(pk__in=Case.objects.filter(members=None).values("pk"))
    letters = Letter.objects.filter(recipient=office().state, case__in=visible).select_related("case")
    received = {row.pk: row for row in IncomingLetter.objects.filter(pk__in=letters.values("pk")).defer("receipt")}
    arriving = _arriving()
    taken = set(Case.objects.filter(members__isnull=False).values_list("pk", flat=True))
    return tuple(
        _row(letter, received[letter.pk], arriving=arriving, taken=taken)
        for letter in letters.order_by("-recorded_at")
        if letter.pk in received
    )


def incoming_view(officer: Officer, letter_id: str) -> IncomingView:
    """One received letter.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    letter = require_letter(officer, letter_id)
    received = IncomingLetter.objects.get(pk=letter.pk)
    taken = {letter.case_id} if letter.case.members.exists() else set()
    mine = cases_of(officer).filter(pk=letter.case_id).exists()
    signed = letter.act.get("officer", {})
    second = signed.get("approved_by") or {}
    return IncomingView(
        row=_row(letter, received, arriving=_arriving(), taken=taken),
        case_reference=letter.case.reference,
        officer=str(signed.get("name", "")),
        approved_by=str(second.get("name", "")),
        sealed_at=letter.sealed_at,
        digest=letter.digest,
        act=letter.act,
        parts=_parts(letter),
        findings=findings_in(letter.act["body"].get("request", {})) if letter.kind == ActKind.REQUEST else (),
        permitted=permitted_rows(officer, letter.case) if mine else (),
        can_take_up=not mine and officer.holds(Role.REGISTRAR),
    )


def letter_pdf(officer: Officer, letter_id: str) -> tuple[str, bytes]:
    """Name and bytes of the formal document in a letter, sent or received."""
    letter = require_letter(officer, letter_id)
    return f"{letter.kind}-{letter.case.reference}.pdf", letter_document(officer, letter_id)


def _row(letter: Letter, received: IncomingLetter, *, arriving: set[str], taken: set[str]) -> IncomingRow:
    return IncomingRow(
        letter_id=letter.pk,
        case_id=letter.case_id,
        partner=letter.sender,
        kind=letter.kind,
        title=letter.case.title,
        received_at=received.received_at,
        parts_complete=letter.pk not in arriving,
        taken_up=letter.case_id in taken,
        registered=received.registered_at is not None,
    )


def _arriving() -> set[str]:
    unfinished = IncomingPart.objects.exclude(state=IncomingPart.State.STORED)
    return set(unfinished.values_list("letter", flat=True))


def _parts(letter: Letter) -> tuple[ItemRow, ...]:
    """The files of a letter: as items once they are here, as announced until then."""
    here = {item.part_id: item for item in Item.objects.filter(letter=letter.pk)}
    rows = []
    for facts in letter.parts:
        item = here.get(facts["id"])
        rows.append(item_row(item) if item else _announced(facts, letter.sender))
    return tuple(rows)


def _announced(facts: Mapping[str, object], sender: str) -> ItemRow:
    size = facts["size"]
    return ItemRow(
        id="",
        name=str(facts["name"]),
        title="",
        media_type=str(facts["media_type"]),
        size=size if isinstance(size, int) else 0,
        sha256=str(facts["sha256"]),
        source=sender,
        conditions=(),
        complete=False,
    )

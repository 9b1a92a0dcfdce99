"""Letters that came in: the list, and one letter as it was received, checked and read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from dedere.casework.acts import ActKind, Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_case_role
from dedere.node.cases.access import cases_of, require_letter
from dedere.node.cases.models import Letter, Member
from dedere.node.desk.case import PermittedRow, permitted_rows
from dedere.node.desk.findings import DraftFinding, findings_in
from dedere.node.evidence.models import Item
from dedere.node.evidence.queries import ItemRow, item_row
from dedere.node.exchange.models import IncomingLetter, IncomingPart
from dedere.node.exchange.queries import letter_document
from dedere.node.office import office
from dedere.node.paging import paged

PAGE = 50


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
class IncomingPage:
    """A page of received letters, newest first."""

    rows: tuple[IncomingRow, ...]
    page: int
    pages: int


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


def incoming(officer: Officer, *, page: int) -> IncomingPage:
    """Received letters of the officer's cases, and for a registrar those of cases nobody has taken up; newest first.

    Raises:
        UnknownObjectError: the officer's work is not with cases.
    """
    require_case_role(officer)
    visible = Exists(Member.objects.filter(case=OuterRef("case"), officer=officer))
    taken = Exists(Member.objects.filter(case=OuterRef("case")))
    received = Exists(IncomingLetter.objects.filter(pk=OuterRef("pk")))
    letters = Letter.objects.filter(received, recipient=office().state).annotate(taken_up=taken)
    letters = letters.filter(visible | ~taken) if officer.holds(Role.REGISTRAR) else letters.filter(visible)
    listed = letters.select_related("case").defer("act", "parts", "case__state").order_by("-recorded_at", "-pk")
    found = paged(listed, page, size=PAGE)
    receipts = IncomingLetter.objects.defer("receipt").in_bulk([letter.pk for letter in found.rows])
    arriving = _arriving(receipts)
    rows = (
        _row(letter, receipts[letter.pk], arriving=letter.pk in arriving, taken_up=getattr(letter, "taken_up", False))
        for letter in found.rows
    )
    return IncomingPage(tuple(rows), found.page, found.pages)


def incoming_view(officer: Officer, letter_id: str) -> IncomingView:
    """One received letter.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    letter = require_letter(officer, letter_id)
    received = IncomingLetter.objects.get(pk=letter.pk)
    mine = cases_of(officer).filter(pk=letter.case_id).exists()
    signed = letter.act.get("officer", {})
    second = signed.get("approved_by") or {}
    return IncomingView(
        row=_row(letter, received, arriving=letter.pk in _arriving([letter.pk]), taken_up=letter.case.members.exists()),
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


def _row(letter: Letter, received: IncomingLetter, *, arriving: bool, taken_up: bool) -> IncomingRow:
    return IncomingRow(
        letter_id=letter.pk,
        case_id=letter.case_id,
        partner=letter.sender,
        kind=letter.kind,
        title=letter.case.title,
        received_at=received.received_at,
        parts_complete=not arriving,
        taken_up=taken_up,
        registered=received.registered_at is not None,
    )


def _arriving(letters: Iterable[str]) -> set[str]:
    """Those of the letters of which a file is not here yet."""
    unfinished = IncomingPart.objects.filter(letter__in=list(letters)).exclude(state=IncomingPart.State.STORED)
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

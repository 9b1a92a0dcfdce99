"""Reading paper: requests that came on paper, edited copies, sheets; each from what this officer may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_case_role
from dedere.node.cases.access import cases_of, require_case, require_draft, require_letter
from dedere.node.house import house
from dedere.node.office import office
from dedere.node.papers import sheets
from dedere.node.papers.access import requests_of, require_file, require_request, require_sheet
from dedere.node.papers.models import PaperFile, PaperRequest, Sheet
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.wording import LANGUAGES
from dedere.vault.reading import open_object


@dataclass(frozen=True, slots=True)
class PaperFileRow:
    """A file as a page names it; `pages` 0 for a Word file."""

    id: str
    name: str
    note: str
    media_type: str
    pages: int
    size: int
    sha256: str
    added_by: str
    added_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PaperRequestRow:
    """A request on paper in the list."""

    id: str
    partner: str
    reference: str
    their_reference: str
    title: str
    received_on: dt.date
    officer: str
    registered_by: str
    registered_at: dt.datetime
    case_id: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class PaperRequestView:
    """One request on paper: its pages, and what an officer read out of them so far, as a request file.

    `read_by` is who entered it last, empty while nobody has. `letters` are cases of this officer in which a letter of
    that State stands, as (identifier, reference and title): one of them may be what came on paper.
    """

    row: PaperRequestRow
    files: tuple[PaperFileRow, ...]
    tables: Mapping[str, object]
    version: int
    read_by: str
    read_at: dt.datetime | None
    letters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A document of a case that is no letter's. `digest` is what a second officer approves."""

    id: str
    case_id: str
    kind: str
    state: str
    made_by: str
    made_at: dt.datetime
    approved_by: str
    digest: str
    sha256: str
    can_approve: bool


def paper_requests(officer: Officer) -> tuple[PaperRequestRow, ...]:
    """Requests on paper, newest first; those confirmed by a letter are no longer worked on, and left out.

    Raises:
        UnknownObjectError: the officer's work is not with cases.
    """
    require_case_role(officer)
    open_ones = requests_of(officer).filter(confirmed_by=None).select_related("officer", "registered_by")
    return tuple(_request_row(each) for each in open_ones)


def on_paper(case_id: str) -> PaperRequestRow | None:
    """The request on paper that a case rests on, or that its letter confirmed. The caller has checked who reads."""
    about = PaperRequest.objects.filter(Q(case=case_id) | Q(confirmed_by=case_id))
    found = about.select_related("officer", "registered_by").order_by("registered_at").first()
    return _request_row(found) if found else None


def paper_request(officer: Officer, request_id: str) -> PaperRequestView:
    """One request on paper.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    found = require_request(officer, request_id)
    written = cases_of(officer).filter(partner=found.partner, letters__sender=found.partner).distinct()
    return PaperRequestView(
        row=_request_row(found),
        files=tuple(_file_row(each) for each in found.files.select_related("added_by")),
        tables=found.tables,
        version=found.version,
        read_by=found.read_by.name if found.read_by else "",
        read_at=found.read_at,
        letters=tuple((each.pk, f"{each.reference} {each.title}") for each in written.defer("state")),
    )


def edited_copies(officer: Officer, about: str, *, of_draft: bool) -> tuple[PaperFileRow, ...]:
    """What came back edited of a draft's or a letter's document."""
    case = (require_draft if of_draft else require_letter)(officer, about).case_id
    found = PaperFile.objects.filter(case=case, about=about).select_related("added_by")
    return tuple(_file_row(each) for each in found)


def paper_content(officer: Officer, file_id: str) -> tuple[PaperFileRow, bytes]:
    """A file with its bytes, opened in memory.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    found = require_file(officer, file_id)
    return _file_row(found), _opened(found.object)


def sheets_of(officer: Officer, case_id: str) -> tuple[SheetRow, ...]:
    """The documents of a case that are no letters', newest first."""
    case = require_case(officer, case_id)
    kept = case.sheets.exclude(state=Sheet.State.DISCARDED).select_related("case", "made_by", "approved_by")
    return tuple(_sheet_row(each, officer) for each in kept)


def sheet(officer: Officer, sheet_id: str) -> SheetRow:
    """One of them.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    return _sheet_row(require_sheet(officer, sheet_id), officer)


def sheet_content(officer: Officer, sheet_id: str, *, word: bool = False) -> tuple[str, bytes]:
    """Name and bytes of a sheet: the signed document once there is one, and until then as it would be signed."""
    found = require_sheet(officer, sheet_id)
    name = f"{found.kind}-{found.case.reference}"
    if word:
        return f"{name}.docx", sheets.sheet_word(found)
    signed = found.state == Sheet.State.SIGNED
    return f"{name}.pdf", _opened(found.object) if signed else sheets.sheet_pdf(found)


def languages_of(kind: SheetKind) -> tuple[str, ...]:
    """The languages that have the fixed text of a document."""
    return tuple(language for language in LANGUAGES if house().wording(language).covers(kind.value))


def checked_by(language: str) -> str:
    """Who compared the fixed text of a language, and when; empty while it is unverified."""
    return house().wording(language).checked_by


def _opened(object_id: str) -> bytes:
    with open_object(office().store, object_id, office().sealing_identities) as reader:
        return reader.read()


def _request_row(found: PaperRequest) -> PaperRequestRow:
    return PaperRequestRow(
        id=found.pk,
        partner=found.partner,
        reference=found.reference,
        their_reference=found.their_reference,
        title=found.title,
        received_on=found.received_on,
        officer=found.officer.name,
        registered_by=found.registered_by.name,
        registered_at=found.registered_at,
        case_id=found.case_id or "",
        confirmed_by=found.confirmed_by_id or "",
    )


def _file_row(found: PaperFile) -> PaperFileRow:
    return PaperFileRow(
        id=found.pk,
        name=found.name,
        note=found.note,
        media_type=found.media_type,
        pages=found.pages,
        size=found.size,
        sha256=found.sha256,
        added_by=found.added_by.name,
        added_at=found.added_at,
    )


def _sheet_row(found: Sheet, officer: Officer) -> SheetRow:
    waits = found.state == Sheet.State.OPEN and found.made_by_id != officer.pk
    return SheetRow(
        id=found.pk,
        case_id=found.case_id,
        kind=found.kind,
        state=found.state,
        made_by=found.made_by.name,
        made_at=found.made_at,
        approved_by=found.approved_by.name if found.approved_by else "",
        digest=found.digest or sheets.sheet_digest(found),
        sha256=found.sha256,
        can_approve=waits and officer.holds(Role.APPROVER),
    )

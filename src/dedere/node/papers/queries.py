"""Reading paper: requests that came on paper, edited copies, sheets; each from what this officer may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_case_role
from dedere.node.cases.access import require_case, require_draft, require_letter
from dedere.node.office import office
from dedere.node.papers import sheets
from dedere.node.papers.access import requests_of, require_file, require_request, require_sheet
from dedere.node.papers.models import PaperFile, PaperRequest, Sheet
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


@dataclass(frozen=True, slots=True)
class PaperRequestView:
    """One request on paper: its pages, and what an officer read out of them so far, as a request file."""

    row: PaperRequestRow
    files: tuple[PaperFileRow, ...]
    tables: Mapping[str, object]
    version: int


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
    """Requests on paper, newest first.

    Raises:
        UnknownObjectError: the officer's work is not with cases.
    """
    require_case_role(officer)
    return tuple(_request_row(each) for each in requests_of(officer).select_related("officer"))


def paper_request(officer: Officer, request_id: str) -> PaperRequestView:
    """One request on paper.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    found = require_request(officer, request_id)
    files = tuple(_file_row(each) for each in found.files.select_related("added_by"))
    return PaperRequestView(_request_row(found), files, found.tables, found.version)


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

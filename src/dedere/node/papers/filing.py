"""Files that came on paper are looked over and sealed into the vault; nothing in them is executed or believed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_officer, require_role, works_on_cases
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.access import require_case, require_draft, require_letter
from dedere.node.cases.actions.record import refold
from dedere.node.cases.leaks import require_clean_to_keep
from dedere.node.cases.models import Case, Member
from dedere.node.evidence.actions import seal_into_vault
from dedere.node.office import office
from dedere.node.papers.access import require_request
from dedere.node.papers.models import PaperFile, PaperRequest
from dedere.node.persons.refusals import logs_refusals
from dedere.node.search.actions import index_passage
from dedere.papers.edited import look_over_edited
from dedere.papers.received import ReceivedPaper, look_over
from dedere.treaty.requestfile_schema import FORMAT
from dedere.vault.names import safe_name

ON_PAPER = "on-paper"
"""The stage of a case that rests on paper alone."""


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that an officer gives. `source` can be read more than once."""

    name: str
    source: BinaryIO
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewPaperRequest:
    """What the cover of a request on paper says, and when it came. `kind` is what it asks for, e.g. `mla`."""

    partner: str
    title: str
    received_on: dt.date
    their_reference: str = ""
    kind: str = "mla"


@dataclass(frozen=True, slots=True)
class _Place:
    """What a file belongs to: a request on paper, or the draft or letter `about` of a case."""

    request: PaperRequest | None
    case_id: str | None = None
    about: str = ""


@logs_refusals
def register_request(*, by: Officer, new: NewPaperRequest, file: GivenFile) -> PaperRequest:
    """Register a request that came on paper, under a reference of ours, and open its case.

    A registrar or case officer does. The case is one on paper: it holds no letter, so that nothing in it is said to be
    signed by the other State.

    Raises:
        PermissionRefusedError: another role.
        PaperRefusedError: the file is none that an officer's screen may be given.
        InputError: it is a request of our own, without a title, or came in the future.
        LeakError: the title gives a protected person away.
    """
    require_role(by, Role.REGISTRAR, Role.CASE_OFFICER)
    if new.partner == office().state:
        raise InputError("A request on paper comes from another State.")
    if not new.title.strip():
        raise InputError("A request needs a title.")
    if new.received_on > office().clock.now().date():
        raise InputError("A request cannot have come in the future.")
    looked, stored = _sealed(file, look_over(file.source))
    with transaction.atomic():
        now = office().clock.now()
        reference = _next_reference(new.partner)
        case = _open_case(by, new, reference=reference)
        ends = {"kind": new.kind, "requesting_state": new.partner, "requested_state": office().state}
        if new.their_reference.strip():
            ends["reference"] = new.their_reference.strip()[:120]
        registered = PaperRequest.objects.create(
            pk=office().identifiers.new(),
            partner=new.partner,
            reference=reference,
            their_reference=new.their_reference.strip()[:120],
            title=new.title.strip()[:300],
            received_on=new.received_on,
            tables={"format": FORMAT, "request": ends},
            officer=by,
            registered_by=by,
            registered_at=now,
            case=case,
        )
        _keep(by, file, looked, object_id=stored, place=_Place(registered))
        _log(by, "paper-registered", registered, details={"from": new.partner, "sha256": looked.sha256})
    return registered


def _open_case(by: Officer, new: NewPaperRequest, *, reference: str) -> Case:
    now, identifier = office().clock.now(), office().identifiers.new()
    require_clean_to_keep(by, identifier, {"title": new.title})
    case = Case.objects.create(
        pk=identifier,
        partner=new.partner,
        reference=reference,
        title=new.title.strip()[:300],
        opened_at=now,
        changed_at=now,
    )
    Member.objects.create(case=case, officer=by, since=now)
    refold(case)
    case.stage, case.began_here, case.their_reference = ON_PAPER, False, new.their_reference.strip()[:120]
    case.save(update_fields=["stage", "began_here", "their_reference"])
    record(Happening(by.identifier, "case-opened-on-paper", subject=case.pk, case=case.pk))
    return case


@transaction.atomic
def confirm_by_letter(*, by: Officer, request_id: str, case_id: str) -> PaperRequest:
    """Note that the other authority sent as its own letter what had come on paper: the work goes on in that case.

    The case on paper is closed; its pages, and what was made in it, stay.

    Raises:
        UnknownObjectError: the officer has no part in the request, or in the case.
        InputError: no letter of that State stands in the case, or this was noted before.
    """
    found = require_request(by, request_id)
    case = require_case(by, case_id)
    if found.confirmed_by_id is not None:
        raise InputError("This request was confirmed by a letter before.")
    if case.partner != found.partner or not case.letters.filter(sender=found.partner).exists():
        raise InputError("Choose a case in which a letter of that State stands.")
    found.confirmed_by = case
    found.save(update_fields=["confirmed_by"])
    Case.objects.filter(paper_request=found).update(closed=True, stage="closed", changed_at=office().clock.now())
    _log(by, "paper-confirmed", found, details={"case": case.pk})
    return found


def add_pages(*, by: Officer, request_id: str, file: GivenFile) -> PaperFile:
    """Add another file to a request on paper: an annex, pages that came later.

    Raises:
        PaperRefusedError: the file is none that an officer's screen may be given.
    """
    found = require_request(by, request_id)
    looked, stored = _sealed(file, look_over(file.source))
    with transaction.atomic():
        kept = _keep(by, file, looked, object_id=stored, place=_Place(found))
        _log(by, "paper-pages-added", found, details={"file": kept.pk, "sha256": looked.sha256})
    return kept


@transaction.atomic
def hand_over(*, by: Officer, request_id: str, officer_id: str) -> PaperRequest:
    """Give a request on paper to another officer, who has part in its case from now on."""
    found = require_request(by, request_id)
    to = require_officer(officer_id)
    if not works_on_cases(to):
        raise InputError("This officer does not work on cases.")
    found.officer = to
    found.save(update_fields=["officer"])
    if found.case_id is not None:
        since = {"since": office().clock.now()}
        Member.objects.get_or_create(case_id=found.case_id, officer=to, defaults=since)
    _log(by, "paper-handed-over", found, details={"to": to.identifier})
    return found


@logs_refusals
@transaction.atomic
def save_reading(*, by: Officer, request_id: str, tables: Mapping[str, object], version: int) -> PaperRequest:
    """Keep what an officer read out of the pages, as the tables of a request file. Who asks whom stays as registered.

    Raises:
        InputError: someone else changed it since `version` was read.
        LeakError: it gives a protected person away.
    """
    found = require_request(by, request_id)
    if found.version != version:
        raise InputError("Another officer changed this meanwhile: look at their version before you save yours.")
    require_clean_to_keep(by, found.case_id or "", tables)
    inner = tables.get("request")
    ends = {"requesting_state": found.partner, "requested_state": office().state}
    found.tables = {**tables, "request": {**(inner if isinstance(inner, Mapping) else {}), **ends}}
    found.version += 1
    found.read_by, found.read_at = by, office().clock.now()
    found.save(update_fields=["tables", "version", "read_by", "read_at"])
    if found.case_id is not None:
        index_passage(source=f"paper:{found.pk}", case=found.case_id, content=found.tables)
    _log(by, "paper-reading-saved", found)
    return found


def attach_to_draft(*, by: Officer, draft_id: str, file: GivenFile) -> PaperFile:
    """Keep a copy of a draft's document that came back edited. The draft's data stay as they are."""
    draft = require_draft(by, draft_id)
    return _attach(by, file, case_id=draft.case_id, about=draft.pk)


def attach_to_letter(*, by: Officer, letter_id: str, file: GivenFile) -> PaperFile:
    """Keep a copy of a letter's document that came back edited, or signed by hand. The letter stays as it is."""
    letter = require_letter(by, letter_id)
    return _attach(by, file, case_id=letter.case_id, about=letter.pk)


def _attach(by: Officer, file: GivenFile, *, case_id: str, about: str) -> PaperFile:
    looked, stored = _sealed(file, look_over_edited(file.source))
    with transaction.atomic():
        kept = _keep(by, file, looked, object_id=stored, place=_Place(None, case_id, about))
        details = {"file": kept.pk, "sha256": looked.sha256}
        record(Happening(by.identifier, "edited-copy-kept", subject=about, case=case_id, details=details))
    return kept


def _sealed(file: GivenFile, looked: ReceivedPaper) -> tuple[ReceivedPaper, str]:
    file.source.seek(0)
    stored = seal_into_vault(file.source)
    if stored.sha256 != looked.sha256:
        raise InputError("The file changed while it was taken in: give it again.")
    return looked, stored.id


def _keep(
    by: Officer,
    file: GivenFile,
    looked: ReceivedPaper,
    *,
    object_id: str,
    place: _Place,
) -> PaperFile:
    return PaperFile.objects.create(
        pk=office().identifiers.new(),
        request=place.request,
        case_id=place.case_id,
        about=place.about,
        name=safe_name(file.name),
        note=file.note.strip()[:300],
        media_type=looked.media_type,
        pages=looked.pages,
        size=looked.size,
        sha256=looked.sha256,
        object=object_id,
        added_by=by,
        added_at=office().clock.now(),
    )


def _next_reference(partner: str) -> str:
    """The next free reference of this year for paper: `NL-SN-2026-P0001`. Call it inside the transaction."""
    prefix = f"{office().state}-{partner}-{office().clock.now().year}-P"
    last = PaperRequest.objects.filter(reference__startswith=prefix).order_by("-reference").first()
    return f"{prefix}{(int(last.reference.removeprefix(prefix)) + 1 if last else 1):04d}"


def _log(by: Officer, action: str, found: PaperRequest, *, details: Mapping[str, object] | None = None) -> None:
    record(Happening(by.identifier, action, subject=found.pk, case=found.case_id or "", details=details or {}))

"""Drafts: the list, one draft with what the law finds in it, and the document as it will leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.casework.procedure import load_procedure
from dedere.casework.request import opening_of
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_case_role
from dedere.node.cases.access import cases_of, require_draft
from dedere.node.cases.models import Draft
from dedere.node.desk.findings import DraftFinding, basis_of, findings_of
from dedere.node.exchange.paper import preview_pdf
from dedere.node.paging import paged

if TYPE_CHECKING:
    from dedere.base.finding import Finding

PAGE = 50
EARLIER = 100
# Of a request's table: what another request must not take over unread.
_ITS_OWN = frozenset(
    {
        "reference", "dated", "title", "addressee", "annexes", "deadline", "urgent", "informal_contacts", "related",
        "considered", "left_out",
    }
)  # fmt: skip
_UNFINISHED = (Draft.State.OPEN, Draft.State.SUBMITTED, Draft.State.APPROVED)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in the list. `state` is "sent-back" for an open draft that carries a remark."""

    id: str
    case_id: str
    case_reference: str
    title: str
    kind: str
    partner: str
    state: str
    author: str
    changed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A page of drafts."""

    rows: tuple[DraftRow, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file that leaves with a draft; `size` in bytes."""

    id: str
    name: str
    title: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """A second officer's yes."""

    officer: str
    at: dt.datetime
    digest: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """One draft. What this officer may do with it is in the three truths; `reason_not` says why nothing."""

    row: DraftRow
    proceeding: str
    version: int
    body: Mapping[str, object]
    findings: tuple[DraftFinding, ...]
    basis: tuple[Finding, ...]
    attachments: tuple[AttachmentRow, ...]
    remark: str
    approvals: tuple[ApprovalRow, ...]
    digest: str
    can_edit: bool
    can_submit: bool
    can_approve: bool
    reason_not: str

    @property
    def is_request(self) -> bool:
        """Whether the act carries a request, which is worked on section by section."""
        return "request" in self.body


@dataclass(frozen=True, slots=True)
class Document:
    """A file for the officer."""

    name: str
    media_type: str
    data: bytes


def list_drafts(officer: Officer, *, page: int) -> DraftPage:
    """The unfinished drafts of the officer's cases, last changed first.

    Raises:
        UnknownObjectError: the officer's work is not with cases.
    """
    require_case_role(officer)
    unfinished = Draft.objects.filter(case__in=cases_of(officer), state__in=_UNFINISHED)
    listed = unfinished.select_related("case", "author").defer("body", "paper", "case__state")
    found = paged(listed.order_by("-changed_at", "pk"), page, size=PAGE)
    return DraftPage(tuple(map(_row, found.rows)), found.page, found.pages)


def draft_view(officer: Officer, draft_id: str) -> DraftView:
    """One draft of one of the officer's cases.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    draft = require_draft(officer, draft_id)
    editable = draft.state == Draft.State.OPEN and officer.holds(Role.CASE_OFFICER, Role.REGISTRAR)
    can_approve, reason_not = _approval(officer, draft)
    return DraftView(
        row=_row(draft),
        proceeding=draft.proceeding,
        version=draft.version,
        body=draft.body,
        findings=findings_of(draft),
        basis=basis_of(draft),
        attachments=tuple(
            AttachmentRow(each.pk, each.name, each.title, each.media_type, each.size, each.sha256)
            for each in draft.attachments.all()
        ),
        remark=draft.remark,
        approvals=tuple(
            ApprovalRow(each.officer.name, each.at, each.digest)
            for each in draft.approvals.select_related("officer").order_by("at")
        ),
        digest=draft.digest,
        can_edit=editable,
        can_submit=editable,
        can_approve=can_approve,
        reason_not=reason_not,
    )


def earlier_requests(officer: Officer) -> tuple[tuple[str, str], ...]:
    """Requests that were written here in the officer's cases, as (draft, reference and title), the last changed first.

    At most `EARLIER` of them: what a new request can begin with.
    """
    forms = load_procedure().proceedings.values()
    carrying = {opening_of(kind)[1].value for form in forms for kind in form.request_kinds}
    written = Draft.objects.filter(case__in=cases_of(officer), kind__in=carrying)
    found = written.exclude(state=Draft.State.DISCARDED).select_related("case").defer("body", "paper", "case__state")
    return tuple((each.pk, f"{each.case.reference} {each.case.title}") for each in found[:EARLIER])


def tables_of_earlier(officer: Officer, draft_id: str) -> dict[str, object]:
    """What an earlier request says, without what is its own: references, dates, deadline, attachments, remarks on it.

    Raises:
        UnknownObjectError: there is none for this officer.
        InputError: it is no request.
    """
    tables = require_draft(officer, draft_id).body.get("request")
    if not isinstance(tables, Mapping):
        raise InputError("What you want to begin with is no request.")
    inner = tables.get("request")
    kept = {
        name: value for name, value in (inner if isinstance(inner, Mapping) else {}).items() if name not in _ITS_OWN
    }
    return {**_without_attachments(tables), "request": _without_attachments(kept)}


def _without_attachments(value: Mapping[str, object]) -> dict[str, object]:
    """The table without the names of files that stay with the earlier request."""
    return {name: _inside(each) for name, each in value.items() if name != "attachments"}


def _inside(value: object) -> object:
    if isinstance(value, Mapping):
        return _without_attachments(value)
    return [_inside(each) for each in value] if isinstance(value, list) else value


def draft_preview(officer: Officer, draft_id: str) -> Document:
    """The formal document of a draft as it will leave.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    draft = require_draft(officer, draft_id)
    return Document(f"{draft.kind}-{draft.case.reference}.pdf", "application/pdf", preview_pdf(draft))


def _row(draft: Draft) -> DraftRow:
    sent_back = draft.state == Draft.State.OPEN and draft.remark
    return DraftRow(
        id=draft.pk,
        case_id=draft.case_id,
        case_reference=draft.case.reference,
        title=draft.case.title,
        kind=draft.kind,
        partner=draft.case.partner,
        state="sent-back" if sent_back else draft.state,
        author=draft.author.name,
        changed_at=draft.changed_at,
    )


def _approval(officer: Officer, draft: Draft) -> tuple[bool, str]:
    """Whether this officer may approve the draft now, and, where it waits and they may not, why."""
    if draft.state != Draft.State.SUBMITTED:
        return False, ""
    if draft.author_id == officer.pk:
        return False, "You wrote this draft: a second officer approves it."
    if not officer.holds(Role.APPROVER):
        return False, "It waits for an officer who may approve."
    return True, ""

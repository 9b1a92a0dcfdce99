"""Drafts: written by one officer, approved by another, bound to the bytes that will leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.casework.acts import JSON, ActKind, PartFacts, RecordedAct, Role, parse_kind
from dedere.casework.fold import fold
from dedere.casework.permitted import permitted_acts
from dedere.casework.procedure import load_procedure
from dedere.casework.request import RequestDraft, opening_of
from dedere.casework.state import CaseState
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.access import require_case, require_draft
from dedere.node.cases.actions.record import draft_source, recorded_acts, refold, title_of
from dedere.node.cases.actions.work import add_member
from dedere.node.cases.circulation import circulation_of
from dedere.node.cases.lawful import require_lawful
from dedere.node.cases.leaks import require_clean_to_keep, require_clean_to_leave
from dedere.node.cases.leaving import leaving_digest
from dedere.node.cases.models import Approval, Attachment, Case, Draft, Member
from dedere.node.cases.reference import next_reference
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.node.persons.refusals import logs_refusals
from dedere.node.search.actions import forget_passage, index_passage


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file already in the vault that is to leave with a draft. `item` names the item of evidence it is, if any."""

    name: str
    title: str
    media_type: str
    size: int
    sha256: str
    object_id: str
    item: str = ""
    identifier: str = ""
    conditions: tuple[Mapping[str, object], ...] = ()


def start_draft(
    *, by: Officer, partner: str, title: str, opens: str = "mla", request: Mapping[str, object], side: str = ""
) -> Draft:
    """Open a case with a draft request to `partner`; `request` is the content of a request file, or its beginning.

    `opens` is the kind of request; `side` the side this State has where its kind leaves that open (a transfer).

    Raises:
        PermissionRefusedError: `by` is no case officer.
        InputError: the partner is this State, the title is empty, or no request of this kind opens anything.
    """
    kind, body = _opening(opens, partner=partner, request=request, side=side)
    return _open_case(by, partner=partner, title=title, kind=kind, body=body)


@logs_refusals
@transaction.atomic
def start_further_draft(
    *, by: Officer, case_id: str, opens: str, request: Mapping[str, object], links: Sequence[str] = (), side: str = ""
) -> Draft:
    """Begin a further request in a case, following the proceedings that `links` names: extradition after an arrest.

    Raises:
        UnknownObjectError: the case is not this officer's.
        PermissionRefusedError: `by` is no case officer.
        InputError: no request of this kind opens anything, or a link names no proceeding of the case.
    """
    case = require_case(by, case_id)
    require_role(by, Role.CASE_OFFICER)
    known = {proceeding["id"] for proceeding in case.state.get("proceedings", [])}
    if not set(links) <= known:
        raise InputError("The request follows a proceeding that this case does not have.")
    kind, body = _opening(opens, partner=case.partner, request=request, side=side)
    content = {**body, **({"links": list(links)} if links else {})}
    return _new_draft(by, case, kind=kind.value, proceeding=office().identifiers.new(), body=content)


def _opening(kind: str, *, partner: str, request: Mapping[str, object], side: str) -> tuple[ActKind, dict[str, object]]:
    proceeding, act = opening_of(kind)
    ends = {"requesting_state": office().state, "requested_state": partner}
    inner = request.get("request")
    tables = {**request, "request": {**(inner if isinstance(inner, Mapping) else {}), **ends}}
    return act, {"opens": proceeding.value, "request": tables, **({"as": side} if side else {})}


def start_draft_from_file(*, by: Officer, name: str, data: bytes) -> Draft:
    """Open a case with the draft that a request file holds; its annexes are attached one by one afterwards.

    Raises:
        PermissionRefusedError: `by` is no case officer.
        RequestFileError: the file is not in the format; every problem is named. The refusal is logged.
        InputError: it is another State's request. The refusal is logged.
    """
    require_role(by, Role.CASE_OFFICER)
    try:
        draft = _our_request(data, name=name)
        body = draft.to_body()
    except InputError as error:
        record(Happening(by.identifier, action="request-file-refused", subject="", details={"code": error.code}))
        raise
    title = title_of({"kind": draft.act_kind.value, "body": body})
    return _open_case(by, partner=draft.file.requested, title=title, kind=draft.act_kind, body=body)


def _our_request(data: bytes, *, name: str) -> RequestDraft:
    draft = RequestDraft.parse(data, name=name)
    if draft.file.requesting != office().state:
        raise InputError(f"The request file is a request of {draft.file.requesting}, not of {office().state}.")
    return draft


@logs_refusals
@transaction.atomic
def propose_act(
    *,
    by: Officer,
    case_id: str,
    proceeding: str,
    kind: str,
    body: Mapping[str, object],
    attachments: Sequence[NewAttachment] = (),
) -> Draft:
    """Begin any act of a case. It must be one that this side and this officer may prepare now.

    Raises:
        UnknownObjectError: the case is not this officer's.
        ActRefusedError: the procedure does not allow the act now; the sentence says which rule forbids it.
    """
    case = require_case(by, case_id)
    draft = _new_draft(by, case, kind=parse_kind(kind).value, proceeding=proceeding, body=dict(body))
    for new in attachments:
        _attach(by, draft, new)
    _list_parts(draft)
    draft.save(update_fields=["body"])
    _check(draft)
    return draft


@logs_refusals
@transaction.atomic
def save_body(*, by: Officer, draft_id: str, body: Mapping[str, object], version: int) -> Draft:
    """Replace the content of an open draft.

    Raises:
        InputError: someone else changed the draft since `version` was read.
    """
    draft = _require_open(by, draft_id)
    if draft.version != version:
        raise InputError("Another officer changed this draft meanwhile: look at their version before you save yours.")
    require_clean_to_keep(by, draft.case_id, body)
    draft.body = dict(body)
    _touch(draft)
    return draft


@logs_refusals
@transaction.atomic
def attach(*, by: Officer, draft_id: str, new: NewAttachment) -> Attachment:
    """Add a file of the vault to an open draft.

    Raises:
        InputError: the draft has a file of this name.
    """
    draft = _require_open(by, draft_id)
    attachment = _attach(by, draft, new)
    _touch(draft)
    return attachment


@transaction.atomic
def detach(*, by: Officer, draft_id: str, attachment_id: str) -> None:
    """Take a file out of an open draft; the sealed object stays in the vault."""
    draft = _require_open(by, draft_id)
    attachment = draft.attachments.filter(pk=attachment_id).first()
    if attachment is None:
        raise UnknownObjectError
    attachment.delete()
    _touch(draft)
    _log(by, "detached", attachment_id, case=draft.case)


@logs_refusals
@transaction.atomic
def submit_draft(*, by: Officer, draft_id: str, approver_id: str = "") -> Draft:
    """Put the draft before a second officer. From now on its content stands still.

    The officer chosen to approve gets part in the case; without a choice, whoever has part and may approve can.

    Raises:
        InputError: the body has not the shape of its kind.
        ActRefusedError: the procedure does not allow the act now.
    """
    draft = _require_open(by, draft_id)
    _list_parts(draft)
    if "request" in draft.body:
        # The measures of the proceeding are what the request asks for, whatever was typed meanwhile.
        draft.body = {**draft.body, **RequestDraft.from_body(draft.body).to_body()}
    _check(draft)
    require_clean_to_leave(by, draft)
    if approver_id:
        add_member(by=by, case_id=draft.case_id, officer_id=approver_id)
    draft.state = Draft.State.SUBMITTED
    draft.digest = leaving_digest(draft)
    draft.remark = ""
    draft.changed_at = office().clock.now()
    draft.save()
    _log(by, "draft-submitted", draft.pk, case=draft.case, details={"digest": draft.digest})
    return draft


@logs_refusals
@transaction.atomic
def approve_draft(*, by: Officer, draft_id: str, digest: str) -> Draft:
    """The second officer's yes to exactly what has `digest`; the worker then seals and sends it.

    Raises:
        PermissionRefusedError: `by` wrote it, or holds no role that may approve it.
        InputError: the draft is not before an officer, or is not what was read.
    """
    draft = require_draft(by, draft_id)
    if draft.author_id == by.pk:
        raise PermissionRefusedError("What leaves the house needs a second officer: you wrote this draft yourself.")
    require_role(by, Role.APPROVER)
    if draft.state != Draft.State.SUBMITTED:
        raise InputError("This draft is not waiting for approval.")
    if not digest == draft.digest == leaving_digest(draft):
        raise InputError("This is not the version that you read: read it again before you approve it.")
    _check(draft)
    require_clean_to_leave(by, draft)
    Approval.objects.create(draft=draft, officer=by, digest=digest, at=office().clock.now())
    draft.state = Draft.State.APPROVED
    draft.changed_at = office().clock.now()
    draft.save()
    _log(by, "draft-approved", draft.pk, case=draft.case, details={"digest": digest})
    return draft


@logs_refusals
@transaction.atomic
def send_back(*, by: Officer, draft_id: str, remark: str) -> Draft:
    """Return a submitted draft to its author with a remark."""
    draft = require_draft(by, draft_id)
    require_role(by, Role.APPROVER)
    if draft.state != Draft.State.SUBMITTED:
        raise InputError("This draft is not waiting for approval.")
    if not remark.strip():
        raise InputError("Say what the author should change.")
    require_clean_to_keep(by, draft.case_id, {"remark": remark})
    draft.state = Draft.State.OPEN
    draft.remark = remark.strip()
    draft.digest = ""
    _touch(draft)
    _log(by, "draft-sent-back", draft.pk, case=draft.case)
    return draft


@transaction.atomic
def discard_draft(*, by: Officer, draft_id: str) -> None:
    """Give a draft up. It stays in the records of the house and never leaves it."""
    draft = require_draft(by, draft_id)
    if draft.state not in (Draft.State.OPEN, Draft.State.SUBMITTED):
        raise InputError("This draft was approved: it leaves, and a letter cannot be recalled.")
    draft.attachments.all().delete()
    draft.state = Draft.State.DISCARDED
    draft.changed_at = office().clock.now()
    draft.save()
    forget_passage(source=draft_source(draft))
    _log(by, "draft-discarded", draft.pk, case=draft.case)


def planned_act(draft: Draft, state: CaseState) -> RecordedAct:
    """The draft as the act it would be if it left now, with whoever will approve it still unnamed.

    Where it goes to several States, this is the copy for the first of them.
    """
    now = office().clock.now()
    circulation = circulation_of(draft, state, at=now)
    recipient = circulation.recipients[0]
    return RecordedAct(
        letter=draft.pk,
        digest="0" * 64,
        case=draft.case_id,
        proceeding=draft.proceeding,
        sender=office().state,
        recipient=recipient,
        sequence=1 + draft.case.letters.filter(sender=office().state, recipient=recipient).count(),
        answers=circulation.answers,
        sealed_at=now,
        kind=ActKind(draft.kind),
        officer=officer_line(draft, state, approver="the second officer"),
        body=circulation.body,
        parts=tuple(
            PartFacts(
                id=attachment.pk,
                name=attachment.name,
                media_type=attachment.media_type,
                size=attachment.size,
                sha256=attachment.sha256,
                conditions=tuple(attachment.conditions),
            )
            for attachment in draft.attachments.all()
        ),
    )


def officer_line(draft: Draft, state: CaseState, *, approver: str) -> dict[str, JSON]:
    """Who stands behind an act, as the letter names them: the author in the role that prepares it, and who approved."""
    return {
        "name": draft.author.name,
        "role": _preparing_role(draft, state).value,
        "approved_by": {"name": approver, "role": Role.APPROVER.value},
    }


def _preparing_role(draft: Draft, state: CaseState) -> Role:
    roles = sorted(draft.author.roles(), key=lambda role: role.value)
    opens = draft.body.get("opens", "")
    for role in roles:
        for act in permitted_acts(state, side=office().state, role=role):
            place = act.opens == opens if opens else act.proceeding == draft.proceeding
            if act.kind == draft.kind and place and act.permitted and not act.approves:
                return role
    return roles[0]


def _attach(by: Officer, draft: Draft, new: NewAttachment) -> Attachment:
    if draft.attachments.filter(name=new.name).exists():
        raise InputError(f"The draft already has a file named {new.name}: rename one of them.")
    require_clean_to_keep(by, draft.case_id, {"title": new.title}, names={"The file's name": new.name})
    attachment = Attachment.objects.create(
        pk=new.identifier or office().identifiers.new(),
        draft=draft,
        item=new.item,
        name=new.name,
        title=new.title,
        media_type=new.media_type,
        size=new.size,
        sha256=new.sha256,
        object=new.object_id,
        conditions=[dict(condition) for condition in new.conditions],
    )
    _log(by, "attached", attachment.pk, case=draft.case, details={"sha256": new.sha256, "size": new.size})
    return attachment


@logs_refusals
@transaction.atomic
def _open_case(by: Officer, *, partner: str, title: str, kind: ActKind, body: Mapping[str, object]) -> Draft:
    require_role(by, Role.CASE_OFFICER)
    if partner == office().state:
        raise InputError("A request goes to another State.")
    if not title.strip():
        raise InputError("A case needs a title.")
    identifier = office().identifiers.new()
    require_clean_to_keep(by, identifier, {"title": title})
    now = office().clock.now()
    case = Case.objects.create(
        pk=identifier,
        partner=partner,
        reference=next_reference(partner),
        title=title.strip()[:300],
        opened_at=now,
        changed_at=now,
    )
    Member.objects.create(case=case, officer=by, since=now)
    refold(case)
    _log(by, "case-opened", case.pk, case=case)
    return _new_draft(by, case, kind=kind.value, proceeding=office().identifiers.new(), body=body)


def _list_parts(draft: Draft) -> None:
    """Have an act whose body lists items list exactly the files that go with it, as it listed them where it did."""
    fields = load_procedure().acts[ActKind(draft.kind)].body.fields
    name = next((each.name for each in fields if each.type == "item"), "")
    attached = {each.pk: each.title or each.name for each in draft.attachments.all()}
    if not name or not (attached or name in draft.body):
        return
    listed = {row["part"]: row for row in draft.body.get(name, ())}
    rows = [listed.get(part, {"part": part, "title": title}) for part, title in attached.items()]
    draft.body = {**draft.body, name: rows}


def _check(draft: Draft) -> None:
    state = fold(draft.case_id, recorded_acts(draft.case))
    require_lawful(state, planned_act(draft, state))


def _new_draft(by: Officer, case: Case, *, kind: str, proceeding: str, body: Mapping[str, object]) -> Draft:
    require_clean_to_keep(by, case.pk, body)
    now = office().clock.now()
    draft = Draft.objects.create(
        pk=office().identifiers.new(),
        case=case,
        kind=kind,
        proceeding=proceeding,
        body=dict(body),
        author=by,
        created_at=now,
        changed_at=now,
    )
    _index(draft)
    _log(by, "draft-started", draft.pk, case=case, details={"kind": kind})
    return draft


def _require_open(by: Officer, draft_id: str) -> Draft:
    draft = require_draft(by, draft_id)
    if draft.state != Draft.State.OPEN:
        raise InputError("This draft is no longer open for changes: ask the second officer to send it back.")
    return draft


def _touch(draft: Draft) -> None:
    draft.version += 1
    draft.changed_at = office().clock.now()
    draft.save()
    _index(draft)


def _index(draft: Draft) -> None:
    index_passage(source=draft_source(draft), case=draft.case_id, content=draft.body)


def _log(by: Officer, action: str, subject: str, *, case: Case, details: Mapping[str, object] | None = None) -> None:
    record(
        Happening(actor=by.identifier, action=action, subject=subject, case=case.pk, details=details or {}),
    )

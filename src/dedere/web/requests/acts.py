"""Proposing any act of a case other than its request, and changing the draft of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dedere.base.errors import InputError
from dedere.casework.acts import ActKind, ProceedingKind
from dedere.casework.procedure import load_procedure
from dedere.node.cases import actions
from dedere.node.desk import case as cases
from dedere.node.desk import drafts as queries
from dedere.node.desk.grounds import grounds_of
from dedere.node.desk.material import material_for
from dedere.node.evidence import actions as evidence
from dedere.node.office import office
from dedere.web.components.views import OfficerRequest, for_officers, posted, posted_with_files
from dedere.web.requests.bodies import HIDDEN, BodyForm, body_form, initial_for
from dedere.web.requests.offering import CaseFile, offered_for

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dedere.casework.transitions import ActForm
    from dedere.web.requests.offers import Offered


# Acts that open a proceeding by themselves, without a request, and which.
OPENED_BY_ONE_ACT: Mapping[str, str] = {
    ActKind.INFORMATION.value: ProceedingKind.SPONTANEOUS_INFORMATION.value,
    ActKind.CONSULTATION.value: ProceedingKind.CONSULTATION.value,
    ActKind.NOTIFICATION.value: ProceedingKind.NOTIFICATION.value,
}


@require_http_methods(["GET", "POST"])
@for_officers
def propose(request: OfficerRequest, case_id: str, proceeding: str, kind: str) -> HttpResponse:
    """Write an act. It becomes a draft, which a second officer approves before it leaves."""
    return _write(request, case_id, proceeding=proceeding, kind=kind)


@require_http_methods(["GET", "POST"])
@for_officers
def begin(request: OfficerRequest, case_id: str, kind: str) -> HttpResponse:
    """Write an act that opens a proceeding of its own: information, a consultation, a notification."""
    if kind not in OPENED_BY_ONE_ACT:
        raise Http404
    return _write(request, case_id, proceeding="", kind=kind)


def _write(request: OfficerRequest, case_id: str, *, proceeding: str, kind: str) -> HttpResponse:
    """The page of an act; `proceeding` is empty when the act opens one."""
    form_of_act = _act_form(kind)
    file = _case_file(request, case_id, proceeding=proceeding, kind=kind)
    case, grounds = file.case, file.grounds
    offered = offered_for(file, proceeding, kind=kind)
    shown = _first_values(file, kind, proceeding)
    form = _form(form_of_act, offered)(*posted_with_files(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        opening = {} if proceeding else {"opens": OPENED_BY_ONE_ACT[kind]}
        try:
            draft = evidence.propose_act(
                by=request.user,
                case_id=case_id,
                proceeding=proceeding or office().identifiers.new(),
                kind=kind,
                body={**form.body(), **opening},
                items=(
                    *request.POST.getlist("items-to-send"),
                    *evidence.take_documents(by=request.user, case_id=case_id, uploads=_uploads(request)),
                ),
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            return redirect("requests:draft", draft.pk)
    context = {
        "case": case,
        "form": form,
        "kind": kind,
        "permitted": next((each for each in case.permitted if _is(each, kind, proceeding)), None),
        "grounds": grounds,
        "takes_files": _sends_items(form_of_act),
        "sendable": [each for each in file.items if each.source == office().state] if _sends_items(form_of_act) else [],
        "chosen": request.POST.getlist("items-to-send"),
    }
    return render(request, "requests/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_officers
def edit(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """Change the draft of an act."""
    draft = queries.draft_view(request.user, draft_id)
    form_of_act = _act_form(draft.row.kind)
    file = _case_file(request, draft.row.case_id, proceeding=draft.proceeding, kind=draft.row.kind)
    offered = offered_for(file, draft.proceeding, kind=draft.row.kind)
    shapes = load_procedure().shapes
    shown = initial_for(form_of_act.body, shapes, body=draft.body, offered=offered)
    form = _form(form_of_act, offered)(posted(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        body = {**_kept(draft.body, form_of_act), **form.body()}
        try:
            actions.save_body(by=request.user, draft_id=draft_id, version=draft.version, body=body)
        except InputError as error:
            form.show_refusal(error)
        else:
            return redirect("requests:draft", draft_id)
    context = {"case": file.case, "form": form, "kind": draft.row.kind, "draft": draft, "grounds": file.grounds}
    return render(request, "requests/act.html", context, status=422 if form.errors else 200)


def _case_file(request: OfficerRequest, case_id: str, *, proceeding: str, kind: str) -> CaseFile:
    return CaseFile(
        case=cases.case_view(request.user, case_id, acts=True),
        items=cases.every_item(request.user, case_id),
        material=material_for(request.user, case_id, proceeding),
        grounds=grounds_of(request.user, case_id, proceeding) if kind == ActKind.REFUSAL else None,
    )


def _act_form(kind: str) -> ActForm:
    if kind not in set(ActKind) or kind == ActKind.REQUEST:
        raise Http404
    return load_procedure().acts[ActKind(kind)]


def _form(act: ActForm, offered: Offered) -> type[BodyForm]:
    return body_form(act.body, load_procedure().shapes, offered)


def _sends_items(act: ActForm) -> bool:
    return any(each.type == "item" for each in act.body.fields)


def _is(permitted: cases.PermittedRow, kind: str, proceeding: str) -> bool:
    return permitted.kind == kind and permitted.proceeding == proceeding


def _kept(body: Mapping[str, object], act: ActForm) -> dict[str, object]:
    """What no form shows: the items stay as they were attached, and what opens a proceeding as it was begun."""
    kept = {each.name for each in act.body.fields if each.type == "item" or each.name in HIDDEN}
    return {name: value for name, value in body.items() if name in kept}


def _uploads(request: OfficerRequest) -> list[evidence.Upload]:
    """The files that were chosen to go with the act."""
    return [
        evidence.Upload(
            name=file.name or "file",
            title=file.name or "file",
            media_type=file.content_type or "application/octet-stream",
            source=file.file,
        )
        for file in request.FILES.getlist("files-to-send")
        if file.file is not None
    ]


def _first_values(file: CaseFile, kind: str, proceeding: str) -> dict[str, object]:
    """What the office already knows and the officer would type again."""
    today = office().clock.now().date()
    if not proceeding:
        return {"on": today}
    if kind == ActKind.ACKNOWLEDGEMENT:
        return {"own_reference": file.case.row.own_reference, "received_on": today}
    if kind in (ActKind.CUSTODY_RECEIPT, ActKind.RETURN_RECEIPT):
        received = [each for each in file.items if each.source != office().state]
        ticks = {f"items-{place}-use": True for place in range(len(received))}
        return {"received_on": today, **ticks}
    if kind == ActKind.ACCEPTANCE:
        count = sum(len(part.measures) for part in file.case.proceedings if part.id == proceeding)
        return {f"measures-{place}-use": True for place in range(count)}
    return {}

"""Proposing any act of a case other than its request, and changing the draft of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dedere.base.errors import InputError
from dedere.casework.acts import ActKind
from dedere.casework.procedure import load_procedure
from dedere.node.cases import actions
from dedere.node.desk import case as cases
from dedere.node.desk import drafts as queries
from dedere.node.evidence import actions as evidence
from dedere.node.office import office
from dedere.web.components.views import OfficerRequest, for_officers, posted
from dedere.web.requests.bodies import BodyForm, Known, Offered, body_form, initial_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from dedere.casework.transitions import ActForm
    from dedere.node.evidence.queries import ItemRow


@require_http_methods(["GET", "POST"])
@for_officers
def propose(request: OfficerRequest, case_id: str, proceeding: str, kind: str) -> HttpResponse:
    """Write an act. It becomes a draft, which a second officer approves before it leaves."""
    form_of_act = _act_form(kind)
    case = cases.case_view(request.user, case_id)
    offered = _offered(case, proceeding)
    shown = _first_values(case, kind, proceeding)
    form = _form(form_of_act, offered)(posted(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            draft = evidence.propose_act(
                by=request.user,
                case_id=case_id,
                proceeding=proceeding,
                kind=kind,
                body=form.body(),
                items=tuple(request.POST.getlist("items-to-send")),
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
        "sendable": [each for each in case.items if each.source == office().state] if _sends_items(form_of_act) else [],
        "chosen": request.POST.getlist("items-to-send"),
    }
    return render(request, "requests/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_officers
def edit(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """Change the draft of an act."""
    draft = queries.draft_view(request.user, draft_id)
    form_of_act = _act_form(draft.row.kind)
    case = cases.case_view(request.user, draft.row.case_id)
    offered = _offered(case, draft.proceeding)
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
    context = {"case": case, "form": form, "kind": draft.row.kind, "draft": draft}
    return render(request, "requests/act.html", context, status=422 if form.errors else 200)


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
    """What no form shows: the items of a result stay as they were attached."""
    return {each.name: body[each.name] for each in act.body.fields if each.type == "item" and each.name in body}


def _offered(case: cases.CaseView, proceeding: str) -> Offered:
    measures = [each for part in case.proceedings if part.id == proceeding for each in part.measures]
    lists = {
        "measures": [Known(each.id, each.description or each.kind) for each in measures],
        "items": [_known_item(each, case) for each in case.items if each.source != office().state],
        "questions": [Known(each.id, each.text) for each in case.questions],
        "conditions": [Known(each.id, each.text) for each in case.conditions],
        "consultations": [Known(each.id, each.text) for each in case.consultations],
    }
    return Offered({name: listed for name, listed in lists.items() if listed}, new_id=office().identifiers.new)


def _known_item(item: ItemRow, case: cases.CaseView) -> Known:
    """An item that came from the other State, with the conditions on it that nobody here has answered."""
    waiting = [
        Known(each.id, each.text)
        for each in case.conditions
        if each.status == "proposed" and (item.id in each.items or not each.items)
    ]
    return Known(item.id, item.title or item.name, {"sha256": item.sha256}, {"condition_replies": waiting})


def _first_values(case: cases.CaseView, kind: str, proceeding: str) -> dict[str, object]:
    """What the office already knows and the officer would type again."""
    today = office().clock.now().date()
    if kind == ActKind.ACKNOWLEDGEMENT:
        return {"own_reference": case.row.own_reference, "received_on": today}
    if kind in (ActKind.CUSTODY_RECEIPT, ActKind.RETURN_RECEIPT):
        received = [each for each in case.items if each.source != office().state]
        ticks = {f"items-{place}-use": True for place in range(len(received))}
        return {"received_on": today, **ticks}
    if kind == ActKind.ACCEPTANCE:
        count = sum(len(part.measures) for part in case.proceedings if part.id == proceeding)
        return {f"measures-{place}-use": True for place in range(count)}
    return {}

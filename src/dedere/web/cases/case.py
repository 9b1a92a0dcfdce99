"""One case: the timeline of both sides, and a tab for each kind of thing that belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dedere.base.errors import InputError
from dedere.node.accounts import queries as accounts
from dedere.node.cases import actions
from dedere.node.desk import access_log as logs
from dedere.node.desk import attendance, dossiers, persons
from dedere.node.desk import case as queries
from dedere.node.desk import clocks as running
from dedere.node.jobs import actions as jobs
from dedere.node.papers import queries as papers
from dedere.web.components.archive import zipped
from dedere.web.components.forms import Choice, OfficeForm
from dedere.web.components.views import OfficerRequest, for_officers, page_number, posted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

# So many letters stand on one page of a case.
LETTERS = 40
TABS: Mapping[str, object] = {
    "proceedings": gettext_lazy("Proceedings"),
    "persons": gettext_lazy("Persons"),
    "evidence": gettext_lazy("Evidence"),
    "conditions": gettext_lazy("Conditions"),
    "letters": gettext_lazy("Letters"),
}


@require_safe
@for_officers
def timeline(request: OfficerRequest, case_id: str) -> HttpResponse:
    """The case's first page: both sides on one line, what is owed, what may be done next."""
    case = queries.case_view(request.user, case_id, acts=True)
    context = {
        **_frame(case, "timeline"),
        **_letters(case, page_number(request)),
        "possible": [act for act in case.permitted if act.permitted and act.kind not in _AT_ANY_TIME],
        "always": [act for act in case.permitted if act.permitted and act.kind in _AT_ANY_TIME],
        "impossible": [act for act in case.permitted if not act.permitted],
    }
    return render(request, "cases/timeline.html", context)


@require_safe
@for_officers
def tab(request: OfficerRequest, case_id: str, tab: str) -> HttpResponse:
    """One kind of thing that belongs to the case."""
    if tab not in TABS:
        raise Http404
    case = queries.case_view(request.user, case_id)
    page = page_number(request)
    more: dict[str, object] = {}
    if tab == "evidence":
        more = {"found": queries.case_items(request.user, case_id, page=page)}
    elif tab == "letters":
        more = _letters(case, page)
    elif tab == "proceedings":
        more = {"owed_to_persons": persons.duties_to_persons(request.user, case_id)}
    return render(request, f"cases/{tab}.html", {**_frame(case, tab), **more})


@require_safe
@for_officers
def clocks(request: OfficerRequest, case_id: str) -> HttpResponse:
    """Which limits run, because of what, until when, and what happens at their end."""
    case = queries.case_view(request.user, case_id)
    rows = running.case_clocks(request.user, case_id)
    presences = attendance.attendance_clocks(request.user, case_id)
    return render(request, "cases/clocks.html", {**_frame(case, "clocks"), "clocks": rows, "presences": presences})


@require_safe
@for_officers
def access_log(request: OfficerRequest, case_id: str) -> HttpResponse:
    """Who looked at the case and who did what."""
    case = queries.case_view(request.user, case_id)
    log = logs.case_log(request.user, case_id, page=page_number(request))
    return render(request, "cases/log.html", {**_frame(case, "log"), "log": log})


# Acts that belong to no step of a procedure in particular; a page that led with them would hide the step that is due.
_AT_ANY_TIME = frozenset(
    {
        "notice", "questions", "consultation", "conditions", "conditions-reply", "assurance-request", "assurance",
        "consent-request", "consent", "correction", "status-question", "progress", "supplement",
    }
)  # fmt: skip


class MemberForm(OfficeForm):
    """Whom to give part in the case."""

    officer = forms.ChoiceField(label=gettext_lazy("Officer to add"), widget=Choice())


@require_http_methods(["GET", "POST"])
@for_officers
def members(request: OfficerRequest, case_id: str) -> HttpResponse:
    """Who has part in the case; adding somebody is logged."""
    case = queries.case_view(request.user, case_id)
    form = MemberForm(posted(request))
    present = {member.id for member in case.members}
    choices = [(officer.id, officer.name) for officer in accounts.officers(request.user) if officer.id not in present]
    form.offer("officer", [("", "—"), *choices])
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_member(by=request.user, case_id=case_id, officer_id=form.cleaned_data["officer"])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The officer now has part in the case."))
            return redirect("cases:members", case_id)
    status = 422 if form.errors else 200
    return render(request, "cases/members.html", {**_frame(case, "members"), "form": form}, status=status)


@require_POST
@for_officers
def dossier(request: OfficerRequest, case_id: str) -> HttpResponse:
    """Asks for the case as a dossier that verifies off line; the worker writes it."""
    jobs.ask_for_dossier(by=request.user, case_id=case_id)
    messages.success(request, _("The dossier is being written. It appears under Letters when it is ready."))
    return redirect("cases:tab", case_id, "letters")


@require_safe
@for_officers
def export(request: OfficerRequest, case_id: str, export_id: str) -> StreamingHttpResponse:
    """A finished dossier as one zip."""
    name, files = dossiers.dossier_files(request.user, case_id, export_id)
    response = StreamingHttpResponse(zipped(files), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.zip") or ""  # noqa: FBT003 - Django's own
    return response


def _letters(case: queries.CaseView, page: int) -> dict[str, object]:
    """A page of the letters: the newest first, those of one page in the order in which they were sealed."""
    count = len(case.timeline)
    pages = max(1, -(-count // LETTERS))
    page = min(page, pages)
    end = count - (page - 1) * LETTERS
    return {"entries": case.timeline[max(0, end - LETTERS) : end], "page": page, "pages": pages}


def _frame(case: queries.CaseView, current: str) -> dict[str, object]:
    """What every page of a case shows: its head, its tabs, its conditions."""
    tabs = [("timeline", _("Timeline"), reverse("cases:case", args=[case.row.id]))]
    tabs += [(slug, str(name), reverse("cases:tab", args=[case.row.id, slug])) for slug, name in TABS.items()]
    tabs += [("clocks", _("Clocks"), reverse("cases:clocks", args=[case.row.id]))]
    tabs += [("members", _("Officers"), reverse("cases:members", args=[case.row.id]))]
    tabs += [("log", _("Access log"), reverse("cases:log", args=[case.row.id]))]
    return {"case": case, "tabs": tabs, "current_tab": current, "paper": papers.on_paper(case.row.id)}

"""Measures given to executing authorities: assigning one, the list of mine, and reporting what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dedere.base.errors import InputError
from dedere.node.accounts import queries as accounts
from dedere.node.cases import actions
from dedere.node.desk import case as cases
from dedere.node.desk import work as queries
from dedere.web.components.forms import Choice, DateField, Line, OfficeForm, Passage
from dedere.web.components.views import OfficerRequest, for_officers, page_number, posted

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@for_officers
def given(request: OfficerRequest) -> HttpResponse:
    """The measures given to this officer."""
    found = queries.executing(request.user, page=page_number(request))
    return render(request, "cases/measures.html", {"found": found})


class ReportForm(OfficeForm):
    """What came of a measure."""

    report = forms.CharField(
        label=gettext_lazy("What was done, and what came of it"),
        help_text=gettext_lazy("The case officer writes the result letter from this. Evidence is uploaded separately."),
        max_length=20000,
        widget=Passage(rows=8),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def measure(request: OfficerRequest, assignment: str) -> HttpResponse:
    """One measure: what is to be done, the evidence so far, and the report."""
    found = queries.assignment(request.user, assignment, page=page_number(request))
    form = ReportForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.report_result(by=request.user, assignment_id=assignment, report=form.cleaned_data["report"])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The report is with the case officer."))
            return redirect("cases:measure", assignment)
    status = 422 if form.errors else 200
    return render(request, "cases/measure.html", {"assignment": found, "form": form}, status=status)


class AssignForm(OfficeForm):
    """Who carries the measure out."""

    officer = forms.ChoiceField(label=gettext_lazy("Officer of the executing authority"), widget=Choice())
    authority = forms.CharField(
        label=gettext_lazy("Executing authority"),
        help_text=gettext_lazy("As it is to stand in the file, for example the court with its chamber."),
        max_length=200,
        widget=Line(),
    )
    instructions = forms.CharField(
        label=gettext_lazy("Instructions"), required=False, max_length=20000, widget=Passage(rows=5)
    )
    due = DateField(label=gettext_lazy("Wanted by"), required=False)


@require_http_methods(["GET", "POST"])
@for_officers
def assign(request: OfficerRequest, case_id: str, proceeding: str, measure: str) -> HttpResponse:
    """Give one measure to an executing authority. Internal: the other State learns of it in a progress letter only."""
    case = cases.case_view(request.user, case_id)
    form = AssignForm(posted(request))
    listed = accounts.officers(request.user, role="executing-authority")
    form.offer("officer", [("", "—"), *((entry.id, entry.name) for entry in listed)])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        details = actions.AssignmentDetails(
            authority=given["authority"], instructions=given["instructions"], due=given["due"]
        )
        try:
            actions.assign_measure(
                by=request.user,
                case_id=case_id,
                proceeding=proceeding,
                measure=measure,
                officer_id=given["officer"],
                details=details,
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The measure is assigned."))
            return redirect("cases:tab", case_id, "proceedings")
    shown = [each for part in case.proceedings for each in part.measures if each.id == measure]
    status = 422 if form.errors else 200
    context = {"case": case, "form": form, "measure": shown[0] if shown else None}
    return render(request, "cases/assign.html", context, status=status)

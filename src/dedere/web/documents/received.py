"""Requests that come on paper: registered, given to an officer, read into a structured request beside the pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dedere.base.errors import InputError
from dedere.node.accounts import queries as accounts
from dedere.node.desk.findings import findings_in
from dedere.node.papers import filing, queries
from dedere.web.components import labels
from dedere.web.components.forms import Choice, DateField, Line, OfficeForm
from dedere.web.components.names import all_states
from dedere.web.components.outline import sections_for
from dedere.web.components.remarks import Remark
from dedere.web.components.tables import is_blank, value_at
from dedere.web.components.views import OfficerRequest, for_officers, handed_out, posted_with_files
from dedere.web.documents.forms import FileForm

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@for_officers
def listing(request: OfficerRequest) -> HttpResponse:
    """Requests on paper."""
    return render(request, "documents/received.html", {"requests": queries.paper_requests(request.user)})


class RegisterForm(FileForm):
    """What the cover says, and the pages."""

    partner = forms.ChoiceField(label=gettext_lazy("From which State"), widget=Choice())
    title = forms.CharField(
        label=gettext_lazy("What it is about"),
        help_text=gettext_lazy("Leave out the names of protected persons."),
        max_length=300,
        widget=Line(dir="auto"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What is asked for"),
        choices=[(code, labels.PROCEEDINGS[code]) for code in ("mla", "extradition", "transit", "transfer")],
        widget=Choice(),
    )
    their_reference = forms.CharField(
        label=gettext_lazy("Their reference"), required=False, max_length=120, widget=Line(dir="auto")
    )
    received_on = DateField(label=gettext_lazy("Received on"))
    field_order = ("partner", "title", "kind", "their_reference", "received_on", "file", "note")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.offer("partner", [("", "—"), *all_states()])


@require_http_methods(["GET", "POST"])
@for_officers
def register(request: OfficerRequest) -> HttpResponse:
    """Register a request that came on paper."""
    form = RegisterForm(*posted_with_files(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = filing.NewPaperRequest(
            partner=given["partner"],
            title=given["title"],
            received_on=given["received_on"],
            their_reference=given["their_reference"],
            kind=given["kind"],
        )
        try:
            found = filing.register_request(by=request.user, new=new, file=form.given())
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The request is registered. Now enter what its pages say."))
            return redirect("documents:request", found.pk)
    return render(request, "documents/register.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@for_officers
def request(request: OfficerRequest, request_id: str) -> HttpResponse:
    """One request: its pages, and how far it is read."""
    return _page(request, request_id)


@require_POST
@for_officers
def add_pages(request: OfficerRequest, request_id: str) -> HttpResponse:
    """Add a file to a request."""
    form = FileForm(*posted_with_files(request))
    if form.is_valid():
        try:
            filing.add_pages(by=request.user, request_id=request_id, file=form.given())
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The pages are added."))
            return redirect("documents:request", request_id)
    return _page(request, request_id, form=form)


class LetterForm(OfficeForm):
    """In which case the letter stands."""

    case = forms.ChoiceField(label=gettext_lazy("Case of their letter"), widget=Choice())


class OfficerForm(OfficeForm):
    """Who goes on with it."""

    officer = forms.ChoiceField(label=gettext_lazy("Officer"), widget=Choice())


@require_POST
@for_officers
def hand_over(request: OfficerRequest, request_id: str) -> HttpResponse:
    """Give a request to another officer."""
    try:
        filing.hand_over(by=request.user, request_id=request_id, officer_id=request.POST.get("officer", "")[:26])
    except InputError as error:
        messages.error(request, error.sentence)
        return redirect("documents:request", request_id)
    messages.success(request, _("The officer finds the request under Paper."))
    return redirect("documents:received")


@require_POST
@for_officers
def confirm(request: OfficerRequest, request_id: str) -> HttpResponse:
    """Note in which case the other authority sent as a letter what had come on paper."""
    case_id = request.POST.get("case", "")[:26]
    try:
        filing.confirm_by_letter(by=request.user, request_id=request_id, case_id=case_id)
    except InputError as error:
        messages.error(request, error.sentence)
        return redirect("documents:request", request_id)
    messages.success(request, _("The work goes on in this case. The case on paper is closed, and stays to be read."))
    return redirect("cases:case", case_id)


@require_safe
@for_officers
def request_file(request: OfficerRequest, request_id: str) -> HttpResponse:
    """What was read, as a request file: the other authority can confirm it by sending it as a letter."""
    found = queries.paper_request(request.user, request_id)
    data = json.dumps(found.tables, ensure_ascii=False, indent=2, sort_keys=True).encode()
    return handed_out(data, name=f"{found.row.reference}.json", media_type="application/json")


def _page(request: OfficerRequest, request_id: str, *, form: FileForm | None = None) -> HttpResponse:
    found = queries.paper_request(request.user, request_id)
    kind = str(value_at(found.tables, "request.kind") or "mla")
    tasks = [
        (section, any(not is_blank(value_at(found.tables, prefix)) for prefix in section.prefixes))
        for section in sections_for(kind)
    ]
    officers = OfficerForm()
    officers.offer("officer", [(each.id, each.name) for each in accounts.officers(request.user)])
    letters = LetterForm()
    letters.offer("case", found.letters)
    findings = [each for each in findings_in(found.tables) if each.severity != "advice"]
    context = {
        "paper": found,
        "tasks": tasks,
        "pages_form": form or FileForm(),
        "officers": officers,
        "letters": letters if found.letters and not found.row.confirmed_by else None,
        "remarks": [Remark(each) for each in findings],
        "form": form,
    }
    return render(request, "documents/request.html", context, status=422 if form and form.errors else 200)

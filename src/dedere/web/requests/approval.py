"""The way out of the house: what will leave, exactly as it will; put before a second officer; approved or sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from dedere.base.errors import InputError
from dedere.node.accounts import queries as accounts
from dedere.node.cases import actions
from dedere.node.desk import drafts as queries
from dedere.node.desk.files import files_of_draft
from dedere.node.evidence import actions as evidence
from dedere.web.components.forms import Choice, OfficeForm, Passage
from dedere.web.components.outline import body_shown
from dedere.web.components.views import OfficerRequest, for_officers, handed_out, posted
from dedere.web.requests.remarks import plain_remarks

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@xframe_options_sameorigin
@for_officers
def preview(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """The formal document as it will leave."""
    document = queries.draft_preview(request.user, draft_id)
    return handed_out(document.data, name=document.name, media_type=document.media_type, inline=True)


class SubmitForm(OfficeForm):
    """Who is asked to approve."""

    approver = forms.ChoiceField(
        label=gettext_lazy("Second officer"),
        help_text=gettext_lazy("The officer gets part in the case and finds the draft under Today."),
        widget=Choice(),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def submit(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """Check the answers, then put the draft before a second officer."""
    draft = queries.draft_view(request.user, draft_id)
    form = SubmitForm(posted(request))
    listed = [each for each in accounts.officers(request.user, role="approver") if each.name != draft.row.author]
    form.offer("approver", [("", "—"), *((each.id, each.name) for each in listed)])
    if request.method == "POST" and form.is_valid():
        try:
            # What cannot be printed is refused here, not when the worker seals it.
            queries.draft_preview(request.user, draft_id)
            evidence.submit_draft(by=request.user, draft_id=draft_id, approver_id=form.cleaned_data["approver"])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(
                request, _("The draft waits for the second officer. Its content stands still from now on.")
            )
            return redirect("requests:draft", draft_id)
    context = {"draft": draft, "form": form, "remarks": plain_remarks(draft), **body_shown(draft.body)}
    return render(request, "requests/submit.html", context, status=422 if form.errors else 200)


class ApproveForm(OfficeForm):
    """The second officer's yes, to what was read and nothing else."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput())
    read = forms.BooleanField(
        label=gettext_lazy("I have read the document and the attachments. A letter that has left cannot be recalled."),
        error_messages={"required": gettext_lazy("Confirm that you have read what will leave.")},
        widget=forms.CheckboxInput({"class": "govuk-checkboxes__input"}),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def approve(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """The second officer reads what will leave, and approves exactly that."""
    draft = queries.draft_view(request.user, draft_id)
    form = ApproveForm(posted(request), initial={"digest": draft.digest})
    if request.method == "POST" and form.is_valid():
        try:
            evidence.approve_draft(by=request.user, draft_id=draft_id, digest=form.cleaned_data["digest"])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(
                request, _("Approved. The letter is sealed and on its way; its receipts appear in the case.")
            )
            return redirect("cases:case", draft.row.case_id)
    context = {
        "draft": draft,
        "form": form,
        **body_shown(draft.body),
        "back": SendBackForm(),
        "remarks": plain_remarks(draft),
        "files": files_of_draft(request.user, draft_id),
    }
    return render(request, "requests/approve.html", context, status=422 if form.errors else 200)


class SendBackForm(OfficeForm):
    """What the author should change."""

    remark = forms.CharField(label=gettext_lazy("What should change"), max_length=10_000, widget=Passage(rows=4))


@require_http_methods(["GET", "POST"])
@for_officers
def send_back(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """Return the draft to its author with a remark."""
    draft = queries.draft_view(request.user, draft_id)
    form = SendBackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_back(by=request.user, draft_id=draft_id, remark=form.cleaned_data["remark"])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The draft is back with its author."))
            return redirect("requests:draft", draft_id)
    return render(
        request, "requests/send_back.html", {"draft": draft, "form": form}, status=422 if form.errors else 200
    )

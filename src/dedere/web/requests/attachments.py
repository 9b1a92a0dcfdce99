"""Files that leave with a draft: added one by one, streamed into the vault, shown with their digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dedere.base.errors import InputError
from dedere.node.cases import actions
from dedere.node.desk import drafts as queries
from dedere.node.desk.files import files_of_draft
from dedere.node.evidence import actions as evidence
from dedere.papers.errors import DocumentInputError
from dedere.web.components.forms import File, Line, OfficeForm
from dedere.web.components.views import OfficerRequest, for_officers, posted_with_files

if TYPE_CHECKING:
    from django.http import HttpResponse


class AttachForm(OfficeForm):
    """One file and what it is called in the letter."""

    file = forms.FileField(label=gettext_lazy("File"), max_length=255, widget=File())
    title = forms.CharField(
        label=gettext_lazy("Title in the letter"), required=False, max_length=300, widget=Line(dir="auto")
    )


@require_http_methods(["GET", "POST"])
@for_officers
def attachments(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """The files of a draft, and a form for the next one."""
    draft = queries.draft_view(request.user, draft_id)
    form = AttachForm(*posted_with_files(request))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        upload = evidence.Upload(
            name=file.name,
            title=form.cleaned_data["title"] or file.name,
            media_type=file.content_type or "application/octet-stream",
            source=file.file,
        )
        try:
            evidence.attach_upload(by=request.user, draft_id=draft_id, upload=upload)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The file is attached; its digest is shown below."))
            return redirect("requests:attachments", draft_id)
    context = {"draft": draft, "form": form, "files": files_of_draft(request.user, draft_id)}
    return render(request, "requests/attachments.html", context, status=422 if form.errors else 200)


@require_POST
@for_officers
def remove(request: OfficerRequest, draft_id: str, attachment_id: str) -> HttpResponse:
    """Take one file out of the draft."""
    actions.detach(by=request.user, draft_id=draft_id, attachment_id=attachment_id)
    messages.success(request, _("The file no longer leaves with this draft."))
    return redirect("requests:attachments", draft_id)


@require_POST
@for_officers
def strip(request: OfficerRequest, draft_id: str, attachment_id: str) -> HttpResponse:
    """Let a file leave without what it says about itself."""
    try:
        evidence.strip_metadata(by=request.user, draft_id=draft_id, attachment_id=attachment_id)
    except DocumentInputError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The file leaves without what it said about itself. The original is kept."))
    return redirect("requests:attachments", draft_id)


@require_POST
@for_officers
def restore(request: OfficerRequest, draft_id: str, attachment_id: str) -> HttpResponse:
    """Let a file leave as it came."""
    evidence.restore_original(by=request.user, draft_id=draft_id, attachment_id=attachment_id)
    messages.success(request, _("The original is back: it leaves as it came."))
    return redirect("requests:attachments", draft_id)

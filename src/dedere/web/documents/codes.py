"""What the code on a printed page stands for, and the index of a dossier as a page to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dedere.base.errors import InputError
from dedere.node.desk import documents as queries
from dedere.node.desk import dossiers
from dedere.papers.composing.acts import document_title
from dedere.web.components.forms import Line, OfficeForm
from dedere.web.components.readable import wording_of_page
from dedere.web.components.views import OfficerRequest, for_officers, handed_out, posted

if TYPE_CHECKING:
    from django.http import HttpResponse


class CodeForm(OfficeForm):
    """The code of a page."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("What the QR code on each page holds. It looks like DEDERE:1:NUMBER:DIGEST."),
        max_length=300,
        widget=Line(autocomplete="off", spellcheck="false"),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def code(request: OfficerRequest) -> HttpResponse:
    """Find the letter that a page belongs to, and say whether what was printed is what the letter says."""
    form = CodeForm(posted(request))
    found = None
    if request.method == "POST" and form.is_valid():
        try:
            found = queries.resolve_code(request.user, form.cleaned_data["code"])
        except InputError as error:
            form.show_refusal(error)
    title = "" if found is None else document_title(found.kind, wording_of_page())
    context = {"form": form, "found": found, "title": title}
    return render(request, "documents/code.html", context, status=422 if form.errors else 200)


@require_safe
@for_officers
def dossier_index(request: OfficerRequest, case_id: str, export_id: str) -> HttpResponse:
    """What a finished dossier holds, as the formal document inside it."""
    name, data = dossiers.dossier_index(request.user, case_id, export_id)
    return handed_out(data, name=name, media_type="application/pdf", inline=True)

"""The document of a letter: as it was signed, read in another language, as a file to edit, and what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from dedere.base.errors import InputError
from dedere.node.desk import documents as queries
from dedere.node.papers import filing
from dedere.web.components.views import OfficerRequest, for_officers, handed_out, posted_with_files
from dedere.web.documents.forms import CopyForm, with_standing

if TYPE_CHECKING:
    from django.http import HttpResponse

_FORMS = {"pdf": False, "word": True}


@require_safe
@for_officers
def letter(request: OfficerRequest, letter_id: str) -> HttpResponse:
    """The document and the languages it can be read in."""
    return _page(request, letter_id)


@require_safe
@xframe_options_sameorigin
@for_officers
def reading(request: OfficerRequest, letter_id: str, language: str, form: str) -> HttpResponse:
    """What the letter says, in another language or as a Word file."""
    if form not in _FORMS or language not in queries.letter_paper(request.user, letter_id).offered:
        raise Http404
    document = queries.letter_in(request.user, letter_id, language=language, word=_FORMS[form])
    return handed_out(document.data, name=document.name, media_type=document.media_type, inline=form == "pdf")


@require_POST
@for_officers
def copy(request: OfficerRequest, letter_id: str) -> HttpResponse:
    """Keep a copy that came back edited, or signed by hand."""
    form = CopyForm(*posted_with_files(request))
    if form.is_valid():
        try:
            filing.attach_to_letter(by=request.user, letter_id=letter_id, file=form.given())
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The copy is kept. The letter says what it said before."))
            return redirect("documents:letter", letter_id)
    return _page(request, letter_id, form=form)


def _page(request: OfficerRequest, letter_id: str, *, form: CopyForm | None = None) -> HttpResponse:
    found = queries.letter_paper(request.user, letter_id)
    context = {
        "letter": found,
        "languages": [(code, with_standing(code)) for code in found.offered],
        "copy_form": form or CopyForm(),
        "form": form,
    }
    return render(request, "documents/letter.html", context, status=422 if form and form.errors else 200)

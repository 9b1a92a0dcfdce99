"""The document of a draft: in which languages it leaves, its translations, as a file to edit, and what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dedere.base.errors import InputError
from dedere.node.cases.actions import papers
from dedere.node.desk import documents as queries
from dedere.node.papers import filing
from dedere.papers.composing.translations import Translation
from dedere.web.components.views import (
    OfficerRequest,
    for_officers,
    handed_out,
    posted,
    posted_with_files,
    small_number,
)
from dedere.web.documents.forms import CopyForm, DraftLanguagesForm, TranslationForm

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_http_methods(["GET", "POST"])
@for_officers
def draft(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """How the document is written; a POST chooses its languages."""
    paper = queries.paper_view(request.user, draft_id)
    form = DraftLanguagesForm(posted(request), offered=paper.offered, initial=_initial(paper))
    if request.method == "POST" and form.is_valid():
        try:
            papers.choose_paper(by=request.user, draft_id=draft_id, choice=form.choice(), version=_version(request))
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The document is written in these languages from now on."))
            return redirect("documents:draft", draft_id)
    return _page(request, paper, form=form)


@require_http_methods(["GET", "POST"])
@for_officers
def passage(request: OfficerRequest, draft_id: str, place: int) -> HttpResponse:
    """One passage and its translation."""
    paper = queries.paper_view(request.user, draft_id)
    if not paper.target or not 1 <= place <= len(paper.passages):
        raise Http404
    row = paper.passages[place - 1]
    form = TranslationForm(posted(request), initial=_shown(row))
    if "remove" in request.POST:
        papers.drop_translation(
            by=request.user, draft_id=draft_id, path=row.path, language=paper.target, version=_version(request)
        )
        return redirect("documents:draft", draft_id)
    if request.method == "POST" and form.is_valid():
        translation = Translation(path=row.path, language=paper.target, **form.cleaned_data)
        try:
            papers.keep_translation(
                by=request.user, draft_id=draft_id, translation=translation, version=_version(request)
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The translation is kept; the document shows it with whose words these are."))
            return redirect("documents:draft", draft_id)
    context = {"paper": paper, "passage": row, "form": form}
    return render(request, "documents/passage.html", context, status=422 if form.errors else 200)


@require_safe
@for_officers
def word(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """The document as a Word file."""
    document = queries.draft_word_file(request.user, draft_id)
    return handed_out(document.data, name=document.name, media_type=document.media_type)


@require_POST
@for_officers
def copy(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """Keep a copy that came back edited."""
    paper = queries.paper_view(request.user, draft_id)
    form = CopyForm(*posted_with_files(request))
    if form.is_valid():
        try:
            filing.attach_to_draft(by=request.user, draft_id=draft_id, file=form.given())
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The copy is kept. The draft says what it said before."))
            return redirect("documents:draft", draft_id)
    return _page(request, paper, copy_form=form)


def _page(
    request: OfficerRequest,
    paper: queries.PaperView,
    *,
    form: DraftLanguagesForm | None = None,
    copy_form: CopyForm | None = None,
) -> HttpResponse:
    wrong = bool((form and form.errors) or (copy_form and copy_form.errors))
    context = {
        "paper": paper,
        "languages": form or DraftLanguagesForm(offered=paper.offered, initial=_initial(paper)),
        "copy_form": copy_form or CopyForm(),
        # The error summary is that of the form that was sent.
        "form": form or copy_form,
    }
    return render(request, "documents/draft.html", context, status=422 if wrong else 200)


def _initial(paper: queries.PaperView) -> dict[str, object]:
    return {
        "language": paper.language,
        "second_language": paper.second_language,
        "arrangement": paper.arrangement,
        "text_language": paper.text_language,
        "embed_data": "yes" if paper.embed_data else "no",
    }


def _shown(row: queries.PassageRow) -> dict[str, object]:
    made = row.translation
    given = {"text": made.text, "translator": made.translator, "certificate": made.certificate} if made else {}
    return {**given, "status": made.status if made else "working", "source_sha256": row.sha256}


def _version(request: OfficerRequest) -> int:
    return small_number(request.POST.get("version", ""), otherwise=-1)

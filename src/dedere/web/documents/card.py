"""Our own card: its fingerprint on the screen and on paper, for a note verbale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dedere.node.papers import card as queries
from dedere.node.papers.queries import languages_of
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.edited import WORD
from dedere.web.components.views import OfficerRequest, for_officers, handed_out
from dedere.web.documents.forms import with_standing

if TYPE_CHECKING:
    from django.http import HttpResponse

_FORMS = {"pdf": "application/pdf", "word": WORD}


@require_safe
@for_officers
def card(request: OfficerRequest) -> HttpResponse:
    """The fingerprint, and its sheet in every language."""
    offered = [(code, with_standing(code)) for code in languages_of(SheetKind.CARD_SHEET)]
    return render(request, "documents/card.html", {"card": queries.own_card_view(), "offered": offered})


@require_safe
@for_officers
def paper(request: OfficerRequest, language: str, form: str) -> HttpResponse:
    """The sheet."""
    if form not in _FORMS or language not in languages_of(SheetKind.CARD_SHEET):
        raise Http404
    name, data = queries.card_paper(request.user, language=language, word=form == "word")
    return handed_out(data, name=name, media_type=_FORMS[form], inline=form == "pdf")

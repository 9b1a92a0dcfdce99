"""From an act to its PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.papers.code import act_digest
from dedere.papers.composing.acts import compose_act, document_name, document_title
from dedere.papers.composing.naming import names_in
from dedere.papers.errors import DocumentInputError, LanguageError
from dedere.papers.framing import Content, frame
from dedere.papers.particulars import check_depth
from dedere.papers.typesetting import shipped_typesetter
from dedere.papers.wording import Wording, load_wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.papers.document import Document
    from dedere.papers.facts import DocumentFacts
    from dedere.papers.particulars import Json


def render_act(act: Mapping[str, Json], *, facts: DocumentFacts) -> bytes:
    """The PDF (PDF/A-2a and PDF/UA-1) of an act of any kind. The same act and facts give the same bytes.

    `act` is the letter's own `{"version", "kind", "proceeding", "officer", "body"}`. Every datum of its body is
    printed, in the order a reader wants; its strings are printed as they are and never read as markup.

    Raises:
        DocumentInputError: not an act, nested too deeply, a character without typeface, a language without fixed text.
    """
    return shipped_typesetter().typeset(act_document(act, facts=facts))


def act_document(act: Mapping[str, Json], *, facts: DocumentFacts) -> Document:
    """The document of an act before it is typeset: the source of its PDF and of its Word file."""
    if not isinstance(act.get("kind"), str) or not act["kind"]:
        raise DocumentInputError("An act names its kind.")
    check_depth(act)
    name = document_name(act)
    content = Content(
        title=lambda wording: document_title(name, wording),
        compose=lambda pen: compose_act(act, pen),
        digest=act_digest(act),
        names=names_in(act.get("body")),
    )
    return frame(content, facts=facts, wordings=wordings_for(name, facts))


def wordings_for(name: str, facts: DocumentFacts) -> tuple[Wording, ...]:
    """The fixed text for a document in the languages asked for.

    Raises:
        LanguageError: one of them does not have this document.
    """
    languages = dict.fromkeys(filter(None, (facts.language, facts.second_language)))
    wordings = tuple(load_wording(language) for language in languages)
    for wording in wordings:
        if not wording.covers(name):
            raise LanguageError(
                f"The fixed text of this document ({name}) does not exist in {wording.language!r}; choose en, fr or es."
            )
    return wordings

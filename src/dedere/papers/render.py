"""From an act to its PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.papers.code import act_digest
from dedere.papers.composing.acts import compose_act, document_title
from dedere.papers.errors import DocumentInputError, LanguageError
from dedere.papers.framing import frame_letter
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

    `act` is the letter's own `{"version", "kind", "proceeding", "officer", "body"}`. Every datum of it is printed;
    members that no composer knows follow under *Other particulars*.

    Raises:
        DocumentInputError: not an act, nested too deeply, a character without typeface, a language without fixed text.
    """
    return shipped_typesetter().typeset(act_document(act, facts=facts))


def act_document(act: Mapping[str, Json], *, facts: DocumentFacts) -> Document:
    """The document of an act before it is typeset: the source of its PDF and of its Word file."""
    kind = act.get("kind")
    if not isinstance(kind, str) or not kind:
        raise DocumentInputError("An act names its kind.")
    check_depth(act)
    return frame_letter(
        facts,
        digest=act_digest(act),
        title=lambda wording: document_title(kind, wording),
        compose=lambda pen: compose_act(act, pen),
        wordings=_wordings(kind, facts),
    )


def _wordings(kind: str, facts: DocumentFacts) -> tuple[Wording, ...]:
    languages = dict.fromkeys(filter(None, (facts.language, facts.second_language)))
    wordings = tuple(load_wording(language) for language in languages)
    for wording in wordings:
        if not wording.covers(kind):
            raise LanguageError(
                f"The fixed text of this document ({kind}) does not exist in {wording.language!r}; choose en, fr or es."
            )
    return wordings

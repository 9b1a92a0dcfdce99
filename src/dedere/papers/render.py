"""From an act, or the data of another document, to its PDF."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dedere.crypto.digests import sha256_hex
from dedere.papers.code import canonical_text
from dedere.papers.composing.acts import compose_act, document_name, document_title
from dedere.papers.composing.naming import names_in
from dedere.papers.composing.sheets import SheetKind, compose_sheet
from dedere.papers.errors import DocumentInputError, LanguageError
from dedere.papers.framing import Content, frame
from dedere.papers.house import House, shipped_house
from dedere.papers.particulars import check_depth

if TYPE_CHECKING:
    from dedere.papers.document import Document
    from dedere.papers.facts import DocumentFacts
    from dedere.papers.particulars import Json
    from dedere.papers.wording import Wording

# Documents that carry the signatures of others, or none.
_UNSIGNED = frozenset({SheetKind.ANNEX_LIST, SheetKind.CONSENT_DECLARATION, SheetKind.TEAM_AGREEMENT})


def render_act(act: Mapping[str, Json], *, facts: DocumentFacts, house: House | None = None) -> bytes:
    """The PDF (PDF/A-2a and PDF/UA-1) of an act of any kind. The same act and facts give the same bytes.

    `house` is the office's own letterhead and wording, the shipped one when left out.
    `act` is the letter's own `{"version", "kind", "proceeding", "officer", "body"}`. Every datum of its body is
    printed, in the order a reader wants; its strings are printed as they are and never read as markup.

    Raises:
        DocumentInputError: not an act, nested too deeply, a character without typeface, a language without fixed text.
    """
    house = house or shipped_house()
    return house.typesetter.typeset(act_document(act, facts=facts, house=house))


def act_document(act: Mapping[str, Json], *, facts: DocumentFacts, house: House | None = None) -> Document:
    """The document of an act before it is typeset: the source of its PDF and of its Word file."""
    if not isinstance(act.get("kind"), str) or not act["kind"]:
        raise DocumentInputError("An act names its kind.")
    check_depth(act)
    name, canonical = document_name(act), canonical_text(act)
    facts = _with_approver(act, facts)
    content = Content(
        title=lambda wording: document_title(name, wording),
        compose=lambda pen: compose_act(act, pen),
        digest=sha256_hex(canonical.encode()),
        data=canonical,
        names=names_in(act.get("body")),
    )
    return frame(content, facts=facts, wordings=wordings_for(name, facts, house=house))


def _with_approver(act: Mapping[str, Json], facts: DocumentFacts) -> DocumentFacts:
    """The facts with the officer who approved the act, where the act names one and the facts do not."""
    officer = act.get("officer")
    approver = officer.get("approved_by") if isinstance(officer, Mapping) else None
    name = approver.get("name") if isinstance(approver, Mapping) else None
    if facts.approved_by or not isinstance(name, str):
        return facts
    return dataclasses.replace(facts, approved_by=name)


def render_sheet(
    kind: SheetKind, data: Mapping[str, Json], *, facts: DocumentFacts, house: House | None = None
) -> bytes:
    """The PDF of a document that is no act's: a record, a certificate, an index, an agreement, a card's sheet.

    `facts.letter` is the document's own identifier; a recipient without State and authority leaves the address out.

    Raises:
        DocumentInputError: as `render_act`.
    """
    house = house or shipped_house()
    return house.typesetter.typeset(sheet_document(kind, data, facts=facts, house=house))


def sheet_document(
    kind: SheetKind, data: Mapping[str, Json], *, facts: DocumentFacts, house: House | None = None
) -> Document:
    """The document of `render_sheet` before it is typeset."""
    check_depth(data)
    canonical = canonical_text(data)
    content = Content(
        title=lambda wording: document_title(kind.value, wording),
        compose=lambda pen: compose_sheet(kind, data, pen),
        digest=sha256_hex(canonical.encode()),
        data=canonical,
        names=names_in(data),
        signed=kind not in _UNSIGNED,
        letter=False,
    )
    return frame(content, facts=facts, wordings=wordings_for(kind.value, facts, house=house))


def wordings_for(name: str, facts: DocumentFacts, *, house: House | None = None) -> tuple[Wording, ...]:
    """The fixed text for a document in the languages asked for.

    Raises:
        LanguageError: one of them does not have this document.
    """
    languages = dict.fromkeys(filter(None, (facts.language, facts.second_language)))
    wordings = tuple((house or shipped_house()).wording(language) for language in languages)
    for wording in wordings:
        if not wording.covers(name):
            raise LanguageError(
                f"The fixed text of this document ({name}) does not exist in {wording.language!r}; choose en, fr or es."
            )
    return wordings

"""What is read out of a PDF, by a machine or to somebody who cannot see it: everything, in the order of the document."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import pytest

from dedere.casework.acts import ActKind
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.printable import printable
from dedere.papers.render import act_document, sheet_document
from dedere.papers.typesetting import shipped_typesetter
from dedere.papers.wording import COMPLETE, PARTIAL
from support.papers import ENCLOSURE, FACTS, document_text, edition_texts, pdf_text, sample_act, squeezed
from support.sheets import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.papers.document import Document, Edition

pytestmark = pytest.mark.judge

SETTINGS = [
    *((kind, language) for kind in ActKind for language in COMPLETE),
    *((kind, language) for kind in (ActKind.REQUEST, ActKind.ACKNOWLEDGEMENT) for language in PARTIAL),
    *((kind, language) for kind in SheetKind for language in COMPLETE),
]
# So many letters tell a passage from its neighbours, and seldom stand on two pages.
_BEGINNING = 18
_ARABIC = re.compile("[\u0600-\u06ff]")


def document_of(kind: ActKind | SheetKind, language: str) -> Document:
    facts = dataclasses.replace(
        FACTS, language=language, text_language="en", parts=(ENCLOSURE,), demonstration=True, signature_room=True
    )
    if isinstance(kind, SheetKind):
        return sheet_document(kind, SAMPLES[kind], facts=facts)
    return act_document(sample_act(kind), facts=facts)


def beginnings(edition: Edition) -> list[str]:
    """How each passage begins, footnotes left out: they stand at the foot of the page.

    Passages with Arabic are left out too: in the order of the page's content, poppler takes ligatures apart.
    """
    notes = {note for block in edition_notes(edition) for note in block}
    texts = (printable(text) for text in edition_texts(edition) if text not in notes)
    found = (bare(text)[:_BEGINNING] for text in texts if not _ARABIC.search(text))
    return [text for text in found if text]


def bare(text: str) -> str:
    """Letters and digits alone: a hyphen at the end of a line, and signs where the direction turns, are read apart."""
    return "".join(each for each in squeezed(text) if each.isalnum())


def edition_notes(edition: Edition) -> list[tuple[str, ...]]:
    lines = [getattr(block, "text", ()) for block in edition.blocks]
    rows = [row for block in edition.blocks for row in getattr(block, "rows", ())]
    cells = [cell for row in rows for cell in row]
    return [run.notes for each in (*lines, *cells) for run in each]


@pytest.mark.parametrize(("kind", "language"), SETTINGS)
def test_every_datum_is_read_and_in_the_order_of_the_document(
    kind: ActKind | SheetKind, language: str, tmp_path: Path
) -> None:
    document = document_of(kind, language)
    pdf = shipped_typesetter().typeset(document)
    ordered, seen = bare(pdf_text(pdf, tmp_path, as_written=True)), bare(pdf_text(pdf, tmp_path))

    place, missed = 0, []
    for beginning in beginnings(document.editions[0]):
        found = ordered.find(beginning, place)
        missed += [beginning] if found < 0 else []
        place = max(place, found)

    assert missed == []
    assert [word for word in document_text(document).split() if bare(printable(word)) not in seen] == []

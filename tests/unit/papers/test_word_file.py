"""The editable file says everything the PDF says, says that it is a working copy, and is the same bytes each time."""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING

import docx
import pytest

from dedere.casework.acts import ActKind
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.facts import Arrangement
from dedere.papers.render import act_document, sheet_document
from dedere.papers.word import word_file
from support.papers import ENCLOSURE, FACTS, act_of, document_text, sample_act, squeezed

if TYPE_CHECKING:
    from dedere.papers.document import Document
    from dedere.papers.particulars import Json


def read(document: Document) -> str:
    """Every text of the file's body, of its tables too, in order."""
    body = docx.Document(io.BytesIO(word_file(document))).element.body
    return "\n".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


@pytest.mark.parametrize("kind", [ActKind.REQUEST, ActKind.REFUSAL, ActKind.RESULT, ActKind.ACKNOWLEDGEMENT])
def test_the_file_says_everything_the_document_says(kind: ActKind) -> None:
    document = act_document(sample_act(kind), facts=dataclasses.replace(FACTS, parts=(ENCLOSURE,), demonstration=True))

    text = squeezed(read(document))
    assert [line for line in document_text(document).split("\n") if squeezed(line) not in text] == []


@pytest.mark.parametrize("arrangement", list(Arrangement))
def test_two_languages_are_both_there(arrangement: Arrangement) -> None:
    facts = dataclasses.replace(FACTS, second_language="fr", arrangement=arrangement, text_language="en")
    document = act_document(sample_act(ActKind.REFUSAL), facts=facts)

    text = squeezed(read(document))
    assert [line for line in document_text(document).split("\n") if squeezed(line) not in text] == []


def test_it_says_that_it_is_a_working_copy() -> None:
    assert "Working copy" in read(act_document(act_of("closure", {"text": "x"}), facts=FACTS))


def test_arabic_paragraphs_run_from_right_to_left() -> None:
    document = act_document(sample_act(ActKind.ACKNOWLEDGEMENT), facts=dataclasses.replace(FACTS, language="ar"))
    body = docx.Document(io.BytesIO(word_file(document))).element.body

    tags = [node.tag.rsplit("}", 1)[-1] for node in body.iter()]
    assert "bidi" in tags
    assert "rtl" in tags


def test_every_kind_of_block_is_written() -> None:
    entries: list[Json] = [{"path": "a", "size": 1, "sha256": "ab" * 32}]
    sheets = (
        sheet_document(SheetKind.CARD_SHEET, {"fingerprint": "12345 67890"}, facts=FACTS),
        sheet_document(SheetKind.DOSSIER_INDEX, {"entries": entries, "topics": ["One"]}, facts=FACTS),
        sheet_document(SheetKind.SAFE_CONDUCT, {"text": "x"}, facts=dataclasses.replace(FACTS, signature_room=True)),
    )
    texts = [read(sheet) for sheet in sheets]

    assert "12345   67890" in texts[0]
    assert "ab" * 32 in texts[1]
    assert "Electronic signature" in texts[2]


def test_the_same_document_gives_the_same_bytes() -> None:
    document = act_document(sample_act(ActKind.RESULT), facts=FACTS)

    assert word_file(document) == word_file(document)


def test_steering_characters_are_shown_by_their_number() -> None:
    assert "[U+202E]" in read(act_document(act_of("closure", {"text": "a\u202eb\x00"}), facts=FACTS))


def test_the_file_carries_title_language_and_number() -> None:
    document = act_document(act_of("closure", {"text": "x"}), facts=dataclasses.replace(FACTS, language="fr"))
    properties = docx.Document(io.BytesIO(word_file(document))).core_properties

    assert (properties.title, properties.language, properties.identifier) == ("Clôture", "fr", FACTS.letter)

"""Two languages in one document: nothing lost on either side, the same paragraph numbers, translations that say how they stand."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

import pytest

from dedere.casework.acts import ActKind
from dedere.papers.composing.translations import Translation, Translations, TranslationState
from dedere.papers.document import Edition, Fields, Paragraph, line
from dedere.papers.facts import Arrangement
from dedere.papers.pairing import paired
from dedere.papers.render import act_document, render_act
from support.papers import FACTS, act_of, edition_texts, pdf_text, sample_act, squeezed

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.papers.document import Block

BOTH = dataclasses.replace(FACTS, language="en", second_language="fr")
ORIGINAL = "First paragraph.\n\nSecond paragraph."


def translation(text: str, *, of: str = ORIGINAL, path: str = "text") -> Translation:
    return Translation(
        path=path,
        language="fr",
        text=text,
        source_sha256=hashlib.sha256(of.encode()).hexdigest(),
        status="certified",
        translator="C. Traductrice (fictional)",
        certificate="No. 12",
    )


def edition(language: str, *blocks: tuple[str, Block]) -> Edition:
    return Edition(
        language=language,
        title="T",
        reference=Fields(()),
        addressee=(),
        blocks=tuple(block for _, block in blocks),
        units=tuple(unit for unit, _ in blocks),
        page_of="",
        document_line="",
        digest_line="",
        code_description="",
    )


def numbered(text: str) -> Paragraph:
    return Paragraph(line(text), numbered=True)


@pytest.mark.parametrize("arrangement", list(Arrangement))
def test_both_languages_say_everything(arrangement: Arrangement, tmp_path: Path) -> None:
    act = sample_act(ActKind.REFUSAL)
    facts = dataclasses.replace(BOTH, arrangement=arrangement)

    text = squeezed(pdf_text(render_act(act, facts=facts), tmp_path))

    for said in ("Decision to refuse", "Décision de refus", "Grounds", "Motifs juridiques", "Page 1 of", "Page 1 sur"):
        assert squeezed(said) in text


def test_the_same_language_twice_is_one_edition() -> None:
    facts = dataclasses.replace(FACTS, second_language="en")

    assert len(act_document(act_of("closure", {"text": "x"}), facts=facts).editions) == 1


def test_a_translation_stands_in_its_language_with_its_standing() -> None:
    facts = dataclasses.replace(BOTH, translations=(translation("Premier alinéa.\n\nDeuxième alinéa."),))
    english, french = act_document(act_of("closure", {"text": ORIGINAL}), facts=facts).editions

    said = "\n".join(edition_texts(french))
    assert "Premier alinéa." in said
    assert "First paragraph." not in said
    assert "Certifiée" in said
    assert "C. Traductrice (fictional)" in said
    assert "No. 12" in said
    assert "Premier" not in "\n".join(edition_texts(english))


def test_a_passage_changed_since_its_translation_is_marked_wherever_the_translation_stands() -> None:
    facts = dataclasses.replace(BOTH, translations=(translation("Ancienne traduction.", of="an older text"),))
    _, french = act_document(act_of("closure", {"text": ORIGINAL}), facts=facts).editions

    said = "\n".join(edition_texts(french))
    assert "Ancienne traduction." in said
    assert "n’est plus à jour" in said


def test_a_short_passage_changed_since_is_marked_too() -> None:
    stale = translation("Ancien résultat", of="an older outcome", path="outcome")
    facts = dataclasses.replace(BOTH, translations=(stale,))
    _, french = act_document(act_of("closure", {"text": "x", "outcome": "A new outcome"}), facts=facts).editions

    said = "\n".join(edition_texts(french))
    assert "Ancien résultat" in said
    assert "n’est plus à jour" in said


def test_a_passage_without_translation_stands_in_the_original_and_says_so() -> None:
    _, french = act_document(act_of("closure", {"text": ORIGINAL}), facts=BOTH).editions

    said = "\n".join(edition_texts(french))
    assert "First paragraph." in said
    assert "ce passage n’existe qu’en anglais" in said


def test_translations_reach_entries_of_lists_by_their_path() -> None:
    made = translation("Quel tribunal ?", of="Which court?", path="questions[2].text")
    facts = dataclasses.replace(BOTH, translations=(made,))
    act = act_of("questions", {"questions": [{"id": "q1", "text": "When?"}, {"id": "q2", "text": "Which court?"}]})

    _, french = act_document(act, facts=facts).editions
    assert "Quel tribunal ?" in "\n".join(edition_texts(french))


def test_titles_and_short_list_entries_are_translated() -> None:
    title = translation("Titre", of="A title", path="clauses[1].title")
    entry = translation("Deuxième", of="Second", path="topics[2]")
    facts = dataclasses.replace(BOTH, translations=(title, entry))
    act = act_of("proposal", {"clauses": [{"title": "A title", "text": "x"}], "topics": ["First", "Second"]})

    said = "\n".join(edition_texts(act_document(act, facts=facts).editions[1]))
    assert "Clause 1 : Titre" in said
    assert "Deuxième" in said


def test_the_language_in_which_it_was_written_may_be_neither_first_nor_second() -> None:
    facts = dataclasses.replace(BOTH, language="es", text_language="nl")
    document = act_document(act_of("closure", {"text": "Gesloten."}), facts=facts)

    for each in document.editions:
        runs = [run for block in each.blocks if isinstance(block, Paragraph) for run in block.text]
        assert {run.language for run in runs if run.text == "Gesloten."} == {"nl"}


def test_whether_a_passage_is_stale_can_be_asked() -> None:
    known = Translations([translation("x", of="old")], original="en")

    assert known.stale("new", path="text", language="fr")
    assert not known.stale("old", path="text", language="fr")
    assert not known.stale("new", path="text", language="en")
    assert known.passage("new", path="other", language="fr").state is TranslationState.MISSING


def test_numbers_start_level_after_a_passage_of_unequal_length() -> None:
    left = edition("en", ("a", numbered("1")), ("a", numbered("2")), ("b", numbered("3")))
    right = edition("fr", ("a", numbered("1")), ("b", numbered("2")))

    rows = paired([left, right])

    assert [[each.number for each in blocks] for blocks in rows[0]] == [[1, 2], [1]]
    assert [[each.number for each in blocks] for blocks in rows[1]] == [[3], [3]]


def test_blocks_that_only_one_language_has_stand_alone() -> None:
    left = edition("en", ("a", numbered("1")), ("c", numbered("2")))
    right = edition("fr", ("a", numbered("1")), ("b", numbered("2")), ("c", numbered("3")))

    rows = paired([left, right])

    assert [[len(blocks) for blocks in row] for row in rows] == [[1, 1], [0, 1], [1, 1]]
    assert rows[2][0][0].number == rows[2][1][0].number == 3


def test_a_block_only_on_the_left_stands_alone_too() -> None:
    left = edition("en", ("a", numbered("1")), ("b", Paragraph(line("plain"))))
    rows = paired([left, edition("fr", ("a", numbered("1")))])

    assert [[len(blocks) for blocks in row] for row in rows] == [[1, 1], [1, 0]]
    assert rows[1][0][0].number == 0


def test_paragraphs_are_numbered_alike_in_both_languages(tmp_path: Path) -> None:
    facts = dataclasses.replace(BOTH, translations=(translation("Tout en un alinéa."),))
    act = act_of("refusal", {"text": ORIGINAL, "reasons": "Because.\n\nAnd because."})

    text = pdf_text(render_act(act, facts=dataclasses.replace(facts, arrangement=Arrangement.CONSECUTIVE)), tmp_path)
    assert text.count("4.") >= 2


def test_a_stale_title_or_list_entry_gives_way_to_the_original() -> None:
    title = translation("Ancien titre", of="An older title", path="clauses[1].title")
    entry = translation("Ancien", of="Older", path="topics[1]")
    facts = dataclasses.replace(BOTH, translations=(title, entry))
    act = act_of("proposal", {"clauses": [{"title": "A title", "text": "x"}], "topics": ["A first topic", "Second"]})

    said = "\n".join(edition_texts(act_document(act, facts=facts).editions[1]))
    assert "Clause 1 : A title" in said
    assert "A first topic" in said
    assert "Ancien" not in said


def test_a_house_number_stays_before_its_street_among_words_from_right_to_left(tmp_path: Path) -> None:
    facts = dataclasses.replace(FACTS, language="ar", text_language="ar")
    pdf = render_act(sample_act(ActKind.ACKNOWLEDGEMENT), facts=facts)

    assert "1 Example Street, The Hague" in pdf_text(pdf, tmp_path)

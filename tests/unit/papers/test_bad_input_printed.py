"""Whatever stands in an act is text: it is printed or refused in one sentence, never read as markup, never half."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import InputError
from dedere.papers.errors import CharacterError, DocumentInputError, LanguageError
from dedere.papers.facts import Enclosure
from dedere.papers.particulars import MAXIMUM_DEPTH, Json
from dedere.papers.printable import printable
from dedere.papers.render import act_document, render_act
from support.papers import FACTS, act_of, document_text, pdf_text, squeezed

if TYPE_CHECKING:
    from pathlib import Path

MARKUP = (
    '#import "x.typ": y #{1+1} *strong* _emph_ $x^2$ `raw` <label> @ref = Heading // comment /* c */ \\u{41} [#eval("1")]',
    "<script>alert(1)</script> &amp; <b>bold</b> {page} {pages} {0.__class__} %s ${HOME}",
    "- list\n+ enum\n/ term: description\n| cell",
)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_free_text_is_printed_as_it_is(text: str, tmp_path: Path) -> None:
    pdf = render_act(act_of("closure", {"text": text, "outcome": text}), facts=FACTS)

    assert squeezed(pdf_text(pdf, tmp_path)).count(squeezed(text)) == 2


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_names_is_printed_as_it_is(text: str, tmp_path: Path) -> None:
    name = text.replace("\n", " ")
    facts = dataclasses.replace(FACTS, officer=name, sender=dataclasses.replace(FACTS.sender, authority=name))

    assert squeezed(name) in squeezed(pdf_text(render_act(act_of("closure", {"text": "x"}), facts=facts), tmp_path))


def test_characters_that_steer_are_shown_by_their_number(tmp_path: Path) -> None:
    pdf = render_act(act_of("closure", {"text": "paid \u202e000,1\u202c to\x00 him\x1b[31m\u2066\ufeff"}), facts=FACTS)

    text = squeezed(pdf_text(pdf, tmp_path))
    assert "paid[U+202E]000,1[U+202C]to[U+0000]him[U+001B][31m[U+2066][U+FEFF]" in text


def test_line_ends_and_tabs_are_layout() -> None:
    assert printable("a\r\nb\rc\td") == "a\nb\nc    d"


@pytest.mark.parametrize(
    ("character", "number"),
    [("王", "U+738B"), ("😀", "U\\+1F600"), ("ს", "U\\+10E1"), ("\U0001f1f3", "U\\+1F1F3")],
)
def test_a_character_without_typeface_is_named(character: str, number: str) -> None:
    with pytest.raises(CharacterError, match=number.replace("U+", "U\\+")):
        render_act(act_of("closure", {"text": f"Name {character}"}), facts=FACTS)


def test_a_document_can_be_made_after_one_that_failed() -> None:
    with pytest.raises(CharacterError):
        render_act(act_of("closure", {"text": "王"}), facts=FACTS)

    assert render_act(act_of("closure", {"text": "x"}), facts=FACTS).startswith(b"%PDF-1.7")


def test_scripts_mixed_in_one_line_are_all_there(tmp_path: Path) -> None:
    line = "Ибрагим Sørensen Ελένη إبراهيم İbrahim Өнөр 12/3"
    text = squeezed(pdf_text(render_act(act_of("closure", {"text": line}), facts=FACTS), tmp_path))

    for word in ("Ибрагим", "Sørensen", "Ελένη", "إبراهيم", "İbrahim", "Өнөр", "12/3"):
        assert squeezed(word) in text


def test_facts_of_twenty_thousand_words_are_printed_whole(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(20_000)]
    text = squeezed(pdf_text(render_act(act_of("closure", {"text": " ".join(words)}), facts=FACTS), tmp_path))

    assert all(word in text for word in ("word0", "word9999", "word19999"))
    assert "word10000word10001word10002" in text


def test_five_hundred_enclosures_are_listed(tmp_path: Path) -> None:
    parts = tuple(Enclosure(f"p{n}", f"file-{n}.pdf", "application/pdf", n, f"{n:064x}") for n in range(500))
    pdf = render_act(act_of("closure", {"text": "x"}), facts=dataclasses.replace(FACTS, parts=parts))

    text = squeezed(pdf_text(pdf, tmp_path))
    assert all(f"file-{n}.pdf" in text for n in range(500))
    assert f"{499:064x}" in text


def test_a_word_longer_than_a_line_is_broken_without_a_character_being_added(tmp_path: Path) -> None:
    word = "".join(f"{number:04d}" for number in range(200))

    text = pdf_text(render_act(act_of("closure", {"text": word}), facts=FACTS), tmp_path)
    assert word in "".join(text.split())


def test_an_act_without_kind_is_refused() -> None:
    for act in ({}, {"kind": ""}, {"kind": 3}):
        with pytest.raises(DocumentInputError, match="names its kind"):
            act_document(act, facts=FACTS)


def test_data_nested_too_deeply_is_refused() -> None:
    body: Json = "bottom"
    for number in range(MAXIMUM_DEPTH + 1):
        body = {"member": body} if number % 2 else [body]

    with pytest.raises(DocumentInputError, match="levels of nested data"):
        act_document({"kind": "closure", "body": body}, facts=FACTS)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(DocumentInputError, match="cannot become a document"):
        render_act(act_of("closure", {"text": "\ud800"}), facts=FACTS)


@pytest.mark.parametrize("language", ["ar", "mn", "nl", "sl"])
def test_a_document_without_fixed_text_in_the_language_is_refused(language: str) -> None:
    with pytest.raises(LanguageError, match="refusal"):
        render_act(act_of("refusal", {}), facts=dataclasses.replace(FACTS, language=language))


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(InputError, match="time zone"):
        dataclasses.replace(FACTS, sealed_at=dt.datetime(2026, 1, 1))  # noqa: DTZ001 - the fault under test


def test_blank_members_are_left_out() -> None:
    act = act_of(
        "closure", {"text": "x", "outcome": "", "note": None, "items": [], "more": {}, "list": ["", None, "y"]}
    )

    text = document_text(act_document(act, facts=FACTS))
    assert "Outcome" not in text
    assert "Note" not in text
    assert "\ny" in text


def test_lists_in_lists_and_numbers_are_printed() -> None:
    body: dict[str, Json] = {"text": "x", "odd": [[1, [2.5, "three"]], None, [{"a": True}], "long " * 80]}

    text = document_text(act_document(act_of("closure", body), facts=FACTS))
    assert all(word in text for word in ("1", "2.5", "three", "Yes", "long long"))

"""What a document says about the law stands with its provenance; nothing unverified looks verified."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from dedere.base.reference import Confidence, Reference, Status
from dedere.papers.composing.provenance import is_reference, reference_note
from dedere.papers.document import Heading, Paragraph
from dedere.papers.render import act_document, render_act
from dedere.papers.wording import load_wording
from support.papers import FACTS, act_of, document_text, pdf_text

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.papers.particulars import Json

ENGLISH = load_wording("en")
REFERENCE = Reference(
    place="LHC Art. 9(1)",
    datum="mla.contents",
    source="secondary source",
    status=Status.RECALLED,
    confidence=Confidence.LOW,
)


def plain(reference: Reference) -> dict[str, Json]:
    return {name: value for name, value in reference.as_json().items() if isinstance(value, str | bool)}


PLAIN = plain(REFERENCE)


def note_of(reference: Reference) -> str:
    return reference_note(plain(reference), ENGLISH)


def test_an_unverified_reference_is_shown_as_unverified() -> None:
    note = note_of(REFERENCE)

    assert note.startswith("LHC Art. 9(1) [mla.contents]. Source: secondary source. Unverified")
    assert "recalled from memory; confidence: low" in note


def test_a_verified_reference_names_its_review() -> None:
    assert note_of(dataclasses.replace(REFERENCE, verified_by="review 7")).endswith("by review 7.")


def test_a_reference_that_was_read_was_compared() -> None:
    assert note_of(dataclasses.replace(REFERENCE, status=Status.READ)).endswith("Compared with the authentic text.")


def test_demonstration_data_is_said_even_when_it_counts_as_read() -> None:
    note = note_of(dataclasses.replace(REFERENCE, status=Status.READ, demonstration=True, verified_by="review 7"))

    assert note.endswith("Demonstration data, not law.")
    assert "Compared" not in note


def test_a_reference_by_its_datum_alone_needs_no_source() -> None:
    note = reference_note({"place": "", "datum": "mla.x", "status": "modelled", "confidence": ""}, ENGLISH)

    assert note == "mla.x. Unverified: not compared with the authentic text (inferred from a model treaty)."


@pytest.mark.parametrize("value", [None, "x", {}, {"place": "x", "status": "read"}, ["place", "status", "confidence"]])
def test_other_data_are_no_reference(value: Json) -> None:
    assert not is_reference(value)


def test_references_of_an_object_become_footnotes_of_its_first_row() -> None:
    body: dict[str, Json] = {"items": [{"kind": "x", "text": "t", "references": [PLAIN]}]}

    text = document_text(act_document(act_of("notice", body), facts=FACTS))
    assert "Unverified" in text


def test_references_without_a_row_to_hang_on_get_a_line_of_their_own() -> None:
    body: dict[str, Json] = {"basis": {"reference": PLAIN}}

    text = document_text(act_document(act_of("notice", body), facts=FACTS))
    assert "This rests on the references in the footnote." in text
    assert "Unverified" in text


def test_a_provision_by_its_id_carries_what_the_node_knows_of_it() -> None:
    known = dataclasses.replace(FACTS, references={"mla.contents": PLAIN})
    act = act_of("questions", {"questions": [{"id": "q1", "text": "Which?", "provision": "mla.contents"}]})

    assert "LHC Art. 9(1)" in document_text(act_document(act, facts=known))
    assert "does not say how the content of the provision is known" in document_text(act_document(act, facts=FACTS))


def test_a_ground_for_refusal_carries_its_status_on_its_heading(tmp_path: Path) -> None:
    ground: dict[str, Json] = {
        "id": "g1",
        "instrument": "lhc",
        "provision": "mla.grounds",
        "force": "may",
        "status": "recalled",
    }
    act = act_of("refusal", {"grounds": [ground], "reasons": "r"})

    document = act_document(act, facts=FACTS)
    notes = [
        note
        for block in document.editions[0].blocks
        if isinstance(block, Heading)
        for run in block.text
        for note in run.notes
    ]
    assert notes == [
        "Ljubljana – The Hague Convention, mla.grounds. Unverified: not compared with the authentic text (recalled from memory)."
    ]
    assert "Unverified: not compared" in pdf_text(render_act(act, facts=FACTS), tmp_path)


def test_the_same_footnote_is_printed_once(tmp_path: Path) -> None:
    questions: list[Json] = [{"id": f"q{n}", "text": "Which?", "provision": "mla.contents"} for n in range(5)]
    pdf = render_act(act_of("questions", {"questions": questions}), facts=FACTS)

    assert pdf_text(pdf, tmp_path).count("does not say how the content") == 1


def test_demonstration_is_said_on_every_page_and_at_the_top(tmp_path: Path) -> None:
    words = "\n\n".join(f"Paragraph {number} of the facts." for number in range(120))
    pdf = render_act(act_of("closure", {"text": words}), facts=dataclasses.replace(FACTS, demonstration=True))

    pages = pdf_text(pdf, tmp_path).split("\f")[:-1]
    assert len(pages) > 1
    assert all("every person in it are fictional" in page for page in pages)


def test_identifiers_are_read_as_what_they_stand_for() -> None:
    body: dict[str, Json] = {
        "request": {
            "persons": [{"id": "person-1", "alias": "Amber", "protected": True, "identity": {"name": "Secret"}}],
            "facts": {"statements": [{"id": "fact-1", "text": "It happened."}]},
            "assistance": {
                "items": [{"id": "item-1", "measure": "hearing-video", "persons": ["person-1"], "facts": ["fact-1"]}]
            },
        },
        "measures": [{"measure": "m7"}],
    }
    facts = dataclasses.replace(FACTS, names={"m7": "Hearing of the witness"})
    text = document_text(act_document(act_of("request", body), facts=facts))

    assert "Amber (person-1)" in text
    assert "Hearing of the witness (m7)" in text
    assert "Secret (person-1)" not in text
    assert [
        block
        for block in act_document(act_of("request", body), facts=facts).editions[0].blocks
        if isinstance(block, Paragraph)
    ]

"""Every act of every kind becomes a document that says everything the act says, in every complete language."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from dedere.casework.acts import ActKind
from dedere.papers.composing.values import short_value
from dedere.papers.particulars import Json
from dedere.papers.render import act_document, render_act
from dedere.papers.wording import COMPLETE, load_wording
from support.papers import ENCLOSURE, FACTS, act_of, document_text, leaves, pdf_text, sample_act, squeezed

if TYPE_CHECKING:
    from pathlib import Path


def said(name: str, value: Json, language: str) -> str:
    """How a single value is said in a document, without the name that may stand beside it."""
    if isinstance(value, str):
        worded = short_value(name, value, wording=load_wording(language), names={})
        return worded if worded is not None else value.split("\n\n", maxsplit=1)[0]
    return short_value(name, value, wording=load_wording(language), names={}) or ""


@pytest.mark.parametrize("language", COMPLETE)
@pytest.mark.parametrize("kind", list(ActKind))
def test_an_act_of_any_kind_is_said_completely(kind: ActKind, language: str) -> None:
    act = sample_act(kind)
    facts = dataclasses.replace(FACTS, language=language, text_language="en")

    text = squeezed(document_text(act_document(act, facts=facts)))

    missing = [value for name, value in leaves(act["body"]) if squeezed(said(name, value, language)) not in text]
    opens = {"mla"} if kind is ActKind.REQUEST else set()
    assert [value for value in missing if value not in opens] == []


@pytest.mark.parametrize("kind", list(ActKind))
def test_an_act_of_any_kind_has_a_title_of_its_own(kind: ActKind) -> None:
    for language in COMPLETE:
        assert load_wording(language).has(f"document.{kind.value}")
        assert load_wording(language).has(f"intro.{kind.value}")


@pytest.mark.parametrize("kind", [ActKind.REQUEST, ActKind.REFUSAL, ActKind.RESULT, ActKind.CUSTODY_RECEIPT])
def test_the_pdf_says_it_too(kind: ActKind, tmp_path: Path) -> None:
    act = sample_act(kind)
    pdf = render_act(act, facts=dataclasses.replace(FACTS, parts=(ENCLOSURE,)))

    text = squeezed(pdf_text(pdf, tmp_path))

    missing = [value for name, value in leaves(act["body"]) if squeezed(said(name, value, "en")) not in text]
    assert [value for value in missing if value != "mla"] == []
    for datum in (
        ENCLOSURE.name,
        ENCLOSURE.sha256,
        ENCLOSURE.media_type,
        "Only in this case.",
        FACTS.case,
        "24 November 2026",
    ):
        assert squeezed(datum) in text


def test_the_pdf_is_read_in_the_order_of_the_document(tmp_path: Path) -> None:
    act = sample_act(ActKind.REFUSAL)
    document = act_document(act, facts=FACTS)
    text = squeezed(pdf_text(render_act(act, facts=FACTS), tmp_path))
    headings = ("To", "Our reference", "Decision to refuse", "Measures", "Grounds", "Reasons", "Place and date")

    places = [text.index(squeezed(heading)) for heading in headings]

    assert document.editions[0].title == "Decision to refuse"
    assert places == sorted(places)


def test_the_same_act_gives_the_same_bytes_whatever_the_order_of_its_members() -> None:
    act = sample_act(ActKind.RESULT)
    body = act["body"]
    assert isinstance(body, dict)
    turned = {**act, "body": dict(reversed(body.items()))}

    assert render_act(act, facts=FACTS) == render_act(turned, facts=FACTS)


def test_an_unknown_member_of_a_later_version_is_printed_under_its_own_spelling() -> None:
    act = act_of("closure", {"text": "Done.", "later_member": {"new-thing": "A new datum"}})

    text = document_text(act_document(act, facts=FACTS))

    assert "Later member" in text
    assert "New thing" in text
    assert "A new datum" in text


def test_an_unknown_kind_of_act_is_printed_as_a_letter() -> None:
    text = document_text(act_document(act_of("quite-new", {"text": "Words."}), facts=FACTS))

    assert "Letter: quite new" in text
    assert "Words." in text


def test_a_request_of_an_unknown_proceeding_is_a_request_and_says_what_it_opens() -> None:
    text = document_text(act_document(act_of("request", {"opens": "something-new"}), facts=FACTS))

    assert "Request" in text
    assert "something-new" in text


def test_members_beside_the_body_are_particulars() -> None:
    text = document_text(act_document({**act_of("closure", {"text": "Done."}), "extra": "Beside"}, facts=FACTS))

    assert "Particulars" in text
    assert "Beside" in text


def test_a_body_that_is_no_object_is_printed_all_the_same() -> None:
    act: dict[str, Json] = {"kind": "closure", "body": "Only words."}

    assert "Only words." in document_text(act_document(act, facts=FACTS))


def test_the_officer_who_approved_is_named_from_the_act_unless_the_facts_name_one() -> None:
    act = act_of("closure", {"text": "Done."})

    assert "B. Jansen (fictional)" in document_text(act_document(act, facts=FACTS))
    named = dataclasses.replace(FACTS, approved_by="C. Visser (fictional)")
    assert "B. Jansen (fictional)" not in document_text(act_document(act, facts=named))

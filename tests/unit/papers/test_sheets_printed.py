"""Documents that carry no act: each says everything in its data, with the signatures it needs."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from dedere.papers.composing.sheets import SheetKind
from dedere.papers.composing.values import short_value
from dedere.papers.document import BigCode, Signature, SignatureRoom, Table
from dedere.papers.facts import Office
from dedere.papers.render import render_sheet, sheet_document
from dedere.papers.wording import COMPLETE, load_wording
from support.papers import FACTS, document_text, leaves, pdf_text, squeezed
from support.sheets import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("language", COMPLETE)
@pytest.mark.parametrize("kind", list(SheetKind))
def test_a_document_of_any_kind_is_said_completely(kind: SheetKind, language: str, tmp_path: Path) -> None:
    facts = dataclasses.replace(FACTS, language=language, text_language="en")

    text = squeezed(pdf_text(render_sheet(kind, SAMPLES[kind], facts=facts), tmp_path))

    wording = load_wording(language)
    said = [short_value(name, value, wording=wording, names={}) or "" for name, value in leaves(SAMPLES[kind])]
    assert [datum for datum in said if squeezed(datum) not in text] == []
    assert squeezed(wording.text(f"document.{kind.value}")) in text


def test_a_card_shows_its_fingerprint_in_groups_and_needs_no_addressee() -> None:
    facts = dataclasses.replace(FACTS, recipient=Office("", ""))
    document = sheet_document(SheetKind.CARD_SHEET, SAMPLES[SheetKind.CARD_SHEET], facts=facts)

    assert BigCode(("12345", "67890", "11111"), label="Fingerprint") in document.editions[0].blocks
    assert document.editions[0].addressee == ()


def test_an_index_is_a_table_with_a_digest_on_every_row() -> None:
    document = sheet_document(SheetKind.DOSSIER_INDEX, SAMPLES[SheetKind.DOSSIER_INDEX], facts=FACTS)
    tables = [block for block in document.editions[0].blocks if isinstance(block, Table)]

    assert [row[3][0].text for row in tables[0].rows] == [f"{n:064x}" for n in range(1, 4)]


def test_an_index_of_nothing_is_still_a_document(tmp_path: Path) -> None:
    assert "Index of the dossier" in pdf_text(render_sheet(SheetKind.DOSSIER_INDEX, {}, facts=FACTS), tmp_path)


def test_an_agreement_is_signed_by_every_state_and_not_by_the_office() -> None:
    document = sheet_document(SheetKind.TEAM_AGREEMENT, SAMPLES[SheetKind.TEAM_AGREEMENT], facts=FACTS)
    signatures = [block for block in document.editions[0].blocks if isinstance(block, Signature)]

    assert [signature.rows[0][1][0].text for signature in signatures] == [
        "Prosecution, Netherlands (NL)",
        "Senegal (SN)",
    ]


def test_a_declaration_is_signed_by_the_person_and_by_the_authority_before_whom_it_was_made() -> None:
    document = sheet_document(SheetKind.CONSENT_DECLARATION, SAMPLES[SheetKind.CONSENT_DECLARATION], facts=FACTS)
    signatures = [block for block in document.editions[0].blocks if isinstance(block, Signature)]

    assert [signature.rows[0][1][0].text for signature in signatures] == [
        "Awa Imaginaire (fictional)",
        "Judge X (fictional)",
    ]


def test_a_sheet_does_not_claim_to_be_part_of_a_letter() -> None:
    text = document_text(sheet_document(SheetKind.SAFE_CONDUCT, SAMPLES[SheetKind.SAFE_CONDUCT], facts=FACTS))

    assert "part of a letter" not in text
    assert "Document" in text


def test_room_for_a_signature_is_left_once_when_there_are_two_languages() -> None:
    facts = dataclasses.replace(FACTS, second_language="fr", signature_room=True)
    document = sheet_document(SheetKind.SAFE_CONDUCT, SAMPLES[SheetKind.SAFE_CONDUCT], facts=facts)

    rooms = [block for edition in document.editions for block in edition.blocks if isinstance(block, SignatureRoom)]
    assert len(rooms) == 1

"""What each document without an act asks for, and what it says when something is missing."""

from __future__ import annotations

import pytest

from dedere.papers.composing.sheets import SheetKind
from dedere.papers.document import Fields, Heading
from dedere.papers.errors import DocumentInputError
from dedere.papers.render import sheet_document
from dedere.papers.sheet_fields import SHEET_FIELDS, reading_order, require_complete
from dedere.papers.wording import COMPLETE, load_wording
from support.papers import FACTS, edition_texts


def test_every_missing_member_is_named() -> None:
    with pytest.raises(DocumentInputError, match=r"lacks purpose, leave_by\.") as refused:
        require_complete(SheetKind.SAFE_CONDUCT, {"person": {"name": "A"}, "immunity": "All.", "purpose": ""})

    assert "safe-conduct" in str(refused.value)


def test_a_group_that_is_none_lacks_what_it_should_hold() -> None:
    with pytest.raises(DocumentInputError, match=r"person\.name"):
        require_complete(SheetKind.CONSENT_DECLARATION, {"person": "A"})


def test_what_is_made_from_records_asks_for_nothing() -> None:
    require_complete(SheetKind.CUSTODY_RECORD, {})


@pytest.mark.parametrize("kind", list(SHEET_FIELDS))
@pytest.mark.parametrize("language", COMPLETE)
def test_every_member_asked_for_has_a_label(kind: SheetKind, language: str) -> None:
    texts = load_wording(language).texts

    assert [each.path for each in SHEET_FIELDS[kind] if f"label.{each.path.rpartition('.')[2]}" not in texts] == []


def test_the_document_is_read_in_the_order_in_which_it_is_asked() -> None:
    data = {"conducted_by": "Judge X (fictional)", "text": "She said this.", "heard_on": "2026-12-01", "person": "P"}

    edition = sheet_document(SheetKind.HEARING_PROTOCOL, data, facts=FACTS).editions[0]

    rows = [block for block in edition.blocks if isinstance(block, Fields)]
    assert [row[0][0].text for row in rows[0].rows] == ["Person", "Heard on", "Conducted by"]
    assert not any(isinstance(block, Heading) and block.level == 1 for block in edition.blocks[:2])
    assert list(edition_texts(edition)).index("She said this.") > 0


def test_other_names_have_no_order_of_their_own() -> None:
    assert reading_order("request") == ()

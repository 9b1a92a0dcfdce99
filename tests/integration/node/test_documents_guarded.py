"""No translation and no certificate gives a protected person away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.node.cases.actions import papers, submit_draft
from dedere.node.cases.models import Draft
from dedere.node.papers.models import Sheet
from dedere.node.papers.sheets import make_sheet
from dedere.node.persons.guard import LeakError
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.composing.translations import Translation
from support.custody import custody, unlocked_guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.offices import Bureau


@pytest.fixture
def guarded(bureau: Bureau) -> Iterator[Draft]:
    """A draft in a case with a protected witness."""
    for _each in unlocked_guard(bureau.office):
        draft = bureau.drafted()
        custody(bureau).protected(draft.case_id)
        yield draft


def test_a_translation_with_a_protected_name_is_not_kept(bureau: Bureau, guarded: Draft) -> None:
    passage = papers.draft_passages(guarded)[0]
    words = Translation(passage.path, "fr", "Драгољуб Вукашиновић fut entendu.", passage.sha256)

    with pytest.raises(LeakError):
        papers.keep_translation(by=bureau["anna"], draft_id=guarded.pk, translation=words, version=guarded.version)

    guarded.refresh_from_db()
    assert papers.draft_translations(guarded) == ()


def test_a_translation_from_before_the_protection_does_not_leave(bureau: Bureau, guarded: Draft) -> None:
    passage = papers.draft_passages(guarded)[0]
    leaked = {"path": passage.path, "language": "fr", "text": "Vukašinović", "source_sha256": passage.sha256}
    Draft.objects.filter(pk=guarded.pk).update(paper={"language": "fr", "translations": [leaked]})

    with pytest.raises(LeakError):
        submit_draft(by=bureau["anna"], draft_id=guarded.pk, approver_id=bureau["bram"].identifier)


def test_a_certificate_with_a_protected_name_is_not_made(bureau: Bureau, guarded: Draft) -> None:
    data = {"person": {"name": "Dragoljub Vukašinović"}, "purpose": "P.", "immunity": "I.", "leave_by": "2027-02-01"}

    with pytest.raises(LeakError):
        make_sheet(
            by=bureau["anna"],
            case_id=guarded.case_id,
            kind=SheetKind.SAFE_CONDUCT,
            data=data,
            choice=papers.PaperChoice("en"),
        )

    assert not Sheet.objects.exists()

"""A protected name typed anywhere beside a case's drafts: with evidence, in a ledger, in an order, in a kept search."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from PIL import Image

from dedere.base.errors import InputError
from dedere.casework.conditions import ConditionKind, UseKind
from dedere.node.audit.models import Event
from dedere.node.cases.leaks import looks_at_files
from dedere.node.evidence import actions as evidence
from dedere.node.evidence import uploads
from dedere.node.evidence.models import Item, Upload
from dedere.node.persons.memory import forget_guard_secret
from dedere.node.search.actions import save_view
from dedere.node.search.models import Passage, SavedView
from dedere.vault.ledger import CustodyEvent
from support.custody import Custody, custody, unlocked_guard
from support.offices import Bureau, upload

NAME = "Vukasinovic"


@pytest.fixture
def kept(bureau: Bureau) -> Iterator[Custody]:
    for _each in unlocked_guard(bureau.office):
        yield custody(bureau)


@pytest.fixture
def item(kept: Custody) -> Item:
    """An item of a case whose witness is protected."""
    bureau = kept.bureau
    case, assignment = bureau.assigned()
    taken = evidence.ingest(
        by=bureau["eva"], assignment_id=assignment, upload=upload("a.pdf", b"%PDF-1.7 a"), collected=day(bureau)
    )
    kept.protected(case.pk, alias="Ochre", by="rosa")
    return taken


def day(bureau: Bureau, **words: str) -> evidence.Collected:
    return evidence.Collected(on=bureau.clock.now().date(), **{"by": "Eva Evers (fictional)", **words})


def assignment_of(bureau: Bureau, item: Item) -> str:
    return str(item.case.assignments.values_list("pk", flat=True)[0])


def given(name: str, title: str) -> evidence.Upload:
    return evidence.Upload(name, title, "text/plain", io.BytesIO(b"a note"))


# What is typed where: each call has the name in one place.
Typing = Callable[[Bureau, Item], Any]
PLACES: dict[str, Typing] = {
    "title": lambda b, i: evidence.ingest(
        by=b["eva"], assignment_id=assignment_of(b, i), upload=given("a.txt", f"Words of {NAME}"), collected=day(b)
    ),
    "file name": lambda b, i: evidence.ingest(
        by=b["eva"], assignment_id=assignment_of(b, i), upload=given(f"{NAME}.txt", "A note"), collected=day(b)
    ),
    "collected by": lambda b, i: evidence.ingest(
        by=b["eva"], assignment_id=assignment_of(b, i), upload=given("a.txt", "A note"), collected=day(b, by=NAME)
    ),
    "place": lambda b, i: evidence.ingest(
        by=b["eva"],
        assignment_id=assignment_of(b, i),
        upload=given("a.txt", "A note"),
        collected=day(b, place="14 Ulica lipa, Dol"),
    ),
    "upload": lambda b, i: uploads.begin_upload(
        by=b["eva"], target=f"measure:{assignment_of(b, i)}", name=f"{NAME}.mp4", size=10
    ),
    "look": lambda b, i: evidence.note_look(by=b["eva"], item_id=i.pk, reason=f"Is this {NAME}?"),
    "examination": lambda b, i: evidence.record_custody(
        by=b["eva"], item_id=i.pk, event=CustodyEvent.EXAMINED, place="", note=f"{NAME} is seen."
    ),
    "copy": lambda b, i: evidence.hand_out(
        by=b["eva"], item_id=i.pk, out=evidence.HandOut(UseKind.COPY, to=NAME, purpose="To be read")
    ),
    "condition": lambda b, i: evidence.set_condition(
        by=b["eva"],
        item_id=i.pk,
        new=evidence.NewCondition(ConditionKind.CONFIDENTIALITY, f"Not to be shown to {NAME}"),
    ),
    "derived": lambda b, i: evidence.derive_item(
        by=b["eva"], sources=[i.pk], upload=given("b.txt", "A summary"), made=evidence.Made(f"Read by {NAME}", "")
    ),
    "hold": lambda b, i: evidence.place_hold(by=b["bram"], item_id=i.pk, reference=f"Order for {NAME}"),
    "destruction": lambda b, i: evidence.order_destruction(
        by=b["rosa"],
        item_id=i.pk,
        grounds=evidence.DestructionGrounds("Court of Rotterdam", f"Order for {NAME}", False),
    ),
    "kept search": lambda b, _i: save_view(by=b["anna"], name="Mine", query=f"text={NAME}"),
    "name of a kept search": lambda b, _i: save_view(by=b["anna"], name=NAME, query="text=mill"),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_name_is_neither_kept_nor_found(place: str, kept: Custody, item: Item) -> None:
    before = (Item.objects.count(), Upload.objects.count(), SavedView.objects.count(), Passage.objects.count())

    with pytest.raises(InputError, match="protected detail"):
        PLACES[place](kept.bureau, item)

    assert (Item.objects.count(), Upload.objects.count(), SavedView.objects.count(), Passage.objects.count()) == before
    assert Event.objects.filter(action="leak-stopped").count() == 1
    assert not Passage.objects.filter(words__icontains=NAME).exists()


@pytest.mark.parametrize("place", PLACES)
def test_while_the_guard_is_locked_nothing_is_kept(place: str, kept: Custody, item: Item) -> None:
    forget_guard_secret(kept.bureau.office.home)
    with pytest.raises(InputError, match="leak guard is locked"):
        PLACES[place](kept.bureau, item)


def test_a_file_of_a_folder_is_left_out_and_the_others_are_taken_in(kept: Custody, item: Item, tmp_path: Path) -> None:
    bureau = kept.bureau
    (tmp_path / "scene").mkdir()
    (tmp_path / "scene" / "mill.txt").write_text("the mill")
    (tmp_path / "scene" / f"{NAME}.txt").write_text("a name")

    results = list(
        evidence.ingest_folder(
            by=bureau["eva"],
            assignment_id=assignment_of(bureau, item),
            folder=tmp_path / "scene",
            collected=day(bureau),
            workers=1,
        )
    )

    assert [bool(each.item) for each in sorted(results, key=lambda each: each.path)] == [False, True]
    assert Event.objects.filter(action="leak-stopped").count() == 1


def test_an_item_is_found_by_its_title(kept: Custody, item: Item) -> None:
    assert Passage.objects.filter(source=f"item:{item.pk}", case=item.case_id).exists()


def word(text: str, *, author: str = "") -> bytes:
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.core_properties.author = author
    document.save(out)
    return out.getvalue()


def photograph(description: str) -> bytes:
    image, out = Image.new("RGB", (8, 8)), io.BytesIO()
    exif = image.getexif()
    exif[0x010E] = description.encode()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


FILES = {
    "a word file": word(f"The witness is {NAME}."),
    "its author": word("Nothing.", author="Dragoljub Vukašinović"),
    "a photograph": photograph("Вукашиновић at the mill"),
    "a text": f"Call {NAME}".encode(),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_draft_with_a_file_that_gives_the_witness_away_does_not_leave(kind: str, kept: Custody) -> None:
    bureau = kept.bureau
    draft = bureau.drafted()
    kept.protected(draft.case_id, alias="Ochre")
    given_file = evidence.Upload("annex", "An annex (fictional)", "", io.BytesIO(FILES[kind]))
    evidence.attach_upload(by=bureau["anna"], draft_id=draft.pk, upload=given_file)

    with pytest.raises(InputError, match="protected detail"):
        evidence.submit_draft(by=bureau["anna"], draft_id=draft.pk, approver_id=bureau["bram"].identifier)

    assert Event.objects.filter(action="leak-stopped").count() == 1


def test_what_the_files_of_a_draft_say_about_themselves_can_be_read(kept: Custody) -> None:
    bureau = kept.bureau
    draft = bureau.drafted()
    given_file = evidence.Upload("annex.jpg", "An annex (fictional)", "", io.BytesIO(photograph("At the mill")))
    evidence.attach_upload(by=bureau["anna"], draft_id=draft.pk, upload=given_file)

    (look,) = looks_at_files(draft)

    assert ("ImageDescription", "At the mill") in look.metadata
    assert any("look at it yourself" in each for each in look.unread)

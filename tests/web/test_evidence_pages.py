"""Evidence: taken in with its origin, looked at without a copy on disk, its custody drawn and told."""

from __future__ import annotations

from contextlib import closing

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dedere.node.audit.models import Event
from dedere.node.evidence import actions as evidence
from dedere.node.evidence.models import Item, LedgerEntry
from support.offices import CONDITION, Bureau, measure_of, upload
from support.pages import SignIn, errors_of, streamed, text_of
from support.populated import picture

FORM = {
    "title": "The court room",
    "collected_on_day": "23",
    "collected_on_month": "11",
    "collected_on_year": "2026",
    "collected_by": "Eva Evers (fictional)",
    "place": "Rotterdam",
    "note": "Recorded in court.",
}


def taken_in(bureau: Bureau, name: str, data: bytes) -> Item:
    """An item that Eva took in for her measure."""
    _case, assignment = bureau.assigned()
    collected = evidence.Collected(on=bureau.clock.now().date(), by="Eva Evers (fictional)", place="Rotterdam")
    return evidence.ingest(
        by=bureau["eva"], assignment_id=assignment, upload=upload(name, data, title="The item"), collected=collected
    )


def test_an_item_is_taken_in(bureau: Bureau, signed_in: SignIn) -> None:
    _case, assignment = bureau.assigned()
    client = signed_in("eva")
    address = f"/evidence/measure/{assignment}/add/"
    assert "Add an item of evidence" in text_of(client.get(address))

    response = client.post(address, {**FORM, "file": SimpleUploadedFile("room.png", picture(), "image/png")})

    item = Item.objects.get()
    assert response.headers["Location"] == f"/evidence/{item.pk}/"
    page = text_of(client.get(f"/evidence/{item.pk}/"))
    for words in (item.sha256, "Collected", "Taken in", "Passed", "Each entry carries the digest of the one before"):
        assert words in page
    assert item.title in text_of(client.get(f"/cases/measures/{assignment}/"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"collected_on_day": "31"}, "Enter a day that exists"),
        ({"collected_on_year": "2027"}, "An item cannot have been collected in the future."),
        ({"collected_by": ""}, "Collected by: This field is required."),
        ({"title": ""}, "What it is: This field is required."),
    ],
)
def test_an_item_without_its_origin_is_refused(
    bureau: Bureau, signed_in: SignIn, changed: dict[str, str], said: str
) -> None:
    _case, assignment = bureau.assigned()
    file = SimpleUploadedFile("room.png", picture(), "image/png")

    response = signed_in("eva").post(f"/evidence/measure/{assignment}/add/", {**FORM, **changed, "file": file})

    assert response.status_code == 422
    assert said in errors_of(response)
    assert not Item.objects.exists()


def test_a_look_is_logged_and_shows_the_picture(bureau: Bureau, signed_in: SignIn) -> None:
    item = taken_in(bureau, "room.png", picture())
    client = signed_in("eva")
    assert "<img" in client.get(f"/evidence/{item.pk}/").content.decode()

    with closing(client.get(f"/evidence/{item.pk}/content/?reason=to+check")) as response:
        assert streamed(response) == picture()
        assert response.headers["Content-Type"] == "image/png"
        assert response.headers["Content-Disposition"].startswith("inline")
        assert "sandbox" in response.headers["Content-Security-Policy"]

    look = Event.objects.get(action="evidence-opened")
    assert look.actor == bureau["eva"].identifier
    assert look.details == {"reason": "to check"}


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-9", 206, 0, 9),
        ("bytes=10-", 206, 10, None),
        ("bytes=5-99999999", 206, 5, None),
        ("bytes=-5", 200, 0, None),
        ("lines=1-2", 200, 0, None),
    ],
)
def test_a_range_is_opened_alone(
    bureau: Bureau, signed_in: SignIn, asked: str, status: int, first: int, last: int | None
) -> None:
    data = picture()
    item = taken_in(bureau, "room.png", data)
    end = len(data) - 1 if last is None else last

    with closing(signed_in("eva").get(f"/evidence/{item.pk}/content/", headers={"range": asked})) as response:
        assert response.status_code == status
        assert streamed(response) == data[first : end + 1]
        if status == 206:
            assert response.headers["Content-Range"] == f"bytes {first}-{end}/{len(data)}"


def test_a_range_beyond_the_end_is_refused(bureau: Bureau, signed_in: SignIn) -> None:
    item = taken_in(bureau, "room.png", picture())

    with closing(
        signed_in("eva").get(f"/evidence/{item.pk}/content/", headers={"range": "bytes=99999999-"})
    ) as response:
        assert response.status_code == 416


def test_a_hostile_file_is_saved_and_never_shown(bureau: Bureau, signed_in: SignIn) -> None:
    page = b"<html><script>alert(1)</script></html>"
    item = taken_in(bureau, "record.pdf.html", page)
    client = signed_in("eva")
    shown = client.get(f"/evidence/{item.pk}/")
    assert "is not shown in a page" in text_of(shown)
    assert "<img" not in shown.content.decode()

    with closing(client.get(f"/evidence/{item.pk}/content/")) as response:
        streamed(response)
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "data", "element"),
    [
        ("film.mp4", b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42", "<video"),
        ("voice.wav", b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00", "<audio"),
        ("act.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "Open the document (PDF)"),
    ],
)
def test_film_sound_and_documents_are_shown_in_their_element(
    bureau: Bureau, signed_in: SignIn, name: str, data: bytes, element: str
) -> None:
    item = taken_in(bureau, name, data)

    page = signed_in("eva").get(f"/evidence/{item.pk}/").content.decode()

    assert element in page or "is not shown in a page" in page
    if item.media_type in {"video/mp4", "audio/wav", "application/pdf"}:
        assert element in page


def test_an_examination_is_noted_and_cannot_be_undone(bureau: Bureau, signed_in: SignIn) -> None:
    item = taken_in(bureau, "room.png", picture())
    client = signed_in("eva")
    address = f"/evidence/{item.pk}/custody/"
    assert "cannot be changed or taken out" in text_of(client.get(address))

    response = client.post(address, {"event": "examined", "place": "Rotterdam", "note": "Compared."})

    assert response.headers["Location"] == f"/evidence/{item.pk}/"
    assert "Compared." in text_of(client.get(f"/evidence/{item.pk}/"))
    refused = client.post(address, {"event": "destroyed", "place": "", "note": ""})
    assert "What happened: Select a valid choice." in errors_of(refused)


def test_a_broken_ledger_is_drawn_broken(bureau: Bureau, signed_in: SignIn) -> None:
    item = taken_in(bureau, "room.png", picture())
    row = LedgerEntry.objects.get(item=item, sequence=2)
    forged = {**row.entry, "by": "Somebody else"}
    whole = evidence.ledger_of(item)
    from dedere.node.evidence import queries
    from dedere.vault.ledger import CustodyEntry

    fault, sound = queries.ledger_fault([whole[0], CustodyEntry(**{**forged, "previous": "0" * 64})])

    assert fault
    assert sound == 1
    rows = queries.ledger_rows([whole[0], CustodyEntry(**forged)], sound=sound)
    assert [each.holds for each in rows] == [True, False]


def test_conditions_stand_beside_what_they_bind(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    bureau.arrives("acceptance", {"measures": [{"measure": measure_of(case)}]}, case=case)
    outcome = {"measure": measure_of(case), "outcome": "executed", "text": "Heard."}
    bureau.arrives("result", {"measures": [outcome]}, case=case, files={"record.pdf": b"%PDF-1.7 r"})
    item = Item.objects.get()

    page = text_of(signed_in("anna").get(f"/evidence/{item.pk}/"))

    assert str(CONDITION["text"]) in page
    assert "Signed" in page


def test_items_are_found_by_title_and_digest(bureau: Bureau, signed_in: SignIn) -> None:
    item = taken_in(bureau, "room.png", picture())
    client = signed_in("eva")

    for text in ("", "item", item.sha256[:10].upper()):
        assert "The item" in text_of(client.get("/evidence/", {"text": text}))
    assert "No items of evidence here." in text_of(client.get("/evidence/", {"text": "something else"}))
    assert "No items of evidence here." in text_of(signed_in("stranger").get("/evidence/"))

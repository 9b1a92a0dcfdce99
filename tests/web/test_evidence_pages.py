"""Evidence: taken in with its origin, looked at without a copy on disk, its custody drawn and told."""

from __future__ import annotations

import dataclasses
import re
from contextlib import closing
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import TimestampSigner, b62_decode, b62_encode

from dedere.node.audit.models import Event
from dedere.node.evidence import actions as evidence
from dedere.node.evidence.models import Item, LedgerEntry
from dedere.node.home import EvidencePolicy
from dedere.node.office import Office, using
from dedere.web.evidence.links import LIFETIME, SALT, make_link
from support.offices import CONDITION, Bureau, measure_of, upload
from support.pages import SignIn, errors_of, streamed, text_of
from support.populated import picture

if TYPE_CHECKING:
    from django.test import Client

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


def link_to(client: Client, item: Item, **form: str) -> str:
    """The address of the item's content, as the page gives it after a look was asked for."""
    response = client.post(f"/evidence/{item.pk}/", form)
    found = re.search(r"/evidence/content/[^\"]+/", response.content.decode())
    return found[0] if found else ""


def test_a_look_is_logged_and_shows_the_picture(bureau: Bureau, signed_in: SignIn) -> None:
    item = taken_in(bureau, "room.png", picture())
    client = signed_in("eva")
    assert "<img" not in client.get(f"/evidence/{item.pk}/").content.decode()
    assert not Event.objects.filter(action="evidence-opened").exists()

    with closing(client.get(link_to(client, item, reason="to check"))) as response:
        assert streamed(response) == picture()
        assert response.headers["Content-Type"] == "image/png"
        assert response.headers["Content-Disposition"].startswith("inline")
        assert "sandbox" in response.headers["Content-Security-Policy"]

    look = Event.objects.get(action="evidence-opened")
    assert look.actor == bureau["eva"].identifier
    assert look.details == {"reason": "to check"}


def test_a_link_is_for_one_officer_and_for_an_hour(bureau: Bureau, signed_in: SignIn) -> None:
    item = taken_in(bureau, "room.png", picture())
    link = link_to(signed_in("eva"), item)
    rosa = signed_in("rosa")
    assert rosa.get(link).status_code == 404
    client = signed_in("eva")
    assert client.get(link.replace("content/", "content/x")).status_code == 404

    said = {"item": item.pk, "officer": bureau["eva"].identifier, "save": False}
    assert client.get(f"/evidence/content/{_Earlier(salt=SALT).sign_object(said)}/").status_code == 404


class _Earlier(TimestampSigner):
    """Signs as one would have an hour and a minute ago."""

    def timestamp(self) -> str:
        return b62_encode(b62_decode(super().timestamp()) - LIFETIME - 60)


def test_a_reason_is_asked_where_the_house_wants_one(
    homes: tuple[Office, Office], bureau: Bureau, client: Client
) -> None:
    item = taken_in(bureau, "room.png", picture())
    policy = dataclasses.replace(bureau.office.home, evidence=EvidencePolicy(reason_for_looks=True))
    with using(dataclasses.replace(bureau.office, home=policy)):
        client.force_login(bureau["eva"])
        response = client.post(f"/evidence/{item.pk}/", {"reason": "  "})
        assert response.status_code == 422
        assert "Say why you open the item" in errors_of(response)
        assert "content/" in link_to(client, item, reason="to compare with the record")


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-9", 206, 0, 9),
        ("bytes=10-", 206, 10, None),
        ("bytes=5-99999999", 206, 5, None),
        ("bytes=-5", 206, -5, None),
        ("bytes=-99999999", 206, 0, None),
        ("bytes=-", 200, 0, None),
        ("bytes=0-1,4-5", 200, 0, None),
        ("lines=1-2", 200, 0, None),
    ],
)
def test_a_range_is_opened_alone(
    bureau: Bureau, signed_in: SignIn, asked: str, status: int, first: int, last: int | None
) -> None:
    data = picture()
    item = taken_in(bureau, "room.png", data)
    start, end = first % len(data), len(data) - 1 if last is None else last
    client = signed_in("eva")

    with closing(client.get(link_to(client, item), headers={"range": asked})) as response:
        assert response.status_code == status
        assert streamed(response) == data[start : end + 1]
        if status == 206:
            assert response.headers["Content-Range"] == f"bytes {start}-{end}/{len(data)}"


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=9-3"])
def test_a_range_that_cannot_be_is_refused(bureau: Bureau, signed_in: SignIn, asked: str) -> None:
    item = taken_in(bureau, "room.png", picture())
    client = signed_in("eva")

    with closing(client.get(link_to(client, item), headers={"range": asked})) as response:
        assert response.status_code == 416


def test_an_empty_item_is_looked_at_and_is_empty(bureau: Bureau, signed_in: SignIn) -> None:
    item = taken_in(bureau, "nothing.txt", b"")
    client = signed_in("eva")
    client.post(f"/evidence/{item.pk}/", {})
    with closing(client.get(make_link(bureau["eva"], item.pk))) as response:
        assert streamed(response) == b""
        assert response.headers["Content-Length"] == "0"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("photo.jpg", b"<html><script>alert(1)</script></html>"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("record.pdf", b"%PDF-1.7 /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
        ("program.png", b"MZ\x90\x00"),
    ],
)
def test_what_could_run_is_never_handed_to_the_browser_to_show(
    bureau: Bureau, signed_in: SignIn, name: str, data: bytes
) -> None:
    item = taken_in(bureau, name, data)
    client = signed_in("eva")
    shown = client.post(f"/evidence/{item.pk}/", {}).content.decode()
    for element in ("<img", "<iframe", "<embed", "<object", "<video"):
        assert element not in shown
    with closing(client.get(make_link(bureau["eva"], item.pk))) as response:
        assert streamed(response) == data
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "data", "element"),
    [
        ("film.mp4", b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42", "<video"),
        ("film.webm", b"\x1aE\xdf\xa3\x01\x00", "<video"),
        ("voice.wav", b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00", "<audio"),
        ("act.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "data-document"),
        ("list.txt", b"only words", "is not shown in a page"),
    ],
)
def test_film_sound_and_documents_are_shown_in_their_element(
    bureau: Bureau, signed_in: SignIn, name: str, data: bytes, element: str
) -> None:
    item = taken_in(bureau, name, data)
    client = signed_in("eva")

    assert element not in client.get(f"/evidence/{item.pk}/").content.decode()
    assert element in client.post(f"/evidence/{item.pk}/", {}).content.decode()


def test_the_chain_is_a_picture_of_its_own(bureau: Bureau, signed_in: SignIn) -> None:
    item = taken_in(bureau, "room.png", picture())

    response = signed_in("eva").get(f"/evidence/{item.pk}/chain.svg")

    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Disposition"].startswith("attachment")
    root = ET.fromstring(response.content)
    texts = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any("Collected" in text for text in texts)
    assert any("Taken in" in text for text in texts)
    assert root.findtext("{http://www.w3.org/2000/svg}desc") == f"SHA-256 {item.sha256}"


def test_an_examination_is_noted_and_cannot_be_undone(bureau: Bureau, signed_in: SignIn) -> None:
    item = taken_in(bureau, "room.png", picture())
    client = signed_in("eva")
    address = f"/evidence/{item.pk}/custody/"
    assert "cannot be changed or taken out" in text_of(client.get(address))

    response = client.post(address, {"place": "Rotterdam", "note": "Compared."})

    assert response.headers["Location"] == f"/evidence/{item.pk}/"
    assert "Compared." in text_of(client.get(f"/evidence/{item.pk}/"))


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

"""Several files, or a folder, taken in on one page: what cannot be is said, and the rest is kept. All of it is fictional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from dedere.node.evidence import actions as evidence
from dedere.node.evidence import uploads
from dedere.node.evidence.models import Item
from dedere.vault.ledger import verify_ledger
from support.offices import Bureau
from support.pages import SignIn, errors_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

ORIGIN: Mapping[str, object] = {
    "collected_on_day": "23", "collected_on_month": "11", "collected_on_year": "2026",
    "collected_by": "Eva (fictional)", "place": "Rotterdam", "note": "Read out of a phone.",
}  # fmt: skip


def test_files_sent_with_the_form_become_items_of_one_origin(bureau: Bureau, signed_in: SignIn) -> None:
    _case, assignment = bureau.assigned()
    address = f"/evidence/measure/{assignment}/add-several/"
    client = signed_in("eva")
    assert "webkitdirectory" in client.get(address).content.decode()
    assert address in client.get(f"/cases/measures/{assignment}/").content.decode()
    files = [
        SimpleUploadedFile("a.jpg", b"\xff\xd8\xff a"),
        SimpleUploadedFile("empty.txt", b""),
        SimpleUploadedFile("evil\u202egpj.exe", b"<html>"),
        SimpleUploadedFile("x" * 240 + ".png", b"\x89PNG\r\n\x1a\n"),
    ]

    response = client.post(address, {**ORIGIN, "chosen": files})

    assert response.headers["Location"] == f"/cases/measures/{assignment}/"
    assert "4 items are in the vault" in text_of(client.get(response.headers["Location"]))
    items = {item.title: item for item in Item.objects.all()}
    assert {"a.jpg", "empty.txt", "evilgpj.exe"} < items.keys()
    assert max(map(len, items)) <= 120
    assert (items["empty.txt"].size, items["evilgpj.exe"].media_type) == (0, "text/html")
    for item in items.values():
        assert verify_ledger(evidence.ledger_of(item)).entries == 2


def test_a_folder_sent_in_pieces_keeps_its_structure_and_what_is_refused_stops_nothing(
    bureau: Bureau, signed_in: SignIn
) -> None:
    _case, assignment = bureau.assigned()
    address, target = f"/evidence/measure/{assignment}/add-several/", f"measure:{assignment}"
    client, eva = signed_in("eva"), bureau["eva"]
    ids = []
    for name, data, size in (
        ("phone/images/one.jpg", b"\xff\xd8\xff", 3),
        ("phone/../../cut.txt", b"cu", 3),
        ("d/" * 150 + "deep", b"x", 1),
    ):
        ids.append(uploads.begin_upload(by=eva, target=target, name=name, size=size))
        uploads.append_upload(by=eva, upload_id=ids[-1], offset=0, pieces=[data])

    response = client.post(address, {**ORIGIN, "upload": " ".join(ids)})

    assert response.status_code == 422
    assert "phone/cut.txt" in text_of(response)
    assert "2 items are in the vault" in text_of(response)
    assert set(Item.objects.values_list("title", "name")) == {("phone/images/one.jpg", "one.jpg"), ("deep", "deep")}
    here = uploads.upload_state(eva, ids[1]).offset
    uploads.append_upload(by=eva, upload_id=ids[1], offset=here, pieces=[b"cut"[here:]])
    assert client.post(address, {**ORIGIN, "upload": ids[1]}).status_code == 302
    assert Item.objects.get(name="cut.txt").title == "phone/cut.txt"
    assert client.post(address, {**ORIGIN, "upload": ids[1]}).status_code == 404


def test_nothing_chosen_and_no_origin_are_said(bureau: Bureau, signed_in: SignIn) -> None:
    _case, assignment = bureau.assigned()
    client = signed_in("eva")
    address = f"/evidence/measure/{assignment}/add-several/"
    assert "Choose files or a folder" in errors_of(client.post(address, ORIGIN))
    late = {**ORIGIN, "collected_on_year": "2031", "chosen": [SimpleUploadedFile("a", b"a")]}
    refused = client.post(address, late)
    assert refused.status_code == 422
    assert "An item cannot have been collected in the future." in text_of(refused)
    assert not Item.objects.exists()

"""What the worker finds about evidence by itself: malware, and where the ledger stood. All of it is fictional."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadhandler import FileUploadHandler
from django.db import DatabaseError, transaction

from dedere.base.errors import FacilityError, InputError
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence import actions as evidence
from dedere.node.evidence import uploads
from dedere.node.evidence.models import Annotation, Item, Stamp
from dedere.node.evidence.scanning import scan_item, unscanned
from dedere.node.evidence.stamping import stamp_item, unstamped
from dedere.node.home import EvidencePolicy
from dedere.node.office import using
from dedere.protocol.container import open_container
from dedere.web.components.sealed_upload import SealedUploadHandler
from support.clamds import EICAR, clamd
from support.offices import Bureau, upload
from support.pages import SignIn, text_of

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from dedere.node.office import Office

TUS = {"Tus-Resumable": "1.0.0"}


def asking(bureau: Bureau, policy: EvidencePolicy) -> AbstractContextManager[Office]:
    return using(dataclasses.replace(bureau.office, home=dataclasses.replace(bureau.office.home, evidence=policy)))


def taken_in(bureau: Bureau, data: bytes) -> Item:
    _case, assignment = bureau.assigned()
    collected = evidence.Collected(on=bureau.clock.now().date(), by="Eva Evers (fictional)")
    return evidence.ingest(
        by=bureau["eva"], assignment_id=assignment, upload=upload("a.pdf", data), collected=collected
    )


@pytest.mark.network
def test_malware_is_noted_and_the_item_stays(bureau: Bureau, signed_in: SignIn, tmp_path: Path) -> None:
    item = taken_in(bureau, b"%PDF-1.7 " + EICAR)
    assert unscanned() == []
    with clamd(tmp_path) as fake, asking(bureau, EvidencePolicy(scanner=fake.address)):
        assert unscanned() == [item.pk]
        scan_item(item.pk)
        assert unscanned() == []
    found = Annotation.objects.get(item=item)
    assert (found.verdict, found.text) == ("found", "Eicar-Test-Signature")
    assert bureau.office.store.holds(item.object)
    page = text_of(signed_in("eva").get(f"/evidence/{item.pk}/"))
    assert "Malware found" in page
    with pytest.raises(DatabaseError), transaction.atomic():
        Annotation.objects.update(verdict="clean")


@pytest.mark.network
def test_a_scanner_that_is_away_is_asked_again(bureau: Bureau, tmp_path: Path) -> None:
    item = taken_in(bureau, b"%PDF-1.7 a")
    with asking(bureau, EvidencePolicy(scanner=f"unix:{tmp_path}/none")):
        with pytest.raises(FacilityError, match="does not answer"):
            scan_item(item.pk)
        assert unscanned() == [item.pk]


def test_the_ledger_of_what_came_in_is_stamped_where_the_house_asks(bureau: Bureau, signed_in: SignIn) -> None:
    item = taken_in(bureau, b"%PDF-1.7 a")
    assert unstamped() == []
    with asking(bureau, EvidencePolicy(stamp=True)):
        assert unstamped() == [item.pk]
        stamp_item(item.pk)
        assert unstamped() == []
    said = json.loads(open_container(bytes(Stamp.objects.get().container)).members["custody.json"])
    assert said["ledger_head"] == evidence.ledger_of(item)[-1].digest()
    assert (said["item"], said["sha256"], said["entries"]) == (item.pk, item.sha256, 2)
    assert "Ledger time-stamped" in text_of(signed_in("eva").get(f"/evidence/{item.pk}/"))


def test_an_upload_is_its_officers_alone_and_is_dropped_when_nobody_finishes_it(bureau: Bureau) -> None:
    _case, assignment = bureau.assigned()
    target = f"measure:{assignment}"
    eva = bureau["eva"]
    begun = uploads.begin_upload(by=eva, target=target, name="../a\u202e.bin", size=10)
    assert "/" not in uploads.upload_state(eva, begun).name
    assert uploads.append_upload(by=eva, upload_id=begun, offset=0, pieces=[b"0123456789"]) == 10
    with pytest.raises(UnknownObjectError):
        uploads.upload_state(bureau["rosa"], begun)
    with pytest.raises(UnknownObjectError):
        uploads.begin_upload(by=bureau["stranger"], target=target, name="a", size=1)
    with pytest.raises(UnknownObjectError):
        uploads.begin_upload(by=eva, target="nothing", name="a", size=1)
    with pytest.raises(UnknownObjectError):
        uploads.uploaded(eva, begun, target="measure:other", title="x")
    with pytest.raises(InputError, match="how many bytes"):
        uploads.begin_upload(by=eva, target=target, name="a", size=1 << 60)
    for _ in range(uploads.MOST_AT_ONCE - 1):
        uploads.begin_upload(by=eva, target=target, name="a", size=1)
    with pytest.raises(InputError, match="under way"):
        uploads.begin_upload(by=eva, target=target, name="a", size=1)
    assert uploads.forget_old_uploads() == 0
    bureau.tick(60 * 24 * 8)
    assert uploads.forget_old_uploads() == uploads.MOST_AT_ONCE
    assert not list(bureau.office.home.inbox.glob("upload-*"))


def test_the_protocol_of_uploads_is_spoken_strictly(bureau: Bureau, signed_in: SignIn) -> None:
    _case, assignment = bureau.assigned()
    client = signed_in("eva")
    said = "target bWVhc3VyZTo=" if not assignment else f"target {_base64(f'measure:{assignment}')},filename YQ=="
    assert client.options("/evidence/uploads/").headers["Tus-Extension"] == "creation,termination"
    assert client.post("/evidence/uploads/").status_code == 412
    assert client.post("/evidence/uploads/", headers={**TUS, "Upload-Length": "x"}).status_code == 400
    wrong = {**TUS, "Upload-Length": "10", "Upload-Metadata": "target !"}
    assert client.post("/evidence/uploads/", headers=wrong).status_code == 400
    nobody = {**TUS, "Upload-Length": "10", "Upload-Metadata": f"target {_base64('measure:none')}"}
    assert client.post("/evidence/uploads/", headers=nobody).status_code == 404
    begun = client.post("/evidence/uploads/", headers={**TUS, "Upload-Length": "10", "Upload-Metadata": said})
    assert begun.status_code == 201
    address = begun.headers["Location"]
    assert client.options(address).status_code == 204
    kind = "application/offset+octet-stream"
    assert client.patch(address, b"x", content_type="text/plain", headers=TUS).status_code == 415
    late = client.patch(address, b"x", content_type=kind, headers={**TUS, "Upload-Offset": "5"})
    assert late.status_code == 409
    whole = client.patch(address, b"0123456789", content_type=kind, headers={**TUS, "Upload-Offset": "0"})
    assert (whole.status_code, whole.headers["Upload-Offset"]) == (204, "10")
    state = client.head(address, headers=TUS)
    assert (state.headers["Upload-Offset"], state.headers["Upload-Length"]) == ("10", "10")
    assert client.delete(address, headers=TUS).status_code == 204
    assert client.head(address, headers=TUS).status_code == 404


def test_a_file_that_came_in_pieces_is_taken_in(bureau: Bureau, signed_in: SignIn) -> None:
    _case, assignment = bureau.assigned()
    target = f"measure:{assignment}"
    begun = uploads.begin_upload(by=bureau["eva"], target=target, name="a.pdf", size=10)
    uploads.append_upload(by=bureau["eva"], upload_id=begun, offset=0, pieces=[b"%PDF-1.7 a"])
    form = {
        "upload": begun, "title": "In pieces", "collected_on_day": "23", "collected_on_month": "11",
        "collected_on_year": "2026", "collected_by": "Eva (fictional)", "place": "Rotterdam",
    }  # fmt: skip
    client = signed_in("eva")
    address = f"/evidence/measure/{assignment}/add/"
    assert client.post(address, {**form, "title": ""}).status_code == 422
    assert "a.pdf" in text_of(client.get(address))
    assert client.post(address, form).status_code == 302
    item = Item.objects.get()
    assert (item.size, item.media_type, item.name) == (10, "application/pdf", "a.pdf")
    assert client.post(address, {**form, "upload": ""}).status_code == 422


def test_a_folder_becomes_items_and_says_what_it_could_not_take(bureau: Bureau, tmp_path: Path) -> None:
    _case, assignment = bureau.assigned()
    (tmp_path / "phone" / "images").mkdir(parents=True)
    (tmp_path / "phone" / "images" / "one.jpg").write_bytes(b"\xff\xd8\xff one")
    (tmp_path / "phone" / "link").symlink_to("/etc/passwd")
    (tmp_path / "phone" / ("x" * 250 + ".txt")).write_bytes(b"")
    collected = evidence.Collected(on=bureau.clock.now().date(), by="Eva Evers (fictional)")

    found = list(
        evidence.ingest_folder(
            by=bureau["eva"], assignment_id=assignment, folder=tmp_path / "phone", collected=collected
        )
    )

    refused = [each for each in found if each.refusal]
    assert [each.path for each in refused] == ["link"]
    assert "Links are not followed" in refused[0].refusal
    assert set(Item.objects.values_list("title", flat=True)) == {each.path for each in found if each.item}
    assert "images/one.jpg" in {each.path for each in found}


def test_a_form_that_breaks_off_leaves_no_file(bureau: Bureau) -> None:
    handler = SealedUploadHandler()
    assert isinstance(handler, FileUploadHandler)
    handler.receive_data_chunk(b"x", 0)
    assert handler.file_complete(1) is None
    handler.upload_interrupted()
    handler.new_file("file", "a.bin", "application/octet-stream", 5, "utf-8")
    handler.receive_data_chunk(b"a nam", 0)
    handler.upload_interrupted()


def _base64(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()

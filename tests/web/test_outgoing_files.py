"""What outgoing files say about themselves: shown, taken out with the original kept, put back; evidence never changed."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from dedere.node.audit.models import Event
from dedere.node.cases.models import Attachment
from dedere.node.persons.memory import forget_guard_secret, keep_guard_secret, read_guard_secret
from dedere.vault.reading import open_object
from support.custody import custody, unlocked_guard
from support.offices import Bureau
from support.pages import client_of, errors_of, text_of


def photograph(by: str = "Photographer of Dol (fictional)") -> bytes:
    """A picture that tells with which camera it was made, and by whom."""
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = "Camera of the mill (fictional)", by
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(out, "JPEG", exif=exif)
    return out.getvalue()


def kept(bureau: Bureau, object_id: str, size: int) -> bytes:
    with open_object(bureau.office.store, object_id, bureau.office.sealing_identities) as reader:
        return reader.read_range(0, size)


def test_what_a_file_says_about_itself_is_shown_taken_out_and_put_back(bureau: Bureau) -> None:
    draft = bureau.drafted()
    anna = client_of(bureau, "anna")
    page = f"/requests/{draft.pk}/attachments/"
    data = photograph()
    anna.post(page, {"file": SimpleUploadedFile("mill.jpg", data, "image/jpeg"), "title": "The mill"})
    file = Attachment.objects.get()
    assert "Photographer of Dol (fictional)" in text_of(anna.get(page))

    done = anna.post(f"{page}{file.pk}/strip/", follow=True)

    assert "The original is kept here and does not leave" in text_of(done)
    assert "Photographer of Dol" not in text_of(done)
    file.refresh_from_db()
    leaves = kept(bureau, file.object, file.size)
    assert b"Photographer" not in leaves
    assert Image.open(io.BytesIO(leaves)).tobytes() == Image.open(io.BytesIO(data)).tobytes()
    logged = Event.objects.get(action="metadata-removed").details["original"]
    assert kept(bureau, str(logged["object"]), len(data)) == data

    back = anna.post(f"{page}{file.pk}/restore/", follow=True)
    assert "it leaves as it came" in text_of(back)
    file.refresh_from_db()
    assert kept(bureau, file.object, file.size) == data
    assert anna.post(f"{page}{file.pk}/restore/").status_code == 400


def test_what_cannot_be_taken_apart_is_said_and_left_as_it_is(bureau: Bureau) -> None:
    draft = bureau.drafted()
    anna = client_of(bureau, "anna")
    page = f"/requests/{draft.pk}/attachments/"
    for name, data, says in (
        ("note.txt", b"Nothing but text.", "Descriptions can be taken out of"),
        ("broken.jpg", photograph()[:40], "damaged or locked"),
    ):
        anna.post(page, {"file": SimpleUploadedFile(name, data), "title": name})
        file = Attachment.objects.get(name=name)
        before = file.sha256
        assert says in text_of(anna.post(f"{page}{file.pk}/strip/", follow=True))
        file.refresh_from_db()
        assert file.sha256 == before
    assert anna.get(f"{page}{file.pk}/strip/").status_code == 405
    assert anna.post(f"{page}unknown/strip/").status_code == 404
    assert client_of(bureau, "stranger").post(f"{page}{file.pk}/strip/").status_code == 404


def test_a_file_without_description_an_item_and_a_closed_draft_stay_as_they_are(bureau: Bureau) -> None:
    draft = bureau.drafted()
    anna = client_of(bureau, "anna")
    page = f"/requests/{draft.pk}/attachments/"
    anna.post(page, {"file": SimpleUploadedFile("mill.jpg", photograph(), "image/jpeg"), "title": "The mill"})
    file = Attachment.objects.get()
    anna.post(f"{page}{file.pk}/strip/")
    stripped = Attachment.objects.get()
    again = anna.post(f"{page}{file.pk}/strip/")
    assert (again.status_code, "nothing to take out" in text_of(again)) == (400, True)

    Attachment.objects.filter(pk=file.pk).update(item="a" * 26)
    assert "An item of evidence leaves as it is" in text_of(anna.get(page))
    assert "would break its custody" in text_of(anna.post(f"{page}{file.pk}/strip/"))
    Attachment.objects.filter(pk=file.pk).update(item="", size=65 * 1024 * 1024)
    assert "too large" in text_of(anna.post(f"{page}{file.pk}/strip/"))
    Attachment.objects.filter(pk=file.pk).update(size=stripped.size)
    bureau.approved(draft)
    assert "no longer open" in text_of(anna.post(f"{page}{file.pk}/restore/"))


def test_the_second_officer_sees_what_the_files_say_before_approving(bureau: Bureau) -> None:
    from dedere.node.cases import actions as cases
    from dedere.node.evidence import actions as evidence
    from support.offices import upload

    draft = bureau.drafted()
    photo = upload("mill.jpg", photograph(), title="The mill", media_type="image/jpeg")
    evidence.attach_upload(by=bureau["anna"], draft_id=draft.pk, upload=photo)
    cases.submit_draft(by=bureau["anna"], draft_id=draft.pk, approver_id=bureau["bram"].identifier)

    page = text_of(client_of(bureau, "bram").get(f"/requests/{draft.pk}/approve/"))

    assert "What the files say about themselves" in page
    assert "Photographer of Dol (fictional)" in page
    assert "not what it shows: look at it yourself" in page


def test_a_protected_name_in_a_picture_is_shown_to_nobody_and_gone_once_it_is_taken_out(bureau: Bureau) -> None:
    for _each in unlocked_guard(bureau.office):
        draft = bureau.drafted()
        custody(bureau).protected(draft.case_id, alias="Cedar", reference="person-9")
        anna = client_of(bureau, "anna")
        page = f"/requests/{draft.pk}/attachments/"
        picture = SimpleUploadedFile("mill.jpg", photograph("Dragoljub Vukasinovic"), "image/jpeg")
        anna.post(page, {"file": picture, "title": "The mill"})

        shown = anna.get(page)
        stopped = anna.post(f"/requests/{draft.pk}/submit/", {"approver": bureau["bram"].identifier})

        assert "A protected detail, or nobody could tell" in text_of(shown)
        assert "Camera of the mill" in text_of(shown)
        assert "Vukasinovic" not in shown.content.decode()
        assert "There is a protected detail in this passage: The file attached as The mill" in errors_of(stopped)
        secret = read_guard_secret(bureau.office.home)
        forget_guard_secret(bureau.office.home)
        assert "Camera of the mill" not in text_of(anna.get(page))
        assert secret is not None
        keep_guard_secret(bureau.office.home, secret)
        anna.post(f"{page}{Attachment.objects.get().pk}/strip/")
        assert "protected detail" not in text_of(anna.get(page))
        assert anna.post(f"/requests/{draft.pk}/submit/", {"approver": bureau["bram"].identifier}).status_code == 302

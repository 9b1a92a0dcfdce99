"""Certificates, records and plans: filled in, read, approved by a second officer, signed by the worker."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pytest

from dedere.base.errors import DefectError
from dedere.node.papers.models import Sheet
from dedere.node.papers.sheets import approved_sheets, sign_sheet
from dedere.papers.sheet_fields import SHEET_FIELDS
from support.pages import SignIn, errors_of, fields_of, text_of
from support.papers import pdf_text, squeezed

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from support.offices import Bureau

SAFE: dict[str, object] = {
    "said.person.name": "Awa Imaginaire (fictional)",
    "said.person.date_of_birth_day": "2",
    "said.person.date_of_birth_month": "1",
    "said.person.date_of_birth_year": "1980",
    "said.purpose": "To be heard at The Hague.",
    "said.immunity": "For acts before departure.",
    "said.leave_by_day": "1",
    "said.leave_by_month": "2",
    "said.leave_by_year": "2027",
    "language": "fr",
    "arrangement": "parallel",
}


def made(client: Client, case_id: str, **changed: object) -> Sheet:
    response = client.post(f"/documents/cases/{case_id}/new/safe-conduct/", {**SAFE, **changed})
    assert response.status_code == 302, errors_of(response)
    return Sheet.objects.order_by("-made_at")[0]


def test_every_kind_can_be_filled_in(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    client = signed_in("anna")
    listed = text_of(client.get(f"/documents/cases/{case.pk}/"))
    assert "Safe conduct" in listed
    for kind in SHEET_FIELDS:
        address = f"/documents/cases/{case.pk}/new/{kind}/"
        page = client.get(address)
        assert page.status_code == 200

        response = client.post(address, fields_of(page))

        assert response.status_code == 422, "what must be there is asked for"
    assert client.get(f"/documents/cases/{case.pk}/new/card-sheet/").status_code == 404
    assert not Sheet.objects.exists()


def test_a_sheet_is_approved_by_a_second_officer_and_signed_by_the_worker(
    bureau: Bureau, signed_in: SignIn, tmp_path: Path
) -> None:
    case = bureau.requested()
    sheet = made(signed_in("anna"), case.pk, second_language="en")
    client = signed_in("anna")
    page = client.get(f"/documents/sheets/{sheet.pk}/")
    assert "Waits for approval" in text_of(page)
    client.post(f"/documents/sheets/{sheet.pk}/approve/", {"digest": fields_of(page).get("digest", "")})
    sheet.refresh_from_db()
    assert sheet.state == "open", "nobody approves what they made"

    client = signed_in("bram")
    digest = fields_of(client.get(f"/documents/sheets/{sheet.pk}/"))["digest"]
    client.post(f"/documents/sheets/{sheet.pk}/approve/", {"digest": "0" * 64})
    assert approved_sheets() == []
    client.post(f"/documents/sheets/{sheet.pk}/approve/", {"digest": digest})
    assert approved_sheets() == [sheet.pk]
    sign_sheet(sheet.pk)

    pdf = client.get(f"/documents/sheets/{sheet.pk}/pdf/").content
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert str(read.Root.AcroForm.Fields[0].V.Name).startswith("Anna de Wit (fictional), ")
    text = squeezed(pdf_text(pdf, tmp_path))
    for words in (
        "Sauf-conduit",
        "Safe conduct",
        "To be heard at The Hague.",
        "Bram Bos (fictional)",
        "2 janvier 1980",
    ):
        assert squeezed(words) in text
    shown = text_of(client.get(f"/documents/sheets/{sheet.pk}/"))
    assert "Signed" in shown
    assert "Approved by Bram Bos (fictional)." in shown
    assert client.get(f"/documents/sheets/{sheet.pk}/word/").content.startswith(b"PK")
    assert "Signed" in text_of(client.get(f"/documents/cases/{case.pk}/"))


@pytest.mark.parametrize("changed", [{"data": {"purpose": "Another."}}, {"paper": {"language": "en"}}])
def test_what_was_changed_after_approval_is_not_signed(
    bureau: Bureau, signed_in: SignIn, changed: dict[str, object]
) -> None:
    sheet = made(signed_in("anna"), bureau.requested().pk)
    client = signed_in("bram")
    digest = fields_of(client.get(f"/documents/sheets/{sheet.pk}/"))["digest"]
    client.post(f"/documents/sheets/{sheet.pk}/approve/", {"digest": digest})
    Sheet.objects.filter(pk=sheet.pk).update(**changed)

    with pytest.raises(DefectError, match="not what a second officer approved"):
        sign_sheet(sheet.pk)

    sheet.refresh_from_db()
    assert (sheet.state, sheet.object) == ("approved", "")


def test_a_sheet_can_be_given_up_until_it_is_approved(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    sheet = made(signed_in("anna"), case.pk)
    client = signed_in("anna")

    client.post(f"/documents/sheets/{sheet.pk}/discard/")
    again = client.post(f"/documents/sheets/{sheet.pk}/discard/", follow=True)

    sheet.refresh_from_db()
    assert sheet.state == "discarded"
    assert "it stays in the case" in text_of(again)
    approver = signed_in("bram")
    late = approver.post(f"/documents/sheets/{sheet.pk}/approve/", {"digest": "0" * 64}, follow=True)
    assert "not waiting for approval" in text_of(late)


def test_a_sheet_that_cannot_be_printed_is_refused_and_not_kept(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    client = signed_in("anna")

    response = client.post(f"/documents/cases/{case.pk}/new/safe-conduct/", {**SAFE, "said.purpose": "To see 𓀀."})

    assert response.status_code == 422
    assert "U+13000" in errors_of(response)
    assert not Sheet.objects.exists()


def test_another_officer_finds_no_sheet(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    sheet = made(signed_in("anna"), case.pk)
    client = signed_in("stranger")

    for address in (f"cases/{case.pk}/", f"cases/{case.pk}/new/safe-conduct/", f"sheets/{sheet.pk}/"):
        assert client.get(f"/documents/{address}").status_code == 404
    assert client.get(f"/documents/sheets/{sheet.pk}/pdf/").status_code == 404

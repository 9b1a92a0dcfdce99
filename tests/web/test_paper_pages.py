"""Requests on paper: registered with a case of their own, read beside their pages, answered on paper; never a letter."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dedere.node.cases.models import Case, Letter
from dedere.node.papers.models import PaperRequest
from support.pages import SignIn, errors_of, fields_of, text_of
from support.papers import pdf_text, squeezed
from support.populated import picture

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from support.offices import Bureau

COVER: dict[str, object] = {
    "partner": "SN",
    "title": "Hearing of a witness at Dol (fictional)",
    "kind": "mla",
    "their_reference": "SN/AC/447",
    "received_on_day": "24",
    "received_on_month": "11",
    "received_on_year": "2026",
}


def scan() -> SimpleUploadedFile:
    import pikepdf

    target = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.add_blank_page()
        made.save(target)
    return SimpleUploadedFile("scan.pdf", target.getvalue(), "application/pdf")


def registered(client: Client, **changed: object) -> PaperRequest:
    response = client.post("/documents/received/new/", {**COVER, "file": scan(), **changed})
    assert response.status_code == 302, errors_of(response)
    return PaperRequest.objects.get()


def test_a_request_on_paper_is_registered_under_a_reference_of_ours(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("rosa")
    assert "No request on paper waits for you." in text_of(client.get("/documents/received/"))

    found = registered(client)

    assert found.reference == "NL-SN-2026-P0001"
    page = text_of(client.get(f"/documents/received/{found.pk}/"))
    assert "scan.pdf · 2 pages" in page
    assert "SN/AC/447" in page
    assert not Letter.objects.exists()
    file = found.files.get()
    shown = client.get(f"/documents/files/{file.pk}/")
    assert shown.content.startswith(b"%PDF")
    assert shown.headers["Content-Disposition"].startswith("inline")
    second = client.post("/documents/received/new/", {**COVER, "file": scan()})
    assert second.status_code == 302
    assert set(PaperRequest.objects.values_list("reference", flat=True)) == {"NL-SN-2026-P0001", "NL-SN-2026-P0002"}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"partner": "NL"}, "comes from another State"),
        ({"title": "  "}, "What it is about"),
        ({"received_on_year": "2027"}, "cannot have come in the future"),
        ({"file": SimpleUploadedFile("a.txt", b"words")}, "neither a PDF nor a PNG, JPEG or TIFF picture"),
        (
            {"file": SimpleUploadedFile("a.png", picture()[:16] + b"\0\0\x27\x10\0\0\x27\x10" + picture()[24:])},
            "pixels",
        ),
        ({"file": ""}, "File"),
    ],
)
def test_what_cannot_be_registered_is_refused(
    bureau: Bureau, signed_in: SignIn, changed: dict[str, object], sentence: str
) -> None:
    response = signed_in("rosa").post("/documents/received/new/", {**COVER, "file": scan(), **changed})

    assert response.status_code == 422
    assert sentence in errors_of(response)
    assert not PaperRequest.objects.exists()


def test_what_the_pages_say_is_entered_beside_them_and_given_out_as_a_request_file(
    bureau: Bureau, signed_in: SignIn
) -> None:
    client = signed_in("rosa")
    found = registered(client)
    address = f"/documents/received/{found.pk}/reading/authorities/"
    page = client.get(address)
    assert f"/documents/files/{found.files.get().pk}/" in page.content.decode(), "the pages are in view"
    assert fields_of(page)["request.reference"] == "SN/AC/447"

    response = client.post(
        address, {**fields_of(page), "request.requesting_authority": "Parquet de Dakar (fictif)", "next": ""}
    )

    assert response.headers["Location"] == f"/documents/received/{found.pk}/reading/basis/"
    saved = client.get(f"/documents/received/{found.pk}/request-file/")
    tables = json.loads(saved.content)
    assert tables["request"]["requesting_state"] == "SN"
    assert tables["request"]["requested_state"] == "NL"
    assert "Parquet de Dakar (fictif)" in saved.content.decode()
    assert "What seems to be missing" in text_of(client.get(f"/documents/received/{found.pk}/"))


def test_rows_are_added_changed_and_taken_out(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("rosa")
    found = registered(client)
    base = f"/documents/received/{found.pk}/reading/facts/"
    path = f"{base}request.facts.statements/"
    client.post(f"{path}new/", {**fields_of(client.get(f"{path}new/")), "text": "The clinic burned."})

    found.refresh_from_db()
    (row,) = found.tables["request"]["facts"]["statements"]
    assert (row["id"], row["text"]) == ("fact-1", "The clinic burned.")
    assert "The clinic burned." in text_of(client.get(base))

    client.post(f"{path}1/", {**fields_of(client.get(f"{path}1/")), "text": "Two clinics burned."})
    found.refresh_from_db()
    assert found.tables["request"]["facts"]["statements"][0]["text"] == "Two clinics burned."

    client.post(f"{path}1/", {**fields_of(client.get(f"{path}1/")), "remove": "yes"})
    found.refresh_from_db()
    assert "facts" not in found.tables["request"]
    for wrong in (f"{path}1/", f"{base}request.persons/new/", f"/documents/received/{found.pk}/reading/none/"):
        assert client.get(wrong).status_code == 404


def test_an_older_page_does_not_overwrite_a_newer_reading(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("rosa")
    found = registered(client)
    address = f"/documents/received/{found.pk}/reading/authorities/"
    sent = fields_of(client.get(address))
    client.post(address, sent)

    response = client.post(address, sent)

    assert response.status_code == 422
    assert "Another officer changed this meanwhile" in errors_of(response)


def test_pages_can_be_added_later(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("rosa")
    found = registered(client)
    address = f"/documents/received/{found.pk}/pages/"

    refused = client.post(address, {"file": SimpleUploadedFile("a.txt", b"words")})
    added = client.post(address, {"file": SimpleUploadedFile("annex.png", picture()), "note": "Annex 1"})

    assert refused.status_code == 422
    assert added.status_code == 302
    assert "Annex 1" in text_of(client.get(f"/documents/received/{found.pk}/"))


def test_a_request_is_seen_by_its_officer_and_the_registrars_alone(bureau: Bureau, signed_in: SignIn) -> None:
    found = registered(signed_in("rosa"))
    file = found.files.get()
    addresses = (f"received/{found.pk}/", f"received/{found.pk}/request-file/", f"files/{file.pk}/")
    for address in addresses:
        assert signed_in("anna").get(f"/documents/{address}").status_code == 404

    client = signed_in("rosa")
    client.post(f"/documents/received/{found.pk}/hand-over/", {"officer": bureau["anna"].identifier})

    for address in addresses:
        assert signed_in("anna").get(f"/documents/{address}").status_code == 200
    assert "NL-SN-2026-P0001" in text_of(signed_in("anna").get("/documents/received/"))
    assert signed_in("eva").get("/documents/received/").status_code == 404
    assert signed_in("bram").get(f"/documents/received/{found.pk}/").status_code == 404


def test_a_request_is_given_to_nobody_who_has_no_part_in_cases(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("rosa")
    found = registered(client)

    for officer in (bureau["eva"].identifier, "nobody"):
        client.post(f"/documents/received/{found.pk}/hand-over/", {"officer": officer})

    found.refresh_from_db()
    assert found.officer == bureau["rosa"]


def test_an_approver_registers_nothing(bureau: Bureau, signed_in: SignIn) -> None:
    response = signed_in("bram").post("/documents/received/new/", {**COVER, "file": scan()})

    assert response.status_code == 422
    assert "a registrar or a case officer may do this" in errors_of(response)


def test_a_registered_request_opens_a_case_that_says_that_it_is_on_paper(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("rosa")
    found = registered(client)

    case = Case.objects.get()
    assert found.case == case
    assert (case.reference, case.stage, case.began_here, case.their_reference) == (
        "NL-SN-2026-P0001", "on-paper", False, "SN/AC/447",
    )  # fmt: skip
    assert [member.officer for member in case.members.all()] == [bureau["rosa"]]
    page = text_of(client.get(f"/cases/{case.pk}/"))
    assert "This case rests on a request that came on paper" in page
    assert "Digest of the case record" not in page
    assert "Rosa Reijnders (fictional)" in page
    assert "Asked by" in page
    assert "On paper" in text_of(client.get("/cases/"))
    assert signed_in("stranger").get(f"/cases/{case.pk}/").status_code == 404


def test_a_reference_of_paper_does_not_disturb_those_of_letters(bureau: Bureau, signed_in: SignIn) -> None:
    registered(signed_in("rosa"))

    first, second = bureau.drafted(), bureau.drafted()

    assert (first.case.reference, second.case.reference) == ("NL-SN-2026-00001", "NL-SN-2026-00002")


def test_what_was_read_says_who_entered_it_and_is_found_by_its_words(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("rosa")
    found = registered(client)
    assert "Entered last by" not in text_of(client.get(f"/documents/received/{found.pk}/"))
    path = f"/documents/received/{found.pk}/reading/facts/request.facts.statements/new/"
    client.post(path, {**fields_of(client.get(path)), "text": "The clinic by the river burned."})

    shown = text_of(client.get(f"/documents/received/{found.pk}/"))
    assert "Registered by Rosa Reijnders (fictional)" in shown
    assert "Entered last by Rosa Reijnders (fictional)" in shown
    assert found.reference in text_of(client.get("/cases/?text=river"))


def test_whoever_takes_a_request_over_has_part_in_its_case(bureau: Bureau, signed_in: SignIn) -> None:
    found = registered(signed_in("rosa"))
    again = {"officer": bureau["anna"].identifier}
    for _time in range(2):
        signed_in("rosa").post(f"/documents/received/{found.pk}/hand-over/", again)

    assert signed_in("anna").get(f"/cases/{found.case_id}/").status_code == 200
    assert found.case is not None
    assert found.case.members.count() == 2


def test_a_letter_that_says_the_same_takes_over_from_the_paper(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("rosa")
    found = registered(client)
    address = f"/documents/received/{found.pk}/"
    assert "Their letter has come" not in text_of(client.get(address))
    case = bureau.registered()
    unlettered = found.case_id

    refused = client.post(f"{address}confirm/", {"case": unlettered}, follow=True)
    client.post(f"{address}confirm/", {"case": case.pk})
    twice = client.post(f"{address}confirm/", {"case": case.pk}, follow=True)

    found.refresh_from_db()
    assert found.confirmed_by == case
    assert "Choose a case in which a letter of that State stands." in text_of(refused)
    assert "confirmed by a letter before" in text_of(twice)
    assert Case.objects.get(pk=unlettered).closed
    assert "No request on paper waits for you." in text_of(client.get("/documents/received/"))
    assert "The other authority has sent this as its own letter." in text_of(client.get(address))
    assert "The request of this case came on paper first" in text_of(client.get(f"/cases/{case.pk}/"))
    assert signed_in("anna").post(f"{address}confirm/", {"case": case.pk}, follow=True).status_code == 404


def test_a_request_on_paper_is_acknowledged_on_paper(bureau: Bureau, signed_in: SignIn, tmp_path: Path) -> None:
    client = signed_in("rosa")
    found = registered(client)
    address = f"/documents/cases/{found.case_id}/new/acknowledgement/{found.pk}/"
    sent = fields_of(client.get(address))
    assert sent["said.own_reference"] == "NL-SN-2026-P0001"

    response = client.post(address, {**sent, "language": "ar"})

    assert response.status_code == 302, errors_of(response)
    pdf = client.get(f"{response.headers['Location']}pdf/").content
    text = squeezed(pdf_text(pdf, tmp_path))
    for words in ("Autorité centrale du Sénégal", "SN/AC/447", "NL-SN-2026-P0001", "2026"):
        assert squeezed(words) in text


def test_a_state_without_card_is_named_as_its_paper_names_it(bureau: Bureau, signed_in: SignIn, tmp_path: Path) -> None:
    client = signed_in("rosa")
    found = registered(client, partner="ML")
    address = f"/documents/received/{found.pk}/reading/authorities/"
    client.post(
        address, {**fields_of(client.get(address)), "request.requesting_authority": "Parquet de Bamako (fictif)"}
    )
    answer = f"/documents/cases/{found.case_id}/new/acknowledgement/{found.pk}/"

    response = client.post(answer, fields_of(client.get(answer)))

    pdf = client.get(f"{response.headers['Location']}pdf/").content
    assert squeezed("Parquet de Bamako (fictif)") in squeezed(pdf_text(pdf, tmp_path))

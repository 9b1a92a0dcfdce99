"""Letters that came in: taken up by a registrar, read, saved to be verified elsewhere."""

from __future__ import annotations

import zipfile
from io import BytesIO

from support.offices import Bureau, measure_of
from support.pages import SignIn, addresses_of, text_of


def test_a_new_case_is_seen_by_registrars_until_one_takes_it_up(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.asked()
    letter = case.letters.get()
    client = signed_in("rosa")
    page = client.get("/messages/incoming/")
    assert "To be registered" in text_of(page)
    assert f"/messages/incoming/{letter.pk}/" in addresses_of(page)
    shown = client.get(f"/messages/incoming/{letter.pk}/")
    assert "Take the case up" in text_of(shown)
    assert client.get(f"/cases/{case.pk}/").status_code == 404, "she has no part in it yet"

    response = client.post(f"/messages/incoming/{letter.pk}/take-up/")

    assert response.headers["Location"] == f"/cases/{case.pk}/"
    after = client.get(f"/messages/incoming/{letter.pk}/")
    assert "Take the case up" not in text_of(after)
    assert f"/requests/act/{case.pk}/{letter.proceeding}/acknowledgement/" in addresses_of(after)
    assert signed_in("stranger").get(f"/messages/incoming/{letter.pk}/").status_code == 404


def test_a_letter_is_read_with_who_signed_it_and_what_seems_missing(bureau: Bureau, signed_in: SignIn) -> None:
    letter = bureau.asked().letters.get()

    shown = text_of(signed_in("rosa").get(f"/messages/incoming/{letter.pk}/"))

    for words in (
        "Awa Diop (fictional)",
        "approved by Moussa Fall (fictional)",
        letter.digest,
        "Legal basis",
        "Persons",
    ):
        assert words in shown
    assert shown.index("Summary") > shown.index("Facts")


def test_only_a_registrar_takes_a_case_up(bureau: Bureau, signed_in: SignIn) -> None:
    letter = bureau.asked().letters.get()

    assert signed_in("anna").post(f"/messages/incoming/{letter.pk}/take-up/").status_code == 404
    assert not letter.case.members.exists()


def test_files_that_are_still_arriving_are_said_to_be(bureau: Bureau, signed_in: SignIn) -> None:
    from dedere.node.evidence.models import Item
    from dedere.node.exchange.models import IncomingPart

    case = bureau.requested()
    bureau.arrives("acceptance", {"measures": [{"measure": measure_of(case)}]}, case=case)
    outcome = {"measure": measure_of(case), "outcome": "executed", "text": "Heard."}
    letter = bureau.arrives("result", {"measures": [outcome]}, case=case, files={"record.pdf": b"%PDF-1.7 r"})
    client = signed_in("anna")
    assert "Here, whole" in text_of(client.get(f"/messages/incoming/{letter}/"))

    IncomingPart.objects.update(state=IncomingPart.State.EXPECTED, receipt=None, stored_at=None)
    Item.objects.filter(letter=letter).update(letter="")

    page = text_of(client.get(f"/messages/incoming/{letter}/"))
    assert "Still arriving" in page
    assert "record.pdf" in page
    assert "Still arriving" in text_of(client.get("/messages/incoming/"))
    assert "Its files are still arriving" in text_of(client.get(f"/cases/{case.pk}/"))


def test_nothing_waits_and_the_page_says_so(signed_in: SignIn) -> None:
    assert "No letter waits." in text_of(signed_in("anna").get("/messages/incoming/"))


def test_a_received_letter_is_saved_as_it_was_signed(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.registered()
    letter = case.letters.get(sender="SN")
    client = signed_in("rosa")

    response = client.get(f"/messages/{letter.pk}/container/")

    assert response.headers["Content-Type"] == "application/vnd.etsi.asic-e+zip"
    with zipfile.ZipFile(BytesIO(response.content)) as container:
        assert {"mimetype", "letter.json", "act.pdf"} <= set(container.namelist())
    document = client.get(f"/messages/{letter.pk}/document/")
    assert document.content == b"%PDF-1.7 a fictional act\n"


def test_a_copy_that_is_gone_is_a_fault_of_the_house_and_says_so(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.registered()
    letter = case.letters.get(sender="SN")
    (bureau.office.home.letters / f"{letter.pk}.age").unlink()

    response = signed_in("rosa").get(f"/messages/{letter.pk}/container/")

    assert response.status_code == 503
    assert "Our copy of the letter cannot be read" in text_of(response)

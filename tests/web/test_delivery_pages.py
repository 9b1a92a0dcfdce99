"""Deliveries: how far a letter has come, what proves it, and trying again."""

from __future__ import annotations

import pytest

from dedere.node.exchange.models import OutgoingLetter, OutgoingPart
from support.offices import Bureau
from support.pages import SignIn, text_of


def test_a_letter_that_waits_says_when_it_is_tried_again(bureau: Bureau, signed_in: SignIn) -> None:
    letter = bureau.requested().letters.get()
    OutgoingLetter.objects.update(failures=3, last_code="partner-unreachable")
    client = signed_in("anna")

    page = text_of(client.get(f"/messages/{letter.pk}/"))

    for words in ("Waits to be sent", "3 tries failed so far", "Next try by itself", "Try again now", "None yet"):
        assert words in page
    assert client.get(f"/messages/{letter.pk}/receipt/").status_code == 404
    listed = text_of(client.get("/messages/"))
    assert "Waits to be sent" in listed


def test_a_delivered_letter_has_its_receipt(bureau: Bureau, signed_in: SignIn) -> None:
    letter = bureau.requested().letters.get()
    bureau.delivered(letter.pk)
    client = signed_in("anna")

    page = text_of(client.get(f"/messages/{letter.pk}/"))

    assert "Received by their machine 24 November 2026" in page
    assert "Registered by their officer Waiting" in page
    assert "Try again now" not in page
    assert client.get(f"/messages/{letter.pk}/receipt/").content == b"a receipt"


def test_large_parts_are_a_station_of_their_own(bureau: Bureau, signed_in: SignIn) -> None:
    letter = bureau.requested().letters.get()
    bureau.delivered(letter.pk)
    row = OutgoingLetter.objects.get()
    for number in ("one", "two"):
        OutgoingPart.objects.create(letter=row, pk=number, facts={"sealed_size": 10}, header=b"")
    OutgoingPart.objects.filter(pk="one").update(receipt=b"r")

    page = text_of(signed_in("anna").get(f"/messages/{letter.pk}/"))

    assert "Large parts received Waiting · 1 of 2" in page
    assert "Registered by their officer Not yet" in page
    assert "1 of 2 files" in text_of(signed_in("anna").get("/messages/"))


def test_a_refused_letter_says_why(bureau: Bureau, signed_in: SignIn) -> None:
    letter = bureau.requested().letters.get()
    OutgoingLetter.objects.update(state="refused", last_code="card-unknown")

    page = text_of(signed_in("anna").get(f"/messages/{letter.pk}/"))

    assert "Refused at their door" in page
    assert "Did not happen" in page
    assert "Last try:" in page


def test_an_officer_has_it_tried_now(bureau: Bureau, signed_in: SignIn) -> None:
    letter = bureau.requested().letters.get()
    client = signed_in("anna")

    response = client.post(f"/messages/{letter.pk}/retry/")

    assert response.headers["Location"] == f"/messages/{letter.pk}/"
    assert "tried again now" in text_of(client.get(f"/messages/{letter.pk}/"))
    assert signed_in("stranger").post(f"/messages/{letter.pk}/retry/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"), [("", True), ("?state=queued", True), ("?state=refused", False), ("?state=x", True)]
)
def test_deliveries_are_listed_by_state(bureau: Bureau, signed_in: SignIn, query: str, found: bool) -> None:  # noqa: FBT001
    case = bureau.requested()

    page = text_of(signed_in("anna").get(f"/messages/{query}"))

    assert (case.reference in page) is found
    assert ("No letter in this state." in page) is not found


def test_a_letter_of_a_strangers_case_is_not_there(bureau: Bureau, signed_in: SignIn) -> None:
    letter = bureau.requested().letters.get()
    client = signed_in("stranger")

    for address in ("", "document/", "container/", "receipt/"):
        assert client.get(f"/messages/{letter.pk}/{address}").status_code == 404
    assert bureau.requested().reference not in text_of(client.get("/messages/"))

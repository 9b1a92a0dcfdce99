"""The register and the law: what is known, how it is known, and trusting a card."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dedere.node.exchange.models import PartnerCard
from dedere.node.trust import own_card
from support.offices import Bureau
from support.pages import SignIn, addresses_of, errors_of, text_of


def test_the_register_lists_states_with_their_cards(signed_in: SignIn) -> None:
    page = signed_in("anna").get("/register/")

    assert "Autorité centrale du Sénégal (fictive)" in text_of(page)
    assert "no. 1, pinned" in text_of(page)
    assert "/register/SN/" in addresses_of(page)


def test_states_are_sorted_by_their_names_in_the_language_of_the_page(signed_in: SignIn) -> None:
    page = signed_in("anna").get("/register/", headers={"accept-language": "fr"})

    listed = [address for address in addresses_of(page) if address.startswith("/register/")]
    assert listed.index("/register/AL/") < listed.index("/register/DE/") < listed.index("/register/AD/")
    assert listed.index("/register/MN/") < listed.index("/register/SI/")


def test_a_state_shows_what_binds_it_and_its_fingerprint(bureau: Bureau, signed_in: SignIn) -> None:
    page = text_of(signed_in("anna").get("/register/SN/"))

    for words in (
        "United Nations Convention against Corruption",
        own_card(bureau.other.home).fingerprint,
        "Signs letters",
    ):
        assert words in page
    assert "Pin a card" not in page
    assert "Pin a card" in text_of(signed_in("max").get("/register/SN/"))


def test_a_stolen_card_is_marked(bureau: Bureau, signed_in: SignIn) -> None:
    PartnerCard.objects.update(compromised_at=bureau.clock.now())

    assert "Stolen" in text_of(signed_in("anna").get("/register/SN/"))


def test_a_state_without_a_card_says_so(signed_in: SignIn) -> None:
    page = text_of(signed_in("anna").get("/register/FR/"))

    assert "No card of its authority is pinned." in page


@pytest.mark.parametrize("code", ["XX", "xx", "SENEGAL"])
def test_a_state_there_is_not_has_no_page(signed_in: SignIn, code: str) -> None:
    assert signed_in("anna").get(f"/register/{code}/").status_code == 404


def test_a_card_is_pinned_by_its_fingerprint_from_paper(bureau: Bureau, signed_in: SignIn) -> None:
    card = own_card(bureau.other.home)
    PartnerCard.objects.all().delete()
    client = signed_in("max")
    wrong = client.post(
        "/register/SN/card/",
        {"card": SimpleUploadedFile("sn.asice", card.container), "fingerprint": "11111 22222 33333 44444 55555 66666"},
    )
    assert wrong.status_code == 422
    assert errors_of(wrong)
    assert not PartnerCard.objects.exists()

    right = client.post(
        "/register/SN/card/",
        {"card": SimpleUploadedFile("sn.asice", card.container), "fingerprint": card.fingerprint},
    )

    assert right.headers["Location"] == "/register/SN/"
    assert PartnerCard.objects.get().digest == card.digest


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"no card at all", "Card of the authority"), (b"x" * (256 * 1024 + 1), "A card has at most 256 kB.")],
)
def test_a_file_that_is_no_card_is_refused_at_its_field(signed_in: SignIn, data: bytes, said: str) -> None:
    response = signed_in("max").post(
        "/register/SN/card/", {"card": SimpleUploadedFile("sn.asice", data), "fingerprint": "11111"}
    )

    assert response.status_code == 422
    assert said in errors_of(response)


def test_only_an_administrator_pins(bureau: Bureau, signed_in: SignIn) -> None:
    card = own_card(bureau.other.home)

    response = signed_in("anna").post(
        "/register/SN/card/",
        {"card": SimpleUploadedFile("sn.asice", card.container), "fingerprint": card.fingerprint},
    )

    assert "Only an administrator may do this." in errors_of(response)


def test_the_law_says_how_much_of_it_is_verified(signed_in: SignIn) -> None:
    page = text_of(signed_in("anna").get("/law/"))

    assert "LHC" in page
    assert "All" in page
    assert "Paraphrases are not the text" in page


def test_provisions_are_searched(signed_in: SignIn) -> None:
    client = signed_in("anna")

    found = text_of(client.get("/law/lhc/", {"text": "hearing by video"}))
    nothing = text_of(client.get("/law/lhc/", {"text": "no such words"}))

    assert "video" in found.lower()
    assert "No provision has these words." in nothing


def test_a_provision_shows_what_is_derived_from_it(signed_in: SignIn) -> None:
    page = text_of(signed_in("anna").get("/law/lhc/mla.scope/"))

    assert "A paraphrase, not the text of the treaty." in page
    assert "Not verified" in page or "Verified" in page


@pytest.mark.parametrize("address", ["/law/nothing/", "/law/lhc/nothing/", "/law/nothing/mla.scope/"])
def test_law_there_is_not_has_no_page(signed_in: SignIn, address: str) -> None:
    assert signed_in("anna").get(address).status_code == 404


def test_who_may_ask_is_answered_with_reasons(signed_in: SignIn) -> None:
    asked = {"requesting": "NL", "requested": "SN", "function": "mla", "crime": "genocide"}

    page = signed_in("anna").get("/law/who-may-ask/", asked)

    assert page.status_code == 200
    assert "Does LHC carry mutual legal assistance from the Netherlands to Senegal?" in text_of(page)
    assert page.content.decode().count("<details") >= 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"requesting": "NL", "requested": "NL", "function": "mla", "crime": "genocide"}, "cannot ask itself"),
        ({"requesting": "NL", "requested": "", "function": "mla", "crime": "genocide"}, "Who is asked"),
        ({"requesting": "NL", "requested": "SN", "function": "mla", "crime": "theft"}, "About which crime"),
    ],
)
def test_a_question_that_cannot_be_asked_is_said(signed_in: SignIn, asked: dict[str, str], said: str) -> None:
    response = signed_in("anna").get("/law/who-may-ask/", asked)

    assert response.status_code == 422
    assert said in errors_of(response)

"""Signing in and out, the language of the pages, and an officer's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.node.accounts.actions import make_sign_in_link
from support.offices import PASSWORD, Bureau
from support.pages import SignIn, errors_of, text_of

if TYPE_CHECKING:
    from django.test import Client


def with_password(bureau: Bureau, name: str) -> None:
    officer = bureau[name]
    officer.set_password(PASSWORD)
    officer.save()


def test_name_and_password_lead_to_where_the_officer_was_going(bureau: Bureau, client: Client) -> None:
    with_password(bureau, "anna")

    response = client.post("/sign-in/", {"sign_in_name": "ANNA", "password": PASSWORD, "next": "/cases/"})

    assert response.status_code == 302
    assert response.headers["Location"] == "/cases/"
    assert client.get("/cases/").status_code == 200


def test_what_was_wrong_is_not_told(bureau: Bureau, client: Client) -> None:
    with_password(bureau, "anna")

    shown = [
        errors_of(client.post("/sign-in/", {"sign_in_name": name, "password": password}))
        for name, password in (("anna", "wrong words altogether"), ("nobody", PASSWORD))
    ]

    assert shown[0] == shown[1]
    assert "The sign-in name or the password is not right." in shown[0]


def test_nothing_typed_is_said_at_each_field(bureau: Bureau, client: Client) -> None:
    response = client.post("/sign-in/", {})

    assert response.status_code == 422
    assert "Sign-in name: This field is required." in errors_of(response)
    assert 'href="#id_password"' in response.content.decode()
    assert response.content.decode().count("Error:") >= 3  # in the title and at both fields


def test_an_address_outside_the_office_is_not_followed(bureau: Bureau, client: Client) -> None:
    with_password(bureau, "anna")

    for outside in (
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "javascript:alert(1)",
        "/\\elsewhere.example",
    ):
        response = client.post("/sign-in/", {"sign_in_name": "anna", "password": PASSWORD, "next": outside})
        assert response.headers["Location"] == "/"
        client.post("/sign-out/")


def test_whoever_has_signed_in_is_not_asked_again(signed_in: SignIn) -> None:
    assert signed_in("anna").get("/sign-in/").headers["Location"] == "/"


def test_opening_a_link_does_not_spend_it_and_its_button_does(bureau: Bureau, client: Client) -> None:
    token = make_sign_in_link(officer=bureau["anna"])

    assert client.get(f"/sign-in/{token}/").status_code == 200
    assert client.get(f"/sign-in/{token}/").status_code == 200
    assert client.post(f"/sign-in/{token}/").headers["Location"] == "/"
    assert "Anna de Wit" in text_of(client.get("/"))

    client.post("/sign-out/")
    again = client.post(f"/sign-in/{token}/")
    assert again.status_code == 422
    assert "no longer good" in text_of(again)
    assert client.get("/").status_code == 302


def test_signing_out_ends_the_visit(signed_in: SignIn) -> None:
    client = signed_in("anna")

    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


def test_the_language_is_remembered_with_the_officer(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("anna")

    response = client.post("/language/", {"language": "fr", "next": "/cases/"})

    assert response.headers["Location"] == "/cases/"
    bureau["anna"].refresh_from_db()
    assert bureau["anna"].language == "fr"
    assert '<html lang="fr" dir="ltr"' in client.get("/").content.decode()


def test_an_unknown_language_changes_nothing(bureau: Bureau, client: Client) -> None:
    client.post("/language/", {"language": "xx"})

    assert '<html lang="en"' in client.get("/sign-in/").content.decode()


def test_a_visitor_may_choose_a_language_before_signing_in(bureau: Bureau, client: Client) -> None:
    client.post("/language/", {"language": "es"})

    assert '<html lang="es"' in client.get("/sign-in/").content.decode()


def test_signing_in_brings_the_officers_language(bureau: Bureau, client: Client) -> None:
    with_password(bureau, "anna")
    officer = bureau["anna"]
    officer.language = "fr"
    officer.save()

    client.post("/sign-in/", {"sign_in_name": "anna", "password": PASSWORD})

    assert '<html lang="fr"' in client.get("/").content.decode()


def test_pages_in_arabic_read_from_right_to_left(bureau: Bureau, client: Client) -> None:
    client.post("/language/", {"language": "ar"})

    page = client.get("/sign-in/").content.decode()

    assert '<html lang="ar" dir="rtl"' in page
    assert "dedere/dedere-rtl.css" in page


def test_a_first_password_is_set_and_a_later_one_needs_the_first(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("anna")

    assert client.post("/account/", {"old": "", "new": PASSWORD}).status_code == 302
    assert client.get("/account/").status_code == 200, "the visit goes on"

    wrong = client.post("/account/", {"old": "not the password", "new": "another four words now"})
    assert wrong.status_code == 422
    assert errors_of(wrong)


def test_a_weak_password_is_refused_with_the_reason(signed_in: SignIn) -> None:
    response = signed_in("anna").post("/account/", {"old": "", "new": "short"})

    assert response.status_code == 422
    assert "at least 12 characters" in errors_of(response)

"""Passkeys from the first sign-in, recovery codes, lock-out, visits, and what an administrator may do about them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.node.accounts import actions
from dedere.node.accounts.models import FailedSignIn, Passkey, RecoveryCode, Visit
from dedere.node.audit.models import Event
from dedere.node.office import using
from support.offices import PASSWORD, Bureau
from support.pages import SignIn, errors_of, text_of
from support.securitykey import SecurityKey

if TYPE_CHECKING:
    from collections.abc import Iterator

ORIGIN = "http://testserver"


@pytest.fixture
def strict(bureau: Bureau) -> Iterator[Bureau]:
    """The same office, no longer a demonstration: everybody needs a second factor. Anna and Max have passwords."""
    office = dataclasses.replace(bureau.office, home=dataclasses.replace(bureau.office.home, demonstration=False))
    for name in ("anna", "max"):
        bureau[name].set_password(PASSWORD)
        bureau[name].save()
    with using(office):
        yield bureau


def question(response: Any) -> dict[str, Any]:
    """What the page asks the browser."""
    found = re.search(r'<script id="passkey-question"[^>]*>(.*?)</script>', response.content.decode(), re.DOTALL)
    assert found
    asked: dict[str, Any] = json.loads(html.unescape(found[1]))
    return asked


def first_factor(client: Client, name: str = "anna", password: str = PASSWORD) -> Any:
    return client.post("/sign-in/", {"sign_in_name": name, "password": password, "next": "/cases/"})


def enrol(client: Client, key: SecurityKey, name: str = "anna") -> list[str]:
    """Sign in for the first time and make a passkey; the recovery codes."""
    first_factor(client, name)
    asked = question(client.get("/account/passkeys/add/"))
    response = client.post("/account/passkeys/add/", {"name": "Key in the safe", "answer": key.create(asked)})
    assert response.status_code == 200
    return re.findall(r"<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>", response.content.decode())


def prove(client: Client, key: SecurityKey) -> Any:
    asked = question(client.get("/sign-in/second/"))
    return client.post("/sign-in/second/", {"answer": key.get(asked)})


# ---- the first time


def test_somebody_without_a_passkey_reaches_nothing_before_there_is_one(strict: Bureau, client: Client) -> None:
    assert first_factor(client).headers["Location"] == "/cases/"
    for page in ("/", "/cases/", "/account/", "/system/", "/law/"):
        assert client.get(page).headers["Location"] == "/account/passkeys/add/"

    codes = enrol(Client(), SecurityKey(ORIGIN))

    assert len(set(codes)) == 10
    assert Passkey.objects.get().name == "Key in the safe"


def test_after_the_passkey_is_made_the_office_is_open(strict: Bureau, client: Client) -> None:
    enrol(client, SecurityKey(ORIGIN))

    assert client.get("/cases/").status_code == 200
    assert "10 recovery codes are left" in text_of(client.get("/account/"))


def test_no_code_is_kept_in_clear(strict: Bureau, client: Client) -> None:
    codes = enrol(client, SecurityKey(ORIGIN))

    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


@pytest.mark.parametrize(
    "answer", ["", "{", "[]", "{}", '{"id": 1}', '{"id": "a", "rawId": "a", "response": {}, "type": "public-key"}']
)
def test_no_answer_or_nonsense_makes_no_passkey(strict: Bureau, client: Client, answer: str) -> None:
    first_factor(client)
    client.get("/account/passkeys/add/")

    response = client.post("/account/passkeys/add/", {"name": "Key", "answer": answer})

    assert response.status_code == 422
    assert "passkey" in errors_of(response)
    assert not Passkey.objects.exists()


def test_an_answer_made_for_another_site_is_worth_nothing(strict: Bureau, client: Client) -> None:
    first_factor(client)
    asked = question(client.get("/account/passkeys/add/"))

    response = client.post(
        "/account/passkeys/add/", {"name": "Key", "answer": SecurityKey("https://elsewhere.example").create(asked)}
    )

    assert "did not prove itself" in errors_of(response)
    assert not Passkey.objects.exists()


def test_a_question_takes_one_answer(strict: Bureau, client: Client) -> None:
    key = SecurityKey(ORIGIN)
    first_factor(client)
    asked = question(client.get("/account/passkeys/add/"))
    answer = key.create(asked)
    client.post("/account/passkeys/add/", {"name": "Key", "answer": answer})

    assert client.post("/account/passkeys/add/", {"name": "Again", "answer": answer}).status_code == 422
    assert Passkey.objects.count() == 1


def test_a_demonstration_asks_for_no_second_factor(bureau: Bureau, client: Client) -> None:
    bureau["anna"].set_password(PASSWORD)
    bureau["anna"].save()

    first_factor(client)

    assert client.get("/cases/").status_code == 200


# ---- every other time


def test_a_password_alone_signs_nobody_in_who_has_a_passkey(strict: Bureau, client: Client) -> None:
    enrol(Client(), SecurityKey(ORIGIN))

    assert first_factor(client).headers["Location"] == "/sign-in/second/"
    for page in ("/", "/cases/", "/account/passkeys/add/"):
        assert client.get(page).headers["Location"].startswith("/sign-in/")


def test_a_passkey_signs_in_and_leads_where_the_officer_was_going(strict: Bureau, client: Client) -> None:
    key = SecurityKey(ORIGIN)
    enrol(Client(), key)
    first_factor(client)

    assert prove(client, key).headers["Location"] == "/cases/"
    assert client.get("/cases/").status_code == 200
    assert Passkey.objects.get().uses == 1
    assert Event.objects.filter(action="signed-in").last() is not None


def test_a_one_time_link_asks_for_the_passkey_too(strict: Bureau, client: Client) -> None:
    key = SecurityKey(ORIGIN)
    enrol(Client(), key)
    token = actions.make_sign_in_link(officer=strict["anna"])

    assert client.post(f"/sign-in/{token}/").headers["Location"] == "/sign-in/second/"
    assert prove(client, key).status_code == 302


def test_somebody_elses_passkey_proves_nothing(strict: Bureau, client: Client) -> None:
    enrol(Client(), SecurityKey(ORIGIN))
    theirs = SecurityKey(ORIGIN, identifier=b"key-2")
    enrol(Client(), theirs, "max")
    first_factor(client)

    response = prove(client, theirs)

    assert response.status_code == 422
    assert "did not prove itself" in errors_of(response)


def test_a_copied_passkey_is_found_by_its_counter(strict: Bureau, client: Client) -> None:
    key = SecurityKey(ORIGIN)
    enrol(Client(), key)
    first_factor(client)
    prove(client, key)
    copied = dataclasses.replace(key, uses=0)
    other = Client()
    first_factor(other)

    response = prove(other, copied)

    assert "has been copied" in errors_of(response)
    assert other.get("/").status_code == 302


def test_a_recovery_code_signs_in_once(strict: Bureau, client: Client) -> None:
    code = enrol(Client(), SecurityKey(ORIGIN))[3]
    first_factor(client)

    assert client.post("/sign-in/second/", {"code": code.upper().replace("-", " ")}).status_code == 302
    assert client.get("/cases/").status_code == 200

    again = Client()
    first_factor(again)
    assert "was used before" in errors_of(again.post("/sign-in/second/", {"code": code}))


def test_the_second_step_belongs_to_a_first_one(strict: Bureau, client: Client) -> None:
    assert client.get("/sign-in/second/").headers["Location"] == "/sign-in/"
    assert client.post("/sign-in/second/", {"code": "aaaa-aaaa-aaaa-aaaa"}).headers["Location"] == "/sign-in/"


def test_whoever_is_dismissed_between_the_steps_stays_outside(strict: Bureau, client: Client) -> None:
    key = SecurityKey(ORIGIN)
    enrol(Client(), key)
    first_factor(client)
    actions.deactivate_officer(by=strict["max"], officer=strict["anna"])

    assert client.get("/sign-in/second/").headers["Location"] == "/sign-in/"


# ---- too many failures


def test_five_failures_close_the_door_for_a_quarter_of_an_hour(strict: Bureau, client: Client) -> None:
    for _ in range(5):
        assert "not right" in errors_of(first_factor(client, password="not this one at all"))

    assert "Too many attempts failed: try again after 09:15 UTC." in errors_of(first_factor(client))

    strict.clock.advance(dt.timedelta(minutes=15, seconds=1))
    assert first_factor(client).status_code == 302


def test_the_door_closes_for_a_name_that_nobody_has_as_well(strict: Bureau, client: Client) -> None:
    for _ in range(5):
        first_factor(client, name="nobody")

    assert "Too many attempts" in errors_of(first_factor(client, name="NOBODY"))
    assert "nobody" not in " ".join(FailedSignIn.objects.values_list("subject", flat=True))


def test_guessing_recovery_codes_closes_the_door(strict: Bureau, client: Client) -> None:
    code = enrol(Client(), SecurityKey(ORIGIN))[0]
    first_factor(client)
    for _ in range(5):
        client.post("/sign-in/second/", {"code": "aaaa-aaaa-aaaa-aaaa"})

    assert "Too many attempts" in errors_of(client.post("/sign-in/second/", {"code": code}))


def test_signing_in_forgets_what_failed_before(strict: Bureau, client: Client) -> None:
    key = SecurityKey(ORIGIN)
    enrol(Client(), key)
    for _ in range(4):
        first_factor(client, password="not this one at all")
    first_factor(client)
    prove(client, key)

    assert not FailedSignIn.objects.exists()


# ---- an officer's own page


def test_the_only_passkey_stays_and_another_may_go(strict: Bureau, client: Client) -> None:
    enrol(client, SecurityKey(ORIGIN))
    first = Passkey.objects.get()
    assert "your only passkey" in text_of(client.post(f"/account/passkeys/{first.identifier}/remove/", follow=True))

    asked = question(client.get("/account/passkeys/add/"))
    assert asked["publicKey"]["excludeCredentials"]
    second = SecurityKey(ORIGIN, identifier=b"key-2")
    client.post("/account/passkeys/add/", {"name": "Second", "answer": second.create(asked)})
    client.post(f"/account/passkeys/{first.identifier}/remove/")

    assert [each.name for each in Passkey.objects.all()] == ["Second"]


def test_nobody_removes_somebody_elses_passkey(strict: Bureau, client: Client) -> None:
    enrol(Client(), SecurityKey(ORIGIN))
    enrol(client, SecurityKey(ORIGIN, identifier=b"key-2"), "max")
    theirs = Passkey.objects.get(officer=strict["anna"])

    client.post(f"/account/passkeys/{theirs.identifier}/remove/")

    assert Passkey.objects.filter(pk=theirs.pk).exists()


def test_new_recovery_codes_make_the_old_ones_worthless(strict: Bureau, client: Client) -> None:
    old = enrol(client, SecurityKey(ORIGIN))[0]
    client.post("/account/recovery-codes/")

    other = Client()
    first_factor(other)
    assert "not good" in errors_of(other.post("/sign-in/second/", {"code": old}))
    assert RecoveryCode.objects.filter(officer=strict["anna"]).count() == 10


def test_a_visit_elsewhere_is_shown_and_can_be_ended(strict: Bureau, client: Client) -> None:
    key = SecurityKey(ORIGIN)
    elsewhere = Client(headers={"User-Agent": "A browser in the library"})
    enrol(elsewhere, key)
    first_factor(client)
    prove(client, key)

    page = client.get("/account/")
    assert "A browser in the library" in text_of(page)
    assert "This browser" in text_of(page)
    visit = Visit.objects.get(browser="A browser in the library")
    client.post("/account/visits/end/", {"visit": visit.identifier})

    assert elsewhere.get("/cases/").headers["Location"].startswith("/sign-in/")
    assert client.get("/cases/").status_code == 200


def test_all_other_visits_end_at_once(strict: Bureau, client: Client) -> None:
    key = SecurityKey(ORIGIN)
    enrol(elsewhere := Client(), key)
    first_factor(client)
    prove(client, key)
    client.post("/account/visits/end/")

    assert elsewhere.get("/").status_code == 302
    assert client.get("/").status_code == 200


def test_nobody_ends_somebody_elses_visit(strict: Bureau, client: Client) -> None:
    enrol(elsewhere := Client(), SecurityKey(ORIGIN))
    enrol(client, SecurityKey(ORIGIN, identifier=b"key-2"), "max")
    client.post("/account/visits/end/", {"visit": Visit.objects.get(officer=strict["anna"]).identifier})

    assert elsewhere.get("/").status_code == 200


# ---- the administrator


def test_a_reset_signs_out_and_lets_the_officer_make_a_new_passkey(strict: Bureau, client: Client) -> None:
    enrol(anna := Client(), SecurityKey(ORIGIN))
    enrol(client, SecurityKey(ORIGIN, identifier=b"key-2"), "max")
    page = f"/system/officers/{strict['anna'].identifier}/"
    assert "1 passkey" in text_of(client.get(page))

    assert "forgotten" in text_of(client.post(page, {"do": "reset"}, follow=True))

    assert anna.get("/").headers["Location"].startswith("/sign-in/")
    first_factor(anna)
    assert anna.get("/").headers["Location"] == "/account/passkeys/add/"
    assert Event.objects.filter(action="second-factor-reset").exists()


def test_another_link_is_shown_once_and_the_access_can_be_ended(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("max")
    page = f"/system/officers/{bureau['anna'].identifier}/"

    link = re.search(r"/sign-in/[a-z2-7]{26}/", client.post(page, {"do": "link"}).content.decode())
    assert link
    assert Client().post(link[0]).status_code == 302

    assert "has ended" in text_of(client.post(page, {"do": "end"}, follow=True))
    assert "no longer works here" in text_of(client.post(page, {"do": "link"}, follow=True))
    assert "Choose what" in text_of(client.post(page, {"do": "anything"}, follow=True))


def test_an_administrator_does_none_of_it_to_themselves(bureau: Bureau) -> None:
    for act in (actions.reset_second_factor, actions.renew_link, actions.deactivate_officer):
        with pytest.raises(InputError):
            act(by=bureau["max"], officer=bureau["max"])
        with pytest.raises(PermissionRefusedError):
            act(by=bureau["anna"], officer=bureau["bram"])

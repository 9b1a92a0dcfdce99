"""The pages of the compartment: sealing, asking, deciding, looking, recovering; and who never sees any of it."""

from __future__ import annotations

import io

import pytest
from django.test import Client

from dedere.node.persons.memory import forget_guard_secret
from dedere.node.persons.models import CustodianKey, Look, Person
from support.custody import PASSPHRASE, SPELLINGS, Custody, unlocked_guard
from support.offices import Bureau
from support.pages import SignIn, client_of, errors_of, text_of

REASON = "The court asks whether she may be heard by video."
TYPED = {
    "alias": "Amber",
    "roles": ["witness", "victim"],
    "names": "Vukašinović, Dragoljub\nВукашиновић, Драгољуб\nفوكاشينوفيتش، دراغوليوب",
    "born": "1971-05-27",
    "nationality": "rs",
    "documents": "passport; QX 771 8842; RS; 2031",
    "places": "14 Ulica lipa, Dol",
    "contacts": "+381 64 771 8842",
    "tell_tales": "the miller of Dol",
    "relocation_pointer": "WP-2025/0117",
}


def brought(kept: Custody, name: str, **more: object) -> dict[str, object]:
    """What a custodian sends with a form."""
    return {"key_file": io.BytesIO(kept.files[name]), "passphrase": PASSPHRASE, **more}


def test_an_identity_is_sealed_asked_for_granted_seen_and_over(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.drafted().case
    anna, koos = client_of(bureau, "anna"), client_of(bureau, "koos")
    page = anna.get(f"/persons/{case.pk}/protect/")
    assert "Koos Kuiper" in text_of(page)
    sealed = anna.post(f"/persons/{case.pk}/protect/", {**TYPED, "custodians": list(kept.digests.values())})
    assert sealed.status_code == 302, errors_of(sealed)
    person = Person.objects.get(alias="Amber")
    assert person.roles == ("witness", "victim")

    shown = text_of(anna.get(f"/persons/{case.pk}/{person.pk}/"))
    assert "Amber" in shown
    assert "Witness, Victim" in shown
    assert "Protect victims, witnesses, experts" in shown
    refused = anna.post(f"/persons/{case.pk}/{person.pk}/look/", {"reason": "Is it Vukasinovic?"})
    assert "a protected detail in this passage" in errors_of(refused)
    asked = anna.post(f"/persons/{case.pk}/{person.pk}/look/", {"reason": REASON})
    look = asked.headers["Location"]
    assert "has not decided yet" in text_of(anna.get(look))
    assert "An officer asks to see who Amber is" in text_of(koos.get("/"))
    assert REASON in text_of(koos.get("/persons/custody/"))
    wrong = koos.post(look, {**brought(kept, "koos"), "passphrase": "another passphrase", "minutes": "10"})
    assert (wrong.status_code, "passphrase" in errors_of(wrong)) == (422, True)
    assert koos.post(look, brought(kept, "koos", minutes="10")).status_code == 302

    assert "You may look who Amber is" in text_of(anna.get("/"))
    assert "Vuka" not in anna.get(look).content.decode()
    seen = anna.post(look)
    assert "Вукашиновић" in seen.content.decode()
    assert "Anna de Wit" in seen.content.decode()
    assert seen.headers["Refresh"].startswith("600;")
    assert "no-store" in seen.headers["Cache-Control"]
    assert Client().post(look).status_code == 302
    other_browser = client_of(bureau, "anna").post(look)
    assert (other_browser.status_code, "browser in which you asked" in text_of(other_browser)) == (422, True)
    bureau.tick(10)
    over = anna.post(look)
    assert "This look is over" in text_of(over)
    assert Look.objects.get().state == Look.State.GRANTED
    assert anna.post(f"{look}end/").status_code == 302
    assert Look.objects.get().content is None


def test_a_broken_glass_is_an_alarm_for_everybody_concerned(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.drafted().case
    person = kept.protected(case.pk)
    koos, kim = client_of(bureau, "koos"), client_of(bureau, "kim")

    asked = koos.post(f"/persons/custody/glass/{person.pk}/", brought(kept, "koos", reason="She is in danger now."))

    look = asked.headers["Location"]
    for name in ("kim", "ada", "anna"):
        assert "The glass was broken for Amber" in text_of(client_of(bureau, name).get("/")), name
    assert "The glass was broken" not in text_of(client_of(bureau, "stranger").get("/"))
    assert kim.post(look, brought(kept, "kim", minutes="5")).status_code == 302
    assert "Вукашиновић" in koos.post(look).content.decode()


def test_a_custodian_refuses_with_a_reason(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.drafted().case
    person = kept.protected(case.pk)
    anna, koos = client_of(bureau, "anna"), client_of(bureau, "koos")
    look = anna.post(f"/persons/{case.pk}/{person.pk}/look/", {"reason": REASON}).headers["Location"]

    assert koos.post(look, {"remark": ""}).status_code == 422
    assert koos.post(look, {"remark": "A summons needs no name."}).status_code == 302

    assert "A summons needs no name." in text_of(anna.get(look))
    assert "was decided on" in text_of(koos.get(look))


def test_keys_are_made_confirmed_rehearsed_retired_and_replaced(bureau: Bureau) -> None:
    for _each in unlocked_guard(bureau.office):
        koos, kim = client_of(bureau, "koos"), client_of(bureau, "kim")
        assert koos.post("/persons/custody/key/", {"passphrase": PASSPHRASE, "again": "x"}).status_code == 422
        assert koos.post("/persons/custody/key/", {"passphrase": "short", "again": "short"}).status_code == 422
        made = koos.post("/persons/custody/key/", {"passphrase": PASSPHRASE, "again": PASSPHRASE})
        assert made.content.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----")
        key = CustodianKey.objects.get()
        assert "waits for your confirmation" in text_of(kim.get("/"))
        fingerprint = text_of(koos.get("/persons/custody/")).split("Koos Kuiper (fictional): ")[1][:35]
        address = f"/persons/custody/key/{key.pk}/confirm/"
        assert kim.post(address, {"fingerprint": "12345"}).status_code == 422
        assert kim.post(address, {"fingerprint": fingerprint}).status_code == 302
        file = {"key_file": io.BytesIO(made.content), "passphrase": PASSPHRASE}
        rehearsed = koos.post("/persons/custody/rehearse/", file, follow=True)
        assert "Your key opens 0 of 0 identities." in text_of(rehearsed)
        assert koos.post(f"/persons/custody/key/{key.pk}/retire/").status_code == 302
        assert koos.get(f"/persons/custody/key/{key.pk}/retire/").status_code == 405


def test_everything_is_sealed_anew_and_the_guard_opened(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.drafted().case
    kept.protected(case.pk)
    kim = client_of(bureau, "kim")

    both = list(kept.digests.values())
    resealed = kim.post("/persons/custody/reseal/", brought(kept, "kim", custodians=both), follow=True)
    assert "1 identities are sealed anew." in text_of(resealed)
    forget_guard_secret(bureau.office.home)
    assert "The leak guard is locked" in text_of(kim.get("/"))
    draft = bureau.drafted()
    anna = client_of(bureau, "anna")
    submitted = anna.post(f"/requests/{draft.pk}/submit/", {"approver": bureau["bram"].identifier})
    assert "leak guard is locked" in errors_of(submitted)
    assert kim.get("/persons/custody/guard/").status_code == 200
    assert kim.post("/persons/custody/guard/", brought(kept, "kim")).status_code == 302
    assert "The leak guard reads." in text_of(kim.get("/persons/custody/"))


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("names", " , ", "at least one name"),
        ("born", "in spring", "Write a date as"),
        ("nationality", "Serbia", "two capital letters"),
        ("relocation_pointer", "a house in Dakar", "Where a person was moved to is never kept"),
        ("alias", "Dragoljub Vukasinovic", "protected detail"),
        ("custodians", "", "required"),
    ],
)
def test_bad_input_is_said_in_one_sentence_and_nothing_is_kept(
    kept: Custody, field: str, typed: str, says: str
) -> None:
    bureau = kept.bureau
    case = bureau.drafted().case
    form = {**TYPED, "custodians": list(kept.digests.values()), field: typed or []}

    answer = client_of(bureau, "anna").post(f"/persons/{case.pk}/protect/", form)

    assert answer.status_code == 422
    assert says in errors_of(answer)
    assert not Person.objects.filter(protected=True, case=case.pk).exists()


@pytest.mark.parametrize("name", ["max", "ada", "eva", "stranger", "koos"])
def test_without_need_the_person_does_not_exist(kept: Custody, name: str) -> None:
    bureau = kept.bureau
    case = bureau.drafted().case
    person = kept.protected(case.pk)
    anna = client_of(bureau, "anna")
    look = anna.post(f"/persons/{case.pk}/{person.pk}/look/", {"reason": REASON}).headers["Location"]
    client = client_of(bureau, name)

    for address in ("", "look/", "journey/"):
        assert client.get(f"/persons/{case.pk}/{person.pk}/{address}").status_code == 404
    assert client.get(f"/persons/{case.pk}/protect/").status_code == 404
    assert client.get(look).status_code == (200 if name == "koos" else 404)
    assert client.get("/persons/custody/").status_code == (200 if name == "koos" else 403)
    if name != "koos":
        for address in ("guard", "rehearse", "reseal", "key", f"glass/{person.pk}", f"journeys/{person.pk}"):
            assert client.get(f"/persons/custody/{address}/").status_code == 403, address
    assert not any(spelling in client.get("/").content.decode() for spelling in SPELLINGS)


def test_a_rare_given_name_is_a_box_that_can_be_seen(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.drafted().case_id
    page = signed_in("anna").get(f"/persons/{case}/protect/").content.decode()
    assert '<input class="govuk-checkboxes__input" type="checkbox" name="rare" value="alone"' in page
    assert "govuk-checkboxes__label" in page.split('name="rare"')[1][:400]

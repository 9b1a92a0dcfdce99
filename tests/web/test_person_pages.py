"""Persons known by name: added, corrected, shown with what States owe them; refusals lose nothing."""

from __future__ import annotations

from dedere.node.persons.models import Person
from support.custody import Custody
from support.offices import Bureau
from support.pages import SignIn, client_of, errors_of, fields_of, text_of
from support.persons import added

TYPED = {
    "names": "Horvatinčić, Ljerka\nХорватинчић, Љерка",
    "roles": ["suspect", "relative"],
    "reference": "",
    "born": "~1958",
    "born_at": "Dol (fictional)",
    "sex": "female",
    "nationality": "hr, sn",
    "languages": "hr",
    "documents": "identity card; 004 881; HR; 2030",
    "places": "home; 12 Mill Lane, Dol (fictional)",
    "contacts": "",
}


def test_a_person_is_added_under_every_name_with_what_is_owed_to_them(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    anna = signed_in("anna")
    assert "Add a person" in text_of(anna.get(f"/cases/{case.pk}/persons/"))

    done = anna.post(f"/persons/{case.pk}/add/", TYPED)

    assert done.status_code == 302, errors_of(done)
    page = text_of(anna.get(done.headers["Location"]))
    for told in (
        "Ljerka Horvatinčić",
        "Љерка Хорватинчић",
        "~1958",
        "HR, SN",
        "004 881",
        "12 Mill Lane",
        "Suspect, Relative",
    ):
        assert told in page
    assert "Help the person to contact the State of nationality" in page
    person = Person.objects.get(name="Ljerka Horvatinčić")
    assert person.reference == "person-3"
    duties = text_of(anna.get(f"/cases/{case.pk}/proceedings/"))
    assert "What States owe the persons" in duties
    assert "Ljerka Horvatinčić" in duties
    assert "Help the person to contact the State of nationality" in duties


def test_what_is_known_of_a_person_is_corrected_and_two_officers_do_not_overwrite_each_other(bureau: Bureau) -> None:
    case = bureau.requested()
    person = added(bureau, case.pk, "witness")
    anna = client_of(bureau, "anna")
    address = f"/persons/{case.pk}/{person.pk}/edit/"
    first, second = fields_of(anna.get(address)), fields_of(anna.get(address))
    assert first["names"] == "Horvatinčić, Ljerka\nХорватинчић, Љерка"
    assert first["places"] == "home; 12 Mill Lane, Dol (fictional)"

    assert anna.post(address, {**first, "born": "1958-03"}).status_code == 302
    late = anna.post(address, {**second, "born": "1959"})

    assert (late.status_code, "Another officer changed this person" in errors_of(late)) == (422, True)
    assert 'value="1959"' in late.content.decode()
    assert "1958-03" in text_of(anna.get(f"/persons/{case.pk}/{person.pk}/"))


def test_a_person_named_by_a_request_is_completed_and_keeps_what_the_request_said(
    bureau: Bureau, signed_in: SignIn
) -> None:
    case = bureau.requested()
    person = Person.objects.filter(case=case.pk, protected=False).order_by("reference").first()
    assert person is not None
    anna = signed_in("anna")
    address = f"/persons/{case.pk}/{person.pk}/edit/"
    fields = fields_of(anna.get(address))
    assert fields["names"] == person.name

    assert anna.post(address, {**fields, "nationality": "RS"}).status_code == 302

    person.refresh_from_db()
    assert person.details["part"]
    assert person.details["identity"]["nationality"] == ["RS"]


def test_a_bad_entry_is_told_in_a_sentence_and_stays_on_the_page(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.drafted().case
    added(bureau, case.pk)
    anna = signed_in("anna")
    bad: list[tuple[dict[str, object], str]] = [
        ({"names": ""}, "Names, every spelling"),
        ({"roles": []}, "Roles in the case"),
        ({"roles": ["judge"]}, "Roles in the case"),
        ({"born": "yesterday"}, "Write a date as"),
        ({"nationality": "Croatia"}, "two capital letters"),
        ({"reference": "person-1"}, "a person under this reference"),
        ({"names": "x" * 299 + ", " + "y" * 299}, "at most 300 characters"),
    ]
    for changed, says in bad:
        refused = anna.post(f"/persons/{case.pk}/add/", {**TYPED, **changed})
        assert (refused.status_code, says in errors_of(refused)) == (422, True), errors_of(refused)
        assert "identity card; 004 881" in refused.content.decode()
    assert Person.objects.filter(case=case.pk, name__contains="Ljerka").count() == 1


def test_a_protected_persons_name_is_not_added_beside_the_alias(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.requested()
    person = kept.protected(case.pk, alias="Cedar", reference="person-7")
    anna = client_of(bureau, "anna")

    refused = anna.post(f"/persons/{case.pk}/add/", {**TYPED, "names": "Vukasinovic, Dragoljub"})
    sealed = anna.post(f"/persons/{case.pk}/{person.pk}/edit/", {**TYPED, "seen": ""})

    assert "a protected detail in this passage" in errors_of(refused)
    assert "only a custodian corrects it" in errors_of(sealed)
    assert "Vuka" not in anna.get(f"/persons/{case.pk}/{person.pk}/edit/").content.decode()


def test_who_only_approves_changes_nothing_about_persons(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    person = added(bureau, case.pk)
    bram = signed_in("bram")

    for path in ("add", f"{person.pk}/edit"):
        refused = bram.post(f"/persons/{case.pk}/{path}/", {**TYPED, "seen": "x"})
        assert (refused.status_code, "may do this" in errors_of(refused)) == (422, True)
    assert Person.objects.filter(case=case.pk, name__contains="Ljerka").count() == 1

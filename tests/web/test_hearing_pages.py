"""The pages of hearings and of earlier interviews; and who never sees any of them. All fictional."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping

import pytest

from dedere.node.papers.models import Sheet
from dedere.node.persons.models import Hearing, Inquiry, Person
from support.custody import PASSPHRASE, Custody
from support.pages import client_of, errors_of, text_of

TYPED: Mapping[str, object] = {
    "mode": "video",
    "zone_here": "Europe/Amsterdam",
    "zone_there": "Africa/Dakar",
    "day_day": "9",
    "day_month": "12",
    "day_year": "2026",
    "time": "14:30",
    "clock": "there",
    "minutes": "90",
    "place": "Court room 3",
    "place_there": "Salle 4",
    "summoned_by": "District Court of Rotterdam (fictional)",
    "law": "SN",
    "oath": "affirmation",
    "interpreter": "Fatou Sy (fictional)",
    "present": "The judge, on the left\nThe clerk",
    "recording": "video",
    "test_day_day": "8",
    "test_day_month": "12",
    "test_day_year": "2026",
    "test_time": "10:00",
}
REASON = "The court wants to spare the witness another interview."


@pytest.fixture
def person(kept: Custody) -> Person:
    case = kept.bureau.requested()
    return kept.protected(case.pk, alias="Cedar")


def test_a_hearing_is_planned_changed_tested_and_becomes_a_protocol(kept: Custody, person: Person) -> None:
    bureau = kept.bureau
    anna = client_of(bureau, "anna")
    home = f"/persons/{person.case}/{person.pk}"
    assert "None is planned." in text_of(anna.get(f"{home}/heard/"))
    assert "Europe/Amsterdam" in text_of(anna.get(f"{home}/hearings/new/"))

    made = anna.post(f"{home}/hearings/new/", TYPED)

    assert made.status_code == 302, errors_of(made)
    page = made.headers["Location"]
    hearing = Hearing.objects.get()
    assert hearing.starts_at == dt.datetime(2026, 12, 9, 14, 30, tzinfo=dt.UTC)
    shown = text_of(anna.get(page))
    assert "9 December 2026, 15:30 – 17:00" in shown
    assert "9 December 2026, 14:30 – 16:00" in shown
    assert "Senegal" in shown
    assert "8 December 2026, 10:00, Africa/Dakar" in shown
    assert "Certificate of the interpreter" in shown
    assert "This is practice and never the law." in shown
    assert "Nobody has asked whether this person was interviewed before." in shown
    form = anna.get(f"{page}change/").content.decode()
    seen = form.split('name="seen" value="')[1].split('"')[0]
    changed = anna.post(f"{page}change/", {**TYPED, "time": "03:00", "seen": seen})
    assert changed.status_code == 302, errors_of(changed)
    assert "It is early morning or night there." in text_of(anna.get(page))
    assert "Another officer changed this hearing" in errors_of(anna.post(f"{page}change/", {**TYPED, "seen": seen}))
    assert "planned for later" in errors_of(anna.post(f"{page}test/", {"result": "passed", "note": ""}))
    calendar = anna.get(f"{page}calendar/")
    assert calendar.headers["Content-Type"].startswith("text/calendar")
    assert "Cedar" not in calendar.content.decode()
    bureau.tick(60 * 24 * 16)
    assert anna.post(f"{page}test/", {"result": "passed", "note": "Good."}).status_code == 302
    told = {
        "day_day": "9", "day_month": "12", "day_year": "2026", "time": "04:00", "ended": "05:10", "place": "Court room 3",
        "conducted_by": "Judge Jansen (fictional)", "rights_explained": "yes", "oath": "yes",
        "text": "Cedar said what she saw.", "written_in": "en",
    }  # fmt: skip
    assert "What was said" in errors_of(anna.post(f"{page}protocol/", {**told, "text": ""}))
    assert "Court room 3" in anna.get(f"{page}protocol/").content.decode()
    recorded = anna.post(f"{page}protocol/", told)
    assert recorded.status_code == 302, errors_of(recorded)
    sheet = Sheet.objects.get()
    assert recorded.headers["Location"] == f"/documents/sheets/{sheet.pk}/"
    assert "Protocol of the hearing" in text_of(anna.get(page))
    assert "Another interview needs a reason." in text_of(anna.get(f"{home}/heard/"))
    again = anna.post(
        f"{home}/hearings/new/",
        {
            **TYPED,
            "day_month": "2",
            "day_year": "2027",
            "test_day_day": "",
            "test_day_month": "",
            "test_day_year": "",
            "test_time": "",
        },
    )
    assert "say why it is needed once more" in errors_of(again)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (
            {"day_day": "28", "day_month": "3", "day_year": "2027", "time": "02:30", "clock": "here"},
            "clocks are put forward",
        ),
        ({"day_day": "31", "day_month": "10", "day_year": "2027", "time": "02:30", "clock": "here"}, "comes twice"),
        ({"time": "half past two"}, "valid time"),
        ({"day_day": "31", "day_month": "2"}, "a day that exists"),
        ({"minutes": "0"}, "greater than or equal to 1"),
        ({"day_year": "2025"}, "a time to come"),
        ({"zone_there": "Europe/Atlantis"}, "valid choice"),
        ({"test_time": ""}, "or neither"),
        ({"present": "Mrs Vukasinovic"}, "protected detail"),
    ],
)
def test_bad_input_is_said_in_one_sentence_and_keeps_what_was_typed(
    kept: Custody, person: Person, typed: dict[str, str], says: str
) -> None:
    answer = client_of(kept.bureau, "anna").post(
        f"/persons/{person.case}/{person.pk}/hearings/new/", {**TYPED, **typed}
    )

    assert answer.status_code == 422
    assert says in errors_of(answer)
    assert "Salle 4" in answer.content.decode()
    assert not Hearing.objects.exists()


def test_an_hour_that_comes_twice_is_chosen(kept: Custody, person: Person) -> None:
    anna = client_of(kept.bureau, "anna")
    night = {**TYPED, "day_day": "31", "day_month": "10", "day_year": "2027", "time": "02:30", "clock": "here"}
    made = anna.post(f"/persons/{person.case}/{person.pk}/hearings/new/", {**night, "which": "later"})
    assert made.status_code == 302, errors_of(made)
    assert Hearing.objects.get().starts_at == dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)
    form = anna.get(f"{made.headers['Location']}change/").content.decode()
    assert '<option value="later" selected' in form


def test_a_hearing_is_called_off_for_a_reason(kept: Custody, person: Person) -> None:
    anna = client_of(kept.bureau, "anna")
    page = anna.post(f"/persons/{person.case}/{person.pk}/hearings/new/", TYPED).headers["Location"]
    assert "Say why" in errors_of(anna.post(f"{page}call-off/", {"reason": "no"}))
    assert anna.post(f"{page}call-off/", {"reason": "The link is down in Dakar."}).status_code == 302
    assert "The link is down in Dakar." in text_of(anna.get(page))


def test_earlier_interviews_are_asked_of_a_custodian_who_did_not_ask(kept: Custody, person: Person) -> None:
    bureau = kept.bureau
    anna, koos = client_of(bureau, "anna"), client_of(bureau, "koos")
    home = f"/persons/{person.case}/{person.pk}/heard/"
    elsewhere = kept.protected(bureau.drafted().case_id, alias="Basalt")
    noted = {
        "on_day": "3", "on_month": "2", "on_year": "2025", "by": "Police of Delft (fictional)", "recorded": "yes",
    }  # fmt: skip
    other = f"/persons/{elsewhere.case}/{elsewhere.pk}/heard/"
    assert "Day of the interview" in errors_of(anna.post(f"{other}interview/", {**noted, "on_day": ""}))
    assert anna.post(f"{other}interview/", noted).status_code == 302
    assert "Police of Delft" in text_of(anna.get(other))

    assert "Say why" in errors_of(anna.post(f"{home}before/", {"reason": "short"}))
    assert "a protected detail" in errors_of(anna.post(f"{home}before/", {"reason": "Is it Vukasinovic again?"}))
    assert anna.post(f"{home}before/", {"reason": REASON}).status_code == 302
    assert "Waits for a custodian" in text_of(anna.get(home))
    inquiry = Inquiry.objects.get()
    page = f"/persons/custody/interviewed/{inquiry.pk}/"
    assert "An officer asks whether Cedar was interviewed before" in text_of(koos.get("/"))
    assert REASON in text_of(koos.get("/persons/custody/"))
    assert "Search first" in errors_of(koos.post(page, {"answer": "yes", "remark": ""}))
    file = {"key_file": io.BytesIO(kept.files["koos"]), "passphrase": "another passphrase"}
    assert koos.post(page, file).status_code == 422
    found = koos.post(page, {"key_file": io.BytesIO(kept.files["koos"]), "passphrase": PASSPHRASE})
    assert found.status_code == 200
    assert "Basalt" in text_of(found)
    assert "Police of Delft" in text_of(found)
    assert "no-store" in found.headers["Cache-Control"]
    assert "Vuka" not in found.content.decode()
    assert koos.post(page, {"answer": "yes", "remark": "By another authority."}).status_code == 302
    assert koos.get(page).status_code == 404
    shown = text_of(anna.get(home))
    assert "Yes, the person was interviewed before" in shown
    assert "Basalt" not in shown
    assert "Delft" not in shown


@pytest.mark.parametrize("name", ["max", "ada", "eva", "koos", "stranger"])
def test_without_need_there_is_no_hearing_and_no_history(kept: Custody, person: Person, name: str) -> None:
    bureau = kept.bureau
    anna, client = client_of(bureau, "anna"), client_of(bureau, name)
    home = f"/persons/{person.case}/{person.pk}"
    page = anna.post(f"{home}/hearings/new/", TYPED).headers["Location"]
    anna.post(f"{home}/heard/before/", {"reason": REASON})
    inquiry = Inquiry.objects.get()
    for address in (
        f"{home}/heard/", f"{home}/heard/interview/", f"{home}/heard/before/", f"{home}/hearings/new/", page,
        f"{page}change/", f"{page}test/", f"{page}call-off/", f"{page}protocol/", f"{page}calendar/",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
        assert client.post(address, TYPED).status_code in {404, 405}, address
    for address in (f"{home}/heard/there/", f"{home}/heard/put/"):
        assert client.post(address, {"letter": "x", "question": "y"}).status_code == 404, address
    assert client.get(f"/persons/custody/interviewed/{inquiry.pk}/").status_code == (200 if name == "koos" else 403)


def test_no_question_is_put_that_nobody_asked(kept: Custody, person: Person) -> None:
    anna = client_of(kept.bureau, "anna")
    answer = anna.post(f"/persons/{person.case}/{person.pk}/heard/put/", {"letter": "x", "question": "y"})
    assert answer.status_code == 404

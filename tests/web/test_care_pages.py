"""What is done for persons: protection, safe conduct, temporary transfer, victims; on pages, on Today, in letters."""

from __future__ import annotations

import datetime as dt

from dedere.casework.request import RequestDraft
from dedere.node.cases import actions as cases
from dedere.node.cases.models import Draft
from dedere.node.persons.models import Attendance, Claim, Person, ProtectiveMeasure, RiskAssessment, Told, VictimWishes
from support.custody import Custody
from support.offices import Bureau, proceeding_of
from support.pages import SignIn, addresses_of, client_of, errors_of, fields_of, text_of
from support.persons import added, cared_for, today
from support.requests import assistance


def day(name: str, on: dt.date) -> dict[str, str]:
    """A date as the three boxes send it."""
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


def test_a_measure_is_asked_granted_put_to_the_other_state_in_force_and_ended(bureau: Bureau) -> None:
    case = bureau.requested()
    person = added(bureau, case.pk, "witness")
    anna, bram = client_of(bureau, "anna"), client_of(bureau, "bram")
    here, now = f"/persons/{case.pk}/{person.pk}", today(bureau)
    asked = {"kind": "distortion", "text": "Also in the recording.", "authority": "Court of Dol", "binds": "yes"}

    assert anna.post(f"{here}/protection/ask/", {**asked, **day("asked_on", now)}).status_code == 302
    measure = ProtectiveMeasure.objects.get()
    step = f"{here}/protection/{measure.pk}/"
    assert "Binds it once granted" in text_of(anna.get(f"{here}/protection/"))
    assert anna.post(step, {"stage": "granted", "authority": "", **day("on", now)}).status_code == 302
    assert "A protective measure for Ljerka Horvatinčić is not known to Senegal" in text_of(anna.get("/"))

    begun = anna.post(f"{step}put/", {"proceeding": proceeding_of(case)})

    draft = Draft.objects.get(kind="conditions")
    assert begun.headers["Location"] == f"/requests/{draft.pk}/"
    assert "In a letter being prepared" in text_of(anna.get(step))
    assert "is not known to Senegal" not in text_of(anna.get("/"))
    again = anna.post(f"{step}put/", {"proceeding": proceeding_of(case)})
    assert (again.status_code, "or is about to be" in errors_of(again)) == (422, True)
    bureau.sent(draft)
    assert "Put to the other State" in text_of(anna.get(step))
    condition = "Protection of Ljerka Horvatinčić: face and voice are distorted"
    assert condition in text_of(bram.get(f"/cases/{case.pk}/conditions/"))
    bureau.arrives("conditions-reply", {"replies": [{"condition": measure.pk, "accepted": True}]}, case=case)
    assert "Accepted by the other State" in text_of(anna.get(f"{here}/protection/"))

    assert anna.post(step, {"stage": "in-force", "authority": "", **day("on", now)}).status_code == 302
    assert anna.post(step, {"stage": "ended", "authority": "Court of appeal", **day("on", now)}).status_code == 302
    measure.refresh_from_db()
    assert (measure.state, measure.authority, measure.ended_on) == ("ended", "Court of appeal", now)
    assert "Note the step" not in text_of(anna.get(step))


def test_a_discarded_letter_leaves_the_measure_to_be_put_again(bureau: Bureau) -> None:
    case = bureau.requested()
    person = added(bureau, case.pk)
    measure = cared_for(bureau, case.pk, person.pk)["measure"]
    anna = client_of(bureau, "anna")
    step = f"/persons/{case.pk}/{person.pk}/protection/{measure}/"
    put = {"proceeding": proceeding_of(case)}
    early = anna.post(f"{step}put/", put)
    assert "Only a measure that is granted" in errors_of(early)
    anna.post(step, {"stage": "granted", "authority": "", **day("on", today(bureau))})
    anna.post(f"{step}put/", put)
    anna.post(f"/requests/{Draft.objects.get(kind='conditions').pk}/discard/")

    assert anna.post(f"{step}put/", put).status_code == 302


def test_a_measure_that_cannot_be_is_refused_and_nothing_is_lost(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.drafted().case
    person = added(bureau, case.pk)
    anna = signed_in("anna")
    asked = {"kind": "other", "text": "Escort.", "authority": "The court that hears her", "binds": "yes"}
    bad: list[tuple[dict[str, str], str]] = [
        ({"kind": "relocation"}, "leave the description empty"),
        ({"kind": "relocation", "text": ""}, "not put to another State"),
        ({"kind": "a wall"}, "Measure"),
        ({"binds": ""}, "other State"),
        (day("asked_on", dt.date(2027, 1, 1)), "lies ahead"),
        ({"asked_on_day": "31", "asked_on_month": "2", "asked_on_year": "2026"}, "day that exists"),
    ]
    for changed, says in bad:
        typed = {**asked, **day("asked_on", today(bureau)), **changed}
        refused = anna.post(f"/persons/{case.pk}/{person.pk}/protection/ask/", typed)
        assert (refused.status_code, says in errors_of(refused)) == (422, True), errors_of(refused)
        assert "The court that hears her" in refused.content.decode()
    assert not ProtectiveMeasure.objects.exists()


def test_a_review_that_is_due_is_on_today_until_the_danger_is_assessed_anew(bureau: Bureau) -> None:
    case = bureau.requested()
    person = added(bureau, case.pk)
    anna, now = client_of(bureau, "anna"), today(bureau)
    address = f"/persons/{case.pk}/{person.pk}/protection/danger/"
    first = {"level": "high", "text": "Two calls at night (fictional).", **day("made_on", now)}
    assert anna.post(address, {**first, **day("review_by", now + dt.timedelta(days=30))}).status_code == 302
    assert "is to be assessed anew" not in text_of(anna.get("/"))

    bureau.clock.advance(dt.timedelta(days=25))
    assert "The danger to Ljerka Horvatinčić is to be assessed anew" in text_of(anna.get("/"))
    assert "Ljerka" not in text_of(client_of(bureau, "stranger").get("/"))
    bureau.clock.advance(dt.timedelta(days=7))
    assert "Review due" in text_of(anna.get(f"/persons/{case.pk}/{person.pk}/protection/"))

    later = today(bureau)
    for bad, says in (
        ({**day("review_by", later)}, "must lie after"),
        ({**day("review_by", later + dt.timedelta(days=9)), **day("made_on", dt.date(2026, 1, 1))}, "made later"),
        ({**day("review_by", later + dt.timedelta(days=9)), **day("made_on", dt.date(2030, 1, 1))}, "lies ahead"),
        ({**day("review_by", later + dt.timedelta(days=9)), "text": " "}, "rests on"),
    ):
        refused = anna.post(address, {**first, **day("made_on", later), **bad})
        assert (refused.status_code, says in errors_of(refused)) == (422, True), errors_of(refused)
    again = {**first, "level": "low", **day("made_on", later), **day("review_by", later + dt.timedelta(days=90))}
    assert anna.post(address, again).status_code == 302
    assert "is to be assessed anew" not in text_of(anna.get("/"))
    assert RiskAssessment.objects.count() == 2


def test_safe_conduct_shows_an_unsettled_immunity_as_a_warning_and_an_agreed_one_as_a_day(bureau: Bureau) -> None:
    case = bureau.requested()
    person = added(bureau, case.pk)
    anna, now = client_of(bureau, "anna"), today(bureau)
    here = f"/persons/{case.pk}/{person.pk}"
    typed = {"host": "NL", "purpose": "To testify.", "agreement": "Letter of 2 November 2026", "immunity_days": ""}
    begun = {**day("arrived_on", now - dt.timedelta(days=20)), **day("not_needed_since", now - dt.timedelta(days=10))}

    done = anna.post(f"{here}/attend/safe-conduct/", {**typed, **begun})

    assert done.status_code == 302, errors_of(done)
    page = text_of(anna.get(done.headers["Location"]))
    assert "29 November 2026 at the earliest" in page
    assert "the number is not settled" in page
    assert "Immunity ends." in page
    assert "Time in custody" not in page
    assert "29 November 2026 at the earliest" in text_of(anna.get(f"/cases/{case.pk}/clocks/"))
    assert "The safe conduct of Ljerka Horvatinčić may end soon" in text_of(anna.get("/"))
    assert "Safe conduct: Netherlands" in text_of(anna.get(f"{here}/"))

    change = f"{done.headers['Location']}change/"
    fields = fields_of(anna.get(change))
    assert anna.post(change, {**fields, "immunity_days": "60"}).status_code == 302
    page = text_of(anna.get(done.headers["Location"]))
    assert "13 January 2027" in page
    assert "at the earliest" not in page
    assert "may end soon" not in text_of(anna.get("/"))
    assert anna.post(change, {**fields, **day("left_on", now)}).status_code == 302
    assert Attendance.objects.get().terms["left_on"] == now.isoformat()


def test_a_temporary_transfer_has_consent_custody_a_day_of_return_and_time_served(bureau: Bureau) -> None:
    case = bureau.requested()
    person = added(bureau, case.pk, "convicted", "witness")
    anna, now = client_of(bureau, "anna"), today(bureau)
    here = f"/persons/{case.pk}/{person.pk}"
    typed = {"host": "NL", "purpose": "To testify.", **day("arrived_on", now - dt.timedelta(days=9))}
    done = anna.post(f"{here}/attend/temporary-transfer/", typed)
    page = text_of(anna.get(done.headers["Location"]))
    for lack in ("where the terms are agreed", "consent is not noted", "custody are not noted", "No day of return"):
        assert lack in page
    assert "10 days so far, from 15 November 2026 to 24 November 2026, both counted" in page
    assert "Credit the time to the sentence" in page
    assert "Keep the person in custody" in page

    change = f"{done.headers['Location']}change/"
    agreed = {
        **fields_of(anna.get(change)),
        "agreement": "Letter of 2 November 2026",
        "custody": "In custody for the whole stay.",
        **day("consented_on", now - dt.timedelta(days=20)),
        **day("return_by", now + dt.timedelta(days=3)),
    }
    assert anna.post(change, agreed).status_code == 302
    page = text_of(anna.get(done.headers["Location"]))
    assert "27 November 2026" in page
    assert "is not noted" not in page
    assert "The return of Ljerka Horvatinčić is due" in text_of(anna.get("/"))


def test_terms_that_cannot_be_are_refused(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.drafted().case
    person = added(bureau, case.pk)
    anna = signed_in("anna")
    bad: list[tuple[dict[str, str], str]] = [
        ({"host": "FR"}, "State to which"),
        ({"purpose": ""}, "comes for"),
        ({"immunity_days": "0"}, "Days of immunity"),
        ({"immunity_days": "20"}, "where the period or the day of return is agreed"),
        (day("arrived_on", dt.date(2027, 1, 1)), "lies ahead"),
        ({**day("arrived_on", dt.date(2026, 11, 2)), **day("left_on", dt.date(2026, 11, 1))}, "before they came"),
    ]
    for changed, says in bad:
        typed = {"host": "NL", "purpose": "To testify about the mill.", "agreement": "", "immunity_days": "", **changed}
        refused = anna.post(f"/persons/{case.pk}/{person.pk}/attend/safe-conduct/", typed)
        assert (refused.status_code, says in errors_of(refused)) == (422, True), errors_of(refused)
    assert not Attendance.objects.exists()
    assert anna.get(f"/persons/{case.pk}/{person.pk}/attend/tourism/").status_code == 404


def test_a_victim_hears_of_what_they_asked_for_and_today_says_so(bureau: Bureau) -> None:
    case = bureau.requested()
    person = added(bureau, case.pk)
    anna, now = client_of(bureau, "anna"), today(bureau)
    here = f"/persons/{case.pk}/{person.pk}/victim"
    assert "Nobody has asked the victim yet" in text_of(anna.get(f"{here}/"))
    wanted = {"channel": "counsel", "through": "", "language": "hr", "topics": ["requests"], "part": "party"}
    refused = anna.post(f"{here}/wishes/", wanted)
    assert "who is told in the victim" in errors_of(refused)
    assert anna.post(f"{here}/wishes/", {**wanted, "through": "Counsel Orlić (fictional)"}).status_code == 302
    assert "Through counsel" in text_of(anna.get(f"{here}/"))
    assert "is to be told" not in text_of(anna.get("/"))

    measure = case.state["proceedings"][0]["measures"][0]["id"]
    bureau.delivered(case.letters.get().pk)
    taken_up = {"own_reference": "SN-9", "received_on": now.isoformat()}
    bureau.arrives("acknowledgement", taken_up, case=case, role="registrar")
    bureau.arrives("acceptance", {"measures": [{"measure": measure}]}, case=case)
    outcome = {"measure": measure, "outcome": "executed", "text": "Heard."}
    bureau.arrives("result", {"measures": [outcome]}, case=case)

    assert "Ljerka Horvatinčić is to be told" in text_of(anna.get("/"))
    page = anna.get(f"{here}/")
    assert "Request executed, 24 November 2026" in text_of(page)
    link = next(each for each in addresses_of(page) if "told/?event" in each)
    chosen = fields_of(anna.get(link.replace("&amp;", "&")))
    assert chosen["event"] == "request.executed/2026-11-24"
    told = {**chosen, "reached": "no", "note": "No answer.", **day("on", now)}
    assert anna.post(f"{here}/told/", told).status_code == 302
    assert "Not reached" in text_of(anna.get(f"{here}/"))
    assert "Ljerka Horvatinčić is to be told" in text_of(anna.get("/"))
    early = anna.post(f"{here}/told/", {**told, "reached": "yes", **day("on", now - dt.timedelta(days=1))})
    ahead = anna.post(f"{here}/told/", {**told, "reached": "yes", **day("on", now + dt.timedelta(days=1))})
    assert "before it happens" in errors_of(early)
    assert "lies ahead" in errors_of(ahead)
    assert anna.post(f"{here}/told/", {**told, "reached": "yes"}).status_code == 302
    assert "is to be told" not in text_of(anna.get("/"))
    assert anna.post(f"{here}/told/", told).status_code == 422
    assert Told.objects.count() == 2
    assert anna.post(f"{here}/wishes/", {**wanted, "channel": "not-at-all"}).status_code == 302
    assert VictimWishes.objects.get().channel == "not-at-all"


def test_a_claim_is_linked_to_frozen_property_of_the_case_and_goes_on(bureau: Bureau) -> None:
    tables = assistance("freezing", "lhc")
    tables["request"]["requesting_state"], tables["request"]["requested_state"] = "NL", "SN"
    draft = cases.start_draft(
        by=bureau["anna"],
        partner="SN",
        title="The mill (fictional)",
        opens="mla",
        request=RequestDraft.from_tables(tables).as_json(),
    )
    bureau.sent(draft)
    case = draft.case
    person = added(bureau, case.pk)
    anna, now = client_of(bureau, "anna"), today(bureau)
    here = f"/persons/{case.pk}/{person.pk}/victim"
    page = anna.get(f"{here}/claim/")
    assert "Property it might be paid from" in text_of(page)
    asset = f"{proceeding_of(case)}/{case.state['proceedings'][0]['measures'][0]['id']}"
    typed = {"form": "compensation", "text": "For the mill (fictional).", "amount": "1200.50", "currency": "eur"}
    done = anna.post(f"{here}/claim/", {**typed, "assets": [asset], **day("made_on", now)})
    assert done.status_code == 302, errors_of(done)

    shown = text_of(anna.get(f"{here}/"))
    assert "Compensation: 1200.50 EUR" in shown
    assert "Freezing" in shown
    claim = Claim.objects.get()
    step = f"{here}/claim/{claim.pk}/"
    assert anna.post(step, {"stage": "paid", **day("on", now), "assets": [asset]}).status_code == 422
    assert "A step has a day" in errors_of(anna.post(step, {"stage": "ordered", "assets": [asset]}))
    assert "before 2026-11-24" in errors_of(anna.post(step, {"stage": "ordered", **day("on", dt.date(2026, 1, 1))}))
    assert anna.post(step, {"stage": "ordered", **day("on", now), "assets": []}).status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.assets, claim.stepped_on) == ("ordered", [], now)
    assert anna.post(step, {"assets": [asset]}).status_code == 302
    assert anna.post(step, {"stage": "paid", **day("on", now)}).status_code == 302
    assert 'name="stage"' not in anna.get(step).content.decode()


def test_a_claim_that_cannot_be_is_refused(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.drafted().case
    person = added(bureau, case.pk)
    anna = signed_in("anna")
    bad: list[tuple[dict[str, str], str]] = [
        ({"amount": "5"}, "currency"),
        ({"currency": "EUR"}, "amount"),
        ({"amount": "-5", "currency": "EUR"}, "more than nothing"),
        ({"amount": "5", "currency": "E1"}, "three letters"),
        ({"amount": "much"}, "Amount"),
        ({"text": " "}, "What is claimed"),
        (day("made_on", dt.date(2030, 1, 1)), "lies ahead"),
    ]
    for changed, says in bad:
        typed = {"form": "other", "text": "A school (fictional).", "amount": "", "currency": "", **changed}
        typed = {**day("made_on", today(bureau)), **typed}
        refused = anna.post(f"/persons/{case.pk}/{person.pk}/victim/claim/", typed)
        assert (refused.status_code, says in errors_of(refused)) == (422, True), errors_of(refused)
    assert not Claim.objects.exists()


def test_no_free_text_about_a_person_gives_a_protected_one_away(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.requested()
    person = kept.protected(case.pk, alias="Cedar")
    Person.objects.filter(pk=person.pk).update(more_roles=["victim"])
    anna, now = client_of(bureau, "anna"), today(bureau)
    here, leak = f"/persons/{case.pk}/{person.pk}", "He is Dragoljub Vukašinović."
    made = cared_for(bureau, case.pk, person.pk)
    tries = {
        f"{here}/protection/ask/": {"kind": "other", "text": leak, "binds": "no", **day("asked_on", now)},
        f"{here}/protection/{made['measure']}/": {"stage": "granted", "authority": leak, **day("on", now)},
        f"{here}/protection/danger/": {
            "level": "low", "text": leak, **day("made_on", now), **day("review_by", now + dt.timedelta(days=9)),
        },
        f"{here}/attend/safe-conduct/": {"host": "NL", "purpose": leak},
        f"{here}/victim/wishes/": {"channel": "counsel", "through": leak, "part": "none"},
        f"{here}/victim/claim/": {"form": "other", "text": leak, **day("made_on", now)},
    }  # fmt: skip
    for address, typed in tries.items():
        refused = anna.post(address, typed)
        assert (refused.status_code, "a protected detail in this passage" in errors_of(refused)) == (422, True), address
    for address in (f"{here}/", f"{here}/protection/", f"{here}/victim/", f"{here}/attendance/{made['presence']}/"):
        page = anna.get(address)
        assert "Cedar" in text_of(page)
        assert "Vuka" not in page.content.decode()


def test_whoever_has_no_part_finds_nothing_and_who_only_approves_writes_nothing(bureau: Bureau) -> None:
    case = bureau.requested()
    person = added(bureau, case.pk)
    made = cared_for(bureau, case.pk, person.pk)
    other = bureau.requested()
    here, wrong = f"/persons/{case.pk}/{person.pk}", f"/persons/{other.pk}/{person.pk}"
    bram, anna = client_of(bureau, "bram"), client_of(bureau, "anna")
    now = today(bureau)
    writes = {
        "/protection/ask/": {"kind": "other", "text": "Escort.", "binds": "no", **day("asked_on", now)},
        f"/protection/{made['measure']}/": {"stage": "granted", "authority": "", **day("on", now)},
        "/attend/safe-conduct/": {"host": "NL", "purpose": "To testify."},
        "/victim/wishes/": {"channel": "letter", "part": "none"},
        "/victim/claim/": {"form": "other", "text": "A school.", **day("made_on", now)},
    }
    for path, typed in writes.items():
        refused = bram.post(f"{here}{path}", typed)
        assert (refused.status_code, "may do this" in errors_of(refused)) == (422, True), path
        assert anna.post(f"{wrong}{path}", typed).status_code == 404, path
    for path in ("/protection/x/", "/protection/x/put/", "/attendance/x/", "/attendance/x/change/", "/victim/claim/x/"):
        assert anna.get(f"{here}{path}").status_code == 404, path
    accused = added(bureau, other.pk, "accused")
    assert anna.get(f"/persons/{other.pk}/{accused.pk}/victim/").status_code == 404

"""Today: what waits for whom, and in which order."""

from __future__ import annotations

import datetime as dt

from dedere.node.cases import actions as cases
from dedere.node.cases.models import Assignment
from dedere.node.exchange.models import Alarm, PartnerCard
from support.offices import Bureau, measure_of
from support.pages import SignIn, addresses_of, text_of


def test_nothing_to_do_says_so(signed_in: SignIn) -> None:
    assert "Nothing needs you now" in text_of(signed_in("anna").get("/"))


def test_a_case_nobody_took_up_waits_for_every_registrar(bureau: Bureau, signed_in: SignIn) -> None:
    letter = bureau.asked().letters.get()

    page = signed_in("rosa").get("/")

    assert "Request from Senegal to be registered" in text_of(page)
    assert "nobody's name" in text_of(page)
    assert f"/messages/incoming/{letter.pk}/" in addresses_of(page)
    assert "to be registered" not in text_of(signed_in("anna").get("/"))


def test_a_draft_waits_for_its_second_officer_and_comes_back_to_its_author(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    cases.submit_draft(by=bureau["anna"], draft_id=draft.pk, approver_id=bureau["bram"].identifier)
    assert "Request to Senegal waits for your approval" in text_of(signed_in("bram").get("/"))

    cases.send_back(by=bureau["bram"], draft_id=draft.pk, remark="Name the clinic.")

    page = signed_in("anna").get("/")
    assert "was sent back to you" in text_of(page)
    assert "Name the clinic." in text_of(page)
    assert f"/requests/{draft.pk}/" in addresses_of(page)


def test_what_we_owe_stands_with_the_case(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    question = {"id": "q1", "text": "Which clinic?", "measure": measure_of(case), "answer_by": "2026-11-20"}
    body = {"own_reference": "SN-1", "received_on": "2026-11-24", "questions": [question]}
    bureau.arrives("acknowledgement", body, case=case, role="registrar")

    page = text_of(signed_in("anna").get("/"))

    assert "Which clinic?" in page
    assert "Senegal waits for it." in page
    assert "Grave" in page, "its day is past"
    assert "by 20 November 2026" in page


def test_graver_things_come_first(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    Alarm.objects.create(
        cause=f"delivery:{case.letters.get().pk}",
        kind="delivery",
        case=case.pk,
        sentence="A letter has not reached SN.",
        raised_at=bureau.clock.now(),
    )
    draft = bureau.drafted()
    cases.submit_draft(by=bureau["anna"], draft_id=draft.pk, approver_id="")
    cases.add_member(by=bureau["anna"], case_id=case.pk, officer_id=bureau["bram"].identifier)
    cases.add_member(by=bureau["anna"], case_id=draft.case_id, officer_id=bureau["bram"].identifier)

    page = text_of(signed_in("bram").get("/"))

    assert page.index("A letter is not getting through") < page.index("waits for your approval")


def test_an_executing_authority_sees_its_measure_and_no_case(bureau: Bureau, signed_in: SignIn) -> None:
    case, assignment = bureau.assigned()
    Assignment.objects.filter(pk=assignment).update(due=dt.date(2026, 11, 1))

    page = signed_in("eva").get("/")

    assert "A measure for Senegal is given to you" in text_of(page)
    assert "Grave" in text_of(page)
    assert f"/cases/measures/{assignment}/" in addresses_of(page)
    assert not [address for address in addresses_of(page) if case.pk in address]


def test_a_card_that_ends_is_told_to_the_administrator(bureau: Bureau, signed_in: SignIn) -> None:
    soon = bureau.clock.now() + dt.timedelta(days=10)
    PartnerCard.objects.filter(state="SN").update(valid_until=soon)

    page = signed_in("max").get("/")

    assert "The card of Senegal ends soon" in text_of(page)
    assert "/register/SN/" in addresses_of(page)
    assert "card of Senegal" not in text_of(signed_in("anna").get("/"))


def test_a_case_without_a_part_in_it_is_not_even_counted(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    bureau.arrives(
        "acknowledgement", {"own_reference": "SN-1", "received_on": "2026-11-24"}, case=case, role="registrar"
    )

    page = text_of(signed_in("stranger").get("/"))

    assert case.reference not in page
    assert case.title not in page

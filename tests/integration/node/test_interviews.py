"""Earlier interviews: noted, asked of custodians, searched under a key, answered; also for another State. All fictional."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.casework.persons.history import Likeness
from dedere.casework.persons.identity import Identity, WrittenName
from dedere.node.audit.models import Event
from dedere.node.cases.access import standing
from dedere.node.cases.models import Case, Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.exchange import interviews as between
from dedere.node.persons.actions import interviews
from dedere.node.persons.guard import LeakError
from dedere.node.persons.hearings import waiting_inquiries, waiting_inquiry
from dedere.node.persons.models import Inquiry, Person, SealedIdentity
from support.custody import Custody, custody, unlocked_guard
from support.offices import Bureau, proceeding_of

REASON = "The court wants to spare the witness another interview."
DAY = dt.date(2025, 2, 3)


@pytest.fixture
def kept(bureau: Bureau) -> Iterator[Custody]:
    for _each in unlocked_guard(bureau.office):
        yield custody(bureau)


def noted(
    bureau: Bureau, person: Person, *, on: dt.date = DAY, by: str = "Police of Delft (fictional)", why: str = ""
) -> None:
    new = interviews.NewInterview(on=on, by=by, recorded=True, repeat_reason=why)
    interviews.note_interview(by=standing(bureau["anna"], person.case), person_id=person.pk, new=new)


def asked(bureau: Bureau, person: Person, reason: str = REASON) -> Inquiry:
    return interviews.ask_history(by=standing(bureau["anna"], person.case), person_id=person.pk, reason=reason)


def in_clear(case: str, name: str, reference: str = "person-7") -> Person:
    return Person.objects.create(
        pk=f"{reference}-{name}"[:26], case=case, reference=reference, role="witness", name=name
    )


def test_a_custodian_finds_the_protected_and_the_named_in_any_script_and_nobody_else(kept: Custody) -> None:
    bureau = kept.bureau
    person = kept.protected(bureau.drafted().case_id, alias="Cedar")
    twin = kept.protected(bureau.drafted().case_id, alias="Basalt")
    case = bureau.drafted().case_id
    named, stranger = in_clear(case, "Dragoljub Vukasinovic"), in_clear(case, "Jan Smit", "person-8")
    for each in (twin, named, stranger):
        each.interviews.create(pk=each.pk, on=DAY, by="Police of Delft (fictional)", recorded=False)
    inquiry = asked(bureau, person)
    SealedIdentity.objects.filter(person=twin).update(indexed=False)

    found = interviews.search_history(by=bureau["koos"], inquiry_id=inquiry.pk, with_=kept.unlocking("koos"))

    assert [(each.name, each.likeness) for each in found.candidates] == [
        ("Basalt", Likeness.NUMBER),
        ("Dragoljub Vukasinovic", Likeness.NAME),
    ]
    assert (found.own, found.unread) == ((), 1)
    assert not any("Basalt" in str(event) for event in Event.objects.filter(subject=person.pk).values())
    interviews.answer_history(by=bureau["koos"], inquiry_id=inquiry.pk, answer="yes", remark="Ask for the record.")
    with pytest.raises(InputError, match="interviewed before: say why"):
        noted(bureau, person)


def test_a_person_named_in_clear_is_searched_too_and_without_protected_persons_as_well(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.drafted().case_id
    person, other = in_clear(case, "Ibar Tesk"), in_clear(case, "Ибар Теск", "person-8")
    other.interviews.create(pk="other", on=DAY, by="Police", recorded=False)
    inquiry = asked(bureau, person)
    found = interviews.search_history(by=bureau["kim"], inquiry_id=inquiry.pk, with_=kept.unlocking("kim"))
    assert [each.name for each in found.candidates] == ["Ибар Теск"]
    person.details = {"identity": Identity(names=(WrittenName("Nobody", "Like"),)).as_json()}
    person.save()
    found = interviews.search_history(by=bureau["kim"], inquiry_id=inquiry.pk, with_=kept.unlocking("kim"))
    assert found.candidates == ()


def test_an_interview_lies_behind_has_somebody_who_held_it_and_a_reason_when_it_is_not_the_first(kept: Custody) -> None:
    bureau = kept.bureau
    person = kept.protected(bureau.drafted().case_id)
    with pytest.raises(InputError, match="Say who"):
        noted(bureau, person, by=" ")
    with pytest.raises(InputError, match="lies ahead"):
        noted(bureau, person, on=dt.date(2030, 1, 1))
    with pytest.raises(LeakError):
        noted(bureau, person, by="Brother of Mrs Vukasinovic")
    noted(bureau, person)
    with pytest.raises(InputError, match="say why"):
        noted(bureau, person, on=dt.date(2025, 3, 1))
    noted(bureau, person, on=dt.date(2025, 3, 1), why="The record of the first was lost.")
    noted(bureau, person, on=dt.date(2024, 1, 1))  # before the first that was known
    draft = bureau.drafted()
    draft.case.members.get_or_create(officer=bureau["bram"], defaults={"since": bureau.clock.now()})
    who = standing(bureau["bram"], draft.case_id)
    new = interviews.NewInterview(on=DAY, by="Police", recorded=False)
    with pytest.raises(PermissionRefusedError):
        interviews.note_interview(by=who, person_id="x", new=new)


def test_only_a_custodian_who_did_not_ask_searches_and_answers_once(kept: Custody) -> None:
    bureau = kept.bureau
    person = kept.protected(bureau.drafted().case_id)
    unsealed = in_clear(person.case, "")
    Person.objects.filter(pk=unsealed.pk).update(protected=True, alias="Birch")
    for who, reason, says in ((person, "short", "Say why"), (unsealed, REASON, "keeps no identity")):
        with pytest.raises(InputError, match=says):
            asked(bureau, who, reason)
    inquiry = asked(bureau, person)
    with pytest.raises(InputError, match="has not answered yet"):
        asked(bureau, person)
    koos, pk = bureau["koos"], inquiry.pk
    assert [each.id for each in waiting_inquiries(koos)] == [pk]
    for name in ("anna", "max"):
        with pytest.raises(PermissionRefusedError):
            waiting_inquiry(bureau[name], pk)
        with pytest.raises(PermissionRefusedError):
            interviews.search_history(by=bureau[name], inquiry_id=pk, with_=kept.unlocking("koos"))
    with pytest.raises(InputError, match="Choose one"):
        interviews.answer_history(by=koos, inquiry_id=pk, answer="maybe")
    with pytest.raises(InputError, match="Search first"):
        interviews.answer_history(by=koos, inquiry_id=pk, answer="no")
    with pytest.raises(LeakError):
        interviews.answer_history(by=koos, inquiry_id=pk, answer="withheld", remark="It is Vukašinović.")
    Inquiry.objects.update(asker=koos)
    with pytest.raises(InputError, match="another custodian"):
        interviews.answer_history(by=koos, inquiry_id=pk, answer="withheld")
    with pytest.raises(IntegrityError), transaction.atomic():
        Inquiry.objects.update(answer="no", custodian=koos, decided_at=bureau.clock.now())
    Inquiry.objects.update(asker=bureau["anna"])
    assert between.answer_inquiry(by=koos, inquiry_id=pk, answer="withheld") is None
    with pytest.raises(UnknownObjectError):
        interviews.answer_history(by=koos, inquiry_id=pk, answer="withheld")
    with pytest.raises(UnknownObjectError):
        waiting_inquiry(koos, pk)


def test_another_state_is_asked_and_its_word_is_read_from_its_letter(kept: Custody) -> None:
    bureau = kept.bureau
    draft = bureau.drafted()
    person = kept.protected(draft.case_id, alias="Amber", reference="person-2")
    with pytest.raises(InputError, match="No request of this case names"):
        between.ask_partner(by=bureau["anna"], case_id=draft.case_id, person_id=person.pk)
    bureau.delivered(bureau.sent(draft))
    case = Case.objects.get(pk=draft.case_id)
    body = {"own_reference": "SN-9", "received_on": "2026-11-24"}
    bureau.arrives("acknowledgement", body, case=case, role="registrar")
    question = between.ask_partner(by=bureau["anna"], case_id=case.pk, person_id=person.pk)
    asked_for = question.body["questions"][0]
    assert "Amber (person-2)" in asked_for["text"]
    assert asked_for["field"] == "interview-history.person-2"
    bureau.delivered(bureau.sent(question))
    with pytest.raises(InputError, match="has not answered yet"):
        between.ask_partner(by=bureau["anna"], case_id=case.pk, person_id=person.pk)
    said = {"question": asked_for["id"], "text": "Yes.", "values": {"interview-history": "yes"}}
    bureau.arrives("answers", {"answers": [said]}, case=case)
    found = between.questions_about(Case.objects.get(pk=case.pk), person)
    assert [(each.ours, each.answer) for each in found] == [(True, "yes")]


def test_another_states_question_is_answered_by_a_custodian_and_a_second_officer(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.registered()
    person = in_clear(case.pk, "Ibar Tesk", "person-9")
    question = {"id": "q7", "text": "Interviewed before?", "field": "interview-history.person-9"}
    letter = bureau.arrives("questions", {"questions": [question]}, case=case)
    rosa = bureau["rosa"]
    put = {"by": rosa, "case_id": case.pk, "person_id": person.pk, "letter_id": letter}
    with pytest.raises(UnknownObjectError):
        between.put_to_custodians(**put, question="q8")  # type: ignore[arg-type] # words of one call
    inquiry = between.put_to_custodians(**put, question="q7")  # type: ignore[arg-type] # as above
    with pytest.raises(InputError, match="has not answered yet"):
        between.put_to_custodians(**put, question="q7")  # type: ignore[arg-type] # as above

    draft = between.answer_inquiry(by=bureau["koos"], inquiry_id=inquiry.pk, answer="withheld", remark="For Rosa.")

    assert draft is not None
    assert draft.state == Draft.State.OPEN
    assert draft.author_id == rosa.pk
    neither = {"question": "q7", "text": between.SENTENCES["withheld"], "values": {"interview-history": "withheld"}}
    assert draft.body["answers"] == [neither]
    assert draft.proceeding == proceeding_of(case)
    with pytest.raises(InputError, match="answered this question"):
        between.put_to_custodians(**put, question="q7")  # type: ignore[arg-type] # as above

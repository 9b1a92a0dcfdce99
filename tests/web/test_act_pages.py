"""Every other act of a case: its form comes from its shape, its draft from what was typed."""

from __future__ import annotations

import pytest

from dedere.casework.acts import ActKind
from dedere.node.cases.models import Case, Draft
from dedere.node.evidence.models import Item
from support.offices import Bureau, measure_of, proceeding_of, upload
from support.pages import SignIn, errors_of, fields_of, text_of


@pytest.fixture
def answered(bureau: Bureau) -> Case:
    """Senegal has accepted and sent one item under a condition."""
    case = bureau.requested()
    body = {"own_reference": "SN-1", "received_on": "2026-11-24", "questions": [{"id": "q1", "text": "Which mill?"}]}
    bureau.arrives("acknowledgement", body, case=case, role="registrar")
    bureau.arrives("acceptance", {"measures": [{"measure": measure_of(case)}]}, case=case)
    outcome = {"measure": measure_of(case), "outcome": "executed", "text": "She was heard."}
    bureau.arrives("result", {"measures": [outcome]}, case=case, files={"record.pdf": b"%PDF-1.7 record"})
    return case


def page_of(case: Case, kind: str) -> str:
    return f"/requests/act/{case.pk}/{proceeding_of(case)}/{kind}/"


def test_an_acknowledgement_is_written_with_questions(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.asked()
    client = signed_in("rosa")
    client.post(f"/messages/incoming/{case.letters.get().pk}/take-up/")
    address = page_of(case, "acknowledgement")
    shown = fields_of(client.get(address))
    assert shown["own_reference"] == case.reference, "the office proposes its own reference"

    response = client.post(address, {**shown, "questions-0-text": "Which of the two clinics?"})

    draft = Draft.objects.get(kind="acknowledgement")
    assert response.headers["Location"] == f"/requests/{draft.pk}/"
    assert draft.body["received_on"] == "2026-11-24"
    (question,) = draft.body["questions"]
    assert question["text"] == "Which of the two clinics?"
    assert question["id"]
    assert "Which of the two clinics?" in text_of(client.get(f"/requests/{draft.pk}/"))


def test_the_draft_of_an_act_is_changed(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.asked()
    client = signed_in("rosa")
    client.post(f"/messages/incoming/{case.letters.get().pk}/take-up/")
    address = page_of(case, "acknowledgement")
    client.post(address, {**fields_of(client.get(address)), "questions-0-text": "First?"})
    draft = Draft.objects.get(kind="acknowledgement")

    body = f"/requests/{draft.pk}/body/"
    shown = fields_of(client.get(body))
    assert shown["questions-0-text"] == "First?"
    client.post(body, {**shown, "questions-0-text": "", "questions-1-text": "Second?"})

    draft.refresh_from_db()
    assert [question["text"] for question in draft.body["questions"]] == ["Second?"]
    stale = client.post(body, {**shown, "own_reference": ""})
    assert stale.status_code == 422


def test_questions_are_answered_one_by_one(answered: Case, signed_in: SignIn) -> None:
    client = signed_in("anna")
    address = page_of(answered, "answers")
    page = client.get(address)
    assert "Which mill?" in text_of(page)

    nothing = client.post(address, fields_of(page))
    assert "choose or fill in at least one" in errors_of(nothing)
    ticked = client.post(address, {**fields_of(page), "answers-0-use": "on"})
    assert "Fill this in, or leave the whole row out." in errors_of(ticked)

    client.post(address, {**fields_of(page), "answers-0-use": "on", "answers-0-text": "The one by the river."})
    assert Draft.objects.get(kind="answers").body == {"answers": [{"question": "q1", "text": "The one by the river."}]}


def test_an_item_is_signed_for_with_a_reply_to_its_condition(answered: Case, signed_in: SignIn) -> None:
    client = signed_in("anna")
    address = page_of(answered, "custody-receipt")
    page = client.get(address)
    assert "For this case only" in text_of(page)
    shown = fields_of(page)
    assert shown["items-0-use"] == ["on"]

    incomplete = client.post(address, shown)
    assert incomplete.status_code == 422

    sent = {**shown, "items-0-intact": "yes", "items-0-condition_replies-0-accepted": "yes"}
    client.post(address, sent)

    item = Item.objects.get(case=answered)
    assert Draft.objects.get(kind="custody-receipt").body == {
        "received_on": "2026-11-24",
        "items": [
            {
                "item": item.pk,
                "sha256": item.sha256,
                "intact": True,
                "condition_replies": [{"condition": "c1", "accepted": True}],
            }
        ],
    }


def test_a_result_leaves_with_the_items_chosen(bureau: Bureau, signed_in: SignIn) -> None:
    from dedere.node.evidence import actions as evidence

    case, assignment = bureau.assigned()
    collected = evidence.Collected(on=bureau.clock.now().date(), by="Eva Evers (fictional)")
    item = evidence.ingest(
        by=bureau["eva"], assignment_id=assignment, upload=upload("a.pdf", b"%PDF-1.7 a"), collected=collected
    )
    client = signed_in("rosa")
    address = page_of(case, "result")
    page = client.get(address)
    assert "Items that leave with it" in text_of(page)

    sent = {
        **fields_of(page),
        "measures-0-use": "on",
        "measures-0-outcome": "executed",
        "measures-0-text": "She was heard.",
        "items-to-send": item.pk,
    }
    response = client.post(address, sent)

    draft = Draft.objects.get(kind="result")
    assert response.headers["Location"] == f"/requests/{draft.pk}/"
    assert draft.attachments.get().item == item.pk
    assert draft.body["items"][0]["part"] == item.pk

    body = f"/requests/{draft.pk}/body/"
    client.post(body, {**fields_of(client.get(body)), "measures-0-text": "She was heard twice."})
    draft.refresh_from_db()
    assert draft.body["items"][0]["part"] == item.pk, "changing the words leaves the items"
    assert draft.body["measures"][0]["text"] == "She was heard twice."


def test_a_refusal_asks_first_whether_you_consulted(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.registered()

    page = signed_in("rosa").get(page_of(case, "refusal"))

    assert "Have you consulted the other State?" in text_of(page)
    assert "The procedure does not allow this now:" in text_of(page)


def test_an_act_out_of_turn_is_refused_with_its_rule(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    client = signed_in("anna")
    address = page_of(case, "closure")

    response = client.post(address, {**fields_of(client.get(address)), "text": "Thank you."})

    assert response.status_code == 422
    assert errors_of(response)
    assert not Draft.objects.filter(kind="closure").exists()


@pytest.mark.parametrize("kind", ["request", "revenge", "REFUSAL"])
def test_an_act_there_is_not_has_no_page(bureau: Bureau, signed_in: SignIn, kind: str) -> None:
    case = bureau.requested()

    assert signed_in("anna").get(page_of(case, kind)).status_code == 404


def test_every_act_of_every_procedure_has_a_form(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    client = signed_in("anna")

    for kind in set(ActKind) - {ActKind.REQUEST}:
        response = client.get(page_of(case, kind.value))
        assert response.status_code == 200, kind
        assert client.post(page_of(case, kind.value), {}).status_code in (302, 422), kind

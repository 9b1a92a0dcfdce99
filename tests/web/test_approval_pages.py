"""The way out of the house: submit, read, approve exactly what was read, or send back."""

from __future__ import annotations

from dedere.node.cases import actions as cases
from dedere.node.cases.models import Draft
from support.offices import Bureau
from support.pages import SignIn, errors_of, fields_of, text_of


def submitted(bureau: Bureau) -> Draft:
    draft = bureau.drafted()
    return cases.submit_draft(by=bureau["anna"], draft_id=draft.pk, approver_id=bureau["bram"].identifier)


def test_the_author_chooses_a_second_officer(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")
    page = client.get(f"/requests/{draft.pk}/submit/")
    assert "Check what will leave" in text_of(page)
    assert "Bram Bos (fictional)" in text_of(page)
    assert "Anna de Wit (fictional)</option>" not in page.content.decode(), "nobody approves their own draft"

    response = client.post(f"/requests/{draft.pk}/submit/", {"approver": bureau["bram"].identifier})

    assert response.headers["Location"] == f"/requests/{draft.pk}/"
    draft.refresh_from_db()
    assert draft.state == Draft.State.SUBMITTED
    shown = text_of(client.get(f"/requests/{draft.pk}/"))
    assert "Waits for approval" in shown
    assert "You wrote this draft: a second officer approves it." in shown
    assert "Check and submit" not in shown


def test_no_second_officer_is_no_submission(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()

    response = signed_in("anna").post(f"/requests/{draft.pk}/submit/", {"approver": ""})

    assert response.status_code == 422
    assert "Second officer: This field is required." in errors_of(response)


def test_an_act_the_procedure_forbids_is_not_submitted(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    body = dict(draft.body)
    inner = {name: value for name, value in body["request"]["request"].items() if name != "assistance"}
    draft.body = {**body, "request": {**body["request"], "request": inner, "measure": {}}}
    draft.save()

    response = signed_in("anna").post(f"/requests/{draft.pk}/submit/", {"approver": bureau["bram"].identifier})

    assert response.status_code == 422
    assert errors_of(response)


def test_what_was_read_is_what_is_approved(bureau: Bureau, signed_in: SignIn) -> None:
    draft = submitted(bureau)
    client = signed_in("bram")
    address = f"/requests/{draft.pk}/approve/"
    page = client.get(address)
    assert draft.digest in text_of(page)
    assert f'src="/requests/{draft.pk}/preview/"' in page.content.decode()

    response = client.post(address, {"digest": draft.digest, "read": "on"})

    assert response.headers["Location"] == f"/cases/{draft.case_id}/"
    draft.refresh_from_db()
    assert draft.state == Draft.State.APPROVED
    assert "Approved by Bram Bos (fictional)" in text_of(client.get(f"/requests/{draft.pk}/"))


def test_nobody_approves_unread(bureau: Bureau, signed_in: SignIn) -> None:
    draft = submitted(bureau)

    response = signed_in("bram").post(f"/requests/{draft.pk}/approve/", {"digest": draft.digest})

    assert response.status_code == 422
    assert "Confirm that you have read what will leave." in errors_of(response)


def test_another_version_than_the_one_read_is_refused(bureau: Bureau, signed_in: SignIn) -> None:
    draft = submitted(bureau)

    response = signed_in("bram").post(f"/requests/{draft.pk}/approve/", {"digest": "0" * 64, "read": "on"})

    assert response.status_code == 422
    assert "This is not the version that you read" in errors_of(response)


def test_nobody_approves_their_own_draft(bureau: Bureau, signed_in: SignIn) -> None:
    draft = submitted(bureau)

    response = signed_in("anna").post(f"/requests/{draft.pk}/approve/", {"digest": draft.digest, "read": "on"})

    assert response.status_code == 422
    assert "you wrote this draft yourself" in errors_of(response)


def test_a_draft_that_waits_for_nobody_is_not_approved(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    cases.add_member(by=bureau["anna"], case_id=draft.case_id, officer_id=bureau["bram"].identifier)

    response = signed_in("bram").post(f"/requests/{draft.pk}/approve/", {"digest": "0" * 64, "read": "on"})

    assert "not waiting for approval" in errors_of(response)


def test_it_goes_back_with_a_remark_and_comes_again(bureau: Bureau, signed_in: SignIn) -> None:
    draft = submitted(bureau)

    response = signed_in("bram").post(f"/requests/{draft.pk}/send-back/", {"remark": "Name the clinic at Dol."})

    assert response.headers["Location"] == f"/requests/{draft.pk}/"
    client = signed_in("anna")
    assert "Name the clinic at Dol." in text_of(client.get(f"/requests/{draft.pk}/"))
    assert "Sent back" in text_of(client.get("/requests/"))
    section = f"/requests/{draft.pk}/protection/"
    assert client.post(section, fields_of(client.get(section))).status_code == 302
    cases.submit_draft(by=bureau["anna"], draft_id=draft.pk, approver_id="")


def test_a_remark_says_something(bureau: Bureau, signed_in: SignIn) -> None:
    draft = submitted(bureau)

    response = signed_in("bram").post(f"/requests/{draft.pk}/send-back/", {"remark": "  "})

    assert response.status_code == 422
    assert "What should change: This field is required." in errors_of(response)


def test_an_open_draft_cannot_be_sent_back(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    cases.add_member(by=bureau["anna"], case_id=draft.case_id, officer_id=bureau["bram"].identifier)

    response = signed_in("bram").post(f"/requests/{draft.pk}/send-back/", {"remark": "Hm."})

    assert "not waiting for approval" in errors_of(response)


def test_a_submitted_draft_stands_still(bureau: Bureau, signed_in: SignIn) -> None:
    draft = submitted(bureau)
    client = signed_in("anna")
    address = f"/requests/{draft.pk}/protection/"

    response = client.post(address, fields_of(client.get(address)))

    assert response.status_code == 422
    assert "no longer open for changes" in errors_of(response)

"""What leaves the house: written by one officer, approved by another, exactly as it was read."""

from __future__ import annotations

import pytest

from dedere.base.errors import DefectError, InputError, PermissionRefusedError
from dedere.casework.errors import ActRefusedError
from dedere.node.audit.models import Event
from dedere.node.cases import actions
from dedere.node.cases.actions.drafts import NewAttachment
from dedere.node.cases.models import Case, Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.actions import attach_upload
from dedere.node.exchange.models import OutgoingLetter
from dedere.node.exchange.sealing import seal_draft
from dedere.node.persons.models import Person
from support.offices import Bureau, measure_of, request_tables, upload


def submitted(bureau: Bureau) -> Draft:
    draft = bureau.drafted()
    return actions.submit_draft(by=bureau["anna"], draft_id=draft.pk, approver_id=bureau["bram"].identifier)


def test_a_request_goes_from_draft_to_outbox_with_two_officers(bureau: Bureau) -> None:
    case = bureau.requested()
    letter = case.letters.get()
    assert letter.act["officer"] == {
        "name": "Anna de Wit (fictional)",
        "role": "case-officer",
        "approved_by": {"name": "Bram Bos (fictional)", "role": "approver"},
    }
    assert case.state["proceedings"][0]["status"] == "sent"
    assert OutgoingLetter.objects.get().state == "queued"


def test_nobody_approves_what_they_wrote(bureau: Bureau) -> None:
    draft = bureau.drafted()
    actions.add_member(by=bureau["anna"], case_id=draft.case_id, officer_id=bureau["stranger"].identifier)
    mine = actions.start_draft(
        by=bureau["stranger"], partner="SN", title="Mine (fictional)", opens="mla", request=request_tables()
    )
    sent = actions.submit_draft(by=bureau["stranger"], draft_id=mine.pk)
    with pytest.raises(PermissionRefusedError, match="second officer"):
        actions.approve_draft(by=bureau["stranger"], draft_id=mine.pk, digest=sent.digest)


def test_only_an_approver_approves(bureau: Bureau) -> None:
    draft = submitted(bureau)
    actions.add_member(by=bureau["anna"], case_id=draft.case_id, officer_id=bureau["rosa"].identifier)
    with pytest.raises(PermissionRefusedError, match="an approver"):
        actions.approve_draft(by=bureau["rosa"], draft_id=draft.pk, digest=draft.digest)


def test_approval_is_bound_to_what_was_read(bureau: Bureau) -> None:
    draft = submitted(bureau)
    with pytest.raises(InputError, match="not the version that you read"):
        actions.approve_draft(by=bureau["bram"], draft_id=draft.pk, digest="0" * 64)


def test_a_row_changed_behind_the_approval_is_not_sealed(bureau: Bureau) -> None:
    draft = bureau.approved(bureau.drafted())
    body = {**draft.body, "note": "slipped in by an administrator"}
    Draft.objects.filter(pk=draft.pk).update(body=body)
    with pytest.raises(DefectError, match="not what a second officer approved"):
        seal_draft(draft.pk)
    assert not OutgoingLetter.objects.exists()


def test_a_submitted_draft_stands_still(bureau: Bureau) -> None:
    draft = submitted(bureau)
    with pytest.raises(InputError, match="no longer open"):
        actions.save_body(by=bureau["anna"], draft_id=draft.pk, body={}, version=draft.version)
    with pytest.raises(InputError, match="no longer open"):
        attach_upload(by=bureau["anna"], draft_id=draft.pk, upload=upload("late.pdf", b"%PDF-1.7 late"))


def test_two_officers_do_not_overwrite_each_other(bureau: Bureau) -> None:
    draft = bureau.drafted()
    actions.save_body(by=bureau["anna"], draft_id=draft.pk, body=draft.body, version=draft.version)
    with pytest.raises(InputError, match="Another officer changed this draft"):
        actions.save_body(by=bureau["anna"], draft_id=draft.pk, body=draft.body, version=draft.version)


def test_what_is_sent_back_can_be_changed_and_submitted_again(bureau: Bureau) -> None:
    draft = submitted(bureau)
    with pytest.raises(InputError, match="Say what"):
        actions.send_back(by=bureau["bram"], draft_id=draft.pk, remark=" ")
    back = actions.send_back(by=bureau["bram"], draft_id=draft.pk, remark="Name the place.")
    assert (back.state, back.remark, back.digest) == ("open", "Name the place.", "")
    again = actions.submit_draft(by=bureau["anna"], draft_id=draft.pk)
    assert (again.state, again.remark) == ("submitted", "")
    actions.approve_draft(by=bureau["bram"], draft_id=draft.pk, digest=again.digest)
    for verdict in (actions.send_back, actions.approve_draft):
        words = {"remark": "Too late."} if verdict is actions.send_back else {"digest": again.digest}
        with pytest.raises(InputError, match="not waiting for approval"):
            verdict(by=bureau["bram"], draft_id=draft.pk, **words)


def test_an_approved_draft_cannot_be_recalled(bureau: Bureau) -> None:
    draft = bureau.approved(bureau.drafted())
    with pytest.raises(InputError, match="cannot be recalled"):
        actions.discard_draft(by=bureau["anna"], draft_id=draft.pk)


def test_a_discarded_draft_stays_and_never_leaves(bureau: Bureau) -> None:
    draft = bureau.drafted()
    actions.discard_draft(by=bureau["anna"], draft_id=draft.pk)
    assert Draft.objects.get(pk=draft.pk).state == "discarded"
    assert Event.objects.filter(action="draft-discarded", subject=draft.pk).exists()


def test_a_case_does_not_exist_for_a_stranger(bureau: Bureau) -> None:
    draft = bureau.drafted()
    with pytest.raises(UnknownObjectError):
        actions.submit_draft(by=bureau["stranger"], draft_id=draft.pk)
    with pytest.raises(UnknownObjectError):
        actions.add_member(by=bureau["stranger"], case_id=draft.case_id, officer_id=bureau["stranger"].identifier)
    with pytest.raises(UnknownObjectError):
        bureau.proposed(Case.objects.get(pk=draft.case_id), "withdrawal", {"reason": "x"}, by="stranger")


@pytest.mark.parametrize("officer", ["bram", "eva", "koos", "ada", "max"])
def test_only_a_case_officer_begins_a_request(bureau: Bureau, officer: str) -> None:
    with pytest.raises(PermissionRefusedError, match="a case officer"):
        actions.start_draft(by=bureau[officer], partner="SN", title="X", request=request_tables())


@pytest.mark.parametrize(("partner", "title", "sentence"), [("NL", "X", "another State"), ("SN", " ", "needs a title")])
def test_a_request_needs_another_state_and_a_title(bureau: Bureau, partner: str, title: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        actions.start_draft(by=bureau["anna"], partner=partner, title=title, request=request_tables())


def test_a_request_file_of_another_state_is_not_ours(bureau: Bureau) -> None:
    text = b'format = "dedere-request/1"\n[request]\nkind = "mla"\nrequesting_state = "SN"\nrequested_state = "NL"\n'
    with pytest.raises(InputError, match="a request of SN"):
        actions.start_draft_from_file(by=bureau["anna"], name="request.toml", data=text)
    with pytest.raises(InputError):
        actions.start_draft_from_file(by=bureau["anna"], name="request.toml", data=b"format = 7")
    assert not Case.objects.exists()


def test_an_act_out_of_turn_is_refused_by_the_rule_that_forbids_it(bureau: Bureau) -> None:
    case = bureau.requested()
    with pytest.raises(ActRefusedError) as refusal:
        bureau.proposed(case, "acceptance", {"measures": [{"measure": measure_of(case)}]}, by="anna")
    assert refusal.value.rule == "wrong-side"
    assert not Draft.objects.filter(kind="acceptance").exists()


def test_two_files_of_one_name_cannot_leave_together(bureau: Bureau) -> None:
    draft = bureau.drafted()
    first = attach_upload(by=bureau["anna"], draft_id=draft.pk, upload=upload("map.pdf", b"%PDF-1.7 one"))
    with pytest.raises(InputError, match=r"already has a file named map\.pdf"):
        attach_upload(by=bureau["anna"], draft_id=draft.pk, upload=upload("map.pdf", b"%PDF-1.7 two"))
    actions.detach(by=bureau["anna"], draft_id=draft.pk, attachment_id=first)
    with pytest.raises(UnknownObjectError):
        actions.detach(by=bureau["anna"], draft_id=draft.pk, attachment_id=first)
    new = NewAttachment("b.pdf", "B", "application/pdf", 1, "0" * 64, "1" * 64)
    assert actions.attach(by=bureau["anna"], draft_id=draft.pk, new=new).name == "b.pdf"


def test_a_protected_person_is_known_by_alias_alone(bureau: Bureau) -> None:
    bureau.requested()
    protected = Person.objects.filter(protected=True)
    assert all(person.name == "" and person.alias and person.details == {} for person in protected)
    assert Person.objects.exists()
    assert all(str(person) for person in Person.objects.all())

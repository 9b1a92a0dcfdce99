"""Conditions of use stop what they forbid: in the actions and on the page, with their source; consent lifts them.

Every person and case is fictional.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import InputError
from dedere.casework.conditions import ConditionKind, UseKind
from dedere.casework.errors import UseForbiddenError
from dedere.node.cases.models import Case, Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence import actions as evidence
from dedere.node.evidence.conditions import binding_on, for_letter, require_release
from dedere.node.evidence.models import Item
from dedere.node.exchange.sealing import seal_draft
from dedere.vault.ledger import CustodyEvent
from support.conditioned import received, signed_for
from support.offices import CONDITION, Bureau, measure_of, upload
from support.pages import SignIn, errors_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SECRET: Mapping[str, object] = {"id": "c2", "kind": "confidentiality", "text": "Not to be shown outside (fictional)."}
NO_ONWARD: Mapping[str, object] = {"id": "c3", "kind": "no-onward-transfer", "text": "To no other State (fictional)."}
HERE = "this case"


def lifted(bureau: Bureau, case: Case, *conditions: str, granted: bool = True) -> None:
    asked = {"conditions": list(conditions), "use": "Another trial in the same matter (fictional)."}
    bureau.sent(bureau.proposed(case, "consent-request", asked, by="anna"))
    bureau.arrives("consent", {"conditions": list(conditions), "granted": granted}, case=case)


def copy(
    bureau: Bureau, item: Item, purpose: str = HERE, kind: UseKind = UseKind.COPY, *, reported: bool = False
) -> Item:
    out = evidence.HandOut(kind=kind, to="Rotterdam District Court (fictional)", purpose=purpose, reported=reported)
    return evidence.hand_out(by=bureau["anna"], item_id=item.pk, out=out)


def events(item: Item) -> Sequence[str]:
    return [entry.event for entry in evidence.ledger_of(item)]


def test_nothing_is_looked_at_before_its_conditions_were_accepted(bureau: Bureau, signed_in: SignIn) -> None:
    case, item = received(bureau, accept=False)
    client = signed_in("anna")

    response = client.post(f"/evidence/{item.pk}/", {"reason": "curious"})

    assert response.status_code == 422
    assert "has not been accepted yet" in errors_of(response)
    assert "set by SN in letter" in errors_of(response)
    assert "/evidence/content/" not in response.content.decode()
    with pytest.raises(UseForbiddenError):
        evidence.record_custody(by=bureau["anna"], item_id=item.pk, event=CustodyEvent.EXAMINED, place="", note="x")
    signed_for(bureau, case, item)
    assert "/evidence/content/" in client.post(f"/evidence/{item.pk}/", {}).content.decode()


def test_what_was_declined_is_only_returned(bureau: Bureau) -> None:
    case, item = received(bureau, accept=False)
    signed_for(bureau, case, item, accepted=False)

    with pytest.raises(UseForbiddenError, match="only be returned"):
        evidence.note_look(by=bureau["anna"], item_id=item.pk, reason="x")
    body = {"items": [{"item": item.pk}], "returned_on": "2026-11-24"}
    bureau.sent(bureau.proposed(case, "return", body, by="anna"))
    assert events(item)[-1] == "returned"


def test_a_copy_for_another_purpose_is_refused_and_consent_lets_it_through(bureau: Bureau, signed_in: SignIn) -> None:
    case, item = received(bureau)
    client = signed_in("anna")
    form = {"kind": "copy", "to": "The prosecutor of another case", "purpose": "another case"}

    response = client.post(f"/evidence/{item.pk}/copy/", form)

    assert response.status_code == 422
    assert "The purpose is not among those allowed." in errors_of(response)
    assert "set by SN in letter" in errors_of(response)
    assert "copied" not in events(item)
    allowed = client.post(f"/evidence/{item.pk}/copy/", {**form, "purpose": HERE})
    assert "Save the copy" in text_of(allowed)
    assert events(item)[-1] == "copied"
    lifted(bureau, case, "c1", granted=False)
    with pytest.raises(UseForbiddenError):
        copy(bureau, item, "another case")
    lifted(bureau, case, "c1")
    assert "Save the copy" in text_of(client.post(f"/evidence/{item.pk}/copy/", form))


def test_a_disclosure_of_what_is_confidential_is_refused_but_for_exculpatory_content_after_notice(
    bureau: Bureau, signed_in: SignIn
) -> None:
    case, item = received(bureau, SECRET)
    client = signed_in("anna")
    form = {"kind": "disclosure", "to": "Counsel of the accused (fictional)", "purpose": "defence"}
    refused = client.post(f"/evidence/{item.pk}/copy/", form)
    assert "The content is confidential." in errors_of(refused)

    unnoticed = client.post(f"/evidence/{item.pk}/copy/", {**form, "holds": ["exculpatory"]})
    assert "after notice to that State, and none was given" in errors_of(unnoticed)

    notice = {"event": "exculpatory.disclosure-planned", "text": "It speaks for the accused.", "items": [item.pk]}
    bureau.sent(bureau.proposed(case, "notice", notice, by="anna"))
    assert "Save the copy" in text_of(client.post(f"/evidence/{item.pk}/copy/", {**form, "holds": ["exculpatory"]}))
    assert "exculpatory, after notice" in evidence.ledger_of(item)[-1].note
    with pytest.raises(UseForbiddenError):
        copy(bureau, item, "defence", UseKind.DISCLOSURE)


def test_use_as_evidence_is_reported_where_that_was_asked(bureau: Bureau) -> None:
    _case, item = received(bureau, {"id": "c4", "kind": "report-on-use", "text": "Tell us (fictional)."})

    with pytest.raises(UseForbiddenError, match="must be reported"):
        copy(bureau, item, "trial", UseKind.EVIDENCE)
    copy(bureau, item, "trial", UseKind.EVIDENCE, reported=True)
    assert "(reported)" in evidence.ledger_of(item)[-1].note


@pytest.mark.parametrize("fault", ["to", "purpose", "kind"])
def test_a_copy_without_somebody_a_purpose_or_a_known_kind_is_refused(bureau: Bureau, fault: str) -> None:
    _case, item = received(bureau)
    given = {"kind": UseKind.COPY, "to": "A court", "purpose": HERE}
    given[fault] = UseKind.TRANSFER if fault == "kind" else " "

    with pytest.raises(InputError):
        evidence.hand_out(by=bureau["anna"], item_id=item.pk, out=evidence.HandOut(**given))  # type: ignore[arg-type] # one of them is wrong


def other_case(bureau: Bureau, partner: str) -> Case:
    """A case with another State, in which our request has not left."""
    case = bureau.drafted().case
    Case.objects.filter(pk=case.pk).update(partner=partner)
    case.refresh_from_db()
    return case


def test_an_onward_letter_is_refused_and_consent_lets_it_through(bureau: Bureau, signed_in: SignIn) -> None:
    case, item = received(bureau, NO_ONWARD)
    onward = other_case(bureau, "SI")
    client = signed_in("anna")

    response = client.post(f"/evidence/{item.pk}/other-case/", {"case": onward.pk})

    assert response.status_code == 422
    assert "may not be passed on to that State" in errors_of(response)
    assert "set by SN in letter" in errors_of(response)
    lifted(bureau, case, "c3")
    moved = client.post(f"/evidence/{item.pk}/other-case/", {"case": onward.pk})
    carried = Item.objects.get(case=onward)
    assert moved.headers["Location"] == f"/evidence/{carried.pk}/"
    assert carried.derived_from == [item.pk]
    assert carried.object == item.object
    assert events(item)[-1] == "copied"
    with pytest.raises(InputError, match="of this case already"):
        evidence.carry_over(by=bureau["anna"], item_id=carried.pk, case_id=onward.pk)
    with pytest.raises(UnknownObjectError):
        evidence.carry_over(by=bureau["stranger"], item_id=item.pk, case_id=onward.pk)


def test_the_same_content_under_another_name_is_refused_as_well(bureau: Bureau, signed_in: SignIn) -> None:
    _case, item = received(bureau, NO_ONWARD)
    onward = other_case(bureau, "SI")
    draft = onward.drafts.get()
    data = b"%PDF-1.7 the record (fictional)"

    with pytest.raises(UseForbiddenError, match="evidence under a condition of its source") as caught:
        evidence.attach_upload(by=bureau["anna"], draft_id=draft.pk, upload=upload("harmless.pdf", data))

    assert item.title not in caught.value.sentence
    assert draft.attachments.count() == 0
    evidence.attach_upload(by=bureau["anna"], draft_id=draft.pk, upload=upload("other.pdf", b"%PDF-1.7 other"))


def test_a_condition_that_comes_after_the_draft_stops_submission_approval_and_sealing(bureau: Bureau) -> None:
    """The file was attached when nothing bound it; then the same record came in under a condition."""
    draft = bureau.drafted()
    data = b"%PDF-1.7 the record (fictional)"
    evidence.attach_upload(by=bureau["anna"], draft_id=draft.pk, upload=upload("law.pdf", data))
    approved = bureau.approved(draft)
    received(bureau, NO_ONWARD)
    Case.objects.filter(pk=draft.case_id).update(partner="SI")
    draft.refresh_from_db()

    with pytest.raises(UseForbiddenError):
        evidence.submit_draft(by=bureau["anna"], draft_id=draft.pk)
    with pytest.raises(UseForbiddenError):
        evidence.approve_draft(by=bureau["bram"], draft_id=draft.pk, digest=approved.digest)


def test_what_is_made_from_an_item_inherits_and_carries_its_conditions(bureau: Bureau, signed_in: SignIn) -> None:
    case, item = received(bureau)
    client = signed_in("anna")
    made = evidence.Made(how="Translated into Dutch.", purpose="another case")
    with pytest.raises(UseForbiddenError):
        evidence.derive_item(by=bureau["anna"], sources=[item.pk], upload=upload("nl.pdf", b"%PDF-1.7 nl"), made=made)

    form = {"title": "Translation", "how": "Translated into Dutch.", "purpose": HERE}
    from django.core.files.uploadedfile import SimpleUploadedFile

    response = client.post(
        f"/evidence/{item.pk}/made-from/", {**form, "file": SimpleUploadedFile("nl.pdf", b"%PDF-1.7 nl")}
    )

    derived = Item.objects.get(title="Translation")
    assert response.headers["Location"] == f"/evidence/{derived.pk}/"
    assert [each.id for each in binding_on(derived)] == ["c1"]
    assert [raw["id"] for raw in for_letter(derived)] == ["c1"]
    with pytest.raises(UseForbiddenError):
        copy(bureau, derived, "another case")
    page = text_of(client.get(f"/evidence/{derived.pk}/"))
    assert "Inherited" in page
    assert str(CONDITION["text"]) in page
    assert "Made from it" in text_of(client.get(f"/evidence/{item.pk}/"))
    lifted(bureau, case, "c1")
    copy(bureau, derived, "another case")
    assert for_letter(derived) == []


@pytest.mark.parametrize(
    ("sources", "how", "said"),
    [(0, "Cut.", "at least one item"), (2, "Cut.", "items of one case"), (1, " ", "how it was made")],
)
def test_what_is_made_from_nothing_or_nobody_knows_how_is_refused(
    bureau: Bureau, sources: int, how: str, said: str
) -> None:
    _, first = received(bureau)
    _, second = received(bureau)
    with pytest.raises(InputError, match=said):
        evidence.derive_item(
            by=bureau["anna"],
            sources=[first.pk, second.pk][:sources],
            upload=upload("a.pdf", b"%PDF-1.7 a"),
            made=evidence.Made(how=how, purpose=HERE),
        )


def own_item(bureau: Bureau) -> Item:
    _case, assignment = bureau.assigned()
    collected = evidence.Collected(on=bureau.clock.now().date(), by="Eva Evers (fictional)", place="Rotterdam")
    return evidence.ingest(
        by=bureau["eva"], assignment_id=assignment, upload=upload("a.pdf", b"%PDF-1.7 a"), collected=collected
    )


def test_our_own_conditions_do_not_bind_us_and_go_with_the_letter(bureau: Bureau, signed_in: SignIn) -> None:
    item = own_item(bureau)
    client = signed_in("rosa")
    form = {
        "kind": "use-limitation",
        "text": "For this trial alone (fictional).",
        "purposes": "the trial\n\nthe appeal",
        "states": "si, fr",
    }
    response = client.post(f"/evidence/{item.pk}/condition/", form)
    assert response.headers["Location"] == f"/evidence/{item.pk}/"
    item.refresh_from_db()
    raw = item.conditions[0]
    assert (raw["purposes"], raw["states"]) == (["the trial", "the appeal"], ["SI", "FR"])
    assert "Goes with the item" in text_of(client.get(f"/evidence/{item.pk}/"))
    evidence.note_look(by=bureau["rosa"], item_id=item.pk, reason="x")
    case = item.case
    outcome = {"measure": measure_of(case), "outcome": "executed", "text": "Heard."}
    letter = bureau.sent(
        bureau.proposed(case, "result", {"measures": [outcome]}, by="rosa", items=[item.pk]), author="rosa"
    )
    sent = case.letters.get(pk=letter).parts[0]["conditions"]
    assert [each["id"] for each in sent] == [raw["id"]]
    evidence.note_look(by=bureau["rosa"], item_id=item.pk, reason="x")
    with pytest.raises(InputError, match="in a letter or in a draft"):
        evidence.unset_condition(by=bureau["rosa"], item_id=item.pk, condition=raw["id"])


def test_a_condition_of_ours_is_taken_off_again(bureau: Bureau, signed_in: SignIn) -> None:
    item = own_item(bureau)
    new = evidence.NewCondition(ConditionKind.HANDLING, "Handle with care (fictional).")
    condition = evidence.set_condition(by=bureau["rosa"], item_id=item.pk, new=new).conditions[0]["id"]
    client = signed_in("rosa")

    client.post(f"/evidence/{item.pk}/condition/{condition}/off/")

    item.refresh_from_db()
    assert item.conditions == []
    with pytest.raises(InputError, match="no such condition"):
        evidence.unset_condition(by=bureau["rosa"], item_id=item.pk, condition=condition)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (evidence.NewCondition(ConditionKind.HANDLING, "  "), "written out"),
        (evidence.NewCondition(ConditionKind.USE_LIMITATION, "So."), "at least one purpose"),
        (evidence.NewCondition(ConditionKind.DESTROY_BY, "So."), "names the day"),
    ],
)
def test_a_condition_that_lacks_what_its_kind_needs_is_refused(
    bureau: Bureau, new: evidence.NewCondition, said: str
) -> None:
    item = own_item(bureau)
    with pytest.raises(InputError, match=said):
        evidence.set_condition(by=bureau["rosa"], item_id=item.pk, new=new)


def test_nobody_sets_conditions_on_what_another_state_sent(bureau: Bureau, signed_in: SignIn) -> None:
    _case, item = received(bureau)

    response = signed_in("anna").post(f"/evidence/{item.pk}/condition/", {"kind": "handling", "text": "Ours."})

    assert "only it sets conditions on it" in errors_of(response)


def test_a_letter_is_not_sealed_over_a_condition(bureau: Bureau) -> None:
    """Whoever goes round the pages meets the condition where the key is."""
    draft = bureau.drafted()
    evidence.attach_upload(
        by=bureau["anna"], draft_id=draft.pk, upload=upload("law.pdf", b"%PDF-1.7 the record (fictional)")
    )
    received(bureau, NO_ONWARD)
    bureau.approved(draft)

    # To Senegal itself it may go; the gate looks at the State and the content, not at the name.
    assert seal_draft(draft.pk) == draft.pk


def test_a_letter_to_several_states_is_held_back_by_a_condition_that_binds_for_one_of_them(bureau: Bureau) -> None:
    case, item = received(bureau, NO_ONWARD)

    require_release(team_draft(bureau, case, item, "NL", "SN"))
    with pytest.raises(UseForbiddenError, match="set by SN"):
        require_release(team_draft(bureau, case, item, "NL", "SI", "SN"))


def team_draft(bureau: Bureau, case: Case, item: Item, *members: str) -> Draft:
    """A draft that opens a proceeding of these States, with the item."""
    now, new = bureau.clock.now(), bureau.office.identifiers.new
    draft = Draft.objects.create(
        pk=new(), case=case, kind="team-proposal", proceeding=new(), body={"members": list(members)},
        author=bureau["anna"], created_at=now, changed_at=now,
    )  # fmt: skip
    draft.attachments.create(
        pk=new(), item=item.pk, name=item.name, media_type=item.media_type, size=item.size, sha256=item.sha256,
        object=item.object,
    )  # fmt: skip
    return draft

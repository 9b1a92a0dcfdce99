"""Registrars take cases up, measures go to executing authorities, evidence comes in and leaves with its ledger."""

from __future__ import annotations

import datetime as dt

import pytest

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.node.cases import actions
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.actions import Collected, ingest, ledger_of, note_look, record_custody
from dedere.node.evidence.models import Item
from dedere.node.exchange.models import OutgoingLetter
from dedere.vault.ledger import CustodyEvent, verify_ledger
from dedere.vault.reading import open_object
from support.offices import Bureau, measure_of, proceeding_of, upload

COLLECTED = Collected(
    on=dt.date(2026, 11, 24), by="Eva Evers (fictional)", place="Rotterdam", note="Copied (fictional)."
)
RECORD = b"%PDF-1.7 a fictional record of a hearing"


def taken_in(bureau: Bureau, assignment: str, *, name: str = "record.pdf") -> Item:
    return ingest(by=bureau["eva"], assignment_id=assignment, upload=upload(name, RECORD), collected=COLLECTED)


def test_the_registrar_takes_up_what_arrived_and_nobody_else_can(bureau: Bureau) -> None:
    case = bureau.asked()
    letter = case.letters.get().pk
    for officer in ("anna", "bram", "eva", "max", "ada"):
        with pytest.raises(UnknownObjectError):
            actions.take_up(by=bureau[officer], letter_id=letter)
    assert actions.take_up(by=bureau["rosa"], letter_id=letter).pk == case.pk
    assert actions.take_up(by=bureau["rosa"], letter_id=letter).members.count() == 1
    with pytest.raises(UnknownObjectError):
        actions.take_up(by=bureau["stranger"], letter_id=letter)


def test_a_member_is_added_once_and_must_work_here(bureau: Bureau) -> None:
    case = bureau.registered()
    before = case.members.count()
    for _ in range(2):
        actions.add_member(by=bureau["rosa"], case_id=case.pk, officer_id=bureau["anna"].identifier)
    assert case.members.count() == before + 1
    with pytest.raises(InputError, match="who works here"):
        actions.add_member(by=bureau["rosa"], case_id=case.pk, officer_id="nobody")


def test_a_measure_goes_to_one_executing_authority(bureau: Bureau) -> None:
    case, _assignment = bureau.assigned()
    details = actions.AssignmentDetails()

    def assign(measure: str, officer: str) -> None:
        actions.assign_measure(
            by=bureau["rosa"],
            case_id=case.pk,
            proceeding=proceeding_of(case),
            measure=measure,
            officer_id=bureau[officer].identifier,
            details=details,
        )

    with pytest.raises(InputError, match="given to an executing authority before"):
        assign(measure_of(case), "eva")
    with pytest.raises(InputError, match="no such measure"):
        assign("measure-99", "eva")
    with pytest.raises(InputError, match="an executing authority"):
        assign(measure_of(case), "anna")


def test_evidence_opens_its_ledger_and_leaves_with_it(bureau: Bureau) -> None:
    case, assignment = bureau.assigned()
    item = taken_in(bureau, assignment)
    assert [entry.event for entry in ledger_of(item)] == ["collected", "ingested"]
    with open_object(bureau.office.store, item.object, bureau.office.sealing_identities) as reader:
        assert reader.read() == RECORD
    record_custody(by=bureau["eva"], item_id=item.pk, event=CustodyEvent.EXAMINED, place="Rotterdam", note="Read.")
    actions.report_result(by=bureau["eva"], assignment_id=assignment, report="Heard (fictional).")
    body = {"measures": [{"measure": measure_of(case), "outcome": "executed", "text": "Heard (fictional)."}]}
    draft = bureau.proposed(case, "result", body, by="rosa", items=[item.pk])
    listed = draft.body["items"][0]
    assert listed["ledger_head"] == ledger_of(item)[-1].digest()
    bureau.sent(draft, author="rosa")
    item.refresh_from_db()
    assert [entry.event for entry in ledger_of(item)] == ["collected", "ingested", "examined", "sent"]
    assert ledger_of(item)[-1].signature == OutgoingLetter.objects.get(pk=item.letter).digest
    assert verify_ledger(ledger_of(item)).entries == 4
    with pytest.raises(InputError, match="sent before"):
        bureau.proposed(case, "result", body, by="rosa", items=[item.pk])


def test_a_custody_receipt_enters_the_senders_ledger_with_the_receivers_officer(bureau: Bureau) -> None:
    case, assignment = bureau.assigned()
    item = taken_in(bureau, assignment)
    body = {"measures": [{"measure": measure_of(case), "outcome": "executed", "text": "Heard (fictional)."}]}
    bureau.sent(bureau.proposed(case, "result", body, by="rosa", items=[item.pk]), author="rosa")
    receipt = {"received_on": "2026-11-24", "items": [{"item": item.pk, "sha256": item.sha256, "intact": True}]}
    letter = bureau.arrives("custody-receipt", receipt, case=case)
    last = ledger_of(Item.objects.get(pk=item.pk))[-1]
    assert (last.event, last.by, last.signature) == (
        "received",
        "Awa Diop (fictional)",
        case.letters.get(pk=letter).digest,
    )


def test_evidence_is_refused_without_title_collector_or_possible_day(bureau: Bureau) -> None:
    _case, assignment = bureau.assigned()
    for collected, title, sentence in (
        (COLLECTED, " ", "needs a title"),
        (Collected(on=COLLECTED.on, by=" "), "Record", "who collected it"),
        (Collected(on=dt.date(2027, 1, 1), by="Eva (fictional)"), "Record", "in the future"),
    ):
        with pytest.raises(InputError, match=sentence):
            ingest(
                by=bureau["eva"],
                assignment_id=assignment,
                upload=upload("record.pdf", RECORD, title=title),
                collected=collected,
            )
    assert not Item.objects.exists()


def test_a_reported_measure_is_closed(bureau: Bureau) -> None:
    _case, assignment = bureau.assigned()
    with pytest.raises(InputError, match="Say what was done"):
        actions.report_result(by=bureau["eva"], assignment_id=assignment, report=" ")
    with pytest.raises(PermissionRefusedError, match="Only the officer"):
        actions.report_result(by=bureau["rosa"], assignment_id=assignment, report="Done.")
    with pytest.raises(UnknownObjectError):
        actions.report_result(by=bureau["stranger"], assignment_id=assignment, report="Done.")
    actions.report_result(by=bureau["eva"], assignment_id=assignment, report="Done (fictional).")
    with pytest.raises(InputError, match="reported on before"):
        actions.report_result(by=bureau["eva"], assignment_id=assignment, report="Done.")
    with pytest.raises(PermissionRefusedError, match="closed"):
        taken_in(bureau, assignment)


def test_an_item_does_not_exist_for_a_stranger_and_each_look_is_logged(bureau: Bureau) -> None:
    _case, assignment = bureau.assigned()
    item = taken_in(bureau, assignment)
    for officer in ("stranger", "anna", "max", "ada"):
        with pytest.raises(UnknownObjectError):
            note_look(by=bureau[officer], item_id=item.pk, reason="curious")
    with pytest.raises(UnknownObjectError):
        note_look(by=bureau["eva"], item_id="nothing", reason="x")
    assert note_look(by=bureau["eva"], item_id=item.pk, reason="to compare").pk == item.pk
    with pytest.raises(InputError, match="Only an examination is noted"):
        record_custody(by=bureau["eva"], item_id=item.pk, event=CustodyEvent.DESTROYED, place="", note="")


def test_a_name_from_outside_is_made_safe(bureau: Bureau) -> None:
    _case, assignment = bureau.assigned()
    item = taken_in(bureau, assignment, name="../../etc/\u202epasswd\x00.pdf")
    assert "/" not in item.name
    assert "\u202e" not in item.name
    assert str(item) == item.title


def test_an_item_of_another_case_cannot_go_with_a_letter(bureau: Bureau) -> None:
    case, assignment = bureau.assigned()
    other, _ = bureau.assigned()
    item = taken_in(bureau, assignment)
    body = {"measures": [{"measure": measure_of(other), "outcome": "executed", "text": "x"}]}
    with pytest.raises(InputError, match="another case"):
        bureau.proposed(other, "result", body, by="rosa", items=[item.pk])
    assert case.pk != other.pk

"""Evidence is kept, returned, or destroyed by order of two officers, and the key goes first. All of it is fictional."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.cli.commands.vault import expected_objects
from dedere.crypto.digests import sha256_hex
from dedere.node.audit.models import Event
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence import actions as evidence
from dedere.node.evidence.destroying import approved_destructions, carry_out
from dedere.node.evidence.models import Destruction, Item
from dedere.node.jobs.evidence import due_destructions
from dedere.node.jobs.exports import case_export
from dedere.node.jobs.models import Export
from dedere.protocol.container import open_container
from dedere.vault.errors import RetentionError
from dedere.vault.ledger import verify_ledger
from support.conditioned import received
from support.offices import Bureau, measure_of, upload
from support.pages import SignIn, errors_of, text_of

GROUNDS = evidence.DestructionGrounds("Rotterdam District Court (fictional)", "decision 7 of 2026")
FORM = {"authority": GROUNDS.authority, "reference": GROUNDS.reference}


def own_item(bureau: Bureau, data: bytes = b"%PDF-1.7 a") -> Item:
    """An item that Eva took in, in a case that Rosa and Bram work on."""
    _case, assignment = bureau.assigned()
    collected = evidence.Collected(on=bureau.clock.now().date(), by="Eva Evers (fictional)", place="Rotterdam")
    return evidence.ingest(
        by=bureau["eva"], assignment_id=assignment, upload=upload("a.pdf", data), collected=collected
    )


def ordered(bureau: Bureau, item: Item, *, by: str = "rosa", approver: str = "bram") -> Destruction:
    order = evidence.order_destruction(by=bureau[by], item_id=item.pk, grounds=GROUNDS)
    return evidence.approve_destruction(by=bureau[approver], order_id=order.pk)


def test_two_officers_destroy_an_item_and_its_certificate_stays(bureau: Bureau, signed_in: SignIn) -> None:
    item = own_item(bureau)
    rosa = signed_in("rosa")
    response = rosa.post(f"/evidence/{item.pk}/destroy/", FORM)
    assert response.headers["Location"] == f"/evidence/{item.pk}/"
    order = Destruction.objects.get()
    page = text_of(rosa.get(f"/evidence/{item.pk}/"))
    assert "Order to destroy" in page
    assert "Approve; it is destroyed" not in page
    assert rosa.post(f"/evidence/{item.pk}/destroy/{order.pk}/approve/").status_code == 403
    assert approved_destructions() == []
    bram = signed_in("bram")
    assert GROUNDS.reference in text_of(bram.get("/evidence/due/"))
    bram.post(f"/evidence/{item.pk}/destroy/{order.pk}/approve/")
    header = bureau.office.store.read_header(item.object)

    carry_out(*due_destructions())

    item.refresh_from_db()
    assert item.destroyed_at == bureau.clock.now()
    assert not bureau.office.store.holds(item.object)
    entries = evidence.ledger_of(item)
    report = verify_ledger(entries)
    assert entries[-1].event == "destroyed"
    order.refresh_from_db()
    assert report.signatures == (sha256_hex(bytes(order.order or b"")),)
    certificate = bram.get(f"/evidence/{item.pk}/destroy/{order.pk}/certificate/")
    said = json.loads(open_container(certificate.content).members["certificate.json"])
    assert (said["item"], said["sha256"], said["ledger"]) == (item.pk, item.sha256, report.head)
    assert (said["ordered_by"], said["approved_by"]) == (bureau["rosa"].name, bureau["bram"].name)
    assert header not in b"".join(path.read_bytes() for path in bureau.office.home.vault.rglob("*") if path.is_file())
    shown = text_of(bram.get(f"/evidence/{item.pk}/"))
    assert "Its key and its bytes were destroyed" in shown
    assert "Look at it" not in shown
    assert item.object not in expected_objects()
    for action in ("destruction-ordered", "destruction-approved", "evidence-destroyed"):
        assert Event.objects.filter(action=action, subject=item.pk).count() == 1


def test_what_is_destroyed_is_used_no_more_and_stays_in_the_dossier_by_its_digest(bureau: Bureau) -> None:
    item = own_item(bureau)
    ordered(bureau, item)
    carry_out(*due_destructions())

    with pytest.raises(InputError, match="destroyed by order"):
        evidence.note_look(by=bureau["rosa"], item_id=item.pk, reason="x")
    with pytest.raises(InputError, match="destroyed by order"):
        evidence.place_hold(by=bureau["rosa"], item_id=item.pk, reference="late")
    export = Export(pk="e" * 26, case=item.case_id, asked_by=bureau["rosa"].identifier, asked_at=bureau.clock.now())
    line = next(iter(case_export(item.case, export, bureau["rosa"]).items))
    assert (line.sha256, line.left_out) == (item.sha256, f"destroyed by order {GROUNDS.reference}")
    assert len(line.attestations) == 2


def test_a_crash_between_destruction_and_its_record_leads_to_the_same_end(bureau: Bureau) -> None:
    item = own_item(bureau)
    order = ordered(bureau, item)
    bureau.office.store.destroy(item.object)
    Destruction.objects.filter(pk=order.pk).update(order=b"the signed order")

    carry_out(order.pk)

    order.refresh_from_db()
    item.refresh_from_db()
    assert item.destroyed_at is not None
    assert evidence.ledger_of(item)[-1].signature == sha256_hex(b"the signed order")
    assert due_destructions() == []


def test_a_hold_stops_an_order_and_another_officer_lifts_it(bureau: Bureau, signed_in: SignIn) -> None:
    item = own_item(bureau)
    rosa = signed_in("rosa")
    rosa.post(f"/evidence/{item.pk}/hold/", {"reference": "Appeal 12 of 2026 (fictional)"})
    hold = item.holds.get()
    assert "Under legal hold" in text_of(rosa.get("/evidence/due/"))
    refused = rosa.post(f"/evidence/{item.pk}/destroy/", FORM)
    assert "under legal hold (Appeal 12 of 2026 (fictional))" in errors_of(refused)
    assert rosa.post(f"/evidence/{item.pk}/hold/{hold.pk}/lift/").status_code == 403
    bram = signed_in("bram")
    bram.post(f"/evidence/{item.pk}/hold/{hold.pk}/lift/")
    assert "Lifted by Bram Bos" in text_of(bram.get(f"/evidence/{item.pk}/"))
    with pytest.raises(InputError, match="lifted before"):
        evidence.lift_hold(by=bureau["bram"], hold_id=hold.pk)
    ordered(bureau, item)


def test_a_hold_that_comes_after_the_approval_stops_the_worker(bureau: Bureau, signed_in: SignIn) -> None:
    item = own_item(bureau)
    order = ordered(bureau, item)
    evidence.place_hold(by=bureau["rosa"], item_id=item.pk, reference="Appeal 13 (fictional)")

    carry_out(*due_destructions())

    order.refresh_from_db()
    assert "Appeal 13" in order.refusal
    assert due_destructions() == []
    assert bureau.office.store.holds(item.object)
    assert "Appeal 13" in text_of(signed_in("bram").get(f"/evidence/{item.pk}/"))
    evidence.withdraw_destruction(by=bureau["bram"], order_id=order.pk)


def test_what_was_promised_back_is_returned_unless_its_state_agreed(bureau: Bureau, signed_in: SignIn) -> None:
    case, item = received(bureau, {"id": "r1", "kind": "return-by", "text": "Back (fictional).", "by": "2026-12-31"})
    case.members.get_or_create(officer=bureau["bram"], defaults={"since": bureau.clock.now()})
    client = signed_in("anna")
    page = text_of(client.get("/evidence/due/"))
    assert "2026-12-31" in page
    assert "The item was promised back" in errors_of(client.post(f"/evidence/{item.pk}/destroy/", FORM))
    response = client.post(f"/evidence/{item.pk}/destroy/", {**FORM, "holds": ["agreed"]})
    assert response.headers["Location"] == f"/evidence/{item.pk}/"
    bureau.tick(60 * 24 * 40)
    assert "To be returned" in text_of(client.get("/evidence/due/"))


def test_an_item_that_is_to_be_destroyed_by_a_day_falls_due(bureau: Bureau, signed_in: SignIn) -> None:
    _case, item = received(bureau, {"id": "d1", "kind": "destroy-by", "text": "Gone (fictional).", "by": "2026-11-25"})
    bureau.tick(60 * 24)
    client = signed_in("anna")
    assert "To be destroyed" in text_of(client.get(f"/evidence/{item.pk}/"))
    bureau.tick(60 * 24)
    refused = client.post(f"/evidence/{item.pk}/", {})
    assert "had to be given up by 2026-11-25" in errors_of(refused)


@pytest.mark.parametrize(("field", "said"), [("authority", "names the item"), ("reference", "names the item")])
def test_an_order_that_rests_on_nothing_is_refused(bureau: Bureau, field: str, said: str) -> None:
    item = own_item(bureau)
    given = {"authority": GROUNDS.authority, "reference": GROUNDS.reference, field: " "}
    with pytest.raises(RetentionError, match=said):
        evidence.order_destruction(
            by=bureau["rosa"],
            item_id=item.pk,
            grounds=evidence.DestructionGrounds(given["authority"], given["reference"]),
        )
    with pytest.raises(InputError, match="order to keep the item stands"):
        evidence.place_hold(by=bureau["rosa"], item_id=item.pk, reference=" ")


def test_orders_are_given_once_by_those_who_may(bureau: Bureau) -> None:
    item = own_item(bureau)
    with pytest.raises(PermissionRefusedError):
        evidence.order_destruction(by=bureau["eva"], item_id=item.pk, grounds=GROUNDS)
    with pytest.raises(PermissionRefusedError):
        evidence.place_hold(by=bureau["eva"], item_id=item.pk, reference="x")
    with pytest.raises(UnknownObjectError):
        evidence.order_destruction(by=bureau["stranger"], item_id=item.pk, grounds=GROUNDS)
    order = evidence.order_destruction(by=bureau["rosa"], item_id=item.pk, grounds=GROUNDS)
    with pytest.raises(InputError, match="stands already"):
        evidence.order_destruction(by=bureau["rosa"], item_id=item.pk, grounds=GROUNDS)
    with pytest.raises(UnknownObjectError):
        evidence.approve_destruction(by=bureau["stranger"], order_id=order.pk)
    with pytest.raises(UnknownObjectError):
        evidence.approve_destruction(by=bureau["bram"], order_id="nothing")
    evidence.approve_destruction(by=bureau["bram"], order_id=order.pk)
    with pytest.raises(InputError, match="approved before"):
        evidence.approve_destruction(by=bureau["bram"], order_id=order.pk)
    carry_out(order.pk)
    with pytest.raises(InputError, match="carried out"):
        evidence.withdraw_destruction(by=bureau["bram"], order_id=order.pk)


def test_the_database_itself_asks_for_two_officers(bureau: Bureau) -> None:
    item = own_item(bureau)
    order = evidence.order_destruction(by=bureau["rosa"], item_id=item.pk, grounds=GROUNDS)
    with pytest.raises(IntegrityError), transaction.atomic():
        Destruction.objects.filter(pk=order.pk).update(approved_by=bureau["rosa"], approved_at=bureau.clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Destruction.objects.filter(pk=order.pk).update(done_at=bureau.clock.now())


def test_an_item_in_a_draft_or_on_its_way_is_not_destroyed(bureau: Bureau) -> None:
    item = own_item(bureau)
    case = item.case
    outcome = {"measure": measure_of(case), "outcome": "executed", "text": "Heard."}
    draft = bureau.proposed(case, "result", {"measures": [outcome]}, by="rosa", items=[item.pk])
    with pytest.raises(RetentionError, match="in a draft"):
        evidence.order_destruction(by=bureau["rosa"], item_id=item.pk, grounds=GROUNDS)
    bureau.sent(draft, author="rosa")
    ordered(bureau, item)
    assert approved_destructions() != []
    assert due_destructions() == []
    from dedere.node.exchange.models import OutgoingPart

    OutgoingPart.objects.update(receipt=b"a receipt")
    carry_out(*due_destructions())
    item.refresh_from_db()
    assert item.destroyed_at is not None


def test_sealed_bytes_that_stand_for_two_items_are_destroyed_with_the_last(bureau: Bureau) -> None:
    item = own_item(bureau)
    item.case.members.get_or_create(officer=bureau["anna"], defaults={"since": bureau.clock.now()})
    other = bureau.drafted().case
    carried = evidence.carry_over(by=bureau["anna"], item_id=item.pk, case_id=other.pk)
    other.members.get_or_create(officer=bureau["bram"], defaults={"since": bureau.clock.now()})

    with pytest.raises(RetentionError, match="same sealed bytes"):
        evidence.order_destruction(by=bureau["rosa"], item_id=item.pk, grounds=GROUNDS)
    with pytest.raises(RetentionError, match="same sealed bytes"):
        evidence.order_destruction(by=bureau["anna"], item_id=carried.pk, grounds=GROUNDS)

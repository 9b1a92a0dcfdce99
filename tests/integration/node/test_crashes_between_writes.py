"""A crash before any single write: what was begun is done again, once, with the same result."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from dedere.crypto.age import open_sealed
from dedere.crypto.digests import sha256_hex
from dedere.node.audit.models import Event, Frontier
from dedere.node.cases.models import Case, Draft, Letter
from dedere.node.evidence.actions import attach_upload
from dedere.node.evidence.models import Item, LedgerEntry
from dedere.node.exchange.actions import append_part, begin_part, receive_letter
from dedere.node.exchange.arriving import arrived_parts, recover_arrivals, verify_part
from dedere.node.exchange.models import IncomingLetter, IncomingPart, OutgoingLetter
from dedere.node.exchange.polling import Mailboxes
from dedere.node.exchange.sealing import approved_drafts, seal_draft, seal_together
from dedere.node.exchange.sending import carry, due_deliveries, open_client, recover_deliveries
from dedere.node.exchange.unpacking import unpack
from dedere.node.jobs.actions import ask_for_dossier
from dedere.node.jobs.exports import pending_exports, run_export
from dedere.node.jobs.models import Export
from dedere.node.trust import own_card
from dedere.protocol.delivery import OutgoingDelivery, choose_work
from dedere.protocol.letter import Letter as ProtocolLetter
from dedere.protocol.letter import Part, seal_letter
from dedere.transport.carrier import Bearing, CarrierWriter, open_carrier
from support import exchange
from support.connected import Connected
from support.doors import Sent
from support.incoming import a_letter, packed, sealed
from support.offices import Bureau, upload

MOST_WRITES = 80


class PowerCutError(BaseException):
    """The power went. Not an Exception: nothing may catch it on the way."""


@contextmanager
def power_cut_before_write(number: int) -> Iterator[list[int]]:
    """Cut before the write of that number (from 0) reaches the database; the list holds how many were seen."""
    seen = [0]

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.split(None, 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            if seen[0] == number:
                raise PowerCutError
            seen[0] += 1
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield seen


def survive(work: Callable[[], object], holds: Callable[[], None]) -> int:
    """Do `work`, cut before its first write, then its second, and so on, until it goes through; then check.

    Every cut is followed by a new attempt, as after a restart. The number of cuts.
    """
    for number in range(MOST_WRITES):
        try:
            with power_cut_before_write(number):
                work()
        except PowerCutError:
            continue
        holds()
        return number
    raise AssertionError("The work never went through.")


def log_is_whole() -> None:
    sequences = list(Event.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(len(sequences)))
    assert Frontier.objects.get().size == len(sequences)


def test_sealing_a_draft_survives_a_cut_before_every_write(bureau: Bureau) -> None:
    draft = bureau.approved(bureau.drafted())

    def work() -> None:
        for waiting in approved_drafts():
            seal_draft(waiting)

    def holds() -> None:
        assert Letter.objects.count() == OutgoingLetter.objects.count() == 1
        assert Draft.objects.get(pk=draft.pk).state == Draft.State.SENT
        assert Event.objects.filter(action="letter-sealed").count() == 1
        log_is_whole()

    assert survive(work, holds) > 3


def test_sealing_drafts_of_two_cases_together_survives_a_cut_before_every_write(bureau: Bureau) -> None:
    drafts = {bureau.approved(bureau.drafted()).pk for _ in range(2)}

    def work() -> None:
        if waiting := approved_drafts():
            assert set(seal_together(waiting)) == drafts

    def holds() -> None:
        assert set(OutgoingLetter.objects.values_list("pk", flat=True)) == drafts
        assert {path.stem for path in bureau.office.home.letters.iterdir()} == drafts
        assert Event.objects.filter(action="letter-sealed").count() == 2
        log_is_whole()

    assert survive(work, holds) > 3


def test_receiving_a_letter_survives_a_cut_before_every_write(bureau: Bureau) -> None:
    letter = a_letter(bureau)
    data = sealed(bureau, packed(bureau, letter))

    def work() -> None:
        receive_letter(partner="SN", letter_id=letter.id, sealed=data, at=bureau.clock.now())

    def holds() -> None:
        assert Letter.objects.count() == IncomingLetter.objects.count() == Case.objects.count() == 1
        assert Event.objects.filter(action="letter-received").count() == 1
        log_is_whole()

    assert survive(work, holds) > 3


def test_a_part_survives_a_cut_before_every_write(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    case = bureau.requested()
    letter = case.letters.get()
    bureau.delivered(letter.pk)
    bureau.arrives(
        "acknowledgement", {"own_reference": "SN-1", "received_on": "2026-11-24"}, case=case, role="registrar"
    )
    measure = case.state["proceedings"][0]["measures"][0]["id"]
    bureau.arrives("acceptance", {"measures": [{"measure": measure}]}, case=case)
    monkeypatch.setattr("support.offices.verify_part", lambda _part: None)
    body = {"measures": [{"measure": measure, "outcome": "executed", "text": "Done (fictional)."}]}
    bureau.arrives("result", body, case=case, files={"record.pdf": b"%PDF-1.7 fictional evidence"})
    part = IncomingPart.objects.get()

    def work() -> None:
        recover_arrivals()
        for arrived in arrived_parts():
            verify_part(arrived)

    def holds() -> None:
        assert Item.objects.get().pk == part.pk
        assert [row.entry["event"] for row in LedgerEntry.objects.all()] == ["ingested"]
        assert IncomingPart.objects.get().receipt is not None
        assert list(bureau.office.home.inbox.glob("*.payload")) == []
        log_is_whole()

    assert survive(work, holds) > 3


def test_an_upload_is_continued_after_a_cut(bureau: Bureau) -> None:
    case = bureau.requested()
    bureau.delivered(case.letters.get().pk)
    assert not IncomingPart.objects.exists()
    with pytest.raises(Exception, match="no such letter or part"):
        begin_part(partner="SN", letter_id="x" * 26, part_id="y" * 26, length=10, at=bureau.clock.now())
    with pytest.raises(Exception, match="no such letter or part"):
        append_part(partner="SN", letter_id="x" * 26, part_id="y" * 26, offset=0, length=3, pieces=[b"abc"])


def test_a_dossier_survives_a_cut_before_every_write(bureau: Bureau) -> None:
    case = bureau.requested()
    ask_for_dossier(by=bureau["anna"], case_id=case.pk)

    def work() -> None:
        for waiting in pending_exports():
            run_export(waiting)

    def holds() -> None:
        export = Export.objects.get()
        assert (export.failure, (bureau.office.home.dossiers / export.folder).is_dir()) == ("", True)
        assert len(list(bureau.office.home.dossiers.iterdir())) == 1
        log_is_whole()

    survive(work, holds)


# ---- between two nodes


def test_delivering_a_letter_and_its_parts_survives_a_cut_before_every_write(connected: Connected) -> None:
    draft = connected.bureau.drafted()
    for number in range(2):
        annex = upload(f"annex-{number}.pdf", b"%PDF-1.7 a fictional annex" + bytes([number]))
        attach_upload(by=connected.bureau["anna"], draft_id=draft.pk, upload=annex)
    letter_id = connected.bureau.sent(draft)

    def work() -> None:
        recover_deliveries()
        with open_client("SN") as client:
            while chosen := choose_work(due_deliveries(), {}, now=connected.clock.now()):
                for each in chosen:
                    carry(each, client)

    def holds() -> None:
        row = OutgoingLetter.objects.get()
        assert (row.state, row.complete, bytes(row.receipt or b"")) == (
            "delivered",
            True,
            connected.node.taken(letter_id).receipt,
        )
        assert all(part.receipt for part in row.parts.all())
        assert len(connected.node.disk.of_kind("in")) == 1
        assert Event.objects.filter(action="letter-delivered").count() == 1
        assert Event.objects.filter(action="part-delivered").count() == 2
        log_is_whole()

    assert survive(work, holds) > 5


def test_taking_a_medium_in_survives_a_cut_before_every_write(connected: Connected, tmp_path: Path) -> None:
    letter, sealed_letter, part, data = from_senegal(connected)
    medium = tmp_path / "medium"
    writer = CarrierWriter(medium / "outward")
    writer.put_letter(letter.id, sealed_letter)
    writer.put_part(letter.id, part.id, io.BytesIO(data))
    writer.finish(Bearing("SN", "NL", connected.clock.now()))

    def holds() -> None:
        assert Letter.objects.count() == IncomingLetter.objects.count() == Item.objects.count() == 1
        (answer,) = [path for path in medium.iterdir() if path.name != "outward"]
        assert set(open_carrier(answer).receipts) == {(letter.id, None), (letter.id, part.id)}
        assert Event.objects.filter(action="letter-received").count() == 1
        assert Event.objects.filter(action="part-received").count() == 1
        log_is_whole()

    assert survive(lambda: unpack(medium=medium), holds) > 5


def test_emptying_a_mailbox_survives_a_cut_before_every_write(connected: Connected) -> None:
    letter, sealed_letter, _part, data = from_senegal(connected)
    delivery = OutgoingDelivery.queue(letter, connected.clock.now())
    container = open_sealed(sealed_letter, connected.bureau.office.sealing_identities)
    row = Sent(delivery, letter, sha256_hex(container), sealed_letter, (data,))
    connected.node.disk.put(("out", letter.id), row)

    def work() -> None:
        with open_client("SN") as client:
            Mailboxes().empty("SN", client)

    def holds() -> None:
        assert connected.node.finished()
        assert Letter.objects.count() == IncomingLetter.objects.count() == Item.objects.count() == 1
        assert IncomingPart.objects.get().receipt is not None
        log_is_whole()

    assert survive(work, holds) > 5


def from_senegal(connected: Connected) -> tuple[ProtocolLetter, bytes, Part, bytes]:
    """A letter that announces a part, sealed to us, with the part."""
    home = connected.bureau.office.home
    part, data = connected.bureau._sealed_file("record.pdf", b"%PDF-1.7 a fictional record", connected.node.ids)
    letter = exchange.plain_letter(
        "SN",
        "NL",
        recipient=own_card(home).party,
        sealed_at=connected.clock.now(),
        act={**exchange.ACT, "kind": "notification"},
        parts=(part,),
    )
    sealed_letter = seal_letter(exchange.pack(letter), own_card(home).card.letter_recipients, chance=connected.node.ids)
    return letter, sealed_letter, part, data

"""The worker: finds its work in the records, survives whatever one piece of it does, and ends in time."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from dedere.node.audit.models import Event
from dedere.node.cases.models import Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.exchange.actions import pin_card
from dedere.node.exchange.models import CardLook, IncomingPart, OutgoingLetter, PartnerCard
from dedere.node.jobs.actions import ask_for_dossier
from dedere.node.jobs.errands import Errands
from dedere.node.jobs.models import Export, Heartbeat
from dedere.node.jobs.queries import export_folder, exports_of, processes, queues
from dedere.node.jobs.worker import Worker
from support import exchange
from support.connected import AtOnce, Connected
from support.offices import Bureau


def queued(connected: Connected) -> OutgoingLetter:
    connected.bureau.sent(connected.bureau.drafted())
    return OutgoingLetter.objects.get()


# ---- its loop


class Troubled(Errands):
    """Errands whose first round meets trouble, as when the database does not answer; after the second, all stops."""

    def __init__(self, stop: Callable[[], None] = lambda: None) -> None:
        super().__init__(AtOnce())
        self.rounds = 0
        self.end = stop

    def carry_what_is_due(self) -> bool:
        self.rounds += 1
        if self.rounds == 1:
            raise ZeroDivisionError
        self.end()
        return False


def test_trouble_in_one_round_does_not_end_the_worker(connected: Connected, caplog: pytest.LogCaptureFixture) -> None:
    errands = Troubled()
    worker = Worker(errands)
    errands.end = worker.stop
    with caplog.at_level("ERROR"):
        assert worker.run()
    assert errands.rounds == 2
    assert "the worker met trouble" in caplog.text


def test_a_start_recovers_what_a_crash_left(connected: Connected) -> None:
    letter = queued(connected)
    OutgoingLetter.objects.update(state="sending")
    worker = Worker(Errands(AtOnce()))
    worker.stop()
    assert worker.run()
    letter.refresh_from_db()
    assert (letter.state, letter.exposed) == ("queued", True)


def test_what_was_approved_is_sealed_and_delivered_without_anybody_asking(connected: Connected) -> None:
    connected.bureau.approved(connected.bureau.drafted())
    connected.work(3, seconds=1)
    assert Draft.objects.get().state == "sent"
    assert OutgoingLetter.objects.get().state == "delivered"
    assert (Heartbeat.objects.get().process, processes()[0].alive) == ("worker", True)
    connected.clock.advance(dt.timedelta(minutes=5))
    assert processes()[0].alive is False


def test_one_piece_of_work_that_fails_stops_no_other_and_is_tried_again_after_ten_seconds(
    connected: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    bad = connected.bureau.approved(connected.bureau.drafted())
    Draft.objects.filter(pk=bad.pk).update(body={**bad.body, "note": "slipped in"})
    good = connected.bureau.approved(connected.bureau.drafted())
    with caplog.at_level("WARNING"):
        connected.work()
        assert caplog.text.count("seal_draft failed") == 1
        connected.work(4, seconds=2)
        assert caplog.text.count("seal_draft failed") == 1
        connected.work(2, seconds=3)
        assert caplog.text.count("seal_draft failed") == 2
    assert Draft.objects.get(pk=good.pk).state == "sent"
    Draft.objects.filter(pk=bad.pk).update(body=bad.body)
    connected.work(2, seconds=10)
    assert Draft.objects.get(pk=bad.pk).state == "sent"


def test_a_defect_in_one_piece_of_work_is_logged_and_stops_no_other(
    connected: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    case = connected.bureau.requested()
    broken = ask_for_dossier(by=connected.bureau["anna"], case_id=case.pk)
    Export.objects.filter(pk=broken.pk).update(case="a" * 26)
    whole = ask_for_dossier(by=connected.bureau["anna"], case_id=case.pk)
    with caplog.at_level("ERROR"):
        connected.work()
    assert f"run_export failed for {broken.pk}" in caplog.text
    assert Export.objects.get(pk=whole.pk).folder
    assert Export.objects.get(pk=broken.pk).finished_at is None


# ---- dossiers


def test_a_dossier_that_cannot_be_written_says_so_and_another_can_be_asked_for(bureau: Bureau) -> None:
    case = bureau.requested()
    letter = case.letters.get()
    copy = bureau.office.home.letters / f"{letter.pk}.age"
    data = copy.read_bytes()
    copy.unlink()
    first = ask_for_dossier(by=bureau["anna"], case_id=case.pk)
    worker = Worker(Errands(AtOnce()))
    worker.once()
    first.refresh_from_db()
    assert (first.folder, first.finished_at is not None) == ("", True)
    assert "copy of the letter cannot be read" in first.failure
    assert Event.objects.filter(action="dossier-failed", subject=first.pk).exists()
    assert list(bureau.office.home.dossiers.iterdir()) == []
    with pytest.raises(UnknownObjectError):
        export_folder(case.pk, first.pk)
    copy.write_bytes(data)
    bureau.tick()
    second = ask_for_dossier(by=bureau["anna"], case_id=case.pk)
    worker.once()
    assert export_folder(case.pk, second.pk).is_dir()
    assert [(row.id, bool(row.failure)) for row in exports_of(case.pk)] == [(second.pk, False), (first.pk, True)]


def test_a_dossier_that_was_written_just_before_a_crash_is_not_written_again(bureau: Bureau) -> None:
    case = bureau.requested()
    export = ask_for_dossier(by=bureau["anna"], case_id=case.pk)
    Worker(Errands(AtOnce())).once()
    folder: Path = export_folder(case.pk, export.pk)
    stamp = (folder / "bagit.txt").stat().st_mtime_ns
    Export.objects.update(finished_at=None, folder="")
    Worker(Errands(AtOnce())).once()
    assert export_folder(case.pk, export.pk) == folder
    assert (folder / "bagit.txt").stat().st_mtime_ns == stamp


def test_only_who_has_part_in_a_case_has_it_exported(bureau: Bureau) -> None:
    case = bureau.requested()
    for officer in ("stranger", "ada", "max"):
        with pytest.raises(UnknownObjectError):
            ask_for_dossier(by=bureau[officer], case_id=case.pk)
    assert not Export.objects.exists()


def test_the_queues_show_what_waits_and_since_when(connected: Connected) -> None:
    assert [(row.waiting, row.oldest) for row in queues()] == [(0, None)] * 4
    letter = queued(connected)
    connected.bureau.approved(connected.bureau.drafted())
    ask_for_dossier(by=connected.bureau["anna"], case_id=letter.case)
    found = {row.name: row for row in queues()}
    assert {name: row.waiting for name, row in found.items()} == {
        "to-be-sealed": 1,
        "to-be-delivered": 1,
        "to-be-verified": 0,
        "to-be-exported": 1,
    }
    assert found["to-be-delivered"].oldest == letter.queued_at
    assert not IncomingPart.objects.exists()


# ---- its errands


def test_a_partner_without_a_card_that_counts_today_gets_nothing_and_its_next_card_is_looked_for(
    connected: Connected,
) -> None:
    PartnerCard.objects.all().delete()
    first = exchange.sign_card(exchange.plain_card("SN", valid_until=dt.date(2026, 11, 30)))
    pin_card(by=None, container=first.container, fingerprint=first.fingerprint)
    letter = queued(connected)
    connected.clock.advance(dt.timedelta(days=10))
    connected.work(3, seconds=5)
    letter.refresh_from_db()
    assert (letter.state, letter.exposed) == ("queued", False)
    assert "POST /letters" not in connected.line.asked
    assert CardLook.objects.get().wanted_at is not None
    second = exchange.sign_card(exchange.plain_card("SN", serial=2, previous=first.digest))
    pin_card(by=None, container=second.container)
    connected.work(10, seconds=60)
    assert "POST /letters" in connected.line.asked


def test_an_errand_that_fails_by_a_defect_closes_the_line_for_a_while(
    connected: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(_request: httpx2.Request) -> httpx2.Response:
        raise ZeroDivisionError

    connected.line.answer = explode
    with caplog.at_level("ERROR"):
        connected.work()
    assert "an errand to SN failed" in caplog.text
    letter = queued(connected)
    connected.line.answer = lambda _request: None
    connected.work(5, seconds=5)
    letter.refresh_from_db()
    assert letter.state == "delivered"


def test_the_same_errand_is_not_begun_twice(connected: Connected) -> None:
    errands, begun, free = Errands(), threading.Event(), threading.Event()

    def errand() -> None:
        begun.set()
        free.wait(10)

    try:
        assert errands._begin("card SN", "SN", errand)
        assert begun.wait(10)
        assert errands._begin("card SN", "SN", errand) is False
        # The worker ends although a thread still waits for a partner, and says that it did not end in time.
        assert errands.close(within=0.05) is False
    finally:
        free.set()
    assert errands.close(within=10)

"""Heads of audit logs between an office and its partner: given, countersigned, kept; a rewritten log is an alarm."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from dedere.base.errors import DefectError
from dedere.crypto.merkle import MerkleTree, leaf_hash
from dedere.node.audit.actions import Happening, record
from dedere.node.audit.models import Event, Frontier
from dedere.node.audit.queries import count_events, view_log
from dedere.node.exchange import actions
from dedere.node.exchange.models import Alarm, ContradictingCheckpoint, HeldHead, WitnessedHead
from dedere.node.exchange.sending import open_client
from dedere.node.exchange.witnessing import exchange_heads, partners_to_witness
from dedere.node.home import Listening
from dedere.node.office import office, using
from dedere.protocol.errors import DoorRefusedError, OrderRefusedError, ReceiptRefusedError
from dedere.protocol.log import accept_countersignature, read_checkpoint
from dedere.transport.errors import PartnerRefusedError
from support.connected import Connected

HOUR = 3600


def happen(times: int = 1) -> None:
    for number in range(times):
        record(Happening(actor="system:test", action="happened", subject=str(number)))


def grown(connected: Connected, size: int, word: str = "entry") -> None:
    connected.node.log = MerkleTree(leaf_hash(f"{word} {number}".encode()) for number in range(size))


def theirs(connected: Connected, after: int = 0) -> bytes:
    return connected.node.own_checkpoint(partner="NL", after=after, at=connected.clock.now())


def take(connected: Connected, after: int = 0) -> bytes:
    checkpoint = theirs(connected, after)
    return actions.take_checkpoint(partner="SN", checkpoint=checkpoint, at=connected.clock.now())


def alarms() -> list[str]:
    return list(Alarm.objects.filter(ended_at=None, kind="log").values_list("cause", flat=True))


def test_p243_the_worker_has_our_log_countersigned_within_an_hour_of_its_growth(connected: Connected) -> None:
    connected.work()
    first = WitnessedHead.objects.get()
    assert (first.partner, first.size) == ("SN", count_events())
    happen(3)
    connected.work(2, seconds=10)
    assert WitnessedHead.objects.count() == 1
    connected.work(2, seconds=HOUR)
    newest = WitnessedHead.objects.order_by("-size").first()
    assert newest is not None
    assert newest.size == count_events() == first.size + 3
    assert newest.root == view_log().root.hex()
    held, countersignature = connected.node.disk.rows["head", "NL"]
    assert held.head.size == newest.size
    assert bytes(newest.countersignature) == countersignature


def test_p243_a_log_that_did_not_grow_is_not_given_again(connected: Connected) -> None:
    connected.work(3, seconds=HOUR + 1)
    assert partners_to_witness() == []
    assert WitnessedHead.objects.count() == 1


def test_p247_an_answer_that_was_lost_is_fetched_first(connected: Connected) -> None:
    connected.node.take_checkpoint(
        partner="NL",
        checkpoint=actions.own_checkpoint(partner="SN", after=0, at=connected.clock.now()),
        at=connected.clock.now(),
    )
    lost = count_events()
    happen()
    with open_client("SN") as client:
        exchange_heads("SN", client)
    assert list(WitnessedHead.objects.values_list("size", flat=True)) == [lost, lost + 1]


def test_p244_a_partners_heads_are_kept_and_the_same_gives_the_same_countersignature(connected: Connected) -> None:
    grown(connected, 4)
    checkpoint = theirs(connected)
    now = connected.clock.now()
    given = actions.take_checkpoint(partner="SN", checkpoint=checkpoint, at=now)
    connected.clock.advance(dt.timedelta(minutes=1))
    again = actions.take_checkpoint(partner="SN", checkpoint=checkpoint, at=connected.clock.now())
    assert given == again == actions.held_head(partner="SN")
    assert take(connected, after=4) == given
    found = accept_countersignature(given, by="NL", of="SN", directory=connected.node.trust, now=connected.clock.now())
    assert (found.head.size, found.held_at) == (4, now)
    grown(connected, 9)
    take(connected, after=4)
    assert list(HeldHead.objects.values_list("size", flat=True)) == [4, 9]


def test_p244_a_rewritten_log_is_refused_kept_as_proof_and_an_alarm_until_a_true_one_comes(
    connected: Connected,
) -> None:
    grown(connected, 4)
    take(connected)
    grown(connected, 6, "rewritten")
    checkpoint = theirs(connected, after=4)
    for _ in range(2):
        with pytest.raises(OrderRefusedError) as caught:
            actions.take_checkpoint(partner="SN", checkpoint=checkpoint, at=connected.clock.now())
        assert caught.value.code == "log-contradicts"
    assert alarms() == ["their-log:SN"]
    kept = ContradictingCheckpoint.objects.get()
    assert read_checkpoint(bytes(kept.checkpoint))[1].head.size == 6
    assert HeldHead.objects.get().size == 4
    grown(connected, 7)
    take(connected, after=4)
    assert alarms() == []


def test_p244_a_partner_that_signs_contradictions_without_end_fills_nothing(connected: Connected) -> None:
    grown(connected, 2)
    take(connected)
    for number in range(25):
        grown(connected, 3, f"story {number}")
        with pytest.raises(OrderRefusedError):
            take(connected, after=2)
    assert ContradictingCheckpoint.objects.count() == 20


def test_p245_a_log_that_was_rewritten_here_is_convicted_by_the_partner(connected: Connected) -> None:
    happen(3)
    connected.work()
    rewrite_the_last_entry()
    happen()
    connected.work(2, seconds=HOUR + 60)
    assert "own-log:SN" in alarms()


def test_p245_a_log_restored_from_an_older_backup_is_an_alarm(connected: Connected) -> None:
    before = view_log()
    peaks = Frontier.objects.get().peaks
    happen(3)
    connected.work()
    with bare_tables():
        Event.objects.filter(sequence__gte=before.size).delete()
    Frontier.objects.update(size=before.size, peaks=peaks)
    with open_client("SN") as client, pytest.raises(OrderRefusedError):
        exchange_heads("SN", client)
    assert alarms() == ["own-log:SN"]


def test_p245_a_countersignature_that_is_none_is_refused(connected: Connected) -> None:
    happen()
    with pytest.raises(ReceiptRefusedError):
        actions.take_countersignature(partner="SN", countersignature=b"PK", at=connected.clock.now())
    assert not WitnessedHead.objects.exists()


def test_p246_what_is_held_can_not_be_changed_or_deleted(connected: Connected) -> None:
    grown(connected, 2)
    take(connected)
    connected.work()
    for rows in (HeldHead.objects.all(), WitnessedHead.objects.all()):
        assert rows.exists()
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            rows.delete()
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            rows.update(root="00" * 32)


def test_p243_an_office_that_nobody_can_reach_gives_its_heads_and_fetches_its_partners(connected: Connected) -> None:
    hidden = dataclasses.replace(office().home, gateway=Listening("127.0.0.1", 8443, ""))
    grown(connected, 5)
    with using(dataclasses.replace(office(), home=hidden)):
        assert partners_to_witness() == ["SN"]
        with open_client("SN") as client:
            exchange_heads("SN", client)
            grown(connected, 8)
            exchange_heads("SN", client)
    assert list(HeldHead.objects.values_list("size", flat=True)) == [5, 8]
    assert connected.node.disk.rows["witness", "NL"].head.size == 8
    assert WitnessedHead.objects.get().partner == "SN"


def test_p217_a_head_that_our_log_never_had_cannot_be_asked_for(connected: Connected) -> None:
    with pytest.raises(DoorRefusedError):
        actions.own_checkpoint(partner="SN", after=count_events() + 1, at=connected.clock.now())
    with pytest.raises(DoorRefusedError):
        actions.held_head(partner="SN")


def test_p215_a_partner_of_another_mind_is_heard(connected: Connected) -> None:
    def refuse(*_arguments: object, **_named: object) -> bytes:
        raise OrderRefusedError("No.", code="log-contradicts")

    connected.node.held_head = refuse  # type: ignore[method-assign]  # a fake partner with a mind of its own
    with open_client("SN") as client, pytest.raises(PartnerRefusedError) as caught:
        client.held_head()
    assert caught.value.code == "log-contradicts"


def test_p240_a_changed_entry_is_seen_before_its_log_is_shown(connected: Connected) -> None:
    happen(2)
    view_log()
    with bare_tables():
        Event.objects.filter(sequence=0).update(leaf="00" * 32)
    Frontier.objects.update(size=Frontier.objects.get().size)
    happen()
    other = dataclasses.replace(office().home, folder=office().home.folder / "seen by another process")
    with using(dataclasses.replace(office(), home=other)), pytest.raises(DefectError):
        view_log()


def rewrite_the_last_entry() -> None:
    """As an administrator would: another entry in the last one's place, leaf and frontier to match."""
    rows = list(Event.objects.order_by("sequence"))
    leaves = [bytes.fromhex(row.leaf) for row in rows[:-1]] + [leaf_hash(b"another story")]
    with bare_tables():
        Event.objects.filter(pk=rows[-1].pk).update(leaf=leaves[-1].hex())
    from dedere.crypto.merkle import Peaks

    peaks = Peaks()
    for leaf in leaves:
        peaks = peaks.appended(leaf)
    Frontier.objects.update(size=peaks.size, peaks=[peak.hex() for peak in peaks.hashes])


class bare_tables:  # noqa: N801 - reads as a block
    """The audit table without its triggers, as whoever has the database file can have it."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'")
            self._triggers = cursor.fetchall()
            for name, _sql in self._triggers:
                cursor.execute(f"DROP TRIGGER {name}")

    def __exit__(self, *_error: object) -> None:
        with connection.cursor() as cursor:
            for _name, sql in self._triggers:
                cursor.execute(sql)

"""Disk full, a clock that is wrong by a day, a locked database: said clearly, nothing lost, nothing twice. Fictional."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection

from dedere.base.clock import FixedClock
from dedere.base.errors import FacilityError
from dedere.gateway.endpoints import Gateway
from dedere.node.cases.models import Case, Draft, Letter
from dedere.node.evidence.models import Item
from dedere.node.exchange.actions import append_part, part_offset, receive_letter
from dedere.node.exchange.arriving import arrived_parts, verify_part
from dedere.node.exchange.models import Alarm, IncomingLetter, OutgoingLetter
from dedere.node.exchange.sealing import seal_draft
from dedere.protocol.codes import Then, answer_for
from dedere.protocol.errors import ProtocolRefusedError
from support.connected import Connected
from support.disks import file_size_limit
from support.doors import transport_to
from support.incoming import a_letter, packed, sealed
from support.offices import Bureau

FULL = 8 * 1024
DAY = dt.timedelta(days=1)


def receive(bureau: Bureau, data: bytes, letter: str) -> bytes:
    return receive_letter(partner="SN", letter_id=letter, sealed=data, at=bureau.clock.now())


def told(error: FacilityError) -> tuple[str, Then]:
    """What the other side hears of trouble of ours."""
    answer = answer_for(error)
    return answer.code, answer.then


# ---- the disk is full


def test_a_letter_that_the_disk_does_not_take_is_kept_by_its_sender_and_taken_later(bureau: Bureau) -> None:
    letter = a_letter(bureau)
    data = sealed(bureau, packed(bureau, letter))
    with file_size_limit(FULL), pytest.raises(FacilityError, match="The letter cannot be kept") as trouble:
        receive(bureau, data, letter.id)
    assert told(trouble.value) == ("facility", Then.RETRY)
    assert not Letter.objects.exists()
    assert not Case.objects.exists()
    assert list(bureau.office.home.letters.iterdir()) == []
    receipt = receive(bureau, data, letter.id)
    assert receipt == bytes(IncomingLetter.objects.get().receipt)


def test_a_part_that_the_disk_does_not_take_goes_on_where_it_stopped(bureau: Bureau) -> None:
    part, data = bureau._sealed_file("record.pdf", b"%PDF-1.7 fictional " * 4000, bureau.other.identifiers)
    letter = a_letter(bureau, parts=(part,))
    receive(bureau, sealed(bureau, packed(bureau, letter)), letter.id)
    where = {"partner": "SN", "letter_id": letter.id, "part_id": part.id}
    with file_size_limit(FULL), pytest.raises(FacilityError) as trouble:
        append_part(offset=0, length=len(data), pieces=[data], **where)
    assert told(trouble.value) == ("facility", Then.RETRY)
    here, whole = part_offset(**where)
    assert (here < whole, whole) == (True, len(data))
    append_part(offset=here, length=whole - here, pieces=[data[here:]], **where)
    for key in arrived_parts():
        verify_part(key)
    assert Item.objects.get().sha256 == part.sha256


def test_a_letter_that_cannot_be_written_down_is_not_sent_and_leaves_once_there_is_room(bureau: Bureau) -> None:
    draft = bureau.approved(bureau.drafted())
    with file_size_limit(FULL), pytest.raises(FacilityError, match="cannot be kept"):
        seal_draft(draft.pk)
    assert Draft.objects.get().state == Draft.State.APPROVED
    assert not OutgoingLetter.objects.exists()
    assert seal_draft(draft.pk) == OutgoingLetter.objects.get().pk


# ---- a clock is wrong


@pytest.mark.parametrize("wrong", [DAY, -DAY], ids=["a day ahead", "a day behind"])
def test_a_partner_whose_clock_is_wrong_by_a_day_gets_the_letter_once_it_is_right(
    connected: Connected, wrong: dt.timedelta
) -> None:
    node = connected.node

    def set_clock(clock: FixedClock) -> None:
        node.clock = clock
        node.gateway = Gateway(door=lambda: node, state=lambda: node.state, clock=clock)
        connected.line.inner = transport_to(node)

    set_clock(FixedClock(connected.clock.now() + wrong))
    connected.bureau.approved(connected.bureau.drafted())
    connected.work(2)
    row = OutgoingLetter.objects.get()
    assert (row.state, row.last_code, node.disk.of_kind("in")) == ("queued", "request-time", [])
    connected.work(6, seconds=60)
    assert "one clock is wrong" in Alarm.objects.get(ended_at=None, kind="delivery").sentence
    set_clock(connected.clock)
    connected.work(6, seconds=60)
    assert OutgoingLetter.objects.get().state == "delivered"
    assert len(node.disk.of_kind("in")) == 1
    assert not Alarm.objects.filter(ended_at=None, kind="delivery").exists()


def test_a_letter_from_a_clock_a_day_ahead_waits_with_its_sender_and_none_is_lost_to_one_behind(
    bureau: Bureau,
) -> None:
    def written(at: dt.datetime) -> tuple[str, bytes]:
        bureau.other = dataclasses.replace(bureau.other, clock=FixedClock(at))
        letter = a_letter(bureau, sealed_at=at)
        return letter.id, sealed(bureau, packed(bureau, letter))

    ahead, data = written(bureau.clock.now() + DAY)
    with pytest.raises(ProtocolRefusedError) as refusal:
        receive(bureau, data, ahead)
    assert (refusal.value.code, answer_for(refusal.value).then) == ("sealed-in-future", Then.RETRY)
    behind, other = written(bureau.clock.now() - DAY)
    receive(bureau, other, behind)
    bureau.clock.advance(DAY)
    receive(bureau, data, ahead)
    assert set(IncomingLetter.objects.values_list("pk", flat=True)) == {ahead, behind}


# ---- the database is locked


@contextmanager
def locked_from(number: int) -> Iterator[list[str]]:
    """From the write with this number on the database is locked by somebody else for longer than anybody waits."""
    writes: list[str] = []

    def refuse(execute: Callable[..., Any], sql: str, params: object, many: bool, context: object) -> Any:  # noqa: FBT001 - as Django calls it
        if sql.split(maxsplit=1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            writes.append(sql)
            if len(writes) > number:
                raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield writes


@pytest.mark.parametrize("number", [0, 3, 7])
def test_a_letter_that_comes_while_the_database_is_locked_is_taken_whole_later(bureau: Bureau, number: int) -> None:
    letter = a_letter(bureau)
    data = sealed(bureau, packed(bureau, letter))
    with locked_from(number) as writes, pytest.raises(OperationalError, match="locked"):
        receive(bureau, data, letter.id)
    assert len(writes) == number + 1
    assert not Letter.objects.exists()
    assert list(bureau.office.home.letters.iterdir()) == []
    assert receive(bureau, data, letter.id) == bytes(IncomingLetter.objects.get().receipt)


def test_a_worker_goes_on_after_a_locked_database_and_sends_once(
    connected: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    connected.bureau.approved(connected.bureau.drafted())
    with locked_from(0), caplog.at_level("ERROR"):
        assert connected.worker._guarded(connected.worker._seal) is False
    assert "database is locked" in caplog.text
    assert not OutgoingLetter.objects.exists()
    connected.work(4, seconds=11)
    assert OutgoingLetter.objects.get().state == "delivered"
    assert len(connected.node.disk.of_kind("in")) == 1

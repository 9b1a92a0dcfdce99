"""Our copies of letters: there when the letter is recorded, and only then; never another letter's bytes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dedere.base.errors import FacilityError
from dedere.base.identifiers import Identifiers
from dedere.crypto.digests import sha256_hex
from dedere.node.audit.models import Event
from dedere.node.cases.models import Case, Letter
from dedere.node.exchange.actions import receive_letter
from dedere.node.exchange.copies import read_copy, sweep_copies
from dedere.node.exchange.models import IncomingLetter, OutgoingLetter
from dedere.node.exchange.sealing import seal_draft
from dedere.node.jobs.errands import Errands
from dedere.node.jobs.worker import Worker
from dedere.node.office import using
from dedere.protocol.errors import ProtocolRefusedError
from dedere.protocol.letter import Letter as ProtocolLetter
from support.incoming import a_letter, packed, sealed
from support.offices import Bureau


@dataclass
class Meanwhile:
    """Chance in whose first answer something else happens: what another process does between two steps of this one."""

    inner: Identifiers
    happens: Callable[[], object] | None = None

    def new(self) -> str:
        happens, self.happens = self.happens, None
        if happens is not None:
            happens()
        return self.inner.new()

    def random_bytes(self, length: int) -> bytes:
        return self.inner.random_bytes(length)


def receive(bureau: Bureau, data: bytes, letter: ProtocolLetter) -> bytes:
    return receive_letter(partner="SN", letter_id=letter.id, sealed=data, at=bureau.clock.now())


def receive_while(bureau: Bureau, data: bytes, letter: ProtocolLetter, *, happens: Callable[[], object]) -> bytes:
    """Receive `letter`; after it was judged and before it is recorded, something else happens."""
    chance = Meanwhile(bureau.office.identifiers, happens)
    with using(dataclasses.replace(bureau.office, identifiers=chance)):
        return receive(bureau, data, letter)


def copies(bureau: Bureau) -> list[str]:
    return sorted(path.name for path in bureau.office.home.letters.iterdir())


def test_a_letter_that_came_over_two_connections_at_once_is_recorded_once_with_one_receipt(bureau: Bureau) -> None:
    letter = a_letter(bureau)
    data = sealed(bureau, packed(bureau, letter))
    receipts = []
    second = receive_while(bureau, data, letter, happens=lambda: receipts.append(receive(bureau, data, letter)))
    assert receipts == [second]
    assert Letter.objects.count() == IncomingLetter.objects.count() == Case.objects.count() == 1
    assert copies(bureau) == [f"{letter.id}.age"]
    assert sha256_hex(read_copy(letter.id)) == Letter.objects.get().digest


@pytest.mark.parametrize(
    ("same", "code"), [({"case", "sequence"}, "sequence-taken"), ({"id"}, "letter-id-reused")], ids=["place", "name"]
)
def test_two_letters_that_contradict_each_other_at_once_leave_one_with_its_own_copy(
    bureau: Bureau, same: set[str], code: str
) -> None:
    first = a_letter(bureau)
    other = replace(a_letter(bureau), **{name: getattr(first, name) for name in same})
    container = packed(bureau, first)
    with pytest.raises(ProtocolRefusedError) as refusal:
        receive_while(
            bureau,
            sealed(bureau, packed(bureau, other)),
            other,
            happens=lambda: receive(bureau, sealed(bureau, container), first),
        )
    assert refusal.value.code == code
    assert Event.objects.filter(action="letter-refused", details__code=code).count() == 1
    assert copies(bureau) == [f"{first.id}.age"]
    assert read_copy(first.id) == container
    assert Letter.objects.get().digest == sha256_hex(container)


def test_two_workers_that_seal_one_draft_leave_the_copy_of_the_letter_that_was_recorded(bureau: Bureau) -> None:
    draft = bureau.approved(bureau.drafted())
    chance = Meanwhile(bureau.office.identifiers)

    def other_worker() -> None:
        with using(bureau.office):
            seal_draft(draft.pk)

    # The first identifier that sealing asks for is the name of the copy that is being written.
    chance.happens = other_worker
    bureau.tick()
    with using(dataclasses.replace(bureau.office, identifiers=chance)), pytest.raises(Exception, match="changed while"):
        seal_draft(draft.pk)
    assert copies(bureau) == [f"{draft.pk}.age"]
    assert sha256_hex(read_copy(draft.pk)) == OutgoingLetter.objects.get().digest == Letter.objects.get().digest


def test_a_disk_that_takes_nothing_records_nothing(bureau: Bureau) -> None:
    letter = a_letter(bureau)
    data = sealed(bureau, packed(bureau, letter))
    folder = bureau.office.home.letters
    folder.rmdir()
    with pytest.raises(FacilityError, match="cannot be kept"):
        receive(bureau, data, letter)
    assert not Letter.objects.exists()
    folder.mkdir()
    # A folder where the copy should be: the rename fails, and so does everything before it.
    (folder / f"{letter.id}.age").mkdir()
    with pytest.raises(FacilityError, match="cannot be kept"):
        receive(bureau, data, letter)
    assert not Letter.objects.exists()
    assert not IncomingLetter.objects.exists()
    assert copies(bureau) == [f"{letter.id}.age"]
    (folder / f"{letter.id}.age").rmdir()
    assert receive(bureau, data, letter)


def test_a_copy_that_is_gone_is_said_plainly(bureau: Bureau) -> None:
    letter = bureau.requested().letters.get()
    (bureau.office.home.letters / f"{letter.pk}.age").unlink()
    with pytest.raises(FacilityError, match="cannot be read"):
        read_copy(letter.pk)


def test_what_died_half_written_is_swept_at_the_next_start_and_nothing_else(bureau: Bureau) -> None:
    bureau.requested()
    kept = copies(bureau)
    folder: Path = bureau.office.home.letters
    old, young = folder / "old.new", folder / "young.new"
    for path, age in ((old, dt.timedelta(hours=2)), (young, dt.timedelta(minutes=5))):
        path.write_bytes(b"half a letter")
        at = (bureau.clock.now() - age).timestamp()
        os.utime(path, (at, at))
    sweep_copies()
    assert copies(bureau) == [*kept, "young.new"]


def test_a_worker_sweeps_when_it_starts(bureau: Bureau) -> None:
    left = bureau.office.home.letters / "left.new"
    left.write_bytes(b"half a letter")
    os.utime(left, (0, 0))
    worker = Worker(Errands())
    worker.stop()
    assert worker.run()
    assert not left.exists()
    assert threading.active_count() >= 1

"""Parts arriving in pieces. A part exists because its letter announced it; nothing else can be uploaded."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from dedere.base.errors import FacilityError
from dedere.crypto.errors import SealHeaderError
from dedere.node.exchange.models import IncomingPart
from dedere.node.office import office
from dedere.protocol.errors import DoorRefusedError, PartRefusedError
from dedere.protocol.letter import Part
from dedere.protocol.parts import ExpectedPart
from dedere.vault.arrival import Arrival


def begin_part(*, partner: str, letter_id: str, part_id: str, length: int, at: dt.datetime) -> int:  # noqa: ARG001
    """Begin or continue an upload: how many bytes are here. `at` is when; the port has it for others' sake.

    Raises:
        DoorRefusedError: the partner announced no such part.
        PartRefusedError: it was announced with another length.
    """
    row = _require_part(partner, letter_id, part_id)
    if length != row.sealed_size:
        raise PartRefusedError("The part was announced with another length.", code="part-length")
    return _offset(row)


def part_offset(*, partner: str, letter_id: str, part_id: str) -> tuple[int, int]:
    """How many bytes of how many are here."""
    row = _require_part(partner, letter_id, part_id)
    return _offset(row), row.sealed_size


def append_part(
    *, partner: str, letter_id: str, part_id: str, offset: int, length: int, pieces: Iterable[bytes]
) -> int:
    """Append one piece and answer the new offset. The last byte makes the part *arrived*; the worker verifies it.

    Raises:
        DoorRefusedError: no such part; or the piece was not what its digest said, and is taken back.
        PartRefusedError: the piece does not continue the part.
        FacilityError: the disk failed, or another upload of this part is under way.
    """
    row = _require_part(partner, letter_id, part_id)
    with hold_part(row.pk):
        here = _offset(row)
        expected = ExpectedPart(letter_id, Part.from_json(row.facts), here)
        expected.require_piece(offset=offset, length=length)
        arrival = arrival_of(row.pk)
        try:
            reached = arrival.append(pieces)
        except DoorRefusedError:
            arrival.rewind(here)
            raise
        except SealHeaderError as error:
            # P-144: nothing that begins like this can become the part; it starts again.
            arrival.discard()
            raise PartRefusedError("The part does not begin as a sealed one.", code="part-digest") from error
        if reached == row.sealed_size:
            note_arrived(row.pk)
        return reached


def part_receipt(*, partner: str, letter_id: str, part_id: str) -> bytes:
    """The receipt of a part that is here, whole and verified.

    Raises:
        PartRefusedError: it is not, or not yet.
        DoorRefusedError: the partner announced no such part.
    """
    row = _require_part(partner, letter_id, part_id)
    if row.receipt is None:
        raise PartRefusedError("The part is not here whole and verified yet.", code="part-pending")
    return bytes(row.receipt)


def arrival_of(key: str) -> Arrival:
    """The files of a part that is arriving; `key` is its row's."""
    return Arrival(office().home.inbox, key)


def note_arrived(key: str) -> None:
    """The last byte of a part is here: the worker verifies it."""
    IncomingPart.objects.filter(pk=key, state=IncomingPart.State.EXPECTED).update(state=IncomingPart.State.ARRIVED)


def _offset(row: IncomingPart) -> int:
    if row.state != IncomingPart.State.EXPECTED:
        return row.sealed_size
    offset = arrival_of(row.pk).offset
    if offset == row.sealed_size:
        # Whoever wrote the last byte died before noting it; its sender asks, and would wait for a receipt forever.
        note_arrived(row.pk)
    return offset


def _require_part(partner: str, letter_id: str, part_id: str) -> IncomingPart:
    row = IncomingPart.objects.filter(part=part_id, letter=letter_id, letter__partner=partner).first()
    if row is None:
        raise DoorRefusedError("There is no such letter or part.", code="unknown-object")
    return row


@contextmanager
def hold_part(key: str, *, wait: bool = False) -> Iterator[None]:
    """Only one upload or verification of a part at a time; the system lets go of it when the process ends.

    Raises:
        FacilityError: another holds it, and `wait` is not asked for.
    """
    descriptor = os.open(office().home.inbox / f"{key}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError as error:
            raise FacilityError("Another upload of this part is under way.") from error
        yield
    finally:
        os.close(descriptor)


def forget_lock(key: str) -> None:
    """The part is stored: whoever waits for its lock sees that and goes away. Call it while holding the lock."""
    (office().home.inbox / f"{key}.lock").unlink(missing_ok=True)

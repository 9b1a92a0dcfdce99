"""Parts at the door, in pieces: only what a letter announced, exactly where it stands, whole and true or forgotten."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from dedere.base.errors import FacilityError
from dedere.node.audit.models import Event
from dedere.node.evidence.models import Item
from dedere.node.exchange.actions import append_part, begin_part, part_offset, part_receipt, receive_letter
from dedere.node.exchange.actions.receiving_parts import arrival_of, hold_part
from dedere.node.exchange.arriving import arrived_parts, recover_arrivals, verify_part
from dedere.node.exchange.models import IncomingPart
from dedere.protocol.errors import DoorRefusedError, PartRefusedError
from support.incoming import a_letter, packed, sealed
from support.offices import Bureau

FILE = b"%PDF-1.7 a fictional record " * 9000


@dataclass
class Upload:
    """A part that a received letter announced, and the bytes that are on their way."""

    bureau: Bureau
    letter: str
    part: str
    data: bytes

    @property
    def where(self) -> dict[str, str]:
        return {"partner": "SN", "letter_id": self.letter, "part_id": self.part}

    def append(self, offset: int, piece: bytes, *, length: int | None = None) -> int:
        return append_part(offset=offset, length=length or len(piece), pieces=[piece], **self.where)

    def whole(self) -> None:
        self.append(0, self.data)

    def row(self) -> IncomingPart:
        return IncomingPart.objects.get(pk=self.part)


@pytest.fixture
def upload(bureau: Bureau) -> Upload:
    part, data = bureau._sealed_file("record.pdf", FILE, bureau.other.identifiers)
    letter = a_letter(bureau, parts=(part,))
    receive_letter(
        partner="SN", letter_id=letter.id, sealed=sealed(bureau, packed(bureau, letter)), at=bureau.clock.now()
    )
    return Upload(bureau, letter.id, part.id, data)


def test_a_part_comes_in_pieces_is_verified_and_receipted(upload: Upload) -> None:
    assert begin_part(length=len(upload.data), at=upload.bureau.clock.now(), **upload.where) == 0
    half = len(upload.data) // 2
    assert upload.append(0, upload.data[:half]) == half
    assert part_offset(**upload.where) == (half, len(upload.data))
    with pytest.raises(PartRefusedError) as pending:
        part_receipt(**upload.where)
    assert pending.value.code == "part-pending"
    assert upload.append(half, upload.data[half:]) == len(upload.data)
    assert arrived_parts() == [upload.part]
    verify_part(upload.part)
    assert part_receipt(**upload.where) == bytes(upload.row().receipt or b"")
    assert Item.objects.get().sha256 == upload.row().facts["sha256"]
    assert part_offset(**upload.where) == (len(upload.data), len(upload.data))
    assert list(upload.bureau.office.home.inbox.iterdir()) == []


@pytest.mark.parametrize("change", [{"partner": "MN"}, {"letter_id": "a" * 26}, {"part_id": "b" * 26}])
def test_what_no_letter_of_this_partner_announced_does_not_exist(upload: Upload, change: dict[str, str]) -> None:
    where = {**upload.where, **change}
    attempts = (
        lambda: begin_part(length=5, at=upload.bureau.clock.now(), **where),
        lambda: part_offset(**where),
        lambda: append_part(offset=0, length=1, pieces=[b"x"], **where),
        lambda: part_receipt(**where),
    )
    for attempt in attempts:
        with pytest.raises(DoorRefusedError) as refusal:
            attempt()
        assert refusal.value.code == "unknown-object"


def test_another_length_than_announced_is_refused(upload: Upload) -> None:
    with pytest.raises(PartRefusedError) as refusal:
        begin_part(length=len(upload.data) + 1, at=upload.bureau.clock.now(), **upload.where)
    assert refusal.value.code == "part-length"


@pytest.mark.parametrize(("offset", "length", "code"), [(5, 10, "part-offset"), (0, 0, "part-length")])
def test_a_piece_continues_exactly_where_the_part_stands(upload: Upload, offset: int, length: int, code: str) -> None:
    with pytest.raises(PartRefusedError) as refusal:
        append_part(offset=offset, length=length, pieces=[upload.data[:length]], **upload.where)
    assert refusal.value.code == code
    assert part_offset(**upload.where)[0] == 0


def test_more_bytes_than_announced_are_refused_before_one_is_written(upload: Upload) -> None:
    with pytest.raises(PartRefusedError) as refusal:
        upload.append(0, upload.data + b"more")
    assert refusal.value.code == "part-length"
    assert part_offset(**upload.where)[0] == 0


def test_a_piece_with_a_wrong_digest_is_taken_back(upload: Upload) -> None:
    half = len(upload.data) // 2
    upload.append(0, upload.data[:half])

    def lying() -> Iterator[bytes]:
        yield upload.data[half : half + 1000]
        raise DoorRefusedError("The body is not what its digest says.", code="body-digest")

    with pytest.raises(DoorRefusedError):
        append_part(offset=half, length=1000, pieces=lying(), **upload.where)
    assert part_offset(**upload.where)[0] == half


def test_what_came_before_a_broken_connection_stays(upload: Upload) -> None:
    def breaking() -> Iterator[bytes]:
        yield upload.data[:5000]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        append_part(offset=0, length=9000, pieces=breaking(), **upload.where)
    assert part_offset(**upload.where)[0] == 5000
    upload.append(5000, upload.data[5000:])
    verify_part(upload.part)
    assert Item.objects.count() == 1


def test_two_uploads_of_one_part_do_not_mix(upload: Upload) -> None:
    with hold_part(upload.part), pytest.raises(FacilityError, match="Another upload"):
        upload.whole()
    upload.whole()
    assert upload.row().state == "arrived"


def test_a_part_that_is_whole_and_false_is_forgotten_and_starts_again(upload: Upload) -> None:
    false = bytearray(upload.data)
    false[-100] ^= 1
    upload.append(0, bytes(false))
    verify_part(upload.part)
    assert (upload.row().state, part_offset(**upload.where)[0]) == ("expected", 0)
    assert not Item.objects.exists()
    refused = Event.objects.get(action="part-refused")
    assert (refused.subject, refused.details["from"]) == (upload.part, "SN")
    upload.whole()
    verify_part(upload.part)
    assert upload.row().receipt is not None


def test_what_does_not_begin_as_a_sealed_part_is_forgotten_at_once(upload: Upload) -> None:
    with pytest.raises(PartRefusedError) as refusal:
        upload.append(0, b"<html>" + bytes(70_000))
    assert refusal.value.code == "part-digest"
    assert part_offset(**upload.where)[0] == 0
    upload.whole()
    verify_part(upload.part)
    assert upload.row().receipt is not None


def test_a_part_is_verified_once_whoever_comes_second(upload: Upload) -> None:
    upload.whole()
    verify_part(upload.part)
    receipt = upload.row().receipt
    verify_part(upload.part)
    assert upload.row().receipt == receipt
    assert Event.objects.filter(action="part-received").count() == 1
    with pytest.raises(PartRefusedError):
        upload.append(len(upload.data), b"more")


def test_a_last_byte_just_before_a_crash_is_known_by_its_file(upload: Upload) -> None:
    upload.whole()
    IncomingPart.objects.update(state=IncomingPart.State.EXPECTED)
    recover_arrivals()
    assert arrived_parts() == [upload.part]


@pytest.mark.parametrize("asks", [begin_part, part_offset])
def test_a_last_byte_just_before_the_gateway_died_is_noticed_when_its_sender_asks(
    upload: Upload, asks: Callable[..., object]
) -> None:
    upload.whole()
    IncomingPart.objects.update(state=IncomingPart.State.EXPECTED)
    more = {"length": len(upload.data), "at": upload.bureau.clock.now()} if asks is begin_part else {}
    asks(**upload.where, **more)
    assert arrived_parts() == [upload.part]


def test_a_part_whose_bytes_are_gone_starts_again(upload: Upload) -> None:
    upload.whole()
    arrival_of(upload.part).discard()
    verify_part(upload.part)
    assert (upload.row().state, part_offset(**upload.where)[0]) == ("expected", 0)
    upload.whole()
    verify_part(upload.part)
    assert upload.row().receipt is not None


def test_a_part_that_has_not_come_is_not_recovered(upload: Upload) -> None:
    upload.append(0, upload.data[:100])
    recover_arrivals()
    assert arrived_parts() == []


def test_what_the_vault_holds_and_is_not_what_the_letter_says_is_refused(upload: Upload) -> None:
    upload.whole()
    verify_part(upload.part)
    facts = {**upload.row().facts, "sha256": "0" * 64}
    IncomingPart.objects.update(state=IncomingPart.State.ARRIVED, facts=facts, receipt=None, stored_at=None)
    verify_part(upload.part)
    assert upload.row().state == "expected"


def test_the_lock_of_a_dead_process_is_nobodys(upload: Upload) -> None:
    path = upload.bureau.office.home.inbox / f"{upload.part}.lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
    upload.whole()
    assert arrival_of(upload.part).offset == len(upload.data)

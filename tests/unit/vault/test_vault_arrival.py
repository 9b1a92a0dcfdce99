"""Parts that arrive sealed: in pieces, interrupted, altered, not for us, twice."""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import InputError
from dedere.crypto.age import SealError
from dedere.crypto.digests import sha256_hex
from dedere.crypto.errors import NoMatchingIdentityError, SealHeaderError
from dedere.vault.arrival import Announced, Arrival, ingest_arrival, ingest_sealed
from dedere.vault.errors import PartDiffersError, StoreFullError
from dedere.vault.ingest import StoredObject
from dedere.vault.port import PIECE
from dedere.vault.store import FileStore, MemoryStore
from support.vaults import ForeignPart, content, foreign_part, opening, read_back

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dedere.vault.store import ObjectStore

PART = foreign_part(content(300_000))
LARGE = foreign_part(content(2 * PIECE + 70_000))


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "vault")


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def arrive(inbox: Path, sealed: bytes, size: int = 50_000) -> Arrival:
    arrival = Arrival(inbox, "part")
    assert arrival.append(pieces(sealed, size)) == len(sealed)
    return arrival


def take(arrival: Arrival, store: ObjectStore, announced: Announced) -> StoredObject:
    return ingest_arrival(arrival, announced, store=store, opening=opening())


@pytest.mark.parametrize("part", [PART, LARGE, foreign_part(b"")], ids=["small", "large", "empty"])
@pytest.mark.parametrize("size", [7_001, 1_000_000])
def test_a_part_is_taken_over_by_rename(inbox: Path, store: FileStore, part: ForeignPart, size: int) -> None:
    arrival = arrive(inbox, part.sealed, size)
    inode = arrival.payload_path.stat().st_ino
    told: list[int] = []
    stored = ingest_arrival(arrival, part.announced, store=store, opening=opening(), progress=told.append)
    assert (stored.id, stored.sha256, stored.size) == (
        part.announced.payload_sha256,
        part.announced.sha256,
        part.announced.size,
    )
    assert read_back(store, stored.id) == part.plain
    assert (store.root / "objects" / stored.id[:2] / f"{stored.id}.payload").stat().st_ino == inode
    assert stored.sealed_size == stored.payload_size + len(store.read_header(stored.id))
    assert list(inbox.iterdir()) == []
    assert told[-1] == stored.payload_size


def test_a_header_that_comes_byte_by_byte_is_found(inbox: Path, store: FileStore) -> None:
    arrival = Arrival(inbox, "part")
    split = len(PART.header) + 20
    arrival.append(pieces(PART.sealed[:split], 1))
    assert arrival.header_path.read_bytes() == PART.header
    assert arrival.payload_path.stat().st_size == 20
    arrival.append([PART.sealed[split:]])
    take(arrival, store, PART.announced)


@pytest.mark.parametrize("cut", [1, 100, len(PART.header) - 1, len(PART.header), len(PART.header) + 1, 200_000])
def test_an_interrupted_upload_goes_on_where_it_stopped(inbox: Path, store: FileStore, cut: int) -> None:
    def broken() -> Iterator[bytes]:
        yield PART.sealed[:cut]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        Arrival(inbox, "part").append(broken())
    again = Arrival(inbox, "part")
    assert again.offset == cut
    again.append([PART.sealed[cut:]])
    take(again, store, PART.announced)


def test_an_error_of_the_caller_passes_through_and_what_came_before_it_stays(inbox: Path) -> None:
    def refused() -> Iterator[bytes]:
        yield PART.sealed[:5000]
        raise PartDiffersError("The piece's digest is wrong.")

    arrival = Arrival(inbox, "part")
    with pytest.raises(PartDiffersError):
        arrival.append(refused())
    assert arrival.offset == 5000


@pytest.mark.parametrize("back_to", [0, 10, len(PART.header), len(PART.header) + 5, 250_000])
def test_a_wrong_piece_is_taken_back(inbox: Path, store: FileStore, back_to: int) -> None:
    arrival = Arrival(inbox, "part")
    arrival.append([PART.sealed[:back_to], PART.sealed[back_to:250_000]])
    arrival.rewind(back_to)
    assert arrival.offset == back_to
    arrival.append([PART.sealed[back_to:]])
    take(arrival, store, PART.announced)


def test_an_upload_is_not_taken_back_to_where_it_never_was(inbox: Path) -> None:
    arrival = Arrival(inbox, "part")
    arrival.rewind(0)
    for offset in (-1, 1):
        with pytest.raises(InputError, match="has reached"):
            arrival.rewind(offset)


def test_what_is_no_sealed_part_is_refused_at_its_first_bytes(inbox: Path) -> None:
    arrival = Arrival(inbox, "part")
    with pytest.raises(SealHeaderError):
        arrival.append([b"PK\x03\x04 an archive"])


def test_a_header_without_end_is_refused_in_bounded_memory(inbox: Path) -> None:
    arrival = Arrival(inbox, "part")
    with pytest.raises(SealHeaderError, match="longer than allowed"):
        arrival.append(iter([b"age-encryption.org/v1\n"] + [b"-> X25519 AAAA\n" * 1000] * 100))
    assert arrival.offset < 400_000


def test_a_part_whose_header_has_not_arrived_whole_is_refused(inbox: Path, store: FileStore) -> None:
    arrival = Arrival(inbox, "part")
    with pytest.raises(SealHeaderError):
        take(arrival, store, PART.announced)
    arrival.append([PART.sealed[:30]])
    with pytest.raises(SealHeaderError):
        take(arrival, store, PART.announced)


OTHER = sha256_hex(b"something else")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"sealed_size": 1}, "sealed bytes"),
        ({"sealed_sha256": OTHER}, "sealed file has another"),
        ({"payload_sha256": OTHER}, "payload has another"),
        ({"sha256": OTHER}, "content has another"),
        ({"size": 300_001}, "holds 300000 bytes"),
    ],
)
def test_a_part_that_is_not_as_announced_is_refused_and_says_in_what(
    inbox: Path, store: FileStore, change: dict[str, str | int], sentence: str
) -> None:
    arrival = arrive(inbox, PART.sealed)
    # dataclasses.replace checks the names; the values are of the field's type by construction.
    announced = dataclasses.replace(PART.announced, **change)  # type: ignore[arg-type]
    with pytest.raises(PartDiffersError, match=sentence):
        take(arrival, store, announced)
    assert list(store.survey()) == []
    assert arrival.offset == len(PART.sealed)
    arrival.discard()
    assert arrival.offset == 0


@pytest.mark.parametrize("place", [30, 150, len(PART.header) - 5, len(PART.header) + 3, 100_000, len(PART.sealed) - 1])
def test_a_flipped_byte_anywhere_is_refused(inbox: Path, store: FileStore, place: int) -> None:
    altered = bytearray(PART.sealed)
    altered[place] ^= 1
    arrival = Arrival(inbox, "part")

    def arrive_and_take() -> None:
        arrival.append([bytes(altered)])
        take(arrival, store, PART.announced)

    with pytest.raises((PartDiffersError, SealError)):
        arrive_and_take()
    assert list(store.survey()) == []


def test_a_part_sealed_for_somebody_else_is_refused(inbox: Path, store: FileStore) -> None:
    part = foreign_part(b"not for us", recipient="a third State")
    with pytest.raises(NoMatchingIdentityError):
        take(arrive(inbox, part.sealed), store, part.announced)


def test_the_same_part_twice_is_held_once(inbox: Path, store: FileStore) -> None:
    first = take(arrive(inbox, PART.sealed), store, PART.announced)
    second = take(arrive(inbox, PART.sealed), store, PART.announced)
    assert first.id == second.id
    assert len(list(store.survey())) == 1


def test_a_header_can_be_kept_as_it_came(inbox: Path, store: FileStore) -> None:
    stored = ingest_arrival(arrive(inbox, PART.sealed), PART.announced, store=store, opening=opening(kept_for=""))
    assert store.read_header(stored.id) == PART.header
    assert stored.sealed_size == len(PART.sealed)


def test_a_full_disk_keeps_the_upload_for_later(inbox: Path) -> None:
    class Full(MemoryStore):
        def adopt(self, payload: Path, object_id: str, *, header: bytes) -> bool:  # noqa: ARG002 - never gets so far
            raise StoreFullError("The disk is full.")

    arrival = arrive(inbox, PART.sealed)
    with pytest.raises(StoreFullError):
        take(arrival, Full(), PART.announced)
    assert arrival.offset == len(PART.sealed)


@pytest.mark.parametrize("part", [PART, LARGE])
def test_a_part_in_one_file_is_copied_in_one_pass(store: FileStore, part: ForeignPart) -> None:
    stored = ingest_sealed(io.BytesIO(part.sealed), part.announced, store=store, opening=opening())
    assert read_back(store, stored.id) == part.plain


def test_a_wrong_part_in_one_file_leaves_nothing(store: FileStore) -> None:
    altered = bytearray(PART.sealed)
    altered[-1] ^= 1
    with pytest.raises(PartDiffersError, match="does not open"):
        ingest_sealed(io.BytesIO(altered), PART.announced, store=store, opening=opening())
    altered = bytearray(LARGE.sealed)
    altered[len(LARGE.sealed) // 2] ^= 1
    with pytest.raises(PartDiffersError, match="altered on its way"):
        ingest_sealed(io.BytesIO(altered), LARGE.announced, store=store, opening=opening())
    assert list(store.survey()) == []
    assert list((store.root / "temporary").iterdir()) == []

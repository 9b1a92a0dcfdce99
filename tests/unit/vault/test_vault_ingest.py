"""Taking in streams and files: what is kept, what is refused, and that nothing is kept of what is refused."""

from __future__ import annotations

import hashlib
import io
import os
import socket
from typing import TYPE_CHECKING

import pytest

from dedere.crypto.age import payload_size
from dedere.crypto.errors import NoMatchingIdentityError
from dedere.vault.errors import SourceChangedError, SourceError
from dedere.vault.ingest import StoredObject, ingest_descriptor, ingest_file, ingest_stream, open_regular
from dedere.vault.port import PIECE
from dedere.vault.store import FileStore, MemoryStore
from support.vaults import CHANCE, content, identity, keep, read_back, sealing

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.vault.store import ObjectStore


def take_in(path: Path, store: ObjectStore) -> StoredObject:
    return ingest_file(path, store=store, recipients=[identity("vault").recipient], chance=CHANCE)


@pytest.mark.parametrize("size", [0, 1, 65_536, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5])
def test_what_is_taken_in_comes_back(size: int) -> None:
    store = MemoryStore()
    data = content(size)
    stored = keep(store, data)
    assert stored.size == size
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert stored.id == hashlib.sha256(store.payloads[stored.id]).hexdigest()
    assert stored.payload_size == len(store.payloads[stored.id]) == payload_size(size)
    assert stored.sealed_size == stored.payload_size + len(store.headers[stored.id])
    assert read_back(store, stored.id) == data


def test_only_the_recipient_opens_it() -> None:
    store = MemoryStore()
    stored = keep(store, b"evidence")
    with pytest.raises(NoMatchingIdentityError):
        read_back(store, stored.id, "somebody else")


def test_the_same_bytes_twice_are_two_objects_so_that_equality_does_not_show() -> None:
    store = MemoryStore()
    assert keep(store, b"the same").id != keep(store, b"the same").id


def test_no_plain_byte_reaches_the_disk(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "vault")
    keep(store, b"a rare phrase in a statement" * 10)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"rare phrase" not in kept


def test_progress_is_told_in_plain_bytes() -> None:
    told: list[int] = []
    source = io.BytesIO(content(2 * PIECE + 7))
    ingest_stream(
        source,
        store=MemoryStore(),
        recipients=[identity("vault").recipient],
        chance=CHANCE,
        progress=told.append,
    )
    assert told == [PIECE, 2 * PIECE, 2 * PIECE + 7]


class Dripping(io.RawIOBase):
    """A source that gives one byte at a time, as a slow pipe does."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data

    def read(self, _count: int = -1, /) -> bytes:
        piece, self.data = self.data[:1], self.data[1:]
        return piece


class Breaking(io.RawIOBase):
    """A source that fails after its first piece."""

    def __init__(self) -> None:
        super().__init__()
        self.given = False

    def read(self, _count: int = -1, /) -> bytes:
        if self.given:
            raise OSError(5, "input/output error")
        self.given = True
        return b"first"


def test_a_dripping_source_is_read_to_its_end() -> None:
    store = MemoryStore()
    stored = ingest_stream(
        Dripping(b"drop by drop"), store=store, recipients=[identity("vault").recipient], chance=CHANCE
    )
    assert read_back(store, stored.id) == b"drop by drop"


def test_a_source_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "vault")
    with pytest.raises(SourceError, match="to its end"):
        ingest_stream(Breaking(), store=store, recipients=[identity("vault").recipient], chance=CHANCE)
    assert list(store.survey()) == []
    assert list((tmp_path / "vault" / "temporary").iterdir()) == []


def test_a_file_is_taken_in(tmp_path: Path) -> None:
    store = MemoryStore()
    path = tmp_path / "photo.jpg"
    path.write_bytes(content(5000))
    assert read_back(store, take_in(path, store).id) == content(5000)


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(SourceError, match="Links are not followed"):
        take_in(tmp_path / "link", MemoryStore())


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        take_in(tmp_path / "absent", MemoryStore())


def test_folders_pipes_devices_and_sockets_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        for path in (tmp_path, tmp_path / "pipe"):
            with pytest.raises(SourceError, match="Only regular files"):
                take_in(path, MemoryStore())
        with pytest.raises(SourceError):
            take_in(tmp_path / "socket", MemoryStore())
    with pytest.raises(SourceError, match="Only regular files"):
        open_regular("/dev/zero")


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    store = MemoryStore()
    path = tmp_path / "log"
    path.write_bytes(content(PIECE + 10))

    def grow(_count: int) -> None:
        with path.open("ab") as file:
            file.write(b"another line")

    with pytest.raises(SourceChangedError, match="changed while it was read"):
        ingest_descriptor(open_regular(str(path)), sealing(store), progress=grow)
    assert list(store.survey()) == []


def test_a_file_that_is_rewritten_at_equal_length_is_refused(tmp_path: Path) -> None:
    store = MemoryStore()
    path = tmp_path / "statement"
    path.write_bytes(content(PIECE + 10))

    def rewrite(count: int) -> None:
        if count == PIECE:
            os.utime(path, ns=(1, 1))

    with pytest.raises(SourceChangedError):
        ingest_descriptor(open_regular(str(path)), sealing(store), progress=rewrite)
    assert list(store.survey()) == []

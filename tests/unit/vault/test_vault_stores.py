"""What every store promises, asked of every store."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest

from dedere.base.clock import SystemClock
from dedere.base.errors import DefectError
from dedere.base.identifiers import RandomIdentifiers
from dedere.vault.errors import UnknownObjectError
from dedere.vault.port import Presence
from dedere.vault.store import FileStore, MemoryStore, ObjectStore, S3Store
from support.object_storage import storage_client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAYLOAD = b"n" * 16 + b"sealed chunk" * 1000
ID = hashlib.sha256(PAYLOAD).hexdigest()
ABSENT = "0" * 64


@pytest.fixture(params=["memory", "files", pytest.param("s3", marks=pytest.mark.network)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ObjectStore]:
    match request.param:
        case "memory":
            yield MemoryStore()
        case "files":
            yield FileStore(tmp_path / "vault")
        case _:
            with storage_client() as (client, bucket):
                yield S3Store(client, bucket, prefix="nl", chance=RandomIdentifiers(), clock=SystemClock())


def put(store: ObjectStore, payload: bytes = PAYLOAD, header: bytes = b"header 1") -> bool:
    pending = store.begin()
    pending.write(payload[:100])
    pending.write(memoryview(payload)[100:])
    return pending.commit(hashlib.sha256(payload).hexdigest(), header)


def test_an_object_is_there_after_its_commit(store: ObjectStore) -> None:
    assert put(store)
    assert store.holds(ID)
    assert store.read_header(ID) == b"header 1"
    assert store.payload_size(ID) == len(PAYLOAD)
    with store.open_payload(ID) as payload:
        assert payload.readable()
        assert payload.seekable()
        assert payload.read() == PAYLOAD
        assert payload.seek(20) == 20
        assert payload.read(5) == PAYLOAD[20:25]
        assert payload.tell() == 25
        assert payload.seek(-4, io.SEEK_END) == len(PAYLOAD) - 4
        assert payload.read(100) == PAYLOAD[-4:]
        assert payload.read(100) == b""


def test_nothing_is_there_before_the_commit(store: ObjectStore) -> None:
    pending = store.begin()
    pending.write(PAYLOAD)
    assert not store.holds(ID)
    assert list(store.survey()) == []
    pending.abandon()
    assert list(store.survey()) == []


def test_the_same_object_again_changes_nothing(store: ObjectStore) -> None:
    put(store)
    assert not put(store, header=b"header 2")
    assert store.read_header(ID) == b"header 1"
    assert [presence.object_id for presence in store.survey()] == [ID]


def test_a_header_is_replaced_and_the_payload_stays(store: ObjectStore) -> None:
    put(store)
    store.replace_header(ID, b"for others")
    assert store.read_header(ID) == b"for others"
    assert store.payload_size(ID) == len(PAYLOAD)


def test_a_payload_file_is_adopted(store: ObjectStore, tmp_path: Path) -> None:
    file = tmp_path / "part.payload"
    file.write_bytes(PAYLOAD)
    assert store.adopt(file, ID, header=b"header 1")
    assert not file.exists()
    with store.open_payload(ID) as payload:
        assert payload.read() == PAYLOAD


def test_a_payload_file_that_is_held_already_is_removed(store: ObjectStore, tmp_path: Path) -> None:
    put(store)
    file = tmp_path / "part.payload"
    file.write_bytes(PAYLOAD)
    assert not store.adopt(file, ID, header=b"header 2")
    assert not file.exists()
    assert store.read_header(ID) == b"header 1"


def test_objects_are_surveyed_in_order(store: ObjectStore) -> None:
    payloads = [bytes([number]) * 40 for number in range(5)]
    for payload in payloads:
        put(store, payload)
    expected = sorted(hashlib.sha256(payload).hexdigest() for payload in payloads)
    assert list(store.survey()) == [Presence(object_id, header=True, payload=True) for object_id in expected]


def test_a_destroyed_object_is_gone(store: ObjectStore) -> None:
    put(store)
    store.destroy(ID)
    assert not store.holds(ID)
    assert list(store.survey()) == []
    for ask in (store.read_header, store.open_payload, store.payload_size, store.destroy):
        with pytest.raises(UnknownObjectError):
            ask(ID)


def test_what_is_not_held_is_unknown(store: ObjectStore) -> None:
    assert not store.holds(ABSENT)
    for ask in (store.read_header, store.open_payload, store.payload_size, store.destroy):
        with pytest.raises(UnknownObjectError, match="holds no object"):
            ask(ABSENT)
    with pytest.raises(UnknownObjectError):
        store.replace_header(ABSENT, b"header")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_only_a_digest_names_an_object(store: ObjectStore, name: str) -> None:
    with pytest.raises(UnknownObjectError, match="64 hexadecimal"):
        store.holds(name)
    pending = store.begin()
    with pytest.raises(UnknownObjectError):
        pending.commit(name, b"header")
    pending.abandon()


def test_an_object_takes_no_bytes_after_its_end(store: ObjectStore) -> None:
    pending = store.begin()
    pending.write(PAYLOAD)
    pending.commit(ID, b"header")
    pending.abandon()
    assert store.holds(ID)
    with pytest.raises(DefectError):
        pending.write(b"more")
    with pytest.raises(DefectError):
        pending.commit(ID, b"header")


def test_a_sweep_of_a_clean_store_finds_nothing(store: ObjectStore) -> None:
    put(store)
    assert store.sweep() == 0
    assert store.holds(ID)

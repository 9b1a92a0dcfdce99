"""The store in files: what crashes, full disks and foreign hands leave, and what becomes of it."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import stat
from typing import TYPE_CHECKING

import pytest

from dedere.vault.errors import StoreError, StoreFullError
from dedere.vault.files import FileStore, facility
from dedere.vault.port import Presence
from support.disks import file_size_limit

if TYPE_CHECKING:
    from pathlib import Path

PAYLOAD = b"payload of an object" * 100
ID = hashlib.sha256(PAYLOAD).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "vault")


def put(store: FileStore) -> None:
    pending = store.begin()
    pending.write(PAYLOAD)
    pending.commit(ID, b"header")


def left_over(store: FileStore) -> list[str]:
    return sorted(path.name for path in (store.root / "temporary").iterdir())


def test_only_the_owner_can_read_what_is_kept(store: FileStore) -> None:
    put(store)
    folder = store.root / "objects" / ID[:2]
    assert stat.S_IMODE(store.root.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / f"{ID}.header").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / f"{ID}.payload").stat().st_mode) == 0o400


def test_a_store_is_opened_again_as_it_was_left(store: FileStore) -> None:
    put(store)
    assert FileStore(store.root).holds(ID)


def test_a_store_of_another_version_is_refused(store: FileStore) -> None:
    (store.root / "version").write_text("dedere-vault/9\n")
    with pytest.raises(StoreError, match="reads dedere-vault/1"):
        FileStore(store.root)


def test_a_place_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("a file")
    with pytest.raises(StoreError, match="opening the vault"):
        FileStore(tmp_path / "vault")


def test_a_full_disk_is_said_and_leaves_nothing(store: FileStore) -> None:
    pending = store.begin()
    with file_size_limit(1000), pytest.raises(StoreFullError, match="Make room"):
        pending.write(PAYLOAD)
    pending.abandon()
    assert left_over(store) == []
    assert list(store.survey()) == []


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, "no space"), StoreFullError),
        (OSError(errno.EDQUOT, "quota"), StoreFullError),
        (OSError(errno.EIO, "broken"), StoreError),
        (OSError("without a number"), StoreError),
    ],
)
def test_errors_of_the_disk_are_errors_of_the_store(error: OSError, expected: type[StoreError]) -> None:
    with pytest.raises(expected) as caught, facility("testing"):
        raise error
    assert type(caught.value) is expected


def test_a_sweep_removes_what_a_crashed_writer_left(store: FileStore) -> None:
    (store.root / "temporary" / "incoming-dead").write_bytes(PAYLOAD)
    assert store.sweep() == 1
    assert left_over(store) == []


def test_a_sweep_leaves_a_running_writer_alone(store: FileStore) -> None:
    pending = store.begin()
    pending.write(PAYLOAD)
    assert FileStore(store.root).sweep() == 0
    assert pending.commit(ID, b"header")
    assert store.holds(ID)


def test_a_sweep_finishes_a_commit_that_had_placed_its_payload(store: FileStore) -> None:
    put(store)
    folder = store.root / "objects" / ID[:2]
    (folder / f"{ID}.header").rename(store.root / "temporary" / f"{ID}.header")
    assert not store.holds(ID)
    assert store.sweep() == 1
    assert store.holds(ID)
    assert store.read_header(ID) == b"header"


def test_a_sweep_removes_a_commit_that_had_placed_nothing(store: FileStore) -> None:
    (store.root / "temporary" / f"{ID}.header").write_bytes(b"header")
    (store.root / "temporary" / "incoming-dead").write_bytes(PAYLOAD)
    assert store.sweep() == 2
    assert left_over(store) == []
    assert list(store.survey()) == []


def test_a_sweep_never_removes_a_half_from_among_the_objects(store: FileStore) -> None:
    put(store)
    (store.root / "objects" / ID[:2] / f"{ID}.header").unlink()
    assert store.sweep() == 0
    assert list(store.survey()) == [Presence(ID, header=False, payload=True)]


def test_a_lost_header_comes_back_when_the_part_arrives_again(store: FileStore) -> None:
    put(store)
    (store.root / "objects" / ID[:2] / f"{ID}.header").unlink()
    put(store)
    assert store.holds(ID)


def test_halves_are_destroyed_too(store: FileStore) -> None:
    put(store)
    (store.root / "objects" / ID[:2] / f"{ID}.header").unlink()
    store.destroy(ID)
    put(store)
    (store.root / "objects" / ID[:2] / f"{ID}.payload").unlink()
    store.destroy(ID)
    assert list(store.survey()) == []


def test_a_destroyed_header_is_overwritten_before_its_name_goes(store: FileStore) -> None:
    put(store)
    kept = store.root / "another name"
    os.link(store.root / "objects" / ID[:2] / f"{ID}.header", kept)
    store.destroy(ID)
    assert kept.read_bytes() == bytes(len(b"header"))


def test_a_payload_on_another_file_system_is_copied(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "part.payload"
    file.write_bytes(PAYLOAD)
    # The only way to have a second file system in a test that anybody can run.
    monkeypatch.setattr(FileStore, "shares_file_system", lambda *_: False)
    assert store.adopt(file, ID, header=b"header")
    assert not file.exists()
    assert store.holds(ID)
    assert left_over(store) == []


def test_a_payload_that_is_not_there_cannot_be_adopted(store: FileStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="adopting"):
        store.adopt(tmp_path / "absent", ID, header=b"header")


def test_two_processes_that_commit_the_same_object_leave_one(store: FileStore) -> None:
    first, second = store.begin(), FileStore(store.root).begin()
    first.write(PAYLOAD)
    second.write(PAYLOAD)
    assert first.commit(ID, b"header 1")
    assert not second.commit(ID, b"header 2")
    assert store.read_header(ID) == b"header 1"
    assert left_over(store) == []


def test_a_commit_waits_for_whoever_holds_the_lock(store: FileStore) -> None:
    pending = store.begin()
    pending.write(PAYLOAD)
    with (store.root / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with (store.root / "lock").open("ab") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert pending.commit(ID, b"header")

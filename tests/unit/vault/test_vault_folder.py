"""A folder with everything that can be in one."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from dedere.vault import folder as folder_module
from dedere.vault.errors import SourceError, StoreError
from dedere.vault.folder import FolderFile, FolderRefusal, ingest_folder
from dedere.vault.memory import MemoryPending
from dedere.vault.store import FileStore, MemoryStore
from support.vaults import read_back, sealing


@pytest.fixture
def source(tmp_path: Path) -> Path:
    top = tmp_path / "source"
    top.mkdir()
    return top


def take_in(source: Path, store: MemoryStore | None = None) -> dict[str, FolderFile | FolderRefusal]:
    entries = list(ingest_folder(source, sealing(store or MemoryStore())))
    assert len({entry.path for entry in entries}) == len(entries)
    return {entry.path: entry for entry in entries}


def test_the_structure_is_kept(source: Path) -> None:
    store = MemoryStore()
    for path in ("a.txt", "photos/1.jpg", "photos/deep/2.jpg", "z/empty"):
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_bytes(path.encode())
    (source / "z/empty").write_bytes(b"")
    found = take_in(source, store)
    assert list(found) == ["a.txt", "photos/1.jpg", "photos/deep/2.jpg", "z/empty"]
    for path, entry in found.items():
        assert isinstance(entry, FolderFile)
        assert read_back(store, entry.stored.id) == (b"" if path == "z/empty" else path.encode())


def test_many_files_come_in_order(source: Path) -> None:
    for number in range(60):
        (source / f"{number:03}.txt").write_text(f"file {number}")
    assert list(take_in(source)) == [f"{number:03}.txt" for number in range(60)]


def test_links_and_devices_are_reported_and_the_rest_is_kept(source: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("not to be taken in")
    (source / "good").write_text("good")
    (source / "link").symlink_to(tmp_path / "secret" / "key")
    (source / "linked folder").symlink_to(tmp_path / "secret")
    os.mkfifo(source / "pipe")
    found = take_in(source)
    refused = {path: entry.sentence for path, entry in found.items() if isinstance(entry, FolderRefusal)}
    assert set(refused) == {"link", "linked folder", "pipe"}
    assert "Links are not followed" in refused["link"]
    assert "Links are not followed" in refused["linked folder"]
    assert "Only regular files" in refused["pipe"]
    assert isinstance(found["good"], FolderFile)


def test_names_that_would_look_alike_stay_apart(source: Path) -> None:
    (source / "report\u202efdp.exe").write_text("one")
    (source / "report_fdp.exe").write_text("two")
    (source / "REPORT_FDP.EXE").write_text("three")
    (source / os.fsdecode(b"caf\xe9")).write_text("not UTF-8")
    found = take_in(source)
    assert set(found) == {"REPORT_FDP.EXE", "report_fdp (2).exe", "report_fdp (3).exe", "caf_"}


def test_what_disappears_during_the_walk_is_reported(source: Path) -> None:
    for name in ("gone folder", "inner"):
        (source / name).mkdir()
    for number in range(30):
        (source / f"a{number:02}").write_text("kept")
    (source / "gone file").write_text("gone")
    walk = ingest_folder(source, sealing(MemoryStore()), workers=1)
    entries = [next(walk)]
    (source / "gone folder").rmdir()
    (source / "gone file").unlink()
    entries += walk
    refused = [entry.path for entry in entries if isinstance(entry, FolderRefusal)]
    assert refused == ["gone file", "gone folder"]
    assert len(entries) == 32


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="folder cannot be read"):
        take_in(tmp_path / "absent")


def test_depth_is_bounded(source: Path) -> None:
    deep = source
    for _ in range(folder_module.DEPTH_LIMIT + 3):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "bottom").write_text("too deep")
    (refusal,) = take_in(source).values()
    assert isinstance(refusal, FolderRefusal)
    assert "to a depth of 64" in refusal.sentence


def test_an_abandoned_walk_closes_what_it_had_opened(source: Path) -> None:
    for number in range(40):
        (source / f"{number:02}").write_text("x" * 1000)

    class Slow(MemoryStore):
        def begin(self) -> MemoryPending:
            time.sleep(0.05)
            return super().begin()

    before = len(list(Path("/proc/self/fd").iterdir()))
    walk = ingest_folder(source, sealing(Slow()), workers=1)
    next(walk)
    walk.close()  # type: ignore[attr-defined] # a generator is what it returns
    assert len(list(Path("/proc/self/fd").iterdir())) == before


class Full(MemoryStore):
    """A store without room."""

    def begin(self) -> MemoryStore:  # type: ignore[override] # never returns
        raise StoreError("The disk is full.")


def test_a_store_that_fails_ends_the_walk(source: Path) -> None:
    for number in range(40):
        (source / f"{number:02}").write_text("x")
    with pytest.raises(StoreError, match="full"):
        take_in(source, Full())


def test_folders_go_into_a_store_of_files(source: Path, tmp_path: Path) -> None:
    (source / "a").write_text("a")
    store = FileStore(tmp_path / "vault")
    (entry,) = ingest_folder(source, sealing(store))
    assert isinstance(entry, FolderFile)
    assert read_back(store, entry.stored.id) == b"a"


def test_a_file_that_changes_is_reported_and_the_rest_is_kept(source: Path) -> None:
    class Meddling(MemoryStore):
        def begin(self) -> MemoryPending:
            with (source / "log").open("a") as file:
                file.write("another line")
            return super().begin()

    (source / "log").write_text("first line")
    (source / "quiet").write_text("quiet")
    found = take_in(source, Meddling())
    assert isinstance(found["quiet"], FolderFile)
    refusal = found["log"]
    assert isinstance(refusal, FolderRefusal)
    assert "changed while it was read" in refusal.sentence

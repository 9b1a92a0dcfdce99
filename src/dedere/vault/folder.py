"""A whole folder taken in, its structure kept, several files at a time.

The walk holds every folder open while it is in it and follows no link, so nothing that is renamed or replaced meanwhile
can lead it elsewhere. What is refused is reported, item by item, and does not stop the rest.
"""

from __future__ import annotations

import collections
import os
import stat
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from dedere.vault.errors import SourceError
from dedere.vault.ingest import Sealing, ingest_descriptor, open_regular
from dedere.vault.names import distinct, safe_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dedere.vault.ingest import StoredObject

_Waiting: TypeAlias = "collections.deque[tuple[str, int, Future[StoredObject]]]"

DEPTH_LIMIT = 64
_AHEAD = 4


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file that was kept. `path` is relative, of safe names joined by `/`, and distinct within the folder."""

    path: str
    stored: StoredObject


@dataclass(frozen=True, slots=True)
class FolderRefusal:
    """An entry that was not taken in, and why."""

    path: str
    sentence: str


def ingest_folder(folder: Path, sealing: Sealing, *, workers: int = 2) -> Iterator[FolderFile | FolderRefusal]:
    """Take in every regular file below `folder`, in order of path.

    Files that another process changes, links, devices and what may not be read are yielded as refusals.

    Raises:
        SourceError: `folder` is no folder, or may not be read.
        StoreError: the store failed; files yielded so far are kept.
    """
    waiting: _Waiting = collections.deque()
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="ingest") as pool:
        try:
            for entry in _walk(folder):
                if isinstance(entry, FolderRefusal):
                    yield from _results(waiting, leave=0)
                    yield entry
                else:
                    path, descriptor = entry
                    waiting.append((path, descriptor, pool.submit(ingest_descriptor, descriptor, sealing)))
                    yield from _results(waiting, leave=workers * _AHEAD)
            yield from _results(waiting, leave=0)
        finally:
            for _, descriptor, unfinished in waiting:
                if unfinished.cancel():
                    os.close(descriptor)


def _results(waiting: _Waiting, *, leave: int) -> Iterator[FolderFile | FolderRefusal]:
    while len(waiting) > leave:
        path, _, future = waiting.popleft()
        try:
            yield FolderFile(path, future.result())
        except SourceError as error:
            yield FolderRefusal(path, error.sentence)


def _walk(folder: Path) -> Iterator[tuple[str, int] | FolderRefusal]:
    taken: set[str] = set()
    top = os.fspath(folder)
    refused: list[FolderRefusal] = []

    def unreadable(error: OSError) -> None:
        if error.filename == top:
            raise SourceError("The folder cannot be read.") from error
        refused.append(FolderRefusal(_relative(top, str(error.filename)), "The folder cannot be read."))

    for place, folders, files, descriptor in os.fwalk(top, onerror=unreadable, follow_symlinks=False):
        yield from refused
        refused.clear()
        yield from _prune(folders, descriptor, place=_relative(top, place))
        for name in sorted(files):
            path = distinct(safe_path(f"{_relative(top, place)}/{name}"), taken)
            taken.add(path.casefold())
            try:
                opened = open_regular(name, folder=descriptor)
            except SourceError as error:
                yield FolderRefusal(path, error.sentence)
            else:
                yield path, opened
    yield from refused


def _prune(folders: list[str], descriptor: int, *, place: str) -> Iterator[FolderRefusal]:
    """Leave in `folders`, sorted, those to walk into; yield the others."""
    folders.sort()
    for name in tuple(folders):
        path = safe_path(f"{place}/{name}")
        if _is_link(name, descriptor):
            folders.remove(name)
            yield FolderRefusal(path, "Links are not followed.")
        elif path.count("/") >= DEPTH_LIMIT:
            folders.remove(name)
            yield FolderRefusal(path, f"Folders are taken in to a depth of {DEPTH_LIMIT}.")


def _is_link(name: str, descriptor: int) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode)
    except OSError:
        return False  # gone meanwhile: the walk reports it when it cannot be opened


def _relative(top: str, place: str) -> str:
    return "" if place == top else os.path.relpath(place, top)

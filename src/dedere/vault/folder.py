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
from dedere.vault.names import distinct, safe_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dedere.vault.ingest import StoredObject

_Waiting: TypeAlias = "collections.deque[tuple[str, int, Future[StoredObject]]]"

DEPTH_LIMIT = 64
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
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
    try:
        descriptor = os.open(folder, _FOLDER_FLAGS)
    except OSError as error:
        raise SourceError(f"The folder cannot be read: {os.strerror(error.errno or 0)}.") from error
    yield from _walk_open(descriptor, "", taken=set(), depth=0)


def _walk_open(
    descriptor: int, place: str, *, taken: set[str], depth: int
) -> Iterator[tuple[str, int] | FolderRefusal]:
    """Walk an open folder, which is closed afterwards: entries in order of name, folders where their name stands."""
    try:
        for name in sorted(os.listdir(descriptor)):
            path = distinct(f"{place}{safe_name(name)}", taken)
            taken.add(path.casefold())
            try:
                inner = _open_entry(name, descriptor)
            except SourceError as error:
                yield FolderRefusal(path, error.sentence)
                continue
            if not stat.S_ISDIR(os.fstat(inner).st_mode):
                yield path, inner
            elif depth == DEPTH_LIMIT:
                os.close(inner)
                yield FolderRefusal(path, f"Folders are taken in to a depth of {DEPTH_LIMIT}.")
            else:
                yield from _walk_open(inner, f"{path}/", taken=taken, depth=depth + 1)
    finally:
        os.close(descriptor)


def _open_entry(name: str, folder: int) -> int:
    try:
        if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            return os.open(name, _FOLDER_FLAGS, dir_fd=folder)
    except OSError as error:
        raise SourceError(f"It cannot be read: {os.strerror(error.errno or 0)}.") from error
    return open_regular(name, folder=folder)

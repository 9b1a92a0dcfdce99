"""Taking evidence in: read once, hashed and sealed on the way, and either wholly kept or not at all.

A stream, a file, or a folder with its structure. Plain bytes are never written: what reaches the store is sealed. What
arrives sealed from another State comes in by `dedere.vault.arrival`.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from dedere.crypto.age import SealingWriter
from dedere.vault.errors import SourceChangedError, SourceError
from dedere.vault.port import PIECE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dedere.base.identifiers import Identifiers
    from dedere.crypto.age import Recipient
    from dedere.crypto.digests import Readable
    from dedere.vault.port import ObjectStore


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What the vault keeps, for the item's record.

    `id` is the SHA-256 of the payload and names the object; `size` and `sha256` are of the plain bytes; `payload_size`
    never changes; `sealed_size` is with the header of the day and changes when the header is wrapped for other keys.
    """

    id: str
    size: int
    sha256: str
    payload_size: int
    sealed_size: int


@dataclass(frozen=True, slots=True)
class Sealing:
    """Where objects go and to whom they are sealed."""

    store: ObjectStore
    recipients: Sequence[Recipient]
    chance: Identifiers


def ingest_stream(
    source: Readable,
    *,
    store: ObjectStore,
    recipients: Sequence[Recipient],
    chance: Identifiers,
    progress: Callable[[int], None] | None = None,
) -> StoredObject:
    """Seal `source` to `recipients` and keep it. `progress` is told the plain bytes read so far.

    Raises:
        SourceError: the source cannot be read to its end.
        StoreFullError, StoreError: the store failed. Nothing is kept then.
    """
    return _ingest(source, Sealing(store, recipients, chance), progress=progress)


def ingest_file(
    path: Path,
    *,
    store: ObjectStore,
    recipients: Sequence[Recipient],
    chance: Identifiers,
    progress: Callable[[int], None] | None = None,
) -> StoredObject:
    """Seal one regular file and keep it; links, devices, pipes and folders are refused.

    Raises:
        SourceError: it is no regular file, or cannot be read.
        SourceChangedError: it changed while it was read.
    """
    descriptor = open_regular(os.fspath(path))
    return ingest_descriptor(descriptor, Sealing(store, recipients, chance), progress=progress)


def ingest_descriptor(
    descriptor: int, sealing: Sealing, *, progress: Callable[[int], None] | None = None
) -> StoredObject:
    """Seal an open regular file, which is closed afterwards, and keep it."""
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        return _ingest(QuietFile(file), sealing, progress=progress)


class QuietFile:
    """A regular file that must not change between its first byte and its last."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._before = self._state()
        self._left = self._before[1]

    def read(self, count: int, /) -> bytes:
        """The next bytes. Also ends the reading of a file that grows without end.

        Raises:
            SourceChangedError: at its end, or beyond it, the file is not what it was at the beginning.
        """
        piece = self._file.read(count)
        self._left -= len(piece)
        if self._left < 0 or (not piece and (self._left or self._state() != self._before)):
            raise SourceChangedError(
                "The file changed while it was read. Copy it to a quiet place and take it from there."
            )
        return piece

    def _state(self) -> tuple[int, int, int, int]:
        found = os.fstat(self._file.fileno())
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def open_regular(name: str, *, folder: int | None = None) -> int:
    """A descriptor of the regular file `name`, relative to the open `folder`, following no link.

    Raises:
        SourceError: there is none, it is something else, or it may not be read.
    """
    try:
        # Not blocking: opening a pipe would otherwise wait for its writer.
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        raise SourceError(
            f"The file cannot be opened: {os.strerror(error.errno or 0)}. Links are not followed."
        ) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise SourceError("Only regular files are taken in, no folders, devices, pipes or sockets.")
    return descriptor


def read_piece(source: Readable) -> bytes:
    """The next PIECE bytes of `source`, fewer only at its end.

    Raises:
        SourceError: it cannot be read.
    """
    pieces: list[bytes] = []
    wanted = PIECE
    try:
        while wanted and (piece := source.read(wanted)):
            pieces.append(piece)
            wanted -= len(piece)
    except OSError as error:
        raise SourceError(f"The source cannot be read to its end: {os.strerror(error.errno or 0)}.") from error
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _ingest(
    source: Readable,
    sealing: Sealing,
    *,
    progress: Callable[[int], None] | None,
) -> StoredObject:
    pending = sealing.store.begin()
    try:
        with SealingWriter(pending, sealing.recipients, chance=sealing.chance, header_in_sink=False) as writer:
            while piece := read_piece(source):
                writer.write(piece)
                if progress is not None:
                    progress(writer.plain_size)
            writer.finish()
        pending.commit(writer.payload_sha256, writer.header)
    finally:
        pending.abandon()
    return StoredObject(
        id=writer.payload_sha256,
        size=writer.plain_size,
        sha256=writer.plain_sha256,
        payload_size=writer.payload_size,
        sealed_size=writer.sealed_size,
    )

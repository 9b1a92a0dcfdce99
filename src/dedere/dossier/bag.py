"""Writing a bag: each file once, hashed as it passes, into a folder or straight into one zip file."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import shutil
import tempfile
import zipfile
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from dedere.base.errors import FacilityError
from dedere.crypto.digests import READ_SIZE
from dedere.dossier.errors import DossierTargetError
from dedere.vault.files import sync_file, sync_folder
from dedere.vault.media import SNIFF_LENGTH, sniff
from dedere.vault.pipeline import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dedere.crypto.digests import Readable

_SYNCING = 16
_UNSYNCED = 256
_SPOOLED_IN_MEMORY = 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a dossier says when it was made in its seal, not in file times


class Place(Protocol):
    """Where the files of a bag go."""

    at_once: int
    """How many files may be written at the same time."""

    def create(self, member: str) -> contextlib.AbstractContextManager[BinaryIO]:
        """A new file of that name, synced when the block ends."""
        ...

    def finish(self) -> None:
        """Give the whole its final name, durably."""
        ...

    def discard(self) -> None:
        """Leave nothing behind."""
        ...


@dataclass(frozen=True, slots=True)
class Copied:
    """A file that was written: its SHA-256, its length, and whether a browser may open it."""

    member: str
    sha256: str
    size: int
    openable: bool = False


class Spool:
    """Bytes kept until their place comes: in memory while they are few, in a file without a name when they are many."""

    def __init__(self, folder: Path) -> None:
        # Closed by `close`.
        self._file = tempfile.SpooledTemporaryFile(_SPOOLED_IN_MEMORY, "w+b", dir=str(folder))  # noqa: SIM115

    def write(self, data: bytes) -> None:
        """Append."""
        self._file.write(data)

    def pieces(self) -> Iterator[bytes]:
        """Everything written, from the beginning."""
        self._file.seek(0)
        while piece := self._file.read(_SPOOLED_IN_MEMORY):
            yield piece

    def close(self) -> None:
        """Let go of it."""
        self._file.close()


class BagWriter:
    """Writes files, and the manifest of those below data/ as they come. It holds nothing of a file that was written."""

    def __init__(self, place: Place, folder: Path, progress: Callable[[int, str], None] | None = None) -> None:
        """Write to `place`, spooling in `folder`; `progress` is told the bytes written so far and the member."""
        self._place = place
        self._folder = folder
        self._progress = progress
        self._spools: list[Spool] = []
        self._payload = self.spool()
        self.files = 0
        self.total = 0
        self.payload_files = 0
        self.payload_bytes = 0

    def spool(self) -> Spool:
        """Room for what is written later; closed with the bag."""
        made = Spool(self._folder)
        self._spools.append(made)
        return made

    def close(self) -> None:
        """Let go of the spools."""
        for spool in self._spools:
            spool.close()

    def add(self, member: str, content: bytes) -> str:
        """Write a small file; its SHA-256."""
        return self.note(self.copy_bytes(member, content))

    def add_pieces(self, member: str, pieces: Iterable[bytes]) -> str:
        """Write a file that is made piece by piece; its SHA-256."""
        digest = hashlib.sha256()
        size = 0
        with _disk(member), self._place.create(member) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
                size += len(piece)
        return self.note(Copied(member, digest.hexdigest(), size))

    def copy_bytes(self, member: str, content: bytes, *, openable: bool = False) -> Copied:
        """Write a small file, in any thread; `note` it afterwards."""
        with _disk(member), self._place.create(member) as file:
            file.write(content)
        return Copied(member, hashlib.sha256(content).hexdigest(), len(content), openable)

    def copy_stream(self, member: str, source: Readable) -> Copied:
        """Write what `source` gives, in any thread; `note` it afterwards. Hashing runs beside reading and writing."""
        first, second = _read(source, member), _read(source, member)
        openable = sniff(first[:SNIFF_LENGTH]).inline
        if not second:
            return self.copy_bytes(member, first, openable=openable)  # small: no thread is worth it
        digest = hashlib.sha256()
        size = 0
        with _disk(member), self._place.create(member) as file, Stage(digest.update) as hashing:
            for piece in itertools.chain((first, second), iter(lambda: _read(source, member), b"")):
                hashing.write(piece)
                file.write(piece)
                size += len(piece)
            hashing.finish()
        return Copied(member, digest.hexdigest(), size, openable)

    def note(self, copied: Copied) -> str:
        """Count a file that was written, and list it in the manifest; its SHA-256."""
        self.files += 1
        self.total += copied.size
        if copied.member.startswith("data/"):
            self.payload_files += 1
            self.payload_bytes += copied.size
            self._payload.write(manifest_line(copied.sha256, copied.member))
        if self._progress is not None:
            self._progress(self.total, copied.member)
        return copied.sha256

    def manifest_pieces(self) -> Iterator[bytes]:
        """The BagIt manifest of everything below data/, in the order in which it was written."""
        return self._payload.pieces()


def manifest_line(digest: str, member: str) -> bytes:
    """A line of a BagIt manifest."""
    return f"{digest}  {encode_name(member)}\n".encode()


def encode_name(member: str) -> str:
    """A member's name as a manifest writes it (RFC 8493, 2.1.3): line ends and percent signs are escaped."""
    return member.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def decode_name(name: str) -> str:
    """The member that a manifest's name means."""
    return name.replace("%0D", "\r").replace("%0A", "\n").replace("%0d", "\r").replace("%0a", "\n").replace("%25", "%")


def open_place(target: Path) -> Place:
    """A folder, or a zip file when the name ends in `.zip`; it appears under its name only when it is finished.

    Raises:
        DossierTargetError: something of that name exists, or its folder does not.
    """
    if target.exists() or not target.parent.is_dir():
        raise DossierTargetError(f"A dossier is written to a new name in a folder that exists; {target.name} is not.")
    partial = target.with_name(f"{target.name}.partial")
    with _disk(partial.name):
        if partial.is_dir():
            shutil.rmtree(partial)
        partial.unlink(missing_ok=True)
        return ZipPlace(partial, target) if target.suffix == ".zip" else FolderPlace(partial, target)


class FolderPlace:
    """A folder. Files are synced beside the writing, many at a time: one by one would wait for the disk each time."""

    at_once = 8

    def __init__(self, partial: Path, target: Path) -> None:
        self._partial = partial
        self._target = target
        self._folders: set[Path] = {partial}
        self._syncing: deque[Future[None]] = deque()
        self._pool = ThreadPoolExecutor(_SYNCING, "sync")
        partial.mkdir(mode=0o700)

    @contextlib.contextmanager
    def create(self, member: str) -> Iterator[BinaryIO]:
        """A new file."""
        path = self._partial / member
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders |= {folder for folder in path.parents if folder.is_relative_to(self._partial)}
        with path.open("xb") as file:
            yield file
        self._syncing.append(self._pool.submit(sync_file, path))
        while len(self._syncing) > _UNSYNCED:
            self._syncing.popleft().result()

    def finish(self) -> None:
        """Sync and rename."""
        with _disk(self._target.name):
            while self._syncing:
                self._syncing.popleft().result()
            for _ in self._pool.map(sync_folder, self._folders):
                pass
            self._pool.shutdown()
            self._partial.rename(self._target)
            sync_folder(self._target.parent)

    def discard(self) -> None:
        """Remove."""
        self._pool.shutdown(cancel_futures=True)
        shutil.rmtree(self._partial, ignore_errors=True)


class ZipPlace:
    """One zip file, its members stored, in a folder named as the file."""

    at_once = 1

    def __init__(self, partial: Path, target: Path) -> None:
        self._partial = partial
        self._target = target
        self._archive = zipfile.ZipFile(partial, "x", zipfile.ZIP_STORED, allowZip64=True)

    @contextlib.contextmanager
    def create(self, member: str) -> Iterator[BinaryIO]:
        """A new member."""
        entry = zipfile.ZipInfo(f"{self._target.stem}/{member}", _EPOCH)
        entry.external_attr = 0o600 << 16
        with self._archive.open(entry, "w", force_zip64=True) as file:
            # A zip member being written has every method that a bag uses; its type is only IO[bytes].
            yield file  # type: ignore[misc]

    def finish(self) -> None:
        """Close, sync and rename."""
        with _disk(self._target.name):
            self._archive.close()
            sync_file(self._partial)
            self._partial.rename(self._target)
            sync_folder(self._target.parent)

    def discard(self) -> None:
        """Remove."""
        with contextlib.suppress(OSError, ValueError):
            self._archive.close()
        self._partial.unlink(missing_ok=True)


def _read(source: Readable, member: str) -> bytes:
    try:
        return source.read(READ_SIZE)
    except OSError as error:
        raise FacilityError(f"What was to be exported as {member} cannot be read.", code="dossier-source") from error


@contextlib.contextmanager
def _disk(member: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise FacilityError(f"The dossier cannot be written at {member}: {reason}.", code="dossier-disk") from error

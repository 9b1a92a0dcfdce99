"""Writing a bag: each file once, hashed as it passes, into a folder or straight into one zip file."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
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
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a dossier says when it was made in its seal, not in file times


class Place(Protocol):
    """Where the files of a bag go."""

    def create(self, member: str) -> contextlib.AbstractContextManager[BinaryIO]:
        """A new file of that name, synced when the block ends."""
        ...

    def finish(self) -> None:
        """Give the whole its final name, durably."""
        ...

    def discard(self) -> None:
        """Leave nothing behind."""
        ...


class BagWriter:
    """Collects the digests of everything it writes, and which of what it streams a browser may open."""

    def __init__(self, place: Place, progress: Callable[[int, str], None] | None = None) -> None:
        """Write to `place`; `progress` is told the bytes written so far and the member."""
        self._place = place
        self._progress = progress
        self.digests: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self.total = 0
        self.openable: set[str] = set()

    def add(self, member: str, content: bytes) -> str:
        """Write a small file; its SHA-256."""
        with _disk(member), self._place.create(member) as file:
            file.write(content)
        return self._note(member, hashlib.sha256(content).hexdigest(), len(content))

    def add_pieces(self, member: str, pieces: Iterable[bytes]) -> str:
        """Write a file that is made piece by piece; its SHA-256."""
        digest = hashlib.sha256()
        size = 0
        with _disk(member), self._place.create(member) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
                size += len(piece)
        return self._note(member, digest.hexdigest(), size)

    def add_stream(self, member: str, source: Readable) -> str:
        """Write what `source` gives; its SHA-256. Hashing and writing run beside the reading."""
        first, second = _read(source, member), _read(source, member)
        if sniff(first[:SNIFF_LENGTH]).inline:
            self.openable.add(member)
        if not second:
            return self.add(member, first)  # small: no thread is worth it
        digest = hashlib.sha256()
        size = 0
        with _disk(member), self._place.create(member) as file, Stage(digest.update) as hashing:
            for piece in itertools.chain((first, second), iter(lambda: _read(source, member), b"")):
                hashing.write(piece)
                file.write(piece)
                size += len(piece)
            hashing.finish()
        return self._note(member, digest.hexdigest(), size)

    def manifest(self, members: Iterator[str]) -> bytes:
        """The BagIt manifest of these members, in order of name."""
        lines = (f"{self.digests[member]}  {encode_name(member)}\n" for member in sorted(members))
        return "".join(lines).encode()

    def _note(self, member: str, digest: str, size: int) -> str:
        self.digests[member] = digest
        self.sizes[member] = size
        self.total += size
        if self._progress is not None:
            self._progress(self.total, member)
        return digest


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
    """A folder. Its files are synced at the end, many at a time: one by one would wait for the disk each time."""

    def __init__(self, partial: Path, target: Path) -> None:
        self._partial = partial
        self._target = target
        self._written: list[Path] = []
        self._folders: set[Path] = {partial}
        partial.mkdir(mode=0o700)

    @contextlib.contextmanager
    def create(self, member: str) -> Iterator[BinaryIO]:
        """A new file."""
        path = self._partial / member
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders |= {folder for folder in path.parents if folder.is_relative_to(self._partial)}
        self._written.append(path)
        with path.open("xb") as file:
            yield file

    def finish(self) -> None:
        """Sync and rename."""
        with _disk(self._target.name):
            with ThreadPoolExecutor(_SYNCING, "sync") as pool:
                for _ in pool.map(sync_file, self._written):
                    pass
                for _ in pool.map(sync_folder, self._folders):
                    pass
            self._partial.rename(self._target)
            sync_folder(self._target.parent)

    def discard(self) -> None:
        """Remove."""
        shutil.rmtree(self._partial, ignore_errors=True)


class ZipPlace:
    """One zip file, its members stored, in a folder named as the file."""

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

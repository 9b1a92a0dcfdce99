"""A store in files: fan-out by identifier, and an order of writing that no crash or power cut can leave half done.

    <root>/version                     dedere-vault/1
    <root>/lock                        held while a commit, a destruction or a sweep changes names
    <root>/objects/ab/ab….header       replaced by atomic rename, mode 0600
    <root>/objects/ab/ab….payload      never changed, mode 0400
    <root>/temporary/incoming-…        being written; its writer holds a lock on it that dies with the process
    <root>/temporary/<id>.header       a commit in progress, see below

A commit: (1) payload and header are written under temporary names and synced; (2) the header is renamed to
`temporary/<id>.header` and that folder synced; (3) the payload and (4) the header are renamed into place and their
folder synced. `sweep` after a crash finishes a commit that reached (3) and removes what did not. It never decides by
guess: what stands in `objects` is never removed by it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dedere.base.errors import DefectError
from dedere.vault.errors import StoreError, StoreFullError
from dedere.vault.port import PIECE, Presence, require_object_id, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

VERSION = "dedere-vault/1"
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class FileStore:
    """An `ObjectStore` in a folder of one file system, used by any number of processes of one machine at once."""

    def __init__(self, root: Path) -> None:
        """Open the store at `root`, made when absent.

        Raises:
            StoreError: the folder cannot be made or used, or is a store of another version.
        """
        self.root = Path(root)
        self._objects = self.root / "objects"
        self._temporary = self.root / "temporary"
        with facility("opening the vault"):
            for folder in (self.root, self._objects, self._temporary):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._require_version()

    def begin(self) -> FilePending:
        """Begin an object."""
        with facility("beginning an object"), self._locked():
            return FilePending(self, self._temporary)

    def adopt(self, payload: Path, object_id: str, *, header: bytes) -> bool:
        """Take over a payload file: renamed on the same file system, copied from another. It is gone afterwards."""
        require_object_id(object_id)
        with facility("adopting a payload"):
            if not self.shares_file_system(payload):
                return self._adopt_copy(payload, object_id, header=header)
            sync_file(payload)
            return self.place(payload, object_id, header=header)

    def shares_file_system(self, payload: Path) -> bool:
        """Whether a file can be renamed into the store."""
        return payload.stat().st_dev == self._temporary.stat().st_dev

    def place(self, payload: Path, object_id: str, *, header: bytes) -> bool:
        """Commit a synced payload file of this file system. False: held already, and the file is removed."""
        staged = self._temporary / f"{object_id}.header"
        with self._locked():
            if self.holds(object_id):
                payload.unlink()
                return False
            folder = self._folder_of(object_id)
            self._write_draft(header).rename(staged)
            sync_folder(self._temporary)
            payload.chmod(0o400)
            payload.rename(folder / f"{object_id}.payload")
            staged.rename(folder / f"{object_id}.header")
            sync_folder(folder)
            return True

    def holds(self, object_id: str) -> bool:
        """Whether the whole object is there."""
        return self._path(object_id, "header").exists() and self._path(object_id, "payload").exists()

    def read_header(self, object_id: str) -> bytes:
        """The header."""
        with facility("reading a header", object_id):
            return self._path(object_id, "header").read_bytes()

    def replace_header(self, object_id: str, header: bytes) -> None:
        """Put another header in its place by atomic rename."""
        with facility("replacing a header"), self._locked():
            path = self._path(object_id, "header")
            if not path.exists():
                raise unknown(object_id)
            self._write_draft(header).rename(path)
            sync_folder(path.parent)

    def open_payload(self, object_id: str) -> BinaryIO:
        """The payload, seekable, unbuffered: callers ask for large pieces."""
        with facility("opening an object", object_id):
            return self._path(object_id, "payload").open("rb", buffering=0)

    def payload_size(self, object_id: str) -> int:
        """The payload's length in bytes."""
        with facility("measuring an object", object_id):
            return self._path(object_id, "payload").stat().st_size

    def survey(self) -> Iterator[Presence]:
        """Everything that is there, halves included."""
        with facility("listing the vault"):
            for folder in sorted(self._objects.iterdir()):
                halves: dict[str, set[str]] = {}
                for path in folder.iterdir():
                    halves.setdefault(path.stem, set()).add(path.suffix)
                for object_id in sorted(halves):
                    found = halves[object_id]
                    yield Presence(object_id, header=".header" in found, payload=".payload" in found)

    def destroy(self, object_id: str) -> None:
        """Overwrite and remove the header, then remove the payload.

        A disk may keep older copies of overwritten blocks; what it keeps is a file key wrapped to the vault's key.
        """
        with facility("destroying an object"), self._locked():
            header, payload = self._path(object_id, "header"), self._path(object_id, "payload")
            if not header.exists() and not payload.exists():
                raise unknown(object_id)
            if header.exists():
                _overwrite(header)
                header.unlink()
                sync_folder(header.parent)
            payload.unlink(missing_ok=True)
            sync_folder(payload.parent)

    def sweep(self) -> int:
        """Finish commits that crashed after their payload was placed; remove every other left-over."""
        dealt_with = 0
        with facility("sweeping the vault"), self._locked():
            for path in sorted(self._temporary.iterdir()):
                if path.suffix == ".header":
                    self._settle(path)
                    dealt_with += 1
                elif _remove_unless_locked(path):
                    dealt_with += 1
            sync_folder(self._temporary)
        return dealt_with

    def _settle(self, staged: Path) -> None:
        folder = self._objects / staged.stem[:2]
        if (folder / f"{staged.stem}.payload").exists():
            staged.rename(folder / staged.name)
            sync_folder(folder)
        else:
            staged.unlink()

    def _adopt_copy(self, payload: Path, object_id: str, *, header: bytes) -> bool:
        pending = self.begin()
        try:
            with payload.open("rb") as source:
                while piece := source.read(PIECE):
                    pending.write(piece)
            fresh = pending.commit(object_id, header)
        finally:
            pending.abandon()
        payload.unlink()
        return fresh

    def _write_draft(self, header: bytes) -> Path:
        # Called with the lock held: a sweep cannot take the draft away before it is renamed.
        descriptor, name = tempfile.mkstemp(prefix="incoming-", dir=self._temporary)
        with os.fdopen(descriptor, "wb") as draft:
            draft.write(header)
            draft.flush()
            os.fsync(draft.fileno())
        return Path(name)

    def _folder_of(self, object_id: str) -> Path:
        folder = self._path(object_id, "header").parent
        if not folder.exists():
            folder.mkdir(mode=0o700)
            sync_folder(self._objects)
        return folder

    def _path(self, object_id: str, half: str) -> Path:
        return self._objects / require_object_id(object_id)[:2] / f"{object_id}.{half}"

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.root / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _require_version(self) -> None:
        path = self.root / "version"
        if not path.exists():
            with self._locked():
                self._write_draft(f"{VERSION}\n".encode()).rename(path)
                sync_folder(self.root)
        found = path.read_bytes()[:40]
        if found != f"{VERSION}\n".encode():
            raise StoreError(f"This vault says it is {found!r}; this software reads {VERSION}.")


class FilePending:
    """An object being written to a temporary file."""

    def __init__(self, store: FileStore, folder: Path) -> None:
        descriptor, name = tempfile.mkstemp(prefix="incoming-", dir=folder)
        self._store = store
        self._path = Path(name)
        self._file = os.fdopen(descriptor, "wb", buffering=0)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def write(self, piece: Buffer, /) -> int:
        """Append payload bytes; all of them."""
        if self._file.closed:
            raise DefectError("An object that was committed or abandoned takes no more bytes.")
        with facility("writing an object"):
            view = memoryview(piece).cast("B")
            written = 0
            while written < len(view):
                written += self._file.write(view[written:])
        return written

    def commit(self, object_id: str, header: bytes) -> bool:
        """Make the object exist, durably."""
        if self._file.closed:
            raise DefectError("An object is committed once.")
        require_object_id(object_id)
        with facility("committing an object"):
            os.fsync(self._file.fileno())
            fresh = self._store.place(self._path, object_id, header=header)
            self._file.close()
        return fresh

    def abandon(self) -> None:
        """Leave nothing behind."""
        if not self._file.closed:
            self._file.close()
            self._path.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Have the file's bytes on the disk before going on."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Have the folder's names on the disk before going on."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _overwrite(path: Path) -> None:
    with path.open("r+b", buffering=0) as file:
        file.write(bytes(path.stat().st_size))
        os.fsync(file.fileno())


def _remove_unless_locked(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        path.unlink()
        return True


@contextlib.contextmanager
def facility(doing: str, object_id: str = "") -> Iterator[None]:
    """Errors of the operating system as errors of the store; a missing file of `object_id` as an unknown object."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StoreFullError(
                f"The disk is full while {doing}; nothing of it was stored. Make room and try again."
            ) from error
        if object_id and isinstance(error, FileNotFoundError):
            raise unknown(object_id) from error
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise StoreError(f"The vault's disk failed while {doing}: {reason}.") from error

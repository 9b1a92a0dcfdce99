"""The medium: where moments and the files they speak of lie. Any folder that takes files of any size will do."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dedere.base.errors import FacilityError, InputError
from dedere.node.backup.digests import DIGEST_LENGTH, PIECE, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FORMAT = "dedere-backup/1"
_NAME = re.compile(r"\d{8}T\d{6}Z")
_SEALED, _INDEX = ".age", ".index"


@dataclass(frozen=True, slots=True)
class Medium:
    """A folder with backups of one node."""

    folder: Path

    @property
    def _moments(self) -> Path:
        return self.folder / "moments"

    @property
    def _files(self) -> Path:
        return self.folder / "files"

    def prepare(self) -> None:
        """Make the medium ready where it is new.

        Raises:
            InputError: the folder holds something else.
        """
        mark = self.folder / "format"
        if not mark.exists():
            if self.folder.exists() and any(self.folder.iterdir()):
                raise InputError(f"{self.folder} holds other things: choose an empty folder for backups.")
            self._files.mkdir(parents=True, exist_ok=True)
            self._moments.mkdir(exist_ok=True)
            mark.write_text(FORMAT + "\n", encoding="ascii")
        self.require_known()

    def require_known(self) -> None:
        """Let pass a medium that this version reads.

        Raises:
            InputError: it is no medium, or of another version.
        """
        try:
            found = (self.folder / "format").read_text(encoding="utf-8").strip()
        except OSError as error:
            raise InputError(f"{self.folder} holds no backups of a node.") from error
        if found != FORMAT:
            raise InputError(f"{self.folder} is {found!r}; this version reads {FORMAT!r}.")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """While the block runs nobody else writes to the medium.

        Raises:
            FacilityError: somebody does already.
        """
        with (self.folder / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise FacilityError(f"Another backup is being written to {self.folder}: wait for its end.") from error
            yield

    def moments(self) -> list[str]:
        """The names of the whole moments, oldest first: the UTC time at which the database was read."""
        names = (path.name.removesuffix(_SEALED) for path in self._moments.glob(f"*{_SEALED}"))
        return sorted(name for name in names if _NAME.fullmatch(name) and self._index(name).exists())

    def choose(self, text: str = "") -> str:
        """The moment called `text`, the newest one not after `text`, or the newest of all.

        Raises:
            InputError: there is none.
        """
        names = [name for name in self.moments() if not text or name <= text]
        if not names:
            raise InputError(f"There is no backup of {text or 'any moment'} on {self.folder}.")
        return names[-1]

    def sealed_moment(self, name: str) -> Path:
        """The sealed file of a moment."""
        return self._moments / f"{name}{_SEALED}"

    def index_of(self, name: str) -> Iterator[str]:
        """The digests of the files that a moment speaks of; readable without its key."""
        with self._index(name).open("rb") as file:
            while digest := file.read(DIGEST_LENGTH):
                yield digest.hex()

    def file(self, digest: str) -> Path:
        """Where the file with this digest lies."""
        return self._files / digest[:2] / digest

    def put(self, source: Path, expected: str = "") -> tuple[str, bool]:
        """Copy a file onto the medium unless it is there; its digest, and whether it is new here.

        What was written is read back from the medium.

        Raises:
            ChangedFileError: `source` is not what it was `expected` to be.
            FacilityError: the medium gives back something else than was written to it.
        """
        present = expected or digest_of(source)
        if self.file(present).exists():
            return present, False
        temporary = self.folder / ".arriving"
        digest = _copy(source, temporary)
        if expected and digest != expected:
            temporary.unlink()
            raise ChangedFileError(source)
        if digest_of(temporary) != digest:
            raise FacilityError(f"{self.folder} gave back other bytes than were written to it: use another medium.")
        target = self.file(digest)
        target.parent.mkdir(exist_ok=True)
        temporary.replace(target)
        return digest, True

    def write_moment(self, name: str, write: Callable[[BinaryIO], None], digests: Iterable[str]) -> int:
        """Write a moment: its index, then what `write` writes. It counts once both are there; its size in bytes."""
        index, sealed = self._index(name), self.sealed_moment(name)
        with _whole(index) as file:
            for digest in sorted(digests):
                file.write(bytes.fromhex(digest))
        with _whole(sealed) as file:
            write(file)
        return sealed.stat().st_size

    def forget_all_but(self, count: int) -> int:
        """Keep the newest `count` moments, and of the files those they speak of; how many files went."""
        names = self.moments()
        for name in names[: max(0, len(names) - max(1, count))]:
            self.sealed_moment(name).unlink()
            self._index(name).unlink()
        wanted = {digest for name in self.moments() for digest in self.index_of(name)}
        gone = 0
        for folder in self._files.iterdir():
            for path in folder.iterdir():
                if path.name not in wanted:
                    path.unlink()
                    gone += 1
        return gone

    def _index(self, name: str) -> Path:
        return self._moments / f"{name}{_INDEX}"


class ChangedFileError(FacilityError):
    """A file of the home is not what its name or the record says: the disk spoiled it, or it changed while copied."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is not what it should be: run `dedere vault check`.")


def moment_name(at: dt.datetime) -> str:
    """The name of a moment: a UTC time to the second."""
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _copy(source: Path, target: Path) -> str:
    """Copy, and have it on the medium itself, so that reading back reads the medium; the digest of what was read."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(PIECE):
            digest.update(piece)
            writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())
        os.posix_fadvise(writing.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return digest.hexdigest()


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A file that is at its place whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

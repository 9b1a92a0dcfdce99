"""Reading a dossier that somebody else made: a folder or a zip file, in bounded memory, led nowhere by its names."""

from __future__ import annotations

import contextlib
import hashlib
import os
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from dedere.crypto.age.header import HeaderSplitter
from dedere.crypto.digests import READ_SIZE
from dedere.crypto.errors import SealError
from dedere.dossier.errors import DossierFormError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SMALL = 64 * 1024 * 1024
"""The most that is ever read into memory of one member."""

_PACKED_RATIO = 1100
"""More than this from a byte of zip is a bomb: deflate cannot reach it with honest data."""


class Members(Protocol):
    """The files of a dossier."""

    faults: list[tuple[str, str]]
    """Entries that are no plain files: their name and what is wrong."""

    def sizes(self) -> dict[str, int]:
        """Every file and its length in bytes."""
        ...

    def open(self, member: str) -> BinaryIO:
        """A file for reading from its beginning. Raises DossierFormError."""
        ...


class FolderMembers:
    """A folder. Links and devices are faults and are never opened."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.faults: list[tuple[str, str]] = []
        self._sizes: dict[str, int] = {}
        waiting = [""]
        while waiting:
            place = waiting.pop()
            with os.scandir(root / place) as entries:
                waiting += filter(None, [self._note(f"{place}{entry.name}", entry) for entry in entries])

    def sizes(self) -> dict[str, int]:
        """Every file and its length."""
        return self._sizes

    def open(self, member: str) -> BinaryIO:
        """A file for reading."""
        if member not in self._sizes:
            raise DossierFormError("The file is missing.", member=member)
        try:
            return os.fdopen(os.open(self._root / member, os.O_RDONLY | os.O_NOFOLLOW), "rb")
        except OSError as error:
            raise DossierFormError("The file cannot be read.", member=member) from error

    def _note(self, member: str, entry: os.DirEntry[str]) -> str:
        """Remember a file or a fault; of a folder, where to go on."""
        shown = member.encode(errors="replace").decode()
        if shown != member:
            self.faults.append((shown, "has a name that is not text in UTF-8"))
        elif entry.is_dir(follow_symlinks=False):
            return f"{member}/"
        elif entry.is_file(follow_symlinks=False):
            self._sizes[member] = entry.stat(follow_symlinks=False).st_size
        else:
            self.faults.append((member, "is a link or a device, not a file"))
        return ""


class ZipMembers:
    """A zip file with the dossier in one folder, whose name is not part of the members' names."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.faults: list[tuple[str, str]] = []
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in archive.infolist():
            if not entry.is_dir():
                self._note(entry)

    def sizes(self) -> dict[str, int]:
        """Every file and its length."""
        return {member: entry.file_size for member, entry in self._entries.items()}

    def open(self, member: str) -> BinaryIO:
        """A file for reading."""
        entry = self._entries.get(member)
        if entry is None:
            raise DossierFormError("The file is missing.", member=member)
        try:
            # A zip member has every method that a reader here calls; its type is only IO[bytes].
            return self._archive.open(entry)  # type: ignore[return-value]
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError) as error:
            raise DossierFormError("The file in the zip cannot be opened.", member=member) from error

    def _note(self, entry: zipfile.ZipInfo) -> None:
        folder, _, member = entry.filename.partition("/")
        fault = ""
        if not member or member.startswith("/") or ".." in entry.filename.split("/") or folder == "":
            fault = "has a name that does not lie within the dossier"
        elif entry.flag_bits & 1:
            fault = "is encrypted"
        elif entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            # Other methods let the sender choose how much memory unpacking takes.
            fault = "is packed by a method that is not taken"
        elif entry.file_size > _PACKED_RATIO * max(1, entry.compress_size):
            fault = "would unpack to far more than it can hold"
        elif member in self._entries:
            fault = "stands twice in the zip"
        if fault:
            self.faults.append((member or entry.filename, fault))
        else:
            self._entries[member] = entry


class UnreadableMembers:
    """What was to be a dossier and cannot even be listed."""

    def __init__(self, name: str) -> None:
        self.faults = [(name, "cannot be read as a zip file: it is damaged or cut off")]

    def sizes(self) -> dict[str, int]:
        """Nothing."""
        return {}

    def open(self, member: str) -> BinaryIO:
        """Nothing can be opened."""
        raise DossierFormError("The file cannot be reached.", member=member)


@dataclass(frozen=True, slots=True)
class Measured:
    """A file as it is: length, SHA-256, and of a sealed file the SHA-256 of its payload (empty: no sealed file)."""

    size: int
    sha256: str
    payload_sha256: str = ""


def read_small(members: Members, member: str, *, limit: int = SMALL) -> bytes:
    """A whole file of at most `limit` bytes.

    Raises:
        DossierFormError: it is missing, unreadable or larger.
    """
    with members.open(member) as file, readable(member):
        data = file.read(limit + 1)
        while len(data) <= limit and (more := file.read(limit + 1 - len(data))):
            data += more
    if len(data) > limit:
        raise DossierFormError(f"The file is larger than {limit} bytes.", member=member)
    return data


def measure(members: Members, member: str, *, sealed: bool, progress: Callable[[int], None] | None = None) -> Measured:
    """Read a file once to its end. `sealed`: also the digest of its payload; `progress` is told each piece's length.

    Raises:
        DossierFormError: it is missing or cannot be read.
    """
    digest, payload = hashlib.sha256(), hashlib.sha256()
    splitter: HeaderSplitter | None = HeaderSplitter() if sealed else None
    size = 0
    with members.open(member) as file, readable(member):
        while piece := file.read(READ_SIZE):
            size += len(piece)
            digest.update(piece)
            if splitter is not None:
                splitter = _feed(splitter, piece, payload.update)
            if progress is not None:
                progress(len(piece))
    return Measured(size, digest.hexdigest(), payload.hexdigest() if splitter is not None else "")


def _feed(splitter: HeaderSplitter, piece: bytes, update: Callable[[bytes], object]) -> HeaderSplitter | None:
    try:
        update(splitter.feed(piece))
    except SealError:
        return None
    return splitter


@contextlib.contextmanager
def readable(member: str) -> Iterator[None]:
    """Errors of reading as a fault of the member."""
    try:
        yield
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DossierFormError("The file cannot be read to its end.", member=member) from error

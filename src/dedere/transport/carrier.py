"""Carriage by hand: what waits for a partner, written to a folder and taken from it; the same bytes as by network.

Requirements P-230 to P-238 (docs/protocol/carrier.md). A carrier is one folder:

    carrier.json                    what is in it, with sizes and SHA-256; written last, so that a half is no carrier
    letters/<letter>.age            sealed letters
    parts/<letter>/<part>.age       sealed parts
    receipts/<letter>.asice         machine receipts
    receipts/<letter>.<part>.asice  part receipts

It is not signed: everything in it is sealed or signed by itself, and is checked as if it had come by network.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dedere.base.clock import format_instant
from dedere.base.errors import DedereError
from dedere.protocol.content import check_content, write_content
from dedere.protocol.letter import MAX_SEALED_BYTES
from dedere.protocol.receipt import RECEIPT_LIMITS
from dedere.transport.errors import CarrierError, CarrierFacilityError

if TYPE_CHECKING:
    import datetime as dt

CARRIER_VERSION = "dedere-carrier/1"
CARRIER_FILE = "carrier.json"
_MAX_LIST_BYTES = 16 * 1024 * 1024
_COPY_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """One file of a carrier: its path inside, size in bytes, SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Bearing:
    """From whom to whom (States' codes), and when it was packed."""

    sender: str
    recipient: str
    packed_at: dt.datetime


class CarrierWriter:
    """Writes one carrier into a new folder. `finish` makes it one; without it the folder is nothing."""

    def __init__(self, folder: Path) -> None:
        """Begin in `folder`, which must not exist yet.

        Raises:
            CarrierFacilityError: it exists, or cannot be made.
        """
        self._folder = folder
        self._files: list[CarriedFile] = []
        with _facility():
            folder.mkdir(mode=0o700, parents=True)

    def put_letter(self, letter_id: str, sealed: bytes) -> None:
        """A sealed letter."""
        self._write(f"letters/{letter_id}.age", iter([sealed]))

    def put_part(self, letter_id: str, part_id: str, source: BinaryIO) -> None:
        """A sealed part, copied in constant memory."""
        self._write(f"parts/{letter_id}/{part_id}.age", iter(lambda: source.read(_COPY_BYTES), b""))

    def put_receipt(self, letter_id: str, receipt: bytes, *, part_id: str | None = None) -> None:
        """A receipt for a letter, or for a part of it."""
        name = letter_id if part_id is None else f"{letter_id}.{part_id}"
        self._write(f"receipts/{name}.asice", iter([receipt]))

    def finish(self, bearing: Bearing) -> None:
        """Write the list: now it is a carrier."""
        value = {
            "version": CARRIER_VERSION,
            "from": bearing.sender,
            "to": bearing.recipient,
            "packed_at": format_instant(bearing.packed_at),
            "files": [
                {"path": file.path, "size": file.size, "sha256": file.sha256}
                for file in sorted(self._files, key=lambda each: each.path)
            ],
        }
        self._write(CARRIER_FILE, iter([write_content(value)]))
        with _facility():
            _sync_folder(self._folder)

    def _write(self, path: str, pieces: Iterator[bytes]) -> None:
        target = self._folder / path
        digest, size = hashlib.sha256(), 0
        with _facility():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary = target.with_name(target.name + ".new")
            with temporary.open("xb") as file:
                for piece in pieces:
                    file.write(piece)
                    digest.update(piece)
                    size += len(piece)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(target)
            _sync_folder(target.parent)
        self._files.append(CarriedFile(path, size, digest.hexdigest()))


@dataclass(frozen=True, slots=True)
class CarriedPart:
    """Which part of which letter."""

    letter: str
    part: str


class Carrier:
    """A carrier read: its list holds and every file is there, of its size, a plain file inside the folder.

    Digests are compared when a file is read. Made by `open_carrier`.
    """

    def __init__(self, folder: Path, *, sender: str, recipient: str, files: dict[str, CarriedFile]) -> None:
        self._folder = folder
        self._files = files
        self.sender = sender
        self.recipient = recipient

    @property
    def letters(self) -> tuple[str, ...]:
        """Identifiers of the letters in it."""
        return tuple(_stem(path) for path in self._files if path.startswith("letters/"))

    @property
    def parts(self) -> tuple[CarriedPart, ...]:
        """The parts in it."""
        found = (path.split("/") for path in self._files if path.startswith("parts/"))
        return tuple(CarriedPart(letter, _stem(name)) for _, letter, name in found)

    @property
    def receipts(self) -> tuple[tuple[str, str | None], ...]:
        """For which letter, or which part of it, there are receipts."""
        stems = (_stem(path) for path in self._files if path.startswith("receipts/"))
        return tuple((letter, part or None) for letter, _, part in (stem.partition(".") for stem in stems))

    def read_letter(self, letter_id: str) -> bytes:
        """The sealed letter."""
        return self._read(f"letters/{letter_id}.age", at_most=MAX_SEALED_BYTES)

    def read_receipt(self, letter_id: str, *, part_id: str | None = None) -> bytes:
        """The receipt for the letter, or for the part of it."""
        name = letter_id if part_id is None else f"{letter_id}.{part_id}"
        return self._read(f"receipts/{name}.asice", at_most=RECEIPT_LIMITS.total_bytes)

    @contextmanager
    def open_part(self, part: CarriedPart) -> Iterator[BinaryIO]:
        """The sealed part as a stream; its letter's digests are compared by whoever takes it in."""
        file = self._file(f"parts/{part.letter}/{part.part}.age")
        with _open_plain(self._folder / file.path) as stream:
            yield stream

    def part_size(self, part: CarriedPart) -> int:
        """Its sealed size in bytes."""
        return self._file(f"parts/{part.letter}/{part.part}.age").size

    def _read(self, path: str, *, at_most: int) -> bytes:
        file = self._file(path)
        if file.size > at_most:
            raise CarrierError("A file of the carrier is larger than its kind may be.", code="carrier-limits")
        with _open_plain(self._folder / path) as stream, _facility():
            data = stream.read(at_most + 1)
        if len(data) != file.size or hashlib.sha256(data).hexdigest() != file.sha256:
            raise CarrierError("A file of the carrier is not what its list says.", code="carrier-digest")
        return data

    def _file(self, path: str) -> CarriedFile:
        file = self._files.get(path)
        if file is None:
            raise CarrierError("The carrier holds no such file.", code="carrier-missing")
        return file


def open_carrier(folder: Path) -> Carrier:
    """The carrier in `folder`.

    Raises:
        CarrierError: no list, or it is not one (`carrier-form`); a file missing or of another size
            (`carrier-missing`); a link or something else than a plain file (`carrier-form`).
        CarrierFacilityError: the folder cannot be read.
    """
    with _open_plain(folder / CARRIER_FILE) as stream, _facility():
        data = stream.read(_MAX_LIST_BYTES + 1)
    try:
        value = check_content(data, kinds=("carrier",))
    except DedereError as error:
        raise CarrierError(f"The carrier's list cannot be read: {error}") from error
    files = {item["path"]: CarriedFile(item["path"], item["size"], item["sha256"]) for item in value["files"]}
    if len(files) != len(value["files"]):
        raise CarrierError("The carrier's list names a file twice.")
    if any((folder / place).parent.is_symlink() for place in files):
        raise CarrierError("A folder of the carrier is a link.")
    for file in files.values():
        with _open_plain(folder / file.path) as stream, _facility():
            size = os.fstat(stream.fileno()).st_size
        if size != file.size:
            raise CarrierError("A file of the carrier was cut or grew.", code="carrier-missing")
    return Carrier(folder, sender=value["from"], recipient=value["to"], files=files)


def carriers_on(medium: Path) -> tuple[Path, ...]:
    """The carriers on a medium: the folder itself, or its direct folders that hold a list."""
    with _facility():
        if (medium / CARRIER_FILE).is_file():
            return (medium,)
        folders = (path for path in medium.iterdir() if path.is_dir() and not path.is_symlink())
        return tuple(sorted(path for path in folders if (path / CARRIER_FILE).is_file()))


@contextmanager
def _open_plain(path: Path) -> Iterator[BinaryIO]:
    """A plain file, no link in its last place (P-235)."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise CarrierError(f"The carrier lacks {path.name}.", code="carrier-missing") from error
    except OSError as error:
        raise CarrierError(f"{path.name} is not a plain file that can be read.") from error
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise CarrierError(f"{path.name} is not a plain file.")
        yield stream


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


@contextmanager
def _facility() -> Iterator[None]:
    """Trouble of the medium as our own error."""
    try:
        yield
    except OSError as error:
        raise CarrierFacilityError(f"The medium cannot be read or written: {error.strerror}.") from error

"""SHA-256 over bytes, files and streams as they pass."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

from dedere.base.errors import FacilityError

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Buffer

READ_SIZE = 4 * 1024 * 1024
"""Bytes read at once: large enough that waiting for the interpreter between calls does not show."""


class Readable(Protocol):
    """Something bytes are read from; an empty result is its end."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""
        ...


class Writable(Protocol):
    """Something bytes are written to: a file, or anything that takes all and answers None."""

    def write(self, data: Buffer, /) -> int | None:
        """Take `data`; the number of bytes taken, or None for all."""
        ...


def write_all(sink: Writable, data: Buffer) -> None:
    """Write all of `data`, however little an unbuffered file takes at once.

    Raises:
        FacilityError: it takes nothing any more.
    """
    rest = memoryview(data).cast("B")
    while rest:
        taken = sink.write(rest)
        if taken is None:
            return
        if taken == 0:
            raise FacilityError("A file takes no more data.", code="file")
        rest = rest[taken:]


def read_exactly(source: Readable, size: int) -> bytes:
    """`size` bytes from `source`, fewer only at its end, however little an unbuffered file gives at once."""
    pieces, missing = [], size
    while missing and (piece := source.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def sha256_hex(data: Buffer) -> str:
    """SHA-256 of `data`, 64 characters of lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_stream(source: Readable) -> str:
    """SHA-256 of everything that remains in `source`, in constant memory."""
    digest = hashlib.sha256()
    while piece := source.read(READ_SIZE):
        digest.update(piece)
    return digest.hexdigest()


def sha256_of_file(path: Path) -> str:
    """SHA-256 of the file at `path`.

    Raises:
        FacilityError: the file cannot be read.
    """
    try:
        with path.open("rb", buffering=0) as file:
            return sha256_of_stream(file)
    except OSError as error:
        raise FacilityError(f"The file {path.name} cannot be read: {error.strerror}.", code="file") from error


class DigestingReader:
    """Passes on what it reads from `source` and knows size and SHA-256 of what has passed."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = READ_SIZE, /) -> bytes:
        """At most `size` bytes from the source."""
        piece = self._source.read(size)
        self._digest.update(piece)
        self.size += len(piece)
        return piece

    @property
    def sha256(self) -> str:
        """SHA-256 of what has passed so far."""
        return self._digest.hexdigest()


class DigestingWriter:
    """Passes on to `sink` what is written to it and knows size and SHA-256 of what has passed."""

    def __init__(self, sink: Writable) -> None:
        self._sink = sink
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: Buffer, /) -> int:
        """Write all of `data`; the number of bytes."""
        view = memoryview(data).cast("B")
        write_all(self._sink, view)
        self._digest.update(view)
        self.size += len(view)
        return len(view)

    @property
    def sha256(self) -> str:
        """SHA-256 of what has passed so far."""
        return self._digest.hexdigest()

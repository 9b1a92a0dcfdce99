"""The port of an object store: what every place that keeps sealed objects must do, and nothing about how.

An object is two files: an immutable *payload* (the nonce and the sealed chunks of an age file), named by its SHA-256,
and a small *header* (all of the age file before it), which is replaced when the object is wrapped for other keys.
An object exists when both are there; a crash at any moment leaves a whole object or none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from dedere.vault.errors import UnknownObjectError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typing_extensions import Buffer

PIECE = 4 * 1024 * 1024
"""Bytes handled in one call: large, so that hashing and the cipher run outside the interpreter's lock."""

_OBJECT_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Presence:
    """Which halves of an object are there."""

    object_id: str
    header: bool
    payload: bool

    @property
    def whole(self) -> bool:
        """Whether the object exists."""
        return self.header and self.payload


class PendingObject(Protocol):
    """An object being written: nothing of it is visible until `commit`."""

    def write(self, piece: Buffer, /) -> int:
        """Append payload bytes; all of them are taken. Raises StoreFullError, StoreError."""
        ...

    def commit(self, object_id: str, header: bytes) -> bool:
        """Make the object exist, durably. False when it already did: then nothing changed and this copy is gone."""
        ...

    def abandon(self) -> None:
        """Leave nothing behind. Harmless after `commit`."""
        ...


class ObjectStore(Protocol):
    """Keeps sealed objects. `object_id` is the SHA-256 of the payload in lower-case hex; others raise InputError."""

    def begin(self) -> PendingObject:
        """Begin an object."""
        ...

    def adopt(self, payload: Path, object_id: str, *, header: bytes) -> bool:
        """Take over a payload file, by renaming where it can; the file is gone afterwards. False: held already."""
        ...

    def holds(self, object_id: str) -> bool:
        """Whether the whole object is there."""
        ...

    def read_header(self, object_id: str) -> bytes:
        """The header. Raises UnknownObjectError."""
        ...

    def replace_header(self, object_id: str, header: bytes) -> None:
        """Put another header in its place, at once and durably. Raises UnknownObjectError."""
        ...

    def open_payload(self, object_id: str) -> BinaryIO:
        """The payload, seekable, for reading. Raises UnknownObjectError."""
        ...

    def payload_size(self, object_id: str) -> int:
        """The payload's length in bytes. Raises UnknownObjectError."""
        ...

    def survey(self) -> Iterator[Presence]:
        """Everything that is there, halves included, in order of identifier."""
        ...

    def destroy(self, object_id: str) -> None:
        """Destroy the header, then the payload: without the header nobody can open any copy of the payload again.

        Halves are destroyed too. Raises UnknownObjectError when nothing is there.
        """
        ...

    def sweep(self) -> int:
        """Finish or remove what crashed writers left, never touching running ones; how many were dealt with."""
        ...


def require_object_id(object_id: str) -> str:
    """`object_id` if it has the shape of one.

    Raises:
        UnknownObjectError: it has not, so nothing can be held under it.
    """
    if not _OBJECT_ID.fullmatch(object_id):
        raise UnknownObjectError("An object is named by 64 hexadecimal digits in lower case.")
    return object_id


def unknown(object_id: str) -> UnknownObjectError:
    """The error for an object that is not there."""
    return UnknownObjectError(f"The vault holds no object {require_object_id(object_id)[:16]}….")

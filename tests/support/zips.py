"""Zips that no honest program writes: every field of every header can be set to a lie."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Entry:
    """One member as written: `content` are the stored bytes; fields left at None tell the truth."""

    name: bytes
    content: bytes
    method: int = 0
    flags: int = 0
    checksum: int | None = None
    size: int | None = None
    date: int = 0x21
    version: int = 10
    extra: bytes = b""

    def local(self) -> bytes:
        return (
            struct.pack(
                "<4s5H3I2H",
                b"PK\x03\x04",
                self.version,
                self.flags,
                self.method,
                0,
                self.date,
                self._checksum(),
                self._size(),
                self._size(),
                len(self.name),
                len(self.extra),
            )
            + self.name
            + self.extra
            + self.content
        )

    def central(self, offset: int) -> bytes:
        return (
            struct.pack(
                "<4s6H3I5H2I",
                b"PK\x01\x02",
                self.version,
                self.version,
                self.flags,
                self.method,
                0,
                self.date,
                self._checksum(),
                self._size(),
                self._size(),
                len(self.name),
                len(self.extra),
                0,
                0,
                0,
                0,
                offset,
            )
            + self.name
            + self.extra
        )

    def _checksum(self) -> int:
        return zlib.crc32(self.content) if self.checksum is None else self.checksum

    def _size(self) -> int:
        return len(self.content) if self.size is None else self.size


@dataclass(frozen=True)
class Zip:
    """A zip made of entries; `listed` are those its directory names, all of them when it is None."""

    entries: Sequence[Entry]
    listed: Sequence[Entry] | None = field(default=None)
    comment: bytes = b""

    def data(self) -> bytes:
        offsets: dict[int, int] = {}
        body = b""
        for entry in self.entries:
            offsets[id(entry)] = len(body)
            body += entry.local()
        listed = self.entries if self.listed is None else self.listed
        directory = b"".join(entry.central(offsets.get(id(entry), 0)) for entry in listed)
        count = len(listed)
        end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), len(self.comment))
        return body + directory + end + self.comment


def entries_of(members: Mapping[str, bytes]) -> list[Entry]:
    """Honest entries for `members`."""
    return [Entry(name.encode(), content) for name, content in members.items()]


def with_entry(members: Mapping[str, bytes], place: str, **changes: object) -> bytes:
    """A zip of `members` in which the entry called `place` has `changes`."""
    entries = entries_of(members)
    changed = [
        replace(entry, **changes) if entry.name == place.encode() else entry  # type: ignore[arg-type] # names of fields
        for entry in entries
    ]
    return Zip(changed).data()

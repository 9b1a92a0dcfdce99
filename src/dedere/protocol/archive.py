"""The zip of a container, byte for byte: one way to write it, and a reader that accepts nothing else.

Requirements P-010 to P-016. Members are stored, never compressed, so that no bomb can be built; there are no extra
fields, comments, gaps, descriptors or second directories, so that every tool that opens the file sees the same
members as we do. The reader walks the local headers from the first byte, then demands that the rest of the file is
exactly the directory that the writer would have written. Any zip program can open the result.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.protocol.errors import ContainerRefusedError, ProtocolUseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LOCAL_MAGIC = b"PK\x03\x04"
_CENTRAL_MAGIC = b"PK\x01\x02"
_END_MAGIC = b"PK\x05\x06"
_ZIP_VERSION = 10  # 1.0: stored members only
_DOS_DATE = 0x0021  # 1 January 1980, midnight: the container says nothing about time, the signature does
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,3}")
_MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What a reader takes: how many members, how large each and all together, in bytes."""

    members: int = 64
    member_bytes: int = 32 * 1024 * 1024
    total_bytes: int = 33 * 1024 * 1024


def overhead(name: str) -> int:
    """Bytes that a member named `name` costs beside its content."""
    return _LOCAL.size + _CENTRAL.size + 2 * len(name)


def write_archive(members: Mapping[str, bytes]) -> bytes:
    """The zip of `members` in their given order: the same bytes for the same members, always.

    Raises:
        ProtocolUseError: a name that the reader would refuse, or no members.
    """
    if not members:
        raise ProtocolUseError("A container without members cannot be packed.")
    pieces: list[bytes] = []
    checksums: list[int] = []
    for name, content in members.items():
        require_name(name)
        checksum = zlib.crc32(content)
        checksums.append(checksum)
        pieces += (_local_header(name, checksum, len(content)), content)
    entries = zip(members, checksums, (len(content) for content in members.values()), strict=True)
    pieces.append(_directory(entries))
    return b"".join(pieces)


def read_archive(data: bytes, limits: ArchiveLimits) -> dict[str, memoryview]:
    """The members of `data` in their order, as views into it; nothing is copied.

    Raises:
        ContainerRefusedError: `data` is not exactly what `write_archive` writes, or is over `limits`.
    """
    if len(data) > limits.total_bytes:
        raise ContainerRefusedError("The container is larger than the limit.", code="container-limits")
    members: dict[str, memoryview] = {}
    entries: list[tuple[str, int, int]] = []
    folded: set[str] = set()
    view = memoryview(data)
    position = 0
    while data[position : position + 4] == _LOCAL_MAGIC:
        if len(members) >= limits.members:
            raise ContainerRefusedError("The container has more members than the limit.", code="container-limits")
        name, checksum, size = _read_local(data, position, limits)
        if name.lower() in folded:
            raise ContainerRefusedError("Two members of the container have the same name.", code="container-duplicate")
        start = position + _LOCAL.size + len(name)
        content = view[start : start + size]
        if len(content) != size:
            raise ContainerRefusedError("A member of the container ends early.", code="container-truncated")
        if zlib.crc32(content) != checksum:
            raise ContainerRefusedError("A member is not what its checksum says.", code="container-checksum")
        folded.add(name.lower())
        members[name] = content
        entries.append((name, checksum, size))
        position = start + size
    _require_directory(view[position:], _directory(entries))
    if not members:
        raise ContainerRefusedError("The container has no members.", code="container-form")
    return members


def require_name(name: str) -> None:
    """Nothing, if the reader takes `name` as a member's name.

    Raises:
        ProtocolUseError: it would refuse it.
    """
    if _name_fault(name.encode("utf-8", "surrogatepass")):
        raise ProtocolUseError(f"The member name {name[:80]!r} may not be packed into a container.")


def _read_local(data: bytes, position: int, limits: ArchiveLimits) -> tuple[str, int, int]:
    """Name, checksum and size that the local header at `position` states; P-011 to P-014."""
    if len(data) - position < _LOCAL.size:
        raise ContainerRefusedError("A header of the container ends early.", code="container-truncated")
    fields = _LOCAL.unpack_from(data, position)
    _, version, flags, method, time, date, checksum, packed, size, name_length, extra_length = fields
    raw_name = data[position + _LOCAL.size : position + _LOCAL.size + name_length]
    if len(raw_name) != name_length:
        raise ContainerRefusedError("A member name of the container ends early.", code="container-truncated")
    fault = _name_fault(raw_name)
    if fault:
        raise ContainerRefusedError(f"A member name {fault}.", code="container-name")
    if method != 0 or flags & 1:
        raise ContainerRefusedError("A member is compressed or encrypted.", code="container-compressed")
    if size > limits.member_bytes or packed > limits.member_bytes:
        raise ContainerRefusedError("A member is larger than the limit.", code="container-limits")
    if (version, flags, time, date, extra_length) != (_ZIP_VERSION, 0, 0, _DOS_DATE, 0) or packed != size:
        raise ContainerRefusedError("A header of the container is not as prescribed.", code="container-form")
    return raw_name.decode("ascii"), checksum, size


def _name_fault(raw: bytes) -> str:
    """Why `raw` is not a member name (P-012), or nothing. A name is ASCII, relative, and without `..` or backslash."""
    if not raw.isascii():
        return "has other characters than ASCII"
    text = raw.decode("ascii")
    if len(text) > _MAX_NAME:
        return "is too long"
    if ".." in text or text.startswith("/") or "\\" in text or text[1:2] == ":":
        return "points outside the container"
    return "" if _NAME.fullmatch(text) else "has characters that are not allowed"


def _require_directory(found: memoryview, expected: bytes) -> None:
    """P-016: what follows the members is the directory of exactly these members, and then the file ends."""
    if found == expected:
        return
    if len(found) > len(expected) and found[: len(expected)] == expected:
        raise ContainerRefusedError("The container has bytes after its end.", code="container-trailing")
    if len(found) < len(expected) and expected[: len(found)] == found:
        raise ContainerRefusedError("The container ends early.", code="container-truncated")
    raise ContainerRefusedError("The directory of the container is not as prescribed.", code="container-form")


def _local_header(name: str, checksum: int, size: int) -> bytes:
    fields = (_ZIP_VERSION, 0, 0, 0, _DOS_DATE, checksum, size, size, len(name), 0)
    return _LOCAL.pack(_LOCAL_MAGIC, *fields) + name.encode("ascii")


def _directory(entries: Iterable[tuple[str, int, int]]) -> bytes:
    """The central directory and the end record for (name, checksum, size) in order."""
    pieces: list[bytes] = []
    offset = 0
    for piece, length in _central_headers(entries):
        pieces.append(piece)
        offset += length
    size = sum(map(len, pieces))
    count = len(pieces)
    return b"".join(pieces) + _END.pack(_END_MAGIC, 0, 0, count, count, size, offset, 0)


def _central_headers(entries: Iterable[tuple[str, int, int]]) -> Iterator[tuple[bytes, int]]:
    """Each directory header, and how many bytes its member takes before the directory."""
    offset = 0
    for name, checksum, size in entries:
        fields = (
            _ZIP_VERSION,
            _ZIP_VERSION,
            0,
            0,
            0,
            _DOS_DATE,
            checksum,
            size,
            size,
            len(name),
            0,
            0,
            0,
            0,
            0,
            offset,
        )
        length = _LOCAL.size + len(name) + size
        yield _CENTRAL.pack(_CENTRAL_MAGIC, *fields) + name.encode("ascii"), length
        offset += length

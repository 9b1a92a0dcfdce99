"""The textual header of a sealed file: stanzas and the MAC over them (age v1, "Header"), parsed with full strictness.

Does not know recipient types; does not read the payload.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dedere.crypto.errors import SealHeaderError, SealMacError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dedere.crypto.digests import Readable

MAXIMUM_HEADER = 256 * 1024
"""Longest header accepted, in bytes: more than 150 hybrid recipients."""

_VERSION_LINE = b"age-encryption.org/v1\n"
_COLUMNS = 64
_MAC_LENGTH = 32
_ARGUMENTS = re.compile(rb"-> [\x21-\x7e]+(?: [\x21-\x7e]+)*")


@dataclass(frozen=True, slots=True)
class Stanza:
    """The file key wrapped for one recipient: its type, its arguments, its body."""

    kind: str
    arguments: tuple[str, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """A parsed header: stanzas, the bytes the MAC covers, the MAC."""

    stanzas: tuple[Stanza, ...]
    covered: bytes
    mac: bytes

    def check_mac(self, file_key: bytes) -> None:
        """Return only if the MAC was made with `file_key`, in constant time.

        Raises:
            SealMacError: it was not.
        """
        try:
            _mac(file_key, self.covered).verify(self.mac)
        except InvalidSignature as error:
            raise SealMacError("The header of the sealed data was changed.") from error


def encode_header(stanzas: Iterable[Stanza], *, file_key: bytes) -> bytes:
    """The header with its MAC line."""
    covered = _VERSION_LINE + b"".join(map(_encode_stanza, stanzas)) + b"---"
    mac = _mac(file_key, covered).finalize()
    return covered + b" " + encode_base64(mac).encode("ascii") + b"\n"


def parse_header(data: bytes) -> Header:
    """The header that is exactly `data`.

    Raises:
        SealHeaderError: any deviation from the grammar.
    """
    lines = data.split(b"\n")
    if not data.startswith(_VERSION_LINE):
        raise SealHeaderError("The data is not sealed in the form age v1.")
    if len(lines) < 4 or lines[-1] != b"" or not lines[-2].startswith(b"--- "):  # noqa: PLR2004 - shortest header
        raise SealHeaderError("The header of the sealed data does not end as it must.")
    stanzas = _parse_stanzas(lines[1:-2])
    mac = decode_base64(_ascii(lines[-2][4:]), length=_MAC_LENGTH)
    return Header(stanzas=stanzas, covered=data[: data.rindex(b"--- ") + 3], mac=mac)


def header_length(data: bytes | bytearray) -> int | None:
    """Where the header at the start of `data` ends, or None while its last line is not complete.

    Raises:
        SealHeaderError: this is no header, or one longer than `MAXIMUM_HEADER`.
    """
    if data[: len(_VERSION_LINE)] != _VERSION_LINE[: len(data)]:
        raise SealHeaderError("The data is not sealed in the form age v1.")
    mark = data.find(b"\n---", len(_VERSION_LINE) - 1, MAXIMUM_HEADER)
    end = data.find(b"\n", mark + 1, MAXIMUM_HEADER) if mark >= 0 else -1
    if end >= 0:
        return end + 1
    if len(data) >= MAXIMUM_HEADER:
        raise SealHeaderError("The header of the sealed data is longer than allowed.")
    return None


def split_sealed(data: bytes) -> tuple[bytes, bytes]:
    """Header and payload of sealed data that is wholly in memory.

    Raises:
        SealHeaderError: there is no complete header.
    """
    splitter = HeaderSplitter()
    payload = splitter.feed(data)
    return splitter.header, payload


class HeaderSplitter:
    """Separates header and payload of sealed data that arrives in pieces, without opening it."""

    def __init__(self) -> None:
        self._pending: bytearray | None = bytearray()
        self._header = b""

    def feed(self, piece: bytes) -> bytes:
        """What of `piece` (and of what was held back) belongs to the payload.

        Raises:
            SealHeaderError: the beginning is no header, or one longer than `MAXIMUM_HEADER`.
        """
        if self._pending is None:
            return piece
        self._pending += piece
        end = header_length(self._pending)
        if end is None:
            return b""
        self._header, rest = bytes(self._pending[:end]), bytes(self._pending[end:])
        self._pending = None
        return rest

    @property
    def header(self) -> bytes:
        """The header, once it is complete.

        Raises:
            SealHeaderError: it is not complete.
        """
        if not self._header:
            raise SealHeaderError("The sealed data ends within its header.")
        return self._header


def read_header(source: Readable) -> tuple[bytes, bytes]:
    """The header at the start of `source`, and the first payload bytes that were read along with it.

    Raises:
        SealHeaderError: the source ends before the header does, or begins with something else.
    """
    splitter = HeaderSplitter()
    while piece := source.read(4096):
        if rest := splitter.feed(piece):
            return splitter.header, rest
    return splitter.header, b""


def encode_base64(data: bytes) -> str:
    """Standard base64 without padding."""
    return base64.b64encode(data).decode("ascii").rstrip("=")


def decode_base64(text: str, *, length: int | None = None) -> bytes:
    """The bytes whose unpadded canonical base64 is `text`, `length` of them if given.

    Raises:
        SealHeaderError: padding, a foreign character, stray bits, another length.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError as error:
        raise SealHeaderError("The header of the sealed data holds something that is not base64.") from error
    if encode_base64(data) != text:
        raise SealHeaderError("The header of the sealed data holds base64 that is not canonical.")
    if length is not None and len(data) != length:
        raise SealHeaderError("The header of the sealed data holds a value of the wrong length.")
    return data


def derive_key(file_key: bytes, *, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA-256 with 32 bytes of output, as everywhere in age."""
    return HKDF(SHA256(), 32, salt, info).derive(file_key)


def _parse_stanzas(lines: Sequence[bytes]) -> tuple[Stanza, ...]:
    stanzas = []
    place = 0
    while place < len(lines):
        if not _ARGUMENTS.fullmatch(lines[place]):
            raise SealHeaderError("The header of the sealed data has a malformed recipient line.")
        kind, *arguments = lines[place].decode("ascii")[3:].split(" ")
        start = place = place + 1
        while place < len(lines) and len(lines[place]) == _COLUMNS:
            place += 1
        if place == len(lines) or len(lines[place]) > _COLUMNS:
            raise SealHeaderError("The header of the sealed data has a recipient body that does not end.")
        place += 1
        body = decode_base64(_ascii(b"".join(lines[start:place])))
        stanzas.append(Stanza(kind=kind, arguments=tuple(arguments), body=body))
    return tuple(stanzas)


def _encode_stanza(stanza: Stanza) -> bytes:
    body = encode_base64(stanza.body)
    lines = [" ".join(("->", stanza.kind, *stanza.arguments))]
    lines += [body[start : start + _COLUMNS] for start in range(0, len(body) + 1, _COLUMNS)]
    return "".join(line + "\n" for line in lines).encode("ascii")


def _ascii(data: bytes) -> str:
    # Bytes beyond ASCII become characters that base64 refuses.
    return data.decode("ascii", errors="replace")


def _mac(file_key: bytes, covered: bytes) -> HMAC:
    mac = HMAC(derive_key(file_key, salt=b"", info=b"header"), SHA256())
    mac.update(covered)
    return mac

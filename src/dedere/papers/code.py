"""The code printed on every page: which document this is and the digest of the data it was made from.

`DEDERE:1:<ID>:<SHA-256>` in capitals, so that a QR code holds it in its compact alphanumeric mode.
"""

from __future__ import annotations

import functools
import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.crypto.errors import CanonicalError
from dedere.papers.errors import DocumentInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.papers.particulars import Json

_SHAPE = re.compile(r"DEDERE:1:([A-Z2-7]{1,64}):([0-9A-F]{64})")
# Mask 2 is as readable as any for the fixed shape of our text, and trying all eight costs six times the time.
_MASK = 2


@dataclass(frozen=True, slots=True)
class DocumentCode:
    """What the code on a page says."""

    id: str
    digest: str

    def text(self) -> str:
        """The text inside the QR code."""
        return f"DEDERE:1:{self.id.upper()}:{self.digest.upper()}"


def parse_document_code(text: str) -> DocumentCode:
    """The code that `DocumentCode.text` wrote, also when typed by hand in small letters or with spaces.

    Raises:
        DocumentInputError: it is none.
    """
    match = _SHAPE.fullmatch("".join(text.split()).upper())
    if match is None:
        raise DocumentInputError("A document code looks like DEDERE:1:IDENTIFIER:DIGEST with 64 hexadecimal digits.")
    return DocumentCode(id=match[1].lower(), digest=match[2].lower())


def act_digest(act: Mapping[str, Json]) -> str:
    """SHA-256 of the act's canonical JSON (RFC 8785): the digest that a letter's document carries.

    Raises:
        DocumentInputError: data that has no canonical form, such as half a character.
    """
    return sha256_hex(canonical_text(act).encode())


def canonical_text(data: Mapping[str, Json]) -> str:
    """The canonical JSON (RFC 8785) of a document's data.

    Raises:
        DocumentInputError: data that has no canonical form, such as half a character.
    """
    try:
        return canonical_json(dict(data)).decode()
    except CanonicalError as error:
        raise DocumentInputError(f"The data cannot become a document: {error}") from error


@functools.lru_cache(maxsize=64)
def code_picture(text: str) -> bytes:
    """The QR code (level M) as a PNG of eight dots a module, black on white with its quiet zone."""
    modules = _modules(text)
    size = len(modules)
    white = [False] * (size + 8)
    rows = [white] * 4 + [[False] * 4 + [bool(dark) for dark in row] + [False] * 4 for row in modules] + [white] * 4
    # One byte of eight equal dots for each module, eight lines for each row; a line begins with its filter, none.
    lines = (b"\0" + bytes(0x00 if dark else 0xFF for dark in row) for row in rows for _ in range(8))
    header = struct.pack(">IIBBBBB", 8 * (size + 8), 8 * (size + 8), 1, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(lines), 9)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(name, data) for name, data in chunks)


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _modules(text: str) -> list[list[bool | None]]:
    from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; only documents need it
    from qrcode.main import QRCode  # type: ignore[import-untyped]  # noqa: PLC0415 - the same

    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    code.add_data(text)
    code.make(fit=True)
    modules: list[list[bool | None]] = code.modules
    return modules

"""The code printed on every page: which document this is and the digest of the data it was made from.

`DEDERE:1:<ID>:<SHA-256>` in capitals, so that a QR code holds it in its compact alphanumeric mode.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
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
    """SHA-256 of the act's canonical JSON (RFC 8785): the digest that a letter's document carries."""
    return sha256_hex(canonical_json(dict(act)))


@functools.lru_cache(maxsize=64)
def code_drawing(text: str) -> str:
    """The QR code (level M) as a small SVG picture, black on white with its quiet zone."""
    from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; only documents need it
    from qrcode.main import QRCode  # type: ignore[import-untyped]  # noqa: PLC0415 - the same

    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    code.add_data(text)
    code.make(fit=True)
    size = len(code.modules)
    strokes = "".join(_strokes(row, y) for y, row in enumerate(code.modules))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 {size + 8} {size + 8}">'
        f'<path fill="#fff" d="M-4-4h{size + 8}v{size + 8}h-{size + 8}z"/><path d="{strokes}"/></svg>'
    )


def _strokes(row: list[bool | None], y: int) -> str:
    strokes = []
    start = None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            strokes.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            start = None
    return "".join(strokes)

"""How large a picture is, read from its first bytes; nothing is decoded, so a small file cannot ask for much memory."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
# Start-of-frame markers of JPEG hold the size; C4, C8 and CC in their range are something else.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_TIFF = {b"II*\0": "<", b"MM\0*": ">"}
_TIFF_WIDTH, _TIFF_HEIGHT, _TIFF_SHORT = 256, 257, 3
_TIFF_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class PictureSize:
    """Kind (a media type), width and height in pixels."""

    media_type: str
    width: int
    height: int

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.width * self.height


def picture_size(data: bytes) -> PictureSize | None:
    """The size of a PNG, JPEG or TIFF picture (its first page); `None` for anything else or a damaged head."""
    try:
        if data.startswith(_PNG):
            return _png(data)
        if data.startswith(_JPEG):
            return _jpeg(data)
        if data[:4] in _TIFF:
            return _tiff(data, _TIFF[data[:4]])
    except (struct.error, IndexError):
        return None
    return None


def _png(data: bytes) -> PictureSize | None:
    length, name, width, height = struct.unpack(">I4sII", data[8:24])
    return PictureSize("image/png", width, height) if (length, name) == (13, b"IHDR") and width and height else None


def _jpeg(data: bytes) -> PictureSize | None:
    place = 2
    while data[place] == 0xFF:  # noqa: PLR2004 - the byte that begins a marker
        marker = data[place + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return PictureSize("image/jpeg", width, height) if width and height else None
        if marker == 0xFF:  # noqa: PLR2004 - a fill byte
            place += 1
        elif marker in _STANDALONE:
            place += 2
        else:
            place += 2 + int(struct.unpack(">H", data[place + 2 : place + 4])[0])
    return None


def _tiff(data: bytes, order: str) -> PictureSize | None:
    (start,) = struct.unpack(f"{order}I", data[4:8])
    (count,) = struct.unpack(f"{order}H", data[start : start + 2])
    found: dict[int, int] = {}
    for number in range(min(count, _TIFF_ENTRIES)):
        entry = data[start + 2 + 12 * number : start + 14 + 12 * number]
        tag, kind = struct.unpack(f"{order}HH", entry[:4])
        if tag in {_TIFF_WIDTH, _TIFF_HEIGHT}:
            form = "H" if kind == _TIFF_SHORT else "I"
            (found[tag],) = struct.unpack(f"{order}{form}", entry[8 : 10 if form == "H" else 12])
    width, height = found.get(_TIFF_WIDTH, 0), found.get(_TIFF_HEIGHT, 0)
    return PictureSize("image/tiff", width, height) if width and height else None

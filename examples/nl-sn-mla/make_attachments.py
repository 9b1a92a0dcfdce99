"""Makes the attachments of this example: one PDF, two pictures, one film; drawn, and of no real place.

Run it anywhere: `python make_attachments.py [FOLDER] [--film-megabytes N]`. The same call makes the same bytes. The
film is raw video in an AVI file, so that its size can be chosen and any player of raw video shows it.
"""

# ruff: noqa: INP001 - an example beside its request, not a package

from __future__ import annotations

import argparse
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MEBIBYTE = 1024 * 1024
_WIDTH, _HEIGHT = 320, 240
_FRAME = _WIDTH * _HEIGHT * 3
_PER_SECOND = 25
_SOIL, _FIELD, _ROOF, _ASH = (176, 148, 110), (122, 150, 84), (164, 72, 58), (52, 48, 46)
_HOUSES = [(40 + 48 * column, 36 + 60 * row) for row in range(3) for column in range(5)]
_PDF_LINES = (
    "FICTIONAL - made for demonstration",
    "Domestic provisions (paraphrased), questions for the witness, translation",
    "Section 3 International Crimes Act: genocide.",
    "1. Who gave the orders by radio?   2. Who fired at the gravel pit?",
    "FICTIF : demande d'entraide, traduction. Le temoin Amber est entendu par un juge.",
)


def make_attachments(folder: Path, *, film_bytes: int = 64 * MEBIBYTE) -> tuple[Path, ...]:
    """Writes the four files into `folder` and gives their paths, in the order of the annexes.

    `film_bytes` is the least size of the film.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(
        folder / name for name in ("law-questions-translation.pdf", "dol-before.png", "dol-after.png", "dol-flight.avi")
    )
    paths[0].write_bytes(_pdf(_PDF_LINES))
    paths[1].write_bytes(_png(_village(burned=False)))
    paths[2].write_bytes(_png(_village(burned=True)))
    _write_film(paths[3], frames=max(1, -(-film_bytes // _FRAME)))
    return paths


def _village(*, burned: bool, shift: int = 0) -> bytes:
    """The village from above, three bytes a pixel, rows from the top."""
    rows = []
    for y in range(_HEIGHT):
        row = bytearray()
        for x in range(_WIDTH):
            row += bytes(_pixel((x + shift) % _WIDTH, y, burned=burned))
        rows.append(bytes(row))
    return b"".join(rows)


def _pixel(x: int, y: int, *, burned: bool) -> tuple[int, int, int]:
    if any(left <= x < left + 28 and top <= y < top + 22 for left, top in _HOUSES):
        return _ASH if burned else _ROOF
    return _SOIL if abs(y - 96 - x // 8) < 5 else _FIELD  # noqa: PLR2004 - half the width of the road


def _png(pixels: bytes) -> bytes:
    stride = _WIDTH * 3
    raw = b"".join(b"\0" + pixels[start : start + stride] for start in range(0, len(pixels), stride))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(kind, body) for kind, body in chunks)


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _pdf(lines: tuple[str, ...]) -> bytes:
    text = " T* ".join(f"({line.replace('(', '[').replace(')', ']')}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 16 TL 56 780 Td {text} ET".encode("latin-1")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return bytes(out) + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def _write_film(path: Path, *, frames: int) -> None:
    """An AVI file of uncompressed frames: the camera moves over the village, which burns half-way."""
    movie_size = 4 + frames * (8 + _FRAME)
    header = _avi_header(frames)
    with path.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 4 + len(header) + 8 + movie_size) + b"AVI " + header)
        file.write(b"LIST" + struct.pack("<I", movie_size) + b"movi")
        for frame in _film_frames(frames):
            file.write(b"00db" + struct.pack("<I", _FRAME) + frame)


def _film_frames(count: int) -> Iterator[bytes]:
    """The frames as AVI stores them: rows from the bottom, blue first. Each still is turned row by row, not redrawn."""
    stills = {burned: _rows_of(_village(burned=burned)) for burned in (False, True)}
    for number in range(count):
        shift = number * 2 % _WIDTH * 3
        yield b"".join(row[shift:] + row[:shift] for row in stills[number * 2 >= count])


def _rows_of(pixels: bytes) -> list[bytes]:
    stride = _WIDTH * 3
    rows = [pixels[start : start + stride] for start in range(0, len(pixels), stride)]
    return [bytes(row[i + 2 - 2 * (i % 3)] for i in range(stride)) for row in reversed(rows)]


def _avi_header(frames: int) -> bytes:
    main = struct.pack(
        "<14I", 1_000_000 // _PER_SECOND, _FRAME * _PER_SECOND, 0, 0, frames, 0, 1, _FRAME, _WIDTH, _HEIGHT, *[0] * 4
    )
    stream = b"vidsDIB " + struct.pack(
        "<IHHIIIIIIII4H", 0, 0, 0, 0, 1, _PER_SECOND, 0, frames, _FRAME, 0, 0, 0, 0, _WIDTH, _HEIGHT
    )
    shape = struct.pack("<IiiHHIIiiII", 40, _WIDTH, _HEIGHT, 1, 24, 0, _FRAME, 0, 0, 0, 0)
    streams = b"strl" + _avi_chunk(b"strh", stream) + _avi_chunk(b"strf", shape)
    return _avi_chunk(b"LIST", b"hdrl" + _avi_chunk(b"avih", main) + _avi_chunk(b"LIST", streams))


def _avi_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body


def _main() -> None:
    parser = argparse.ArgumentParser(description="Make the fictional attachments of this example.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--film-megabytes", type=int, default=64, help="least size of the film, in MiB (default 64)")
    chosen = parser.parse_args()
    make_attachments(chosen.folder, film_bytes=chosen.film_megabytes * MEBIBYTE)


if __name__ == "__main__":
    _main()

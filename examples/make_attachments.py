# ruff: noqa: INP001 - a script beside its data, no package
"""Makes the attachments of the example requests: a document, two drawings, a film. All of it is fictional.

    python examples/make_attachments.py [FOLDER …] [--film-size 64M]

Each FOLDER holds a `request.toml`; without one, all examples get their attachments. The same command gives the same
bytes on every machine. The film is an AVI of PNG frames; with --film-size it is filled up to exactly that size, in
constant memory.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from dedere.papers.typesetting import typefaces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import BinaryIO

WIDTH, HEIGHT, FRAMES, FRAMES_A_SECOND = 320, 180, 48, 12
PIECE = 4 * 1024 * 1024
INSTANT = 1_795_478_400  # 24 November 2026, the day of the example
UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}

# One drawing program for every picture: a valley seen from above, houses standing or burned, a road, a pit.
DRAWING = """
#let data = json(bytes(sys.inputs.data))
#let house(x, y, burned) = place(dx: x * 1pt, dy: y * 1pt, rect(
  width: 9pt, height: 7pt, stroke: 0.5pt + black, fill: if burned { rgb("#3b3230") } else { rgb("#c9825a") }))
#let valley(shift, burned) = {
  place(rect(width: 600pt, height: 180pt, fill: rgb("#b9c79a")))
  place(dx: -shift * 1pt, curve(stroke: 7pt + rgb("#d9cfae"), curve.move((-20pt, 150pt)),
    curve.cubic((150pt, 120pt), (260pt, 190pt), (640pt, 60pt))))
  place(dx: (430 - shift) * 1pt, dy: 18pt, ellipse(width: 60pt, height: 34pt, stroke: 1pt + rgb("#7a6a4a"),
    fill: if burned { rgb("#9a8460") } else { rgb("#c4b48a") }))
  for i in range(26) {
    let x = 20 + calc.rem(i * 83, 380) - shift
    let y = 20 + calc.rem(i * 47, 120)
    house(x, y, burned and calc.rem(i, 5) != 0)
  }
}
#set text(font: data.fonts, size: 8pt)
#set page(width: 320pt, height: 180pt, margin: 0pt)
#for (i, page) in data.pages.enumerate() {
  if i > 0 { pagebreak() }
  valley(page.shift, page.burned)
  place(bottom + left, dx: 4pt, dy: -4pt, box(fill: white, inset: 2pt, page.caption))
}
"""
DOCUMENT = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: auto)
#set text(font: data.fonts, size: 10.5pt, lang: "en")
#set page(paper: "a4", margin: 25mm, numbering: "1 / 1")
#heading(level: 1, data.title)
#for section in data.sections {
  heading(level: 2, text(lang: section.language, section.title))
  set text(lang: section.language)
  if section.questions { enum(..section.lines) } else { for line in section.lines { par(line) } }
}
"""
TITLE = "Annex 1 (fictional): domestic provisions, questions for the witness, translation"
SECTIONS = (
    {
        "language": "en",
        "title": "Domestic provisions (paraphrased for a fictional request)",
        "questions": False,
        "lines": (
            "International Crimes Act, section 3. Genocide is punished by life imprisonment or up to thirty years.",
            "International Crimes Act, section 6. War crimes in a civil war: life imprisonment or up to thirty years.",
            "There is no limitation of time for either.",
        ),
    },
    {
        "language": "en",
        "title": "Questions for the witness called Amber",
        "questions": True,
        "lines": (
            "Where were you between 4 and 19 March 2025, and who was with you?",
            "Which roads could be used to leave the village, and who watched them?",
            "Who gave orders on 11 March, in which language, and how did you hear them?",
            "What did you see at the gravel pit, from where, and for how long?",
            "Did you see or hear the name of the person who spoke by radio?",
            "Have you told this to anyone before? To whom, when, and was it written down?",
        ),
    },
    {
        "language": "fr",
        "title": "Questions au témoin désigné « Amber » (traduction)",
        "questions": True,
        "lines": (
            "Où étiez-vous du 4 au 19 mars 2025 et qui était avec vous ?",
            "Par quelles routes pouvait-on quitter le village et qui les surveillait ?",
            "Qui a donné des ordres le 11 mars, en quelle langue, et comment les avez-vous entendus ?",
            "Qu’avez-vous vu à la gravière, d’où et pendant combien de temps ?",
            "Avez-vous vu ou entendu le nom de la personne qui parlait à la radio ?",
            "En avez-vous déjà parlé à quelqu’un ? À qui, quand, et cela a-t-il été écrit ?",
        ),
    },
    {
        "language": "fr",
        "title": "Demande (extrait traduit)",
        "questions": False,
        "lines": (
            "Les Pays-Bas demandent l’audition du témoin désigné « Amber » et les manifestes de deux conteneurs.",
            "Ils demandent aussi les images aériennes du village de Dol. Toute l’affaire est fictive.",
        ),
    },
)
DOCUMENTS = {"law-questions-translation.pdf": (TITLE, SECTIONS)}


def make_attachments(folder: Path, *, film_size: int | None = None) -> tuple[Path, ...]:
    """Make every annex that `request.toml` in `folder` names, beside it, and say where they are.

    `film_size` in bytes makes a film exactly that long; it must leave room for the film itself (about 170 kB).
    """
    request = tomllib.loads((folder / "request.toml").read_text("utf-8"))["request"]
    return tuple(_make_annex(folder, annex, film_size=film_size) for annex in request["annexes"])


def _make_annex(folder: Path, annex: Mapping[str, str], *, film_size: int | None) -> Path:
    path = folder / annex["path"]
    match annex["media_type"]:
        case "application/pdf":
            title, sections = DOCUMENTS.get(annex["path"]) or (annex["title"], _stand_in(annex))
            path.write_bytes(_compiled(DOCUMENT, {"title": title, "sections": sections}, pdf=True)[0])
        case "image/png":
            page = {
                "shift": 60,
                "burned": "after" in annex["path"],
                "caption": f"{annex['title']}. Drawn by a program.",
            }
            path.write_bytes(_compiled(DRAWING, {"pages": [page]}, resolution=216)[0])
        case "video/x-msvideo":
            make_film(path, size=film_size)
        case other:
            raise SystemExit(f"There is no program here for an annex of the kind {other}.")
    return path


def _stand_in(annex: Mapping[str, str]) -> tuple[dict[str, object], ...]:
    """The text of a document whose content plays no part in the example."""
    lines = (f"This page stands for the annex {annex['id']}: {annex['title']}", "Everything in it is fictional.")
    return ({"language": "en", "title": "Fictional", "questions": False, "lines": lines},)


def make_film(path: Path, *, size: int | None = None) -> None:
    """Write a short film of a flight over the valley: AVI, PNG frames (`MPNG`), no sound.

    With `size` a chunk that players skip fills the file up to exactly that many bytes.
    """
    pages = [
        {"shift": 4 * number, "burned": number >= FRAMES // 2, "caption": f"Fictional flight, frame {number + 1}"}
        for number in range(FRAMES)
    ]
    frames = _compiled(DRAWING, {"pages": pages}, resolution=72)
    body = _avi(frames)
    fill = 0 if size is None else size - len(body) - 16
    if fill < 0:
        raise SystemExit(f"The film alone takes {len(body) + 16} bytes; choose a larger size.")
    with path.open("wb") as file:
        if size is None:
            file.write(_riff(body))
            return
        # Sizes in RIFF end at 4 GiB; what lies beyond is outside the container, where players do not look.
        inside = min(fill, 2**32 - len(body) - 64)
        file.write(b"RIFF" + struct.pack("<I", len(body) + 8 + inside) + body)
        file.write(b"JUNK" + struct.pack("<I", inside))
        _write_noise(file, fill)


def _write_noise(file: BinaryIO, count: int) -> None:
    """`count` bytes that do not compress, the same every time."""
    number = 0
    while count > 0:
        piece = hashlib.shake_128(f"dedere example film {number}".encode()).digest(min(PIECE, count))
        file.write(piece)
        count -= len(piece)
        number += 1


def _compiled(source: str, data: dict[str, object], *, pdf: bool = False, resolution: int = 72) -> Sequence[bytes]:
    fonts, families = typefaces()
    inputs = {"data": json.dumps({**data, "fonts": families})}
    compiler = typst.Compiler(source.encode(), font_paths=fonts, ignore_system_fonts=True, sys_inputs=inputs)
    if pdf:
        made = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=INSTANT)
    else:
        made = compiler.compile(format="png", ppi=resolution)
    return [made] if isinstance(made, bytes) else made or []


def _riff(body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _list(name: bytes, *chunks: bytes) -> bytes:
    return _chunk(b"LIST", name + b"".join(chunks))


def _avi(frames: Sequence[bytes]) -> bytes:
    """Everything of an AVI file after its RIFF size: headers, frames, index (Microsoft's AVI RIFF reference)."""
    largest = max(map(len, frames))
    main = struct.pack(
        "<14I", 1_000_000 // FRAMES_A_SECOND, largest * FRAMES_A_SECOND, 0, 0x10, len(frames), 0, 1, largest,
        WIDTH, HEIGHT, 0, 0, 0, 0,
    )  # fmt: skip
    stream = b"vidsMPNG" + struct.pack(
        "<IHHIIIIIIIIHHHH", 0, 0, 0, 0, 1, FRAMES_A_SECOND, 0, len(frames), largest, 0xFFFFFFFF, 0, 0, 0, WIDTH, HEIGHT
    )
    layout = struct.pack("<IiiHH4sIiiII", 40, WIDTH, HEIGHT, 1, 24, b"MPNG", WIDTH * HEIGHT * 3, 0, 0, 0, 0)
    header = _list(b"hdrl", _chunk(b"avih", main), _list(b"strl", _chunk(b"strh", stream), _chunk(b"strf", layout)))
    chunks = [_chunk(b"00dc", frame) for frame in frames]
    index = b"".join(_index_entries(chunks, frames))
    return b"AVI " + header + _list(b"movi", *chunks) + _chunk(b"idx1", index)


def _index_entries(chunks: Sequence[bytes], frames: Sequence[bytes]) -> Iterator[bytes]:
    place = 4
    for chunk, frame in zip(chunks, frames, strict=True):
        yield b"00dc" + struct.pack("<III", 0x10, place, len(frame))
        place += len(chunk)


def _size(text: str) -> int:
    unit = text[-1:].upper() if text[-1:].isalpha() else ""
    number = text.removesuffix(text[-1:]) if unit else text
    if unit not in UNITS or not number.isdigit():
        raise argparse.ArgumentTypeError("a size is written like 64M, 1G or a number of bytes")
    return int(number) * UNITS[unit]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Make the fictional attachments of the example requests.")
    everywhere = sorted(path.parent for path in Path(__file__).parent.glob("*/request.toml"))
    parser.add_argument("folders", nargs="*", type=Path, default=everywhere, metavar="FOLDER")
    parser.add_argument("--film-size", type=_size, help="exact size of the film, e.g. 64M or 1G")
    arguments = parser.parse_args()
    for folder in arguments.folders:
        for path in make_attachments(folder, film_size=arguments.film_size):
            sys.stdout.write(f"{path.stat().st_size:>12,} {path}\n")


if __name__ == "__main__":
    main()

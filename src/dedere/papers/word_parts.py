"""The blocks of a document as paragraphs and tables of a Word file."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Protocol, assert_never

from dedere.papers.document import (
    BigCode,
    Block,
    Fields,
    Heading,
    Items,
    Line,
    Notice,
    Paragraph,
    Signature,
    SignatureRoom,
    Table,
    line,
)
from dedere.papers.pairing import Numbered
from dedere.papers.printable import printable
from dedere.papers.typst_data import RIGHT_TO_LEFT

if TYPE_CHECKING:
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph as WordParagraph
    from docx.text.run import Run as WordRun

FONT = "Noto Sans"
_PLACES = re.compile(r"(\{pages?\})")


class Container(Protocol):
    """A Word document or a cell of a table: both take paragraphs and tables."""

    def add_paragraph(self, text: str = "", style: str | None = None) -> WordParagraph:
        """A new paragraph at the end."""
        ...

    def add_table(self, rows: int, cols: int) -> WordTable:
        """A new table at the end."""
        ...


class Notes:
    """Footnotes in the order in which they first occur; one said twice keeps its number."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def number(self, text: str) -> int:
        """The note's number, from 1."""
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text) + 1


def write_block(container: Container, block: Block | Numbered, *, language: str, notes: Notes) -> None:
    """Write a block at the end of the container."""
    number = block.number if isinstance(block, Numbered) else 0
    inner = block.block if isinstance(block, Numbered) else block
    writer = _BlockWriter(container, language, notes)
    match inner:
        case Heading():
            writer.line(inner.text, style=f"Heading {inner.level}")
        case Paragraph():
            writer.line(inner.text, before=f"{number}. " if number else "")
        case Fields() | Signature():
            writer.table(inner.rows)
        case Table():
            writer.table((inner.heading, *inner.rows), grid=True)
        case Items():
            for item in inner.items:
                writer.line(item, style="List Number" if inner.ordered else "List Bullet")
        case Notice():
            writer.line(inner.text, strong=True)
        case SignatureRoom():
            writer.line(line(inner.heading), style="Heading 2")
        case BigCode():
            container.add_paragraph(f"{inner.label}: {'   '.join(inner.groups)}")
        case _:
            assert_never(inner)


def write_line(
    paragraph: WordParagraph, line: Line, *, language: str, notes: Notes | None = None, strong: bool = False
) -> None:
    """Write a line into an empty paragraph."""
    for run in line:
        written = paragraph.add_run(printable(run.text))
        written.bold = run.strong or strong
        _tag(written, run.language or language)
        for note in run.notes if notes is not None else ():
            mark = paragraph.add_run(str(notes.number(note)) if notes else "")
            mark.font.superscript = True
    set_language(paragraph, language)


def set_language(paragraph: WordParagraph, language: str) -> None:
    """The paragraph's direction and the language of the runs that have none yet."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - only Word files need it

    if language in RIGHT_TO_LEFT:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001 - python-docx has no other way
    for run in paragraph.runs:
        if not run._r.xpath("./w:rPr/w:lang"):  # noqa: SLF001
            _tag(run, language)


def add_page_fields(paragraph: WordParagraph, pattern: str) -> None:
    """*Page x of y*, counted by Word itself."""
    fields: dict[str, str] = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
    for piece in _PLACES.split(pattern):
        if piece in fields:
            _field(paragraph.add_run(), fields[piece])
        else:
            paragraph.add_run(piece)


class _BlockWriter:
    def __init__(self, container: Container, language: str, notes: Notes) -> None:
        self._container, self._language, self._notes = container, language, notes

    def line(self, line: Line, *, style: str = "", before: str = "", strong: bool = False) -> None:
        paragraph = self._container.add_paragraph(before)
        if style:
            # By its id: python-docx searches all styles for a name, every time.
            paragraph._p.style = style.replace(" ", "")  # noqa: SLF001
        write_line(paragraph, line, language=self._language, notes=self._notes, strong=strong)

    def table(self, rows: tuple[tuple[Line, ...], ...], *, grid: bool = False) -> None:
        table = self._container.add_table(len(rows), len(rows[0]))
        if grid:
            table.style = "Table Grid"
        # Asking for cells row by row costs the square of the table's length.
        cells = table._cells  # noqa: SLF001 - python-docx has no other way
        for cell, content in zip(cells, itertools.chain.from_iterable(rows), strict=True):
            write_line(cell.paragraphs[0], content, language=self._language, notes=self._notes)
        self._container.add_paragraph()


def _tag(run: WordRun, language: str) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    properties = run._r.get_or_add_rPr()  # noqa: SLF001 - python-docx has no other way
    element = OxmlElement("w:lang")
    element.set(qn("w:bidi" if language in RIGHT_TO_LEFT else "w:val"), language)
    if language in RIGHT_TO_LEFT:
        properties.append(OxmlElement("w:rtl"))
    properties.append(element)


def _field(run: WordRun, instruction: str) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    for kind in ("begin", "", "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = instruction
        run._r.append(element)  # noqa: SLF001

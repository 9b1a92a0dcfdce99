"""A document as an editable file (DOCX) for ministries that edit on paper. Same document, same bytes.

It says at its top that it is a working copy: what comes back can be attached, it never replaces the data. Footnotes
stand as numbered notes at the end.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

from dedere.papers.code import DocumentCode, code_picture
from dedere.papers.pairing import paired
from dedere.papers.printable import printable
from dedere.papers.word_parts import FONT, Notes, add_page_fields, set_language, write_block, write_line
from dedere.papers.wording import load_wording

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from dedere.papers.document import Document, Edition
    from dedere.papers.word_parts import Container

_LONGEST_PROPERTY = 255


def word_file(document: Document) -> bytes:
    """The DOCX of a document."""
    from docx import Document as new_document  # noqa: N813, PLC0415 - a factory named like a class; only Word needs it
    from docx.enum.text import WD_BREAK  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    word = new_document()
    style = word.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10)
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    _properties(word, document)
    _letterhead(word, document)
    _footer(word, document)
    notes = Notes()
    if document.parallel and len(document.editions) > 1:
        _side_by_side(word, document, notes=notes)
    else:
        rows = paired(document.editions)
        for place, edition in enumerate(document.editions):
            if place:
                word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            _opening(word, edition, notes=notes)
            for row in rows:
                for numbered in row[place]:
                    write_block(word, numbered, language=edition.language, notes=notes)
    _notes(word, document, notes=notes)
    file = io.BytesIO()
    word.save(file)
    return _same_bytes(file.getvalue())


def _properties(word: WordDocument, document: Document) -> None:
    first = document.editions[0]
    properties = word.core_properties
    instant = dt.datetime.fromtimestamp(document.instant, tz=dt.UTC).replace(tzinfo=None)
    properties.title = first.title[:_LONGEST_PROPERTY]
    properties.author = "".join(run.text for run in document.letterhead.authority)[:_LONGEST_PROPERTY]
    properties.language = first.language
    properties.identifier = document.id
    properties.created = properties.modified = instant
    properties.comments = ""


def _letterhead(word: WordDocument, document: Document) -> None:
    head = document.letterhead
    for line in (head.state, head.authority, *head.lines):
        write_line(word.add_paragraph(), line, language=document.editions[0].language, strong=line not in head.lines)


def _footer(word: WordDocument, document: Document) -> None:
    from docx.shared import Mm  # noqa: PLC0415

    first = document.editions[0]
    footer = word.sections[0].footer
    paragraph = footer.paragraphs[0]
    if first.banner:
        paragraph.add_run(first.banner).bold = True
        paragraph = footer.add_paragraph()
    add_page_fields(paragraph, first.page_of)
    paragraph.add_run(f" · {printable(first.document_line)}")
    footer.add_paragraph(first.digest_line)
    code = DocumentCode(id=document.id, digest=document.digest).text()
    footer.add_paragraph().add_run().add_picture(io.BytesIO(code_picture(code)), width=Mm(16))


def _opening(container: Container, edition: Edition, *, notes: Notes) -> None:
    language = edition.language
    working = container.add_paragraph(load_wording(language).text("frame.working_copy"))
    working.runs[0].italic = True
    set_language(working, language)
    for line in edition.addressee:
        write_line(container.add_paragraph(), line, language=language, notes=notes)
    write_block(container, edition.reference, language=language, notes=notes)
    title = container.add_paragraph(style="Title")
    title.add_run(printable(edition.title)).font.name = FONT
    set_language(title, language)
    if edition.banner:
        banner = container.add_paragraph()
        banner.add_run(edition.banner).bold = True
        set_language(banner, language)


def _side_by_side(word: WordDocument, document: Document, *, notes: Notes) -> None:
    table = word.add_table(rows=1, cols=len(document.editions))
    for cell, edition in zip(table.rows[0].cells, document.editions, strict=True):
        _opening(cell, edition, notes=notes)
    for row in paired(document.editions):
        cells = table.add_row().cells
        for cell, blocks, edition in zip(cells, row, document.editions, strict=True):
            for numbered in blocks:
                write_block(cell, numbered, language=edition.language, notes=notes)


def _notes(word: WordDocument, document: Document, *, notes: Notes) -> None:
    if not notes.texts:
        return
    language = document.editions[0].language
    word.add_paragraph(load_wording(language).text("frame.notes"), style="Heading 1")
    for number, text in enumerate(notes.texts, start=1):
        set_language(word.add_paragraph(f"{number}. {printable(text)}"), language)


def _same_bytes(file: bytes) -> bytes:
    """The same archive without the time at which it was written."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, date_time=(1980, 1, 1, 0, 0, 0))
            fixed.compress_type, fixed.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            target.writestr(fixed, source.read(entry))
    return made.getvalue()

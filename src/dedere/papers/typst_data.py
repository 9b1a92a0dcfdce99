"""A document as the plain data its template reads. Numbers of paragraphs and footnotes are given here, once."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from dedere.papers.document import (
    BigCode,
    Block,
    Document,
    Edition,
    Fields,
    Heading,
    Items,
    Line,
    Notice,
    Paragraph,
    Run,
    Signature,
    Table,
)
from dedere.papers.printable import printable

Data: TypeAlias = dict[str, object]


class _Numbering:
    """Counts paragraphs and footnotes of one edition; a footnote said twice keeps its first number."""

    def __init__(self, language: str, *, first_note: int) -> None:
        self.language = language
        self.paragraphs = 0
        self.notes: dict[str, int] = {}
        self.first_note = first_note

    def note(self, text: str) -> Data:
        known = self.notes.get(text)
        if known is not None:
            return {"id": known, "first": False}
        self.notes[text] = self.first_note + len(self.notes)
        return {"id": self.notes[text], "first": True, "text": printable(text), "lang": self.language}

    def run(self, run: Run) -> Data:
        data: Data = {"s": printable(run.text)}
        if run.language and run.language != self.language:
            data["l"] = run.language
        if run.strong:
            data["b"] = True
        if run.code:
            data["c"] = True
        if run.notes:
            data["n"] = [self.note(note) for note in run.notes]
        return data

    def line(self, line: Line) -> list[Data]:
        return [self.run(run) for run in line]

    def lines(self, lines: tuple[Line, ...]) -> list[list[Data]]:
        return [self.line(line) for line in lines]

    def block(self, block: Block) -> Data:  # noqa: PLR0911 - one return for each kind of block
        match block:
            case Heading():
                return {"t": "heading", "level": block.level, "text": self.line(block.text)}
            case Paragraph():
                data: Data = {"t": "paragraph", "text": self.line(block.text)}
                if block.numbered:
                    self.paragraphs += 1
                    data["number"] = f"{self.paragraphs}."
                return data
            case Fields():
                return {"t": "fields", "rows": [self.lines(row) for row in block.rows]}
            case Table():
                rows = [self.lines(row) for row in block.rows]
                return {"t": "table", "heading": self.lines(block.heading), "rows": rows, "widths": list(block.widths)}
            case Items():
                return {"t": "items", "ordered": block.ordered, "items": self.lines(block.items)}
            case Notice():
                return {"t": "notice", "kind": block.kind.value, "text": self.line(block.text)}
            case Signature():
                return {"t": "signature", "rows": [self.lines(row) for row in block.rows]}
            case BigCode():
                return {"t": "bigcode", "groups": list(block.groups), "label": block.label}
            case _:
                assert_never(block)


def document_data(document: Document, *, fonts: tuple[str, ...]) -> Data:
    """The data that `templates/paper.typ` reads, all of it text, numbers and lists."""
    editions: list[Data] = []
    notes = 1
    for edition in document.editions:
        numbering = _Numbering(edition.language, first_note=notes)
        editions.append(_edition_data(edition, numbering))
        notes += len(numbering.notes)
    plain = _Numbering("", first_note=notes)
    head = document.letterhead
    return {
        "fonts": list(fonts),
        "author": " ".join(printable(run.text) for run in head.authority),
        "keywords": [printable(word) for word in document.keywords],
        "digest": document.digest,
        "parallel": document.parallel,
        "letterhead": {
            "state": plain.line(head.state),
            "authority": plain.line(head.authority),
            "lines": plain.lines(head.lines),
        },
        "editions": editions,
    }


def _edition_data(edition: Edition, numbering: _Numbering) -> Data:
    return {
        "lang": edition.language,
        "title": printable(edition.title),
        "subtitle": printable(edition.subtitle),
        "banner": edition.banner,
        "reference": numbering.block(edition.reference),
        "addressee": numbering.lines(edition.addressee),
        "blocks": [numbering.block(block) for block in edition.blocks],
        "page-of": edition.page_of,
        "document-line": printable(edition.document_line),
        "digest-line": edition.digest_line,
        "code-description": edition.code_description,
    }

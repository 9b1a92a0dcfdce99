"""A document as the plain data its template reads. Footnotes get their numbers here, once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias, assert_never

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
    SignatureRoom,
    Table,
    line,
)
from dedere.papers.pairing import paired
from dedere.papers.printable import printable

if TYPE_CHECKING:
    from dedere.papers.pairing import Numbered

Data: TypeAlias = dict[str, object]
RIGHT_TO_LEFT = frozenset({"ar"})
_RIGHT_TO_LEFT_LETTERS = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
_LEFT_TO_RIGHT = re.compile("[0-9A-Za-z\u00c0-\u024f\u0370-\u052f]")


# So many characters of a label surely fit into one line of its column, alone on the page or beside another language.
_LABEL_FITS, _LABEL_FITS_BESIDE = 24, 15


class _Writer:
    """Turns the blocks of one edition into data; a footnote said twice keeps its first number."""

    def __init__(self, language: str, *, mark: str, label_fits: int = _LABEL_FITS) -> None:
        self.language = language
        self._label_fits = label_fits
        # Rows and cells stand on the document's side, also those whose text runs the other way.
        self._side = "right" if language in RIGHT_TO_LEFT else "left"
        self._mark = mark
        self._notes: dict[str, str] = {}

    def numbered(self, numbered: Numbered) -> Data:
        data = self.block(numbered.block)
        if numbered.number:
            data["number"] = f"{numbered.number}."
        return data

    def block(self, block: Block) -> Data:  # noqa: PLR0911 - one return for each kind of block
        match block:
            case Heading():
                return {"t": "heading", "level": block.level, "text": self.line(block.text)}
            case Paragraph():
                return {"t": "paragraph", "text": self.line(block.text)}
            case Fields():
                return {"t": "fields", "side": self._side, "rows": self._rows(block.rows)}
            case Table():
                rows = [self.lines(row) for row in block.rows]
                return {
                    "t": "table",
                    "side": self._side,
                    "heading": self.lines(block.heading),
                    "rows": rows,
                    "widths": list(block.widths),
                }
            case Items():
                items = self.lines(block.items)
                return {"t": "items", "side": self._side, "ordered": block.ordered, "items": items}
            case Notice():
                return {"t": "notice", "kind": block.kind.value, "text": self.line(block.text)}
            case Signature():
                return {"t": "signature", "side": self._side, "rows": self._rows(block.rows)}
            case SignatureRoom():
                return {"t": "room", "text": self.line(line(block.heading))}
            case BigCode():
                return {"t": "bigcode", "groups": list(block.groups), "label": block.label}
            case _:
                assert_never(block)

    def _rows(self, rows: tuple[tuple[Line, Line], ...]) -> list[Data]:
        """Label and value; `wide` says that one of them may be too wide for a line of its column."""
        return [
            {
                "label": self.line(label),
                "value": self.line(value),
                "wide": sum(len(run.text) for run in label) > self._label_fits or any(run.code for run in value),
            }
            for label, value in rows
        ]

    def lines(self, lines: tuple[Line, ...]) -> list[list[Data]]:
        return [self.line(line) for line in lines]

    def line(self, line: Line) -> list[Data]:
        return [self._run(run) for run in line]

    def _run(self, run: Run) -> Data:
        data: Data = {"s": printable(run.text)}
        if run.language and run.language != self.language:
            data["l"] = run.language
        if run.strong:
            data["b"] = True
        if run.code:
            data["c"] = True
        if not _RIGHT_TO_LEFT_LETTERS.search(run.text) and _LEFT_TO_RIGHT.search(run.text):
            # Among words that run from right to left, a house number would go to the other end of its street, and a
            # telephone number would be read from its end.
            data["d"] = True
        if run.notes:
            data["n"] = [self._note(note) for note in run.notes]
        return data

    def _note(self, text: str) -> Data:
        known = self._notes.get(text)
        if known is not None:
            return {"id": known}
        self._notes[text] = f"{self._mark}-{len(self._notes) + 1}"
        return {"id": self._notes[text], "text": printable(text), "lang": self.language}


def document_data(document: Document, *, fonts: tuple[str, ...]) -> Data:
    """The data that `templates/paper.typ` reads, all of it text, numbers and lists."""
    editions = document.editions
    beside = document.parallel and len(editions) > 1
    fits = _LABEL_FITS_BESIDE if beside else _LABEL_FITS
    writers = [
        _Writer(edition.language, mark=f"note-{place}", label_fits=fits)
        for place, edition in enumerate(editions, start=1)
    ]
    openings = [_opening(edition, writer) for edition, writer in zip(editions, writers, strict=True)]
    rows = paired(editions)
    if not beside:
        body: list[object] = [
            [writer.numbered(each) for row in rows for each in row[place]] for place, writer in enumerate(writers)
        ]
    else:
        body = [
            [[writer.numbered(each) for each in blocks] for writer, blocks in zip(writers, row, strict=True)]
            for row in rows
        ]
    head, plain = document.letterhead, _Writer("", mark="note-0")
    return {
        "fonts": list(fonts),
        "author": " ".join(printable(run.text) for run in head.authority),
        "keywords": [printable(word) for word in document.keywords],
        "parallel": beside,
        "letterhead": {
            "state": plain.line(head.state),
            "authority": plain.line(head.authority),
            "lines": plain.lines(head.lines),
        },
        "editions": openings,
        "body": body,
        "embedded": document.embedded,
    }


def _opening(edition: Edition, writer: _Writer) -> Data:
    return {
        "lang": edition.language,
        "title": printable(edition.title),
        "banner": edition.banner,
        "reference": writer.block(edition.reference),
        "addressee": writer.lines(edition.addressee),
        "page-of": edition.page_of,
        "document-line": printable(edition.document_line),
        "digest-line": edition.digest_line,
        "code-description": edition.code_description,
    }

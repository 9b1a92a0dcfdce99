"""A document before it is typeset: blocks of plain text with language, without any markup.

The PDF, the Word file and the tests are all made from this one form, so they cannot tell different stories.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

VERSION = "dedere-paper/1"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one language. `language` empty means the document's; `notes` are its footnotes."""

    text: str
    language: str = ""
    strong: bool = False
    code: bool = False
    notes: tuple[str, ...] = ()


Line: TypeAlias = tuple[Run, ...]


def line(
    text: str, *, language: str = "", strong: bool = False, code: bool = False, notes: tuple[str, ...] = ()
) -> Line:
    """A line of one run."""
    return (Run(text, language=language, strong=strong, code=code, notes=notes),)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the document's own parts."""

    text: Line
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; numbered ones count through the whole document."""

    text: Line
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """Label and value, row by row."""

    rows: tuple[tuple[Line, Line], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading row that repeats on every page."""

    heading: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `ordered` numbers it 1, 2, 3."""

    items: tuple[Line, ...]
    ordered: bool = False


class NoticeKind(enum.StrEnum):
    """How loudly a notice speaks."""

    DEMONSTRATION = "demonstration"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Notice:
    """A boxed remark that a reader must not overlook."""

    text: Line
    kind: NoticeKind = NoticeKind.INFORMATION


@dataclass(frozen=True, slots=True)
class Signature:
    """Room for a signature: who, in which capacity, where and when."""

    rows: tuple[tuple[Line, Line], ...]


@dataclass(frozen=True, slots=True)
class SignatureRoom:
    """An empty box below a heading, where an electronic signature shows itself."""

    heading: str


@dataclass(frozen=True, slots=True)
class BigCode:
    """Groups of digits in large type, to be read out over a telephone."""

    groups: tuple[str, ...]
    label: str


Block: TypeAlias = Heading | Paragraph | Fields | Table | Items | Notice | Signature | SignatureRoom | BigCode


@dataclass(frozen=True, slots=True)
class Edition:
    """The document in one language: its title, its reference rows at the top, its addressee, its blocks.

    `units` says for each block which place in the data it speaks of; two editions are paired by it.
    """

    language: str
    title: str
    reference: Fields
    addressee: tuple[Line, ...]
    blocks: tuple[Block, ...]
    units: tuple[str, ...]
    page_of: str
    document_line: str
    digest_line: str
    code_description: str
    banner: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands at the top: names of State and authority, lines of address, an optional emblem (file name)."""

    state: Line
    authority: Line
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document in one language or two.

    `embedded` is JSON to be attached to the PDF, nothing when empty.
    `id` and `digest` are printed and encoded on every page; `instant` is Unix seconds and becomes the PDF's date.
    """

    id: str
    digest: str
    instant: int
    letterhead: Letterhead
    editions: tuple[Edition, ...]
    parallel: bool = True
    keywords: tuple[str, ...] = ()
    embedded: str = ""

"""Facts about a letter that its document shows and its act does not hold: who, to whom, when, with what."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.papers.errors import DocumentInputError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from dedere.papers.composing.translations import Translation
    from dedere.papers.particulars import Json


class Arrangement(enum.StrEnum):
    """How two languages share a document."""

    PARALLEL = "parallel"
    CONSECUTIVE = "consecutive"


@dataclass(frozen=True, slots=True)
class Office:
    """A central authority as a document names it.

    `state` is an ISO 3166-1 alpha-2 code; its name in the document's language comes from CLDR unless `state_name`
    says otherwise. `lines` are address, telephone and the like, printed as they are.
    """

    state: str
    authority: str
    state_name: str = ""
    lines: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A part of the letter. `size` in bytes, `sha256` of the plain bytes, `conditions` as they stand in the letter."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    conditions: tuple[Mapping[str, Json], ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredLetter:
    """A letter that this one answers."""

    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """Everything a document shows beside the act itself. The same facts and the same act give the same bytes.

    `sealed_at` is aware; `language` and `second_language` are BCP 47 tags such as `fr`; `second_language` empty means
    one language. `text_language` is the language in which free text was written, the document's own when empty.
    `signature_room` leaves room for the visible block of a signature in the document itself (`dedere.papers.signing`).
    `embed_data` puts the act's canonical JSON into the PDF as the attachment `act.json`, which makes it PDF/A-3a.
    `names` tell what identifiers stand for that other letters gave (a measure, a question); `references` are those of
    provisions that the act names by their stable id. `demonstration` prints on every page that the case is fictional.
    """

    letter: str
    case: str
    sender: Office
    recipient: Office
    officer: str
    sealed_at: dt.datetime
    sequence: int = 0
    language: str = "en"
    second_language: str = ""
    arrangement: Arrangement = Arrangement.PARALLEL
    answers: tuple[AnsweredLetter, ...] = ()
    parts: tuple[Enclosure, ...] = ()
    demonstration: bool = False
    place: str = ""
    text_language: str = ""
    translations: tuple[Translation, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    approved_by: str = ""
    signature_room: bool = False
    embed_data: bool = False

    def __post_init__(self) -> None:
        if self.sealed_at.tzinfo is None:
            raise DocumentInputError("A document's instant needs its time zone.")

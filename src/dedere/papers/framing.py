"""The frame of every document: letterhead, references, addressee, title, enclosures, signature, page line, code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.papers.code import DocumentCode
from dedere.papers.composing.pen import Lexicon, Pen
from dedere.papers.composing.translations import Translations
from dedere.papers.composing.values import day, state_name
from dedere.papers.document import Document, Edition, Fields, Letterhead, Line, Notice, Signature, SignatureRoom, line
from dedere.papers.facts import Arrangement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dedere.papers.facts import DocumentFacts, Enclosure, Office
    from dedere.papers.wording import Wording


@dataclass(frozen=True, slots=True)
class Content:
    """What one document says: its title and blocks in a language, its data and their digest, names they give.

    `signed` leaves room for the officer's signature; `letter` says that the document belongs to a letter.
    """

    title: Callable[[Wording], str]
    compose: Callable[[Pen], None]
    digest: str
    names: Mapping[str, str]
    data: str
    signed: bool = True
    letter: bool = True


def frame(content: Content, *, facts: DocumentFacts, wordings: tuple[Wording, ...]) -> Document:
    """The whole document, written once in each language."""
    lexicon = Lexicon(
        translations=Translations(facts.translations, original=facts.text_language or facts.language),
        names={**facts.names, **content.names},
        references=facts.references,
    )
    editions = tuple(
        _edition(content, facts=facts, pen=Pen(wording, lexicon, first=place == 0))
        for place, wording in enumerate(wordings)
    )
    return Document(
        id=facts.letter,
        digest=content.digest,
        instant=int(facts.sealed_at.timestamp()),
        letterhead=Letterhead(
            state=line(office_state(facts.sender, wordings[0].language)),
            authority=line(facts.sender.authority),
            lines=tuple(line(text) for text in facts.sender.lines),
        ),
        editions=editions,
        parallel=facts.arrangement is Arrangement.PARALLEL,
        keywords=tuple(word for word in (facts.letter, facts.case) if word),
        embedded=content.data if facts.embed_data else "",
    )


def office_state(office: Office, language: str) -> str:
    """The State of an office as the document names it."""
    return office.state_name or state_name(office.state, language)


def _edition(content: Content, *, facts: DocumentFacts, pen: Pen) -> Edition:
    wording = pen.wording
    text = wording.text
    content.compose(pen)
    with pen.under("enclosures"):
        for number, part in enumerate(facts.parts, start=1):
            if number == 1:
                pen.heading(text("frame.enclosures"))
            with pen.under(f"[{number}]"):
                _enclosure(part, number=number, pen=pen)
    if content.signed:
        with pen.under("signature"):
            _signature(facts, pen, letter=content.letter)
    code = DocumentCode(id=facts.letter, digest=content.digest)
    return Edition(
        language=wording.language,
        title=content.title(wording),
        reference=Fields(
            tuple(
                (line(label), line(value))
                for label, value in _references(facts, wording, letter=content.letter)
                if value
            )
        ),
        addressee=_addressee(facts.recipient, wording),
        blocks=tuple(pen.blocks),
        units=tuple(pen.units),
        page_of=text("frame.page_of", page="{page}", pages="{pages}"),
        document_line=text("frame.document_line", id=facts.letter),
        digest_line=text("frame.digest_line", digest=content.digest),
        code_description=text("frame.code_description", code=code.text()),
        banner=text("frame.banner") if facts.demonstration else "",
    )


def _references(facts: DocumentFacts, wording: Wording, *, letter: bool) -> tuple[tuple[str, str], ...]:
    text = wording.text
    return (
        (text("frame.case"), facts.case),
        (text("frame.letter" if letter else "frame.document"), facts.letter),
        (text("frame.sequence"), str(facts.sequence) if facts.sequence else ""),
        (text("frame.our_reference"), facts.sender.reference),
        (text("frame.your_reference"), facts.recipient.reference),
        (text("frame.date"), day(facts.sealed_at.date(), wording.language)),
        (text("frame.officer"), facts.officer),
        (text("frame.approved_by"), facts.approved_by),
        *[(text("frame.answers"), answered.id) for answered in facts.answers],
    )


def _addressee(office: Office, wording: Wording) -> tuple[Line, ...]:
    if not office.authority and not office.state:
        return ()
    return (
        line(wording.text("frame.to")),
        line(office.authority, strong=True),
        *(line(entry) for entry in office.lines),
        line(office_state(office, wording.language)),
    )


def _enclosure(part: Enclosure, *, number: int, pen: Pen) -> None:
    wording = pen.wording
    pen.heading(wording.text("frame.enclosure", number=str(number), name=part.name), level=2)
    pen.rows(
        (wording.label("media_type"), part.media_type),
        (wording.label("size"), wording.text("frame.bytes", count=f"{part.size:,}".replace(",", "\u202f"))),
        (wording.label("sha256"), part.sha256),
        (wording.label("id"), part.id),
    )
    if part.conditions:
        pen.member("conditions", part.conditions, level=3)


def _signature(facts: DocumentFacts, pen: Pen, *, letter: bool) -> None:
    text = pen.wording.text
    where = ", ".join(filter(None, (facts.place, day(facts.sealed_at.date(), pen.wording.language))))
    rows = (
        (text("frame.signed_for"), facts.sender.authority),
        (text("frame.signed_by"), facts.officer),
        (text("frame.signed_at"), where),
    )
    pen.write(Signature(tuple((line(label), line(value)) for label, value in rows if value)))
    if facts.signature_room and pen.first:
        pen.write(SignatureRoom(text("signature.label")))
    elif letter:
        pen.write(Notice(line(text("frame.seal_note"))))

"""The frame of every document: letterhead, references, addressee, title, enclosures, page line, code."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date

from dedere.papers.code import DocumentCode
from dedere.papers.composing.pen import Pen
from dedere.papers.document import Document, Edition, Fields, Letterhead, Signature, line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from dedere.papers.facts import DocumentFacts, Office
    from dedere.papers.wording import Wording


@functools.cache
def state_name(code: str, language: str) -> str:
    """The State's name in a language by CLDR; the code itself where CLDR has none."""
    return str(Locale.parse(language).territories.get(code.upper(), code))


def day(instant: dt.datetime | dt.date, language: str) -> str:
    """A day as it is written out in a language."""
    return format_date(instant, format="long", locale=language)


def office_state(office: Office, language: str) -> str:
    """The State of an office as the document names it."""
    return office.state_name or state_name(office.state, language)


def frame_letter(
    facts: DocumentFacts,
    *,
    digest: str,
    title: Callable[[Wording], str],
    compose: Callable[[Pen], None],
    wordings: tuple[Wording, ...],
) -> Document:
    """The whole document of a letter; `compose` writes the act itself, once for each language."""
    editions = []
    for wording in wordings:
        pen = Pen(wording)
        compose(pen)
        _enclosures(facts, pen)
        _signature(facts, pen)
        editions.append(_edition(facts, wording, digest=digest, title=title(wording), pen=pen))
    first = wordings[0].language
    return Document(
        id=facts.letter,
        digest=digest,
        instant=int(facts.sealed_at.timestamp()),
        letterhead=Letterhead(
            state=line(office_state(facts.sender, first)),
            authority=line(facts.sender.authority),
            lines=tuple(line(text) for text in facts.sender.lines),
        ),
        editions=tuple(editions),
        parallel=facts.arrangement == "parallel",
        keywords=(facts.letter, facts.case),
    )


def _edition(facts: DocumentFacts, wording: Wording, *, digest: str, title: str, pen: Pen) -> Edition:
    text = wording.text
    rows = [
        (text("frame.case"), facts.case),
        (text("frame.letter"), facts.letter),
        (text("frame.sequence"), str(facts.sequence) if facts.sequence else ""),
        (text("frame.our_reference"), facts.sender.reference),
        (text("frame.your_reference"), facts.recipient.reference),
        (text("frame.date"), day(facts.sealed_at, wording.language)),
        (text("frame.officer"), facts.officer),
        *[(text("frame.answers"), answered.id) for answered in facts.answers],
        *facts.extra.items(),
    ]
    code = DocumentCode(id=facts.letter, digest=digest)
    return Edition(
        language=wording.language,
        title=title,
        subtitle="",
        reference=Fields(tuple((line(label), line(value)) for label, value in rows if value)),
        addressee=(
            line(text("frame.to")),
            line(facts.recipient.authority, strong=True),
            *(line(entry) for entry in facts.recipient.lines),
            line(office_state(facts.recipient, wording.language)),
        ),
        blocks=tuple(pen.blocks),
        page_of=text("frame.page_of", page="{page}", pages="{pages}"),
        document_line=text("frame.document_line", id=facts.letter),
        code_description=text("frame.code_description", code=code.text()),
        banner=text("frame.banner") if facts.demonstration else "",
    )


def _enclosures(facts: DocumentFacts, pen: Pen) -> None:
    if not facts.parts:
        return
    text = pen.wording.text
    pen.heading(text("frame.enclosures"))
    heading = ("name", "kind", "size", "digest")
    pen.table(
        [text(f"frame.enclosure_{name}") for name in heading],
        [
            [part.name, part.media_type, text("frame.bytes", count=_grouped(part.size)), part.sha256]
            for part in facts.parts
        ],
        widths=(3, 2, 2, 4),
    )
    for part in facts.parts:
        for condition in part.conditions:
            pen.heading(text("frame.enclosure_conditions", name=part.name), level=2)
            pen.data(condition, level=3)


def _signature(facts: DocumentFacts, pen: Pen) -> None:
    text = pen.wording.text
    when = ", ".join(filter(None, (facts.place, day(facts.sealed_at, pen.wording.language))))
    rows = (
        (text("frame.signed_for", authority=facts.sender.authority), ""),
        (text("frame.signed_by"), facts.officer),
        (text("frame.signed_at"), when),
    )
    pen.blocks.append(Signature(tuple((line(label), line(value)) for label, value in rows)))


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")

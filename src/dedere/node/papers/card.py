"""Our own card on paper: its fingerprint, to go with a note verbale to an authority that is to pin it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.node.accounts.models import Officer
from dedere.node.exchange.directory import own_card
from dedere.node.exchange.queries import own_keys
from dedere.node.house import house
from dedere.node.office import office
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.facts import DocumentFacts
from dedere.papers.facts import Office as PaperOffice
from dedere.papers.render import sheet_document
from dedere.papers.word import word_file

if TYPE_CHECKING:
    import datetime as dt

    from dedere.papers.document import Document
    from dedere.papers.particulars import Json


@dataclass(frozen=True, slots=True)
class OwnCard:
    """What a page shows of our newest card."""

    name: str
    serial: int
    fingerprint: str
    valid_from: dt.date
    valid_until: dt.date


def own_card_view() -> OwnCard:
    """Our newest card.

    Raises:
        FacilityError: it has ended, or was revoked.
    """
    signed = own_card()
    card = signed.card
    return OwnCard(card.name, card.serial, signed.fingerprint, card.valid_from, card.valid_until)


def card_paper(officer: Officer, *, language: str, word: bool = False) -> tuple[str, bytes]:
    """Name and bytes of the document in a language, PDF or Word file; `officer` is named as who signs it by hand.

    Raises:
        LanguageError: there is no fixed text in this language.
        FacilityError: our card has ended, or was revoked.
    """
    document = _document(officer, language)
    name = f"card-{office().state}-{own_card().card.serial}-{language}"
    if word:
        return f"{name}.docx", word_file(document)
    return f"{name}.pdf", house().typesetter.typeset(document)


def _document(officer: Officer, language: str) -> Document:
    signed, settings = own_card(), house().settings
    card = signed.card
    data: dict[str, Json] = {
        "state": card.state,
        "name": card.name,
        "fingerprint": signed.fingerprint,
        "serial": card.serial,
        "valid_from": card.valid_from.isoformat(),
        "valid_until": card.valid_until.isoformat(),
        "languages": list(card.languages),
        "digest": signed.digest,
        "keys": [{"use": key.use, "fingerprint": key.fingerprint} for key in own_keys()],
    }
    facts = DocumentFacts(
        letter=card_number(signed.digest),
        case="",
        sender=PaperOffice(card.state, settings.authority.get(language, card.name), lines=settings.lines),
        recipient=PaperOffice("", ""),
        officer=officer.name,
        sealed_at=office().clock.now().replace(microsecond=0),
        language=language,
        place=settings.place,
        demonstration=office().home.demonstration,
    )
    return sheet_document(SheetKind.CARD_SHEET, data, facts=facts, house=house())


def card_number(digest: str) -> str:
    """The number that a card's document bears: 26 letters and digits made from the card's own digest."""
    return base64.b32encode(bytes.fromhex(digest)).decode().lower()[:26]

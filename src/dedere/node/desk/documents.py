"""The formal documents of drafts and letters: how each is written, its passages and their translations, its copies."""

from __future__ import annotations

from dataclasses import dataclass

from dedere.base.errors import InputError
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_draft, require_letter
from dedere.node.cases.actions.papers import draft_passages, draft_translations
from dedere.node.cases.models import Draft, Letter
from dedere.node.desk.drafts import Document, DraftView, draft_view
from dedere.node.errors import UnknownObjectError
from dedere.node.exchange.directory import trust_directory
from dedere.node.exchange.paper import draft_facts, draft_word, letter_reading, planned_letter
from dedere.node.exchange.queries import letter_container
from dedere.node.house import house
from dedere.node.papers.access import require_sheet
from dedere.node.papers.queries import PaperFileRow, edited_copies
from dedere.papers.code import DocumentCode, act_digest, parse_document_code
from dedere.papers.composing.acts import document_name
from dedere.papers.composing.translations import Translation
from dedere.papers.edited import WORD
from dedere.papers.wording import LANGUAGES
from dedere.protocol.container import open_container
from dedere.protocol.letter import Letter as WireLetter
from dedere.protocol.letter import read_letter


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage of a draft with its translation. `state`: translated, stale or missing; `place` counts from 1."""

    place: int
    path: str
    label: str
    text: str
    sha256: str
    state: str
    translation: Translation | None


@dataclass(frozen=True, slots=True)
class PaperView:
    """How a draft's document is written. `target` is the language that passages are translated into, if any.

    `accepted` are the languages that the other authority's card names; `lost` are translations of passages that are
    no longer there.
    """

    draft: DraftView
    language: str
    second_language: str
    arrangement: str
    text_language: str
    embed_data: bool
    target: str
    passages: tuple[PassageRow, ...]
    lost: tuple[Translation, ...]
    accepted: tuple[str, ...]
    offered: tuple[str, ...]
    copies: tuple[PaperFileRow, ...]


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """The document of a recorded letter, and in which languages it can be read."""

    letter_id: str
    case_id: str
    reference: str
    kind: str
    partner: str
    digest: str
    offered: tuple[str, ...]
    copies: tuple[PaperFileRow, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the code on a printed page stands for. `agrees`: what is kept has the digest that was printed.

    It is a letter's document, or with `sheet_id` one of the case that is no letter's.
    """

    letter_id: str
    sheet_id: str
    case_id: str
    case_reference: str
    kind: str
    agrees: bool


def paper_view(officer: Officer, draft_id: str) -> PaperView:
    """How the document of a draft is written.

    Raises:
        UnknownObjectError: there is none for this officer.
        TemplateError: the office's own templates cannot be used.
    """
    draft = require_draft(officer, draft_id)
    facts = draft_facts(planned_letter(draft), draft)
    written = facts.text_language or facts.language
    target = next((each for each in (facts.language, facts.second_language) if each and each != written), "")
    passages = _passages(draft, target)
    present = {each.path for each in passages}
    directory = trust_directory()
    accepted = directory.chain(draft.case.partner).newest.card.languages if _known(draft) else ()
    return PaperView(
        draft=draft_view(officer, draft_id),
        language=facts.language,
        second_language=facts.second_language,
        arrangement=facts.arrangement.value,
        text_language=written,
        embed_data=facts.embed_data,
        target=target,
        passages=passages,
        lost=tuple(each for each in draft_translations(draft) if each.path not in present),
        accepted=accepted,
        offered=_offered(document_name({"kind": draft.kind, "body": draft.body})),
        copies=edited_copies(officer, draft_id, of_draft=True),
    )


def draft_word_file(officer: Officer, draft_id: str) -> Document:
    """The document of a draft as a file to be edited on paper."""
    draft = require_draft(officer, draft_id)
    return Document(f"{draft.kind}-{draft.case.reference}.docx", WORD, draft_word(draft))


def letter_paper(officer: Officer, letter_id: str) -> LetterPaper:
    """The document of a letter, sent or received.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    letter = require_letter(officer, letter_id)
    return LetterPaper(
        letter_id=letter.pk,
        case_id=letter.case_id,
        reference=letter.case.reference,
        kind=letter.kind,
        partner=letter.case.partner,
        digest=letter.digest,
        offered=_offered(document_name(letter.act)),
        copies=edited_copies(officer, letter_id, of_draft=False),
    )


def letter_in(officer: Officer, letter_id: str, *, language: str, word: bool = False) -> Document:
    """What a letter says, read in a language of ours; without signature, for reading and editing only.

    Raises:
        LanguageError: there is no fixed text in this language.
        FacilityError: our copy of the letter cannot be read.
    """
    row = require_letter(officer, letter_id)
    data = letter_reading(_wire(officer, row), row.case, language=language, word=word)
    name = f"{row.kind}-{row.case.reference}-{language}.{'docx' if word else 'pdf'}"
    return Document(name, WORD if word else "application/pdf", data)


def resolve_code(officer: Officer, text: str) -> Resolved:
    """What the code on a page stands for, among the letters and other documents of this officer's cases.

    Raises:
        DocumentInputError: it is no such code.
        InputError: no document of theirs has this number.
    """
    code: DocumentCode = parse_document_code(text)
    try:
        letter = require_letter(officer, code.id)
    except UnknownObjectError:
        return _resolved_sheet(officer, code)
    return Resolved(
        letter_id=letter.pk,
        sheet_id="",
        case_id=letter.case_id,
        case_reference=letter.case.reference,
        kind=letter.kind,
        agrees=act_digest(letter.act) == code.digest,
    )


def _resolved_sheet(officer: Officer, code: DocumentCode) -> Resolved:
    try:
        sheet = require_sheet(officer, code.id)
    except UnknownObjectError as error:
        raise InputError("No document in your cases has this number.") from error
    return Resolved(
        letter_id="",
        sheet_id=sheet.pk,
        case_id=sheet.case_id,
        case_reference=sheet.case.reference,
        kind=sheet.kind,
        agrees=act_digest(sheet.data) == code.digest,
    )


def _wire(officer: Officer, row: Letter) -> WireLetter:
    return read_letter(open_container(letter_container(officer, row.pk)))


def _known(draft: Draft) -> bool:
    return draft.case.partner in trust_directory().states


def _offered(name: str) -> tuple[str, ...]:
    return tuple(language for language in LANGUAGES if house().wording(language).covers(name))


def _passages(draft: Draft, target: str) -> tuple[PassageRow, ...]:
    made = {each.path: each for each in draft_translations(draft) if each.language == target}
    rows = []
    for place, passage in enumerate(draft_passages(draft), start=1):
        translation = made.get(passage.path)
        fresh = translation is not None and translation.source_sha256 == passage.sha256
        state = "missing" if translation is None else "translated" if fresh else "stale"
        rows.append(PassageRow(place, passage.path, passage.label, passage.text, passage.sha256, state, translation))
    return tuple(rows)

"""How a draft's formal document is written: in which languages, side by side or not, with which translations.

It is part of what is approved: nothing of it changes once the draft is before a second officer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from django.db import transaction

from dedere.base.errors import InputError
from dedere.node.accounts.models import Officer
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.access import require_draft
from dedere.node.cases.leaks import require_clean_to_keep
from dedere.node.cases.models import Draft
from dedere.node.office import office
from dedere.node.persons.refusals import logs_refusals
from dedere.papers.composing.acts import document_name
from dedere.papers.composing.translations import Translation
from dedere.papers.errors import LanguageError
from dedere.papers.facts import Arrangement
from dedere.papers.passages import FreePassage, passages_of
from dedere.papers.wording import LANGUAGES, load_wording

MOST_WORDS = 200_000
"""Characters of one translated passage."""


@dataclass(frozen=True, slots=True)
class PaperChoice:
    """In which languages a document is written; `second_language` empty means one language.

    `text_language` is the language of the free text, the document's own when empty. `embed_data` attaches the act's
    data to the PDF, which makes it PDF/A-3.
    """

    language: str
    second_language: str = ""
    arrangement: Arrangement = Arrangement.PARALLEL
    text_language: str = ""
    embed_data: bool = False


@transaction.atomic
def choose_paper(*, by: Officer, draft_id: str, choice: PaperChoice, version: int) -> Draft:
    """Say how the document of an open draft is written.

    Raises:
        LanguageError: there is no fixed text for this act in one of the languages.
        InputError: the draft is no longer open, or somebody changed it meanwhile.
    """
    draft = _open_draft(by, draft_id, version=version)
    name = document_name({"kind": draft.kind, "body": draft.body})
    for language in filter(None, (choice.language, choice.second_language)):
        if language not in LANGUAGES or not load_wording(language).covers(name):
            raise LanguageError(f"There is no fixed text for this document in the language {language!r}.")
    chosen = {**asdict(choice), "arrangement": choice.arrangement.value}
    draft.paper = {**chosen, "translations": draft.paper.get("translations", [])}
    return _kept(draft, by, "document-language-chosen", language=choice.language, second=choice.second_language)


@logs_refusals
@transaction.atomic
def keep_translation(*, by: Officer, draft_id: str, translation: Translation, version: int) -> Draft:
    """Put one passage in another language; it replaces what stood there. The digest is that of the words as they are.

    Raises:
        InputError: there is no such passage, no words, too many of them, or somebody changed the draft meanwhile.
        LeakError: the words give a protected person away.
    """
    draft = _open_draft(by, draft_id, version=version)
    passage = next((each for each in draft_passages(draft) if each.path == translation.path), None)
    if passage is None:
        raise InputError("The draft has no such passage any more: look at it again.")
    if translation.source_sha256 != passage.sha256:
        raise InputError(
            "The passage was changed while you translated it: compare your translation with the new words."
        )
    if translation.language not in LANGUAGES:
        raise LanguageError(f"There is no fixed text in the language {translation.language!r}.")
    if not translation.text.strip() or len(translation.text) > MOST_WORDS:
        raise InputError(f"A translation has words, and at most {MOST_WORDS:,} characters.")
    require_clean_to_keep(by, draft.case_id, {"translation": asdict(translation)})
    others = [each for each in draft.paper.get("translations", []) if not _same_place(each, translation)]
    draft.paper = {**draft.paper, "translations": [*others, asdict(translation)]}
    return _kept(draft, by, "translation-kept", path=translation.path, language=translation.language)


@transaction.atomic
def drop_translation(*, by: Officer, draft_id: str, path: str, language: str, version: int) -> Draft:
    """Take the translation of one passage out again; without one, nothing changes."""
    draft = _open_draft(by, draft_id, version=version)
    gone = Translation(path, language, "", "")
    kept = [each for each in draft.paper.get("translations", []) if not _same_place(each, gone)]
    draft.paper = {**draft.paper, "translations": kept}
    return _kept(draft, by, "translation-dropped", path=path, language=language)


def draft_passages(draft: Draft) -> tuple[FreePassage, ...]:
    """The free text of a draft, passage by passage, its places named in English."""
    return passages_of({"kind": draft.kind, "body": draft.body}, wording=load_wording("en"))


def draft_translations(draft: Draft) -> tuple[Translation, ...]:
    """The translations that a draft has."""
    found: Iterable[Mapping[str, str]] = draft.paper.get("translations", [])
    return tuple(Translation(**each) for each in found)


def _same_place(kept: Mapping[str, str], translation: Translation) -> bool:
    return (kept["path"], kept["language"]) == (translation.path, translation.language)


def _open_draft(by: Officer, draft_id: str, *, version: int) -> Draft:
    draft = require_draft(by, draft_id)
    if draft.state != Draft.State.OPEN:
        raise InputError("This draft is no longer open for changes: ask the second officer to send it back.")
    if draft.version != version:
        raise InputError("Another officer changed this draft meanwhile: look at their version before you save yours.")
    return draft


def _kept(draft: Draft, by: Officer, action: str, **details: str) -> Draft:
    draft.version += 1
    draft.changed_at = office().clock.now()
    draft.save()
    record(Happening(actor=by.identifier, action=action, subject=draft.pk, case=draft.case_id, details=details))
    return draft

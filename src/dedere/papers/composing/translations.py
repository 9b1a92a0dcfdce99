"""Free text in another language: which words to print, and what must be said about them.

A translation belongs to the passage at a path of the act's body, as it read on the day it was translated. When the
passage has changed since, its digest no longer agrees and the translation is never printed without saying so.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.crypto.digests import sha256_hex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class TranslationState(enum.StrEnum):
    """What a reader must know about the words before him."""

    ORIGINAL = "original"
    TRANSLATED = "translated"
    CHANGED_SINCE = "changed-since"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Translation:
    """One passage in another language.

    `path` is where the passage stands in the act's body, rows counted from 1, e.g. `request.persons[1].part`.
    `source_sha256` is the digest of the passage (UTF-8) that was translated. `status` is a word such as `certified`.
    """

    path: str
    language: str
    text: str
    source_sha256: str
    status: str = ""
    translator: str = ""
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """The words to print for a passage in one language."""

    text: str
    language: str
    state: TranslationState
    translation: Translation | None = None


class Translations:
    """All translations of one act, found by path and language."""

    def __init__(self, translations: Iterable[Translation] = (), *, original: str) -> None:
        self.original = original
        self._found: Mapping[tuple[str, str], Translation] = {
            (translation.path, translation.language): translation for translation in translations
        }

    def passage(self, text: str, *, path: str, language: str) -> Passage:
        """The passage at `path` for a document in `language`."""
        if language == self.original:
            return Passage(text, self.original, TranslationState.ORIGINAL)
        translation = self._found.get((path, language))
        if translation is None:
            return Passage(text, self.original, TranslationState.MISSING)
        fresh = translation.source_sha256 == sha256_hex(text.encode())
        state = TranslationState.TRANSLATED if fresh else TranslationState.CHANGED_SINCE
        return Passage(translation.text, language, state, translation)

    def stale(self, text: str, *, path: str, language: str) -> bool:
        """Whether the passage at `path` was changed after it was translated into `language`."""
        return self.passage(text, path=path, language=language).state is TranslationState.CHANGED_SINCE

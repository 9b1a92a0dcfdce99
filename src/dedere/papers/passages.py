"""The free text of an act, passage by passage: what a translator gets, and by what a translation is found again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.crypto.digests import sha256_hex
from dedere.papers.composing.acts import compose_act
from dedere.papers.composing.naming import names_in
from dedere.papers.composing.pen import Lexicon, Pen
from dedere.papers.composing.translations import Translations
from dedere.papers.composing.values import is_code
from dedere.papers.particulars import check_depth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dedere.papers.composing.translations import Passage, Translation
    from dedere.papers.particulars import Json
    from dedere.papers.wording import Wording

_STEP = re.compile(r"([^.\[]+)((?:\[\d+\])*)")


@dataclass(frozen=True, slots=True)
class FreePassage:
    """One passage: where it stands, what it is called there, and its words in the original language."""

    path: str
    label: str
    text: str

    @property
    def sha256(self) -> str:
        """The digest by which a translation knows that it is of these words."""
        return sha256_hex(self.text.encode())


def passages_of(act: Mapping[str, Json], *, wording: Wording) -> tuple[FreePassage, ...]:
    """Every passage of more than one word, in reading order. Codes, days and identifiers are words of nobody.

    Raises:
        DocumentInputError: nested deeper than a document can show.
    """
    check_depth(act)
    heard = _Listening()
    compose_act(act, Pen(wording, Lexicon(heard, names=names_in(act.get("body")))))
    return tuple(
        FreePassage(path, _label(path, wording), text)
        for path, text in heard.found.items()
        if not is_code(text) and len(text.split()) > 1
    )


def stale_translations(passages: Iterable[FreePassage], translations: Iterable[Translation]) -> tuple[Translation, ...]:
    """The translations whose passage was changed, or taken out, after it was translated."""
    current = {passage.path: passage.sha256 for passage in passages}
    return tuple(each for each in translations if current.get(each.path) != each.source_sha256)


class _Listening(Translations):
    """No translations at all; remembers what is asked for."""

    def __init__(self) -> None:
        super().__init__(original="")
        self.found: dict[str, str] = {}

    def passage(self, text: str, *, path: str, language: str) -> Passage:
        self.found.setdefault(path, text)
        return super().passage(text, path=path, language=language)


def _label(path: str, wording: Wording) -> str:
    """Where a passage stands, in words: `Person 2, Part played` for `request.persons[2].part`."""
    steps = _STEP.findall(path)
    words, inside = [], ""
    for name, places in steps:
        words.append(" ".join([wording.label(name, inside=inside), *places.strip("[]").split("][")]).strip())
        inside = name
    return " › ".join(words[-3:])

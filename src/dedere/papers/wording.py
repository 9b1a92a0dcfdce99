"""Fixed text by language: one TOML catalogue a language, checked against English, never mixed with markup."""

from __future__ import annotations

import functools
import importlib.resources
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dedere.papers.errors import LanguageError

COMPLETE = ("en", "fr", "es")
PARTIAL = ("ar", "mn", "nl", "sl")
LANGUAGES = COMPLETE + PARTIAL
_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """The fixed text of one language.

    `text` raises for a word the catalogue must have; `label` and `word` fall back to the data's own spelling, since a
    later version of an act may bring members that no catalogue knows yet. `checked_by` says which lawyer who writes
    the language compared it, and when; while it is empty the wording is unverified, and every page says so.
    """

    language: str
    texts: Mapping[str, str]
    documents: tuple[str, ...] = ()
    checked_by: str = ""

    def text(self, key: str, /, **places: str) -> str:
        """The fixed text under `key`, its `{places}` filled. A value is never read as a pattern again."""
        try:
            pattern = self.texts[key]
        except KeyError as error:
            raise LanguageError(f"There is no fixed text {key!r} in the language {self.language!r}.") from error
        return _PLACE.sub(lambda found: places[found[1]], pattern)

    def has(self, key: str) -> bool:
        """Whether the catalogue knows `key`."""
        return key in self.texts

    def label(self, name: str, *, inside: str = "") -> str:
        """The label of a data member, which may depend on what it stands inside.

        A member that no catalogue knows is shown as it is spelt, with spaces.
        """
        texts = self.texts
        spelt = name.replace("_", " ").replace("-", " ")
        return texts.get(f"label.{inside}.{name}") or texts.get(f"label.{name}") or spelt[:1].upper() + spelt[1:]

    def word(self, group: str, value: str, *, otherwise: str = "") -> str:
        """The word for a coded value such as a measure; an unknown one is shown as it is."""
        return self.texts.get(f"{group}.{value}") or otherwise or value

    def covers(self, document: str) -> bool:
        """Whether the language has all fixed text of this document."""
        return not self.documents or document in self.documents


def places(pattern: str) -> frozenset[str]:
    """The names of the places in a pattern."""
    return frozenset(_PLACE.findall(pattern))


@functools.cache
def load_wording(language: str) -> Wording:
    """The shipped catalogue of a language.

    Raises:
        LanguageError: there is none.
    """
    if language not in LANGUAGES:
        raise LanguageError(f"Documents are made in {', '.join(LANGUAGES)}; {language!r} has no fixed text yet.")
    source = importlib.resources.files("dedere.papers").joinpath("wordings", f"{language}.toml")
    return parse_wording(source.read_text("utf-8"), language=language)


def parse_wording(source: str, *, language: str) -> Wording:
    """A catalogue from its TOML; tables become prefixes, e.g. `[label] case = …` is `label.case`.

    The list `documents` at the top, when there is one, names the only documents whose fixed text is complete;
    `checked_by` at the top is the wording's standing and no text.
    """
    tables = tomllib.loads(source)
    documents, checked_by = tables.pop("documents", []), tables.pop("checked_by", "")
    return Wording(language, dict(_flatten(tables, "")), documents=tuple(documents), checked_by=str(checked_by))


def _flatten(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, member in table.items():
        if isinstance(member, Mapping):
            yield from _flatten(member, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(member)

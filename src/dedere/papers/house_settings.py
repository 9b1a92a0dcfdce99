"""What an office says of itself on its documents: `office.toml` in its folder of templates.

Everything is optional. Names of the authority are by language, since a letter in French goes out under a French name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.papers.facts import Arrangement
from dedere.papers.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SETTINGS = "office.toml"
REFERENCE = "{reference}"
MOST_LINES = 12
LONGEST_LINE = 120


@dataclass(frozen=True, slots=True)
class HouseSettings:
    """Address lines, the place that stands beside a date, how a reference is written, in which languages.

    `reference` holds `{reference}` once, where the case's own reference goes. `languages` are one or two. `checked`
    says by language who compared the fixed text for this office, and when.
    """

    lines: tuple[str, ...] = ()
    place: str = ""
    reference: str = REFERENCE
    languages: tuple[str, ...] = ()
    arrangement: Arrangement = Arrangement.PARALLEL
    authority: Mapping[str, str] = field(default_factory=dict)
    checked: Mapping[str, str] = field(default_factory=dict)

    def referenced(self, reference: str) -> str:
        """A reference as this office writes it; an empty one stays empty."""
        return self.reference.replace(REFERENCE, reference) if reference else ""


def read_settings(source: str) -> HouseSettings:
    """The settings in a text that `settings_faults` found nothing wrong with."""
    found = tomllib.loads(source)
    return HouseSettings(
        lines=tuple(found.get("lines", ())),
        place=found.get("place", ""),
        reference=found.get("reference", REFERENCE),
        languages=tuple(found.get("languages", ())),
        arrangement=Arrangement(found.get("arrangement", Arrangement.PARALLEL)),
        authority=dict(found.get("authority", {})),
        checked=dict(found.get("checked", {})),
    )


def settings_faults(source: str) -> Iterator[tuple[int, str]]:
    """Line and sentence of everything that is wrong with the settings; line 0 where it cannot be told."""
    try:
        found = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        yield (int(at[1]) if at else len(source.splitlines())), "is not readable as TOML."
        return
    for name, value in found.items():
        sentence = _CHECKS[name](value) if name in _CHECKS else f"has the unknown setting {name!r}."
        if sentence:
            yield _line_of(name, source), sentence


def _lines(value: object) -> str:
    if isinstance(value, list) and len(value) <= MOST_LINES and all(_is_line(each) for each in value):
        return ""
    return f"needs lines as a list of at most {MOST_LINES} texts of at most {LONGEST_LINE} characters each."


def _place(value: object) -> str:
    return "" if _is_line(value) else f"needs place as a text of at most {LONGEST_LINE} characters."


def _reference(value: object) -> str:
    if isinstance(value, str) and _is_line(value) and value.count(REFERENCE) == 1:
        return ""
    return f"needs reference as a text with {REFERENCE} in it once."


def _languages(value: object) -> str:
    if isinstance(value, list) and 1 <= len(value) <= _TWO and all(each in LANGUAGES for each in value):
        return ""
    return f"needs languages as a list of one or two of {', '.join(LANGUAGES)}."


def _arrangement(value: object) -> str:
    known = [each.value for each in Arrangement]
    return "" if value in known else f"needs arrangement as one of {', '.join(known)}."


def _by_language(what: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if isinstance(value, Mapping) and all(key in LANGUAGES and _is_line(name) for key, name in value.items()):
            return ""
        return f"needs {what} by language ({', '.join(LANGUAGES)})."

    return check


def _is_line(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_LINE and value.isprintable()


def _line_of(name: str, source: str) -> int:
    pattern = re.compile(rf"\s*(\[\s*)?[\"']?{re.escape(name)}[\"']?\s*(=|\.|\])")
    return next((number for number, line in enumerate(source.splitlines(), start=1) if pattern.match(line)), 0)


_TWO = 2
_CHECKS = {
    "lines": _lines,
    "place": _place,
    "reference": _reference,
    "languages": _languages,
    "arrangement": _arrangement,
    "authority": _by_language("authority as a table of names"),
    "checked": _by_language("checked as a table of who compared the fixed text and when"),
}

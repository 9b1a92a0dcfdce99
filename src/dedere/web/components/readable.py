"""Data of an act as a reader sees it: labels in the page's language, nothing left out, nested as deep as it is.

Labels and words come from the catalogues of the formal documents, so a page and the paper say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dedere.base.clock import parse_instant
from dedere.base.errors import InputError
from dedere.papers.errors import LanguageError
from dedere.papers.wording import Wording, load_wording
from dedere.web.components.names import language_name, state_name, written_date, written_instant

_DEPTH = 12
_STATES = frozenset({"state", "requesting_state", "requested_state", "third_state", "nationality", "states"})
_LANGUAGES = frozenset({"language", "languages"})
_WORDS = {"kind": "measure", "measure": "measure", "role": "role", "outcome": "outcome", "stage": "stage"}


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled value: a text, or lines below it."""

    label: str
    text: str = ""
    lines: tuple[Line, ...] = field(default=())


def readable(data: Mapping[str, object]) -> tuple[Line, ...]:
    """Every member that says something, in the order in which it stands."""
    wording = wording_of_page()
    return tuple(_line(name, value, wording, depth=0) for name, value in data.items() if not _is_blank(value))


def wording_of_page() -> Wording:
    """The catalogue of the formal documents in the page's language, in English where there is none."""
    try:
        return load_wording((get_language() or "en").split("-")[0])
    except (LanguageError, FileNotFoundError):
        return load_wording("en")


def _line(name: str, value: object, wording: Wording, *, depth: int) -> Line:
    label = wording.label(name)
    if depth >= _DEPTH:
        return Line(label, _("Nested too deep to be shown; it is in the letter itself."))
    if isinstance(value, Mapping):
        inside = [(key, below) for key, below in value.items() if not _is_blank(below)]
        return Line(label, lines=tuple(_line(key, below, wording, depth=depth + 1) for key, below in inside))
    if isinstance(value, Sequence) and not isinstance(value, str):
        if all(not isinstance(entry, Mapping | list | tuple) for entry in value):
            return Line(label, ", ".join(_text(name, entry, wording) for entry in value))
        return Line(label, lines=tuple(_entry(place, entry, wording, depth) for place, entry in enumerate(value, 1)))
    return Line(label, _text(name, value, wording))


def _entry(place: int, entry: object, wording: Wording, depth: int) -> Line:
    if isinstance(entry, Mapping):
        inside = [(key, below) for key, below in entry.items() if not _is_blank(below)]
        return Line(str(place), lines=tuple(_line(key, below, wording, depth=depth + 1) for key, below in inside))
    return _line(str(place), entry, wording, depth=depth + 1)


def _text(name: str, value: object, wording: Wording) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    text = str(value)
    if name in _STATES:
        return state_name(text)
    if name in _LANGUAGES:
        return language_name(text)
    if name in _WORDS:
        return wording.word(_WORDS[name], text, otherwise=text.replace("-", " "))
    return _when(text) or text


def _when(text: str) -> str:
    try:
        return (
            written_date(dt.date.fromisoformat(text))
            if len(text) == len("2026-11-24")
            else written_instant(parse_instant(text))
        )
    except (ValueError, InputError):
        return ""


def _is_blank(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, Mapping | Sequence) and not value)

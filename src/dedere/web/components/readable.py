"""Data of an act as a reader sees it: labels in the page's language, nothing left out, nested as deep as it is.

Labels and words come from the catalogues of the formal documents, so a page and the paper say the same.
"""

from __future__ import annotations

import datetime as dt
import re
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
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


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


def _line(name: str, value: object, wording: Wording, *, depth: int, inside: str = "") -> Line:
    label = wording.label(name, inside=inside)
    if depth >= _DEPTH:
        return Line(label, _("Nested too deep to be shown; it is in the letter itself."))
    if isinstance(value, Mapping):
        return Line(label, lines=_members(value, wording, depth=depth, inside=name))
    if isinstance(value, Sequence) and not isinstance(value, str):
        if all(not isinstance(entry, Mapping | list | tuple) for entry in value):
            return Line(label, ", ".join(_text(name, entry, wording) for entry in value))
        return Line(label, lines=tuple(_entry(place, entry, wording, depth) for place, entry in enumerate(value, 1)))
    return Line(label, _text(name, value, wording))


def _entry(place: int, entry: object, wording: Wording, depth: int) -> Line:
    if isinstance(entry, Mapping):
        return Line(str(place), lines=_members(entry, wording, depth=depth, inside=""))
    return _line(str(place), entry, wording, depth=depth + 1)


def _members(table: Mapping[str, object], wording: Wording, *, depth: int, inside: str) -> tuple[Line, ...]:
    return tuple(
        _line(name, value, wording, depth=depth + 1, inside=inside)
        for name, value in table.items()
        if not _is_blank(value)
    )


def _text(name: str, value: object, wording: Wording) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    text = str(value)
    if name in _STATES:
        return state_name(text)
    if name in _LANGUAGES:
        return language_name(text)
    return _when(text) or coded(name, text, wording)


def coded(name: str, code: str, wording: Wording) -> str:
    """The word for a coded value of a member, the value itself where no catalogue knows it."""
    if not _CODE.fullmatch(code):
        return code
    return wording.word(f"word.{name}", code, otherwise=wording.word("word", code))


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

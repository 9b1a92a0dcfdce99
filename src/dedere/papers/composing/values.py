"""Single values as a document shows them: days written out, States and languages by name, codes as words."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date

from dedere.base.clock import parse_instant
from dedere.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.papers.particulars import Json
    from dedere.papers.wording import Wording

STATE_MEMBERS = frozenset(
    {
        "state", "states", "sender", "recipient", "nationality", "nationalities", "country", "states_of_operation",
        "requesting_state", "requested_state", "third_state", "birth_state", "place_state", "sentencing_state",
        "administering_state", "to_state", "from_state", "parties",
    }
)  # fmt: skip
# Members whose values are words of ours; everywhere else a single word is somebody's own.
CODED_MEMBERS = frozenset(
    {
        "about", "as", "code", "event", "force", "instrument", "instruments", "kind", "made_by", "measure", "mode",
        "opens", "outcome", "purpose", "reason", "rights", "role", "roles", "sought_as", "stage", "state", "statement",
        "status", "variant",
    }
)  # fmt: skip
LANGUAGE_MEMBERS = frozenset({"language", "languages", "second_language", "original_language"})
_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_NEUTRAL = re.compile(r"[\w.:/+-]*[\d._:/-][\w.:/+-]*|[A-Z]{1,4}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# CLDR's plain "en" writes the month first, which half of the world's readers would take for another day.
_DAY_LOCALE = {"en": "en_GB"}


def day(when: dt.date, language: str) -> str:
    """A day written out, e.g. `24 November 2026`."""
    return format_date(when, format="long", locale=_DAY_LOCALE.get(language, language))


def state_name(code: str, language: str) -> str:
    """The State's name by CLDR; the code itself where CLDR has none."""
    return str(Locale.parse(language).territories.get(code.upper(), code))


def language_name(tag: str, language: str) -> str:
    """The language's name by CLDR; the tag itself where CLDR has none."""
    return str(Locale.parse(language).languages.get(tag.lower(), tag))


def is_code(text: str) -> bool:
    """Whether the text is an identifier, a number or a code, which belongs to no language."""
    return _NEUTRAL.fullmatch(text) is not None


def is_digest(text: str) -> bool:
    """Whether the text is a SHA-256 in hexadecimal."""
    return _DIGEST.fullmatch(text) is not None


def short_value(member: str, value: Json, *, wording: Wording, names: Mapping[str, str]) -> str | None:
    """The value of a member as a few words, or `None` when it is not a single short value.

    A State, a language or an identifier keeps its code in brackets, so that no datum is only paraphrased.
    """
    if isinstance(value, bool):
        return wording.text("frame.yes" if value else "frame.no")
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str) or "\n" in value:
        return None
    return _written_out(value, wording.language) or _named(member, value, wording=wording, names=names)


def _written_out(text: str, language: str) -> str:
    try:
        if _DAY.fullmatch(text):
            return day(dt.date.fromisoformat(text), language)
        if _INSTANT.fullmatch(text):
            instant = parse_instant(text)
            return f"{day(instant.date(), language)}, {instant:%H:%M:%S} UTC"
    except (ValueError, InputError):
        return ""
    return ""


def _named(member: str, text: str, *, wording: Wording, names: Mapping[str, str]) -> str:
    if member in STATE_MEMBERS and len(text) == 2 and text.isupper():  # noqa: PLR2004 - alpha-2 codes
        name = state_name(text, wording.language)
        return f"{name} ({text})" if name != text else text
    if member in LANGUAGE_MEMBERS and _CODE.fullmatch(text):
        name = language_name(text, wording.language)
        return f"{name} ({text})" if name != text else text
    if text in names and member != "id":
        return f"{wording.word('word', names[text])} ({text})"
    if member == "code":
        worded = wording.word("word.code", text, otherwise=wording.word("word", text))
        return f"{worded} ({text})" if worded != text else text
    if member in CODED_MEMBERS and _CODE.fullmatch(text):
        return wording.word(f"word.{member}", text, otherwise=wording.word("word", text))
    return text

"""Names of States and languages, and instants and dates as a reader of the page's language writes them (CLDR).

Nothing here guesses: a code without a name is shown as the code.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext as _


@lru_cache(maxsize=32)
def locale_for(language: str) -> Locale:
    """The CLDR locale of a language code; English, with the day before the month, where there is none."""
    try:
        return Locale.parse(_WRITTEN_AS.get(language, language.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def current_locale() -> Locale:
    """The locale of the page being made."""
    return locale_for(get_language() or "en")


def state_name(code: str) -> str:
    """The State with this ISO 3166-1 alpha-2 code, in the page's language."""
    return str(current_locale().territories.get(code, code))


def language_name(code: str) -> str:
    """The language with this BCP 47 code, in the page's language."""
    return str(current_locale().languages.get(code.replace("-", "_"), code))


def all_states() -> list[tuple[str, str]]:
    """Every State and territory with an ISO code as (code, name), sorted by name in the page's language."""
    names = current_locale().territories
    listed = [(code, name) for code, name in names.items() if _ALPHA2.fullmatch(code) and code not in _GROUPS]
    return sorted(listed, key=lambda pair: place_in_order(pair[1]))


def place_in_order(name: str) -> str:
    """What names are sorted by: letters without their accents, whatever their case; "Équateur" stands under E."""
    return "".join(each for each in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(each))


def all_languages() -> list[tuple[str, str]]:
    """Every two-letter language as (code, name), sorted by name in the page's language."""
    listed = [(code, name) for code, name in current_locale().languages.items() if _ALPHA2.fullmatch(code.upper())]
    return sorted(listed, key=lambda pair: place_in_order(pair[1]))


def written_date(day: dt.date) -> str:
    """A calendar day, e.g. "24 November 2026"."""
    return format_date(day, format="long", locale=current_locale())


def written_instant(instant: dt.datetime) -> str:
    """An instant in UTC, e.g. "24 November 2026, 09:30 UTC": the record's own time, the same for every reader."""
    local = instant.astimezone(dt.UTC)
    locale = current_locale()
    day = format_date(local.date(), format="long", locale=locale)
    return f"{day}, {format_time(local, format='HH:mm', locale=locale)} UTC"


def written_size(count: int) -> str:
    """A number of bytes in decimal units, e.g. "64.2 MB"."""
    size = float(count)
    for unit in (_("bytes"), "kB", "MB", "GB"):
        if size < _STEP:
            digits = "0" if unit == _("bytes") else "0.#"
            return f"{format_decimal(size, format=digits, locale=current_locale())} {unit}"
        size /= _STEP
    return f"{format_decimal(size, format='0.#', locale=current_locale())} TB"


_ALPHA2 = re.compile(r"[A-Z]{2}")
_STEP = 1000
_WRITTEN_AS = {"en": "en_GB"}
# Not States: groups, outlying test codes and placeholders that CLDR carries beside them.
_GROUPS = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})

"""How days, lists and names stand in a reason: plain English, the same everywhere; and which text may stand there."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from dedere.base.reference import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.base.reference import Reference

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def say_day(day: dt.date) -> str:
    """`24 November 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def day_from(text: str) -> dt.date | None:
    """The day of the calendar in the one form `2026-11-24`; None for anything else, other ISO forms included."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def is_plain(text: str, *, lines: bool = False) -> bool:
    """Whether a text has no control characters or halves of characters, which change what a terminal or a page shows.

    Tabs pass. In a single line hidden turns of direction do not pass either; with `lines` they and line breaks do,
    since longer texts in Arabic or Hebrew have them.
    """
    return not (_UNFIT if lines else _UNFIT_ON_A_LINE).search(text)


_UNFIT_ON_A_LINE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def say_list(words: Iterable[str], *, last: str = "and") -> str:
    """`A, B and C`; nothing for nothing."""
    found = list(words)
    if len(found) < 2:  # noqa: PLR2004 - one needs no comma
        return "".join(found)
    return f"{', '.join(found[:-1])} {last} {found[-1]}"


def capital(sentence: str) -> str:
    """The sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]


def uncapital(sentence: str) -> str:
    """The sentence with its first letter small, to stand after a colon."""
    return sentence[:1].lower() + sentence[1:]


def as_known(reference: Reference) -> str:
    """How a datum is known, to stand in brackets behind what it says; never silent about what nobody has checked."""
    if reference.verified_by:
        return f"confirmed by {reference.verified_by}"
    return {
        Status.READ: "read",
        Status.REPORTED: "reported, not checked against the text",
        Status.RECALLED: "recalled, not checked against the text",
        Status.MODELLED: "inferred, not checked against the text",
        Status.UNSETTLED: "not established",
    }[reference.status]

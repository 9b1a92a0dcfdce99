"""A moment agreed between two places: written on one wall clock, read on both, whatever the clocks do that night."""

from __future__ import annotations

import datetime as dt
import enum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dedere.base.clock import require_utc
from dedere.base.errors import InputError


class Which(enum.StrEnum):
    """Which of two hours is meant where clocks are put back and one hour comes twice."""

    EARLIER = "earlier"
    LATER = "later"


class TwiceError(InputError):
    """The time comes twice on that day: the officer says which is meant."""

    code = "hour-comes-twice"


def zone_named(zone: str) -> ZoneInfo:
    """The time zone of that name.

    Raises:
        InputError: there is none.
    """
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError("There is no such time zone: write it like Europe/Amsterdam.") from error


def instant_of(day: dt.date, time: dt.time, zone: str, *, which: str = "") -> dt.datetime:
    """The instant (UTC) at which clocks in `zone` show that day and time.

    Raises:
        InputError: no such zone, or clocks are put forward over that time, so that it never comes.
        TwiceError: clocks are put back, so that it comes twice, and `which` says neither.
    """
    place = zone_named(zone)
    shown = dt.datetime.combine(day, time.replace(tzinfo=None, fold=0), tzinfo=place)
    before, after = shown.astimezone(dt.UTC), shown.replace(fold=1).astimezone(dt.UTC)
    if before == after:
        return before
    said = f"{time:%H:%M} on {day.isoformat()} in {zone}"
    if before > after:
        raise InputError(f"There is no {said}: clocks are put forward over it.")
    if which not in set(Which):
        raise TwiceError(f"{said} comes twice, since clocks are put back: say which of the two is meant.")
    return before if which == Which.EARLIER else after


def shown_in(instant: dt.datetime, zone: str) -> dt.datetime:
    """What a clock in `zone` shows at an instant."""
    return require_utc(instant).astimezone(zone_named(zone))


def clocks_change(start: dt.datetime, end: dt.datetime, zone: str) -> bool:
    """Whether clocks in `zone` are changed between two instants."""
    return shown_in(start, zone).utcoffset() != shown_in(end, zone).utcoffset()


def hours_apart(instant: dt.datetime, here: str, there: str) -> dt.timedelta:
    """By how much clocks `there` are ahead of clocks `here` at an instant; negative where they are behind."""
    ahead, own = shown_in(instant, there).utcoffset(), shown_in(instant, here).utcoffset()
    return (ahead or dt.timedelta()) - (own or dt.timedelta())

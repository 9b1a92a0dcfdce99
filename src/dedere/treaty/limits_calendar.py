"""Days in a named place: its time zone, its weekend, its public holidays; all of it can be overridden."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dedere.base.clock import require_utc
from dedere.treaty.errors import ClockError

_LONGEST_RUN_OF_REST = 60
"""Days. A calendar that says nothing is worked for longer than this is a mistake in an override."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a limit is reckoned: an IANA time zone and the State (and part of it) whose holidays count.

    `extra_holidays` and `worked_days` are what a State's own calendar adds to and takes from the packaged one.

    Raises:
        ClockError: no such time zone.
    """

    zone: str
    country: str = ""
    subdivision: str = ""
    extra_holidays: frozenset[dt.date] = frozenset()
    worked_days: frozenset[dt.date] = frozenset()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ClockError(f"There is no time zone {self.zone[:40]!r}; write it like Europe/Amsterdam.") from error

    def day_of(self, instant: dt.datetime) -> dt.date:
        """The day it is in this place at an instant."""
        return require_utc(instant).astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, day: dt.date) -> dt.datetime:
        """The instant (UTC) at which a day is over in this place: the first of the next day, summer time or not."""
        midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=ZoneInfo(self.zone))
        return midnight.astimezone(dt.UTC)

    def start_of(self, day: dt.date) -> dt.datetime:
        """The instant (UTC) at which a day begins in this place."""
        return self.end_of(day - dt.timedelta(days=1))

    @property
    def holidays_known(self) -> bool:
        """Whether public holidays are known here; if not, only Saturdays, Sundays and the extra days are free."""
        return _rest_days(self.country, self.subdivision) is not None

    def is_working_day(self, day: dt.date) -> bool:
        """Whether people work on that day in this place."""
        if day in self.worked_days:
            return True
        if day in self.extra_holidays:
            return False
        known = _rest_days(self.country, self.subdivision)
        return day.weekday() < _SATURDAY if known is None else known.is_working_day(day)

    def next_working_day(self, day: dt.date) -> dt.date:
        """`day` if it is a working day, otherwise the first one after it.

        Raises:
            ClockError: none follows for sixty days, so the calendar must be wrong.
        """
        for ahead in range(_LONGEST_RUN_OF_REST):
            candidate = day + dt.timedelta(days=ahead)
            if self.is_working_day(candidate):
                return candidate
        raise ClockError("The calendar of this place knows no working day for sixty days; check its extra holidays.")


_SATURDAY = 5


class _RestDays:
    """The packaged holidays of one place; rests on the `holidays` library, whose sources are the States' own laws."""

    def __init__(self, country: str, subdivision: str) -> None:
        import holidays  # noqa: PLC0415 - a third of a second, needed only where working days are counted

        self._known = holidays.country_holidays(country, subdiv=subdivision or None)

    def is_working_day(self, day: dt.date) -> bool:
        """Neither weekend nor public holiday."""
        return bool(self._known.is_working_day(day))


@functools.cache
def _rest_days(country: str, subdivision: str) -> _RestDays | None:
    if not country:
        return None
    try:
        return _RestDays(country, subdivision)
    except NotImplementedError:
        return None

"""Time as an input: the one place that asks the machine what time it is."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from dedere.base.errors import InputError


class Clock(Protocol):
    """Tells the time. Everything that needs time takes one."""

    def now(self) -> dt.datetime:
        """This instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        """This instant, aware, in UTC."""
        return dt.datetime.now(dt.UTC)  # noqa: TID251 - the one place


class FixedClock:
    """A clock that moves only when told: for tests, the simulator and re-computation of the past."""

    def __init__(self, instant: dt.datetime) -> None:
        self._instant = require_utc(instant)

    def now(self) -> dt.datetime:
        """The instant last set."""
        return self._instant

    def advance(self, by: dt.timedelta) -> None:
        """Move forward by `by`, which may not be negative."""
        if by < dt.timedelta(0):
            raise InputError("A fixed clock moves forward only.")
        self._instant += by


def require_utc(instant: dt.datetime) -> dt.datetime:
    """`instant` in UTC; an instant without a zone is refused, since it would be a guess."""
    if instant.tzinfo is None:
        raise InputError("An instant needs its time zone; this one has none.")
    return instant.astimezone(dt.UTC)


def format_instant(instant: dt.datetime) -> str:
    """RFC 3339 in UTC with whole seconds, e.g. `2026-11-24T09:30:00Z`: the form in everything stored or sent."""
    return require_utc(instant).isoformat(timespec="seconds")[:19] + "Z"


def parse_instant(text: str) -> dt.datetime:
    """The instant that `format_instant` wrote; anything else is refused.

    Raises:
        InputError: another form, or no such day or hour.
    """
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"An instant is written like 2026-11-24T09:30:00Z, not {text[:40]!r}.") from error
    if instant.tzinfo is None or format_instant(instant) != text:
        raise InputError(f"An instant is written like 2026-11-24T09:30:00Z, not {text[:40]!r}.")
    return instant

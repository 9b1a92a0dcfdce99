"""Short ways to ask for clocks: one law for all tests, days and instants in few words."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from dedere.treaty.limits import Clock, ClockQuestion, Event, Place, run_clocks
from dedere.treaty.loading import load_law

if TYPE_CHECKING:
    from dedere.treaty.law import Law

THE_HAGUE = Place("Europe/Amsterdam", country="NL")
DAKAR = Place("Africa/Dakar", country="SN")
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@functools.cache
def the_law() -> Law:
    """The packaged law, loaded once."""
    return load_law()


def ask(*instruments: str, place: Place = THE_HAGUE, now: dt.datetime = NOON) -> ClockQuestion:
    """A question about these instruments, at noon of the day of the tests."""
    return ClockQuestion(instruments=instruments, place=place, now=now)


def on(name: str, year: int, month: int, day: int, *, subject: str = "") -> Event:
    """An event on a day."""
    return Event(name, dt.date(year, month, day), subject=subject)


def clock(limit: str, *events: Event, question: ClockQuestion) -> Clock:
    """The one clock of a limit."""
    (found,) = (each for each in run_clocks(the_law(), events, question=question) if each.datum == limit)
    return found


def later(question: ClockQuestion, year: int, month: int, day: int, hour: int = 12) -> ClockQuestion:
    """The same question at another moment (UTC)."""
    return replace(question, now=dt.datetime(year, month, day, hour, tzinfo=dt.UTC))

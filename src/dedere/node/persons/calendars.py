"""A hearing as a calendar file (RFC 5545): when, and that it is one. Whose it is and where stays in this office."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

from dedere.base.clock import parse_instant

if TYPE_CHECKING:
    from dedere.node.persons.hearings import HearingView

PRODUCT = "-//Dedere//hearings//EN"
_TEST_LASTS = dt.timedelta(minutes=30)


def calendar_file(view: HearingView, *, at: dt.datetime, words: tuple[str, str]) -> bytes:
    """The hearing, and its technical test, for anybody's calendar. `words`: what both are called there.

    No name, no alias, no room, no case and no State stands in it: calendars are read by many. Its identifiers say
    nothing by themselves; the same file made again replaces the one before.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    hearing, test = words
    off = view.row.state == "called-off"
    calendar.add_component(_event(view.row.id, hearing, start=view.row.starts_at, end=view.row.ends_at, at=at, off=off))
    if view.plan.test_at:
        start = parse_instant(view.plan.test_at)
        calendar.add_component(
            _event(f"{view.row.id}-test", test, start=start, end=start + _TEST_LASTS, at=at, off=off)
        )
    return bytes(calendar.to_ical())


def _event(uid: str, summary: str, *, start: dt.datetime, end: dt.datetime, at: dt.datetime, off: bool) -> Event:
    event = Event()
    event.add("uid", f"{uid}@dedere.invalid")
    event.add("dtstamp", at)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", summary)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    return event

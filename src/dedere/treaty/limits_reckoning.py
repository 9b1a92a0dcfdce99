"""How long a limit lasts from its event: calendar and working days, months, years, hours, suspensions.

Reading used where no setting says otherwise: the day of the event is not counted; days are calendar days; a period of
months or years ends on the day of the same number, or on the last day of a shorter month; a limit in days is over when
its last day ends in the place. Each suspended day moves the last day by one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.clock import require_utc
from dedere.treaty.errors import ClockError, LawQuestionError
from dedere.treaty.limits_clock import Counting, Event, Reckoning, Setting, Suspension
from dedere.treaty.quantity import Quantity
from dedere.treaty.words import Rounding, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.treaty.limits_calendar import Place

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Course:
    """The course a limit runs: from which event, where, under which setting, not running on which days.

    `today` closes a suspension that is still open, as if the limit ran again from tomorrow.
    """

    started: Event
    place: Place
    setting: Setting | None
    rounding: Rounding | None
    pauses: tuple[Suspension, ...]
    today: dt.date

    @property
    def start_day(self) -> dt.date:
        """The day of the event in the place."""
        return day_of(self.started, place=self.place)

    def closed_pauses(self) -> tuple[tuple[dt.date, dt.date], ...]:
        """The suspended spans in order, each day in one span only, open ones up to today."""
        spans = sorted((pause.begins, pause.until or max(self.today, pause.begins)) for pause in self.pauses)
        merged: list[tuple[dt.date, dt.date]] = []
        for first, last in spans:
            if merged and first <= merged[-1][1] + _ONE_DAY:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return tuple(merged)


def reckon(length: Quantity, course: Course, *, source: str) -> Reckoning:
    """When `length` is over on this course.

    Raises:
        ClockError: a length in hours after an event without its instant; a day beyond the calendar.
    """
    try:
        if length.unit is Unit.HOURS:
            return _in_hours(length, course, source=source)
        last = _last_day(length, course)
        return Reckoning(length, source, due_day=last, due_at=course.place.end_of(last))
    except (OverflowError, ValueError, LawQuestionError) as error:
        raise ClockError("A time limit ends beyond the last day of the calendar; check its length.") from error


def suspended_days(reckoning: Reckoning, course: Course) -> int:
    """How many days the limit did not run between its event and its end."""
    after = course.start_day + _ONE_DAY
    spans = ((max(first, after), min(last, reckoning.due_day)) for first, last in course.closed_pauses())
    return sum(max((last - first).days + 1, 0) for first, last in spans)


def day_of(event: Event, *, place: Place) -> dt.date:
    """The day of an event in a place."""
    return place.day_of(event.at) if isinstance(event.at, dt.datetime) else event.at


def instant_of(event: Event, *, place: Place) -> dt.datetime:
    """The instant of an event in UTC; of a day without an hour, its first instant in the place."""
    return require_utc(event.at) if isinstance(event.at, dt.datetime) else place.start_of(event.at)


def _in_hours(length: Quantity, course: Course, *, source: str) -> Reckoning:
    if not isinstance(course.started.at, dt.datetime):
        raise ClockError(f"A limit of {length} needs the hour of {course.started.name}, not only its day.")
    due_at = require_utc(course.started.at) + dt.timedelta(hours=length.amount)
    begun = require_utc(course.started.at)
    for first, last in course.closed_pauses():
        pause_from = max(course.place.start_of(first), begun)
        pause_until = course.place.end_of(last)
        if pause_from < due_at and pause_until > pause_from:
            due_at += pause_until - pause_from
    return Reckoning(length, source, due_day=course.place.day_of(due_at), due_at=due_at)


def _last_day(length: Quantity, course: Course) -> dt.date:
    setting = course.setting
    start = course.start_day
    counted_from = start - _ONE_DAY if setting is not None and setting.count_first_day else start
    if setting is not None and setting.counting is Counting.WORKING and length.unit is Unit.DAYS:
        last = _working_days_on(counted_from, length.amount, course)
    else:
        last = _extended(length.after(counted_from), course)
    if course.rounding is Rounding.FIRST_OF_NEXT_MONTH:
        last = Quantity(1, Unit.DAYS).after(last - _ONE_DAY, rounding=course.rounding)
    if setting is not None and setting.move_to_working_day:
        last = course.place.next_working_day(last)
    return last


def _working_days_on(day: dt.date, count: int, course: Course) -> dt.date:
    pauses = course.closed_pauses()
    current = day
    remaining = count
    while remaining:
        current = course.place.next_working_day(current + _ONE_DAY)
        if not any(first <= current <= last for first, last in pauses):
            remaining -= 1
    return current


def _extended(last: dt.date, course: Course) -> dt.date:
    extended = last
    for first, until in course.closed_pauses():
        begins = max(first, course.start_day + _ONE_DAY)
        if begins <= extended and until >= begins:
            extended += dt.timedelta(days=(until - begins).days + 1)
    return extended


def pauses_for(suspensions: Iterable[Suspension], *, datum: str, started: Event) -> tuple[Suspension, ...]:
    """The suspensions that concern this limit and this event's subject; one without a subject concerns all."""
    return tuple(
        pause
        for pause in suspensions
        if pause.datum == datum and (not pause.subject or pause.subject == started.subject)
    )

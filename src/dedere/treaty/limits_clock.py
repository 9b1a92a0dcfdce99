"""What a clock is made of: events, settings, suspensions, reckonings, and where it stands."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.treaty.errors import ClockError

if TYPE_CHECKING:
    from dedere.base.reference import Reference
    from dedere.treaty.limits_calendar import Place
    from dedere.treaty.quantity import Quantity


class Counting(enum.StrEnum):
    """Which days count."""

    CALENDAR = "calendar"
    WORKING = "working"


class Nature(enum.StrEnum):
    """What the end of a clock is: a last day, a shortest notice, or the day an effect sets in by itself."""

    DEADLINE = "deadline"
    NOTICE = "notice"
    EFFECT = "effect"


class Standing(enum.StrEnum):
    """Where a clock stands at the moment asked about."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    STOPPED_IN_TIME = "stopped-in-time"
    STOPPED_LATE = "stopped-late"
    STOPPED = "stopped"
    PASSED = "passed"
    MAY_HAVE_PASSED = "may-have-passed"
    NOTICE_KEPT = "notice-kept"
    NOTICE_TOO_SHORT = "notice-too-short"
    NOTICE_MAY_BE_TOO_SHORT = "notice-may-be-too-short"
    NO_NUMBER = "no-number"
    NOT_SET = "not-set"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: its word from the law's vocabulary, when, and about whom or what.

    A day without an hour is reckoned from that day; a limit in hours needs the instant.
    """

    name: str
    at: dt.datetime | dt.date
    subject: str = ""

    def as_json(self) -> dict[str, object]:
        """The event as plain data."""
        at = format_instant(self.at) if isinstance(self.at, dt.datetime) else self.at.isoformat()
        return {"name": self.name, "at": at, "subject": self.subject}


@dataclass(frozen=True, slots=True)
class Setting:
    """What a State's law, a declaration or an agreement fixes for one limit, and where that stands.

    `datum` names the limit, e.g. `ets030/limit.service-notice`. A setting with `verified` false only warns.
    """

    datum: str
    source: str
    length: Quantity | None = None
    counting: Counting = Counting.CALENDAR
    count_first_day: bool = False
    move_to_working_day: bool = False
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which a limit does not run, from the first to the last, both included; open while `until` is absent.

    Raises:
        ClockError: it ends before it begins.
    """

    datum: str
    begins: dt.date
    until: dt.date | None
    reason: str
    subject: str = ""

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.begins:
            raise ClockError("A suspension cannot end before it begins.")


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One length, and when it is over: the last day in the place, and the instant that day (or hour) ends."""

    length: Quantity
    source: str
    due_day: dt.date
    due_at: dt.datetime

    def as_json(self) -> dict[str, object]:
        """The reckoning as plain data."""
        return {
            "length": self.length.as_json(),
            "source": self.source,
            "due_day": self.due_day.isoformat(),
            "due_at": format_instant(self.due_at),
        }


@dataclass(frozen=True, slots=True)
class Clock:
    """One running or ended limit. `reckonings` are shortest first; several when the number is not settled.

    `decides` says whether its passing may have a consequence by itself: only with one verified number.
    """

    datum: str
    nature: Nature
    gist: str
    started: Event
    place: Place
    reckonings: tuple[Reckoning, ...]
    decides: bool
    standing: Standing
    consequence: str
    ends: str
    stopped: Event | None
    reference: Reference
    reason: str
    suspended_days: int = 0

    @property
    def due_day(self) -> dt.date | None:
        """The last day, where one verified number says so."""
        return self.reckonings[0].due_day if self.decides else None

    @property
    def warn_day(self) -> dt.date | None:
        """The last day by the shortest candidate; the day to warn before."""
        return self.reckonings[0].due_day if self.reckonings else None

    @property
    def warn_at(self) -> dt.datetime | None:
        """The instant at which the shortest candidate is over."""
        return self.reckonings[0].due_at if self.reckonings else None

    def as_json(self) -> dict[str, object]:
        """The clock as plain data, always the same keys in the same order."""
        return {
            "datum": self.datum,
            "nature": self.nature.value,
            "gist": self.gist,
            "started": self.started.as_json(),
            "place": {"zone": self.place.zone, "country": self.place.country, "subdivision": self.place.subdivision},
            "reckonings": [reckoning.as_json() for reckoning in self.reckonings],
            "decides": self.decides,
            "due_day": self.due_day.isoformat() if self.due_day else None,
            "warn_day": self.warn_day.isoformat() if self.warn_day else None,
            "standing": self.standing.value,
            "consequence": self.consequence,
            "ends": self.ends,
            "stopped": self.stopped.as_json() if self.stopped else None,
            "suspended_days": self.suspended_days,
            "reason": self.reason,
            "reference": self.reference.as_json(),
        }

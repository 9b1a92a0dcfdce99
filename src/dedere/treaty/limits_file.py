"""A file of events, from which clocks and duties are computed without a case: version `dedere-events/1`, TOML or JSON.

Documented in docs/use/events-file.md. What the file does not say is not known; nothing is assumed about declarations,
agreements or domestic law.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.clock import parse_instant, require_utc
from dedere.base.errors import InputError
from dedere.base.finding import Outcome
from dedere.treaty.limits_calendar import Place
from dedere.treaty.limits_clock import Counting, Event, Setting, Suspension
from dedere.treaty.quantity import Quantity
from dedere.treaty.requestfile_problems import Problem, RequestFileError
from dedere.treaty.requestfile_reading import read_tables
from dedere.treaty.wording import day_from, is_plain
from dedere.treaty.words import RequestKind, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.treaty.law import Law

EVENTS_FORMAT = "dedere-events/1"
_READ_AS = "a file of events"
_MOST_ROWS = 500
_LONGEST = {Unit.HOURS: 24 * 36_525, Unit.DAYS: 36_525, Unit.MONTHS: 1_200, Unit.YEARS: 100}
"""A hundred years: a longer limit is a slip of the pen, and counting its working days would take minutes."""

_KEYS = {
    "": {"format", "instruments", "kinds", "place", "treaties", "event", "setting", "suspension"},
    "place": {"zone", "country", "subdivision", "extra_holidays", "worked_days"},
    "event": {"name", "at", "subject"},
    "setting": {"limit", "source", "length", "counting", "count_first_day", "move_to_working_day", "verified"},
    "suspension": {"limit", "begins", "until", "reason", "subject"},
}


@dataclass(frozen=True, slots=True)
class EventsFile:
    """What happened, where, and what is known beside the law; the parts of a `ClockQuestion` except the moment."""

    instruments: tuple[str, ...]
    kinds: frozenset[str]
    place: Place
    treaties: Mapping[str, Outcome]
    events: tuple[Event, ...]
    settings: tuple[Setting, ...]
    suspensions: tuple[Suspension, ...]


def parse_events_file(data: bytes, *, name: str, law: Law) -> EventsFile:
    """The events in a file. `law` gives the words for events, instruments and limits.

    Raises:
        RequestFileError: not readable as this format; every problem is collected, each with path and expectation.
    """
    reader = _Reader(law, read_tables(data, name=name, read_as=_READ_AS))
    found = reader.file()
    if reader.problems:
        raise RequestFileError(name, reader.problems, read_as=_READ_AS)
    return found


class _Reader:
    """Reads one file and collects what is wrong; a value that is wrong is replaced by a harmless one meanwhile."""

    def __init__(self, law: Law, tables: dict[str, object]) -> None:
        self._law = law
        self._tables = tables
        self.problems: list[Problem] = []

    def file(self) -> EventsFile:
        self._only(self._tables, "")
        if self._tables.get("format") != EVENTS_FORMAT:
            self._refuse("format", f'expected "{EVENTS_FORMAT}"')
        return EventsFile(
            instruments=self._words("instruments", known=self._law.instruments, needed=True),
            kinds=frozenset(self._words("kinds", known={kind.value for kind in RequestKind})),
            place=self._place(),
            treaties=self._treaties(),
            events=tuple(self._event(row, at) for row, at in self._rows("event", needed=True)),
            settings=tuple(self._setting(row, at) for row, at in self._rows("setting")),
            suspensions=tuple(
                found for row, at in self._rows("suspension") if (found := self._suspension(row, at)) is not None
            ),
        )

    def _refuse(self, path: str, expected: str) -> None:
        self.problems.append(Problem(path, expected))

    def _only(self, table: Mapping[str, object], kind: str, *, at: str = "") -> None:
        for key in table:
            if key not in _KEYS[kind]:
                self._refuse(at, f"there is no field {key[:40]} here; there are {', '.join(sorted(_KEYS[kind]))}")

    def _rows(self, key: str, *, needed: bool = False) -> list[tuple[Mapping[str, object], str]]:
        value = self._tables.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self._refuse(key, "expected a list of tables")
            return []
        if len(value) > _MOST_ROWS:
            self._refuse(key, f"expected at most {_MOST_ROWS}")
            return []
        if needed and not value:
            self._refuse(key, "expected at least one")
        rows = [(row, f"{key}[{index}]") for index, row in enumerate(value, start=1)]
        for row, at in rows:
            self._only(row, key, at=at)
        return rows

    def _words(self, key: str, *, known: Mapping[str, object] | set[str], needed: bool = False) -> tuple[str, ...]:
        value = self._tables.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) and word in known for word in value):
            self._refuse(key, f"expected a list of words from {', '.join(sorted(known))}")
            return ()
        if needed and not value:
            self._refuse(key, "expected at least one")
        return tuple(str(word) for word in value)

    def _place(self) -> Place:
        table = self._tables.get("place", {})
        if not isinstance(table, dict):
            self._refuse("place", "expected a table of fields")
            table = {}
        self._only(table, "place", at="place")
        extra, worked = (self._days(table, key) for key in ("extra_holidays", "worked_days"))
        try:
            return Place(
                zone=self._text(table, "zone", at="place", needed=True) or "UTC",
                country=self._text(table, "country", at="place"),
                subdivision=self._text(table, "subdivision", at="place"),
                extra_holidays=extra,
                worked_days=worked,
            )
        except InputError as error:
            self._refuse("place.zone", error.sentence.removesuffix("."))
            return Place(zone="UTC")

    def _treaties(self) -> Mapping[str, Outcome]:
        table = self._tables.get("treaties", {})
        if not isinstance(table, dict) or not all(
            name in self._law.treaties and isinstance(binds, bool) for name, binds in table.items()
        ):
            self._refuse("treaties", f"expected true or false for any of {', '.join(self._law.treaties)}")
            return {}
        return {name: Outcome.HOLDS if binds else Outcome.DOES_NOT_HOLD for name, binds in table.items()}

    def _event(self, row: Mapping[str, object], at: str) -> Event:
        name = self._text(row, "name", at=at, needed=True)
        if name and name not in self._law.vocabulary.events:
            self._refuse(f"{at}.name", "expected an event of the law's vocabulary, e.g. arrest.provisional")
        return Event(name, self._moment(row, at), subject=self._text(row, "subject", at=at))

    def _moment(self, row: Mapping[str, object], at: str) -> dt.datetime | dt.date:
        moment = _as_moment(row.get("at"))
        if moment is not None and moment.year in _YEARS:
            return moment
        self._refuse(f"{at}.at", "expected a day such as 2026-11-24 or an instant such as 2026-11-24T09:30:00Z")
        return dt.date.min

    def _setting(self, row: Mapping[str, object], at: str) -> Setting:
        word = self._text(row, "counting", at=at) or Counting.CALENDAR.value
        if word not in set(Counting):
            self._refuse(f"{at}.counting", "expected calendar or working")
            word = Counting.CALENDAR.value
        return Setting(
            datum=self._limit(row, at),
            source=self._text(row, "source", at=at, needed=True),
            length=self._length(row, at),
            counting=Counting(word),
            count_first_day=self._flag(row, "count_first_day", at=at),
            move_to_working_day=self._flag(row, "move_to_working_day", at=at),
            verified=self._flag(row, "verified", at=at),
        )

    def _suspension(self, row: Mapping[str, object], at: str) -> Suspension | None:
        datum, reason = self._limit(row, at), self._text(row, "reason", at=at, needed=True)
        begins, until = self._day(row, "begins", at=at, needed=True), self._day(row, "until", at=at)
        if begins is None:
            return None
        try:
            return Suspension(datum, begins, until, reason=reason, subject=self._text(row, "subject", at=at))
        except InputError as error:
            self._refuse(f"{at}.until", error.sentence.removesuffix("."))
            return None

    def _limit(self, row: Mapping[str, object], at: str) -> str:
        datum = self._text(row, "limit", at=at, needed=True)
        if datum and datum not in {limit.datum for limit in self._law.limits}:
            self._refuse(f"{at}.limit", "expected the id of a limit, e.g. ets030/limit.service-notice")
        return datum

    def _length(self, row: Mapping[str, object], at: str) -> Quantity | None:
        match row.get("length"):
            case None:
                return None
            case {**table} if len(table) == 1:
                unit, amount = next(iter(table.items()))
                if unit in set(_LONGEST) and type(amount) is int and 0 < amount <= _LONGEST[Unit(str(unit))]:
                    return Quantity(amount, Unit(str(unit)))
        self._refuse(f"{at}.length", "expected one unit, at most a hundred years, e.g. { days = 30 }")
        return None

    def _text(self, row: Mapping[str, object], key: str, *, at: str, needed: bool = False) -> str:
        value = row.get(key, "")
        if not isinstance(value, str) or (needed and not value) or not is_plain(value):
            self._refuse(f"{at}.{key}", "expected text in quotation marks, on one line, without control characters")
            return ""
        return value

    def _flag(self, row: Mapping[str, object], key: str, *, at: str) -> bool:
        value = row.get(key, False)
        if not isinstance(value, bool):
            self._refuse(f"{at}.{key}", "expected true or false")
        return value is True

    def _day(self, row: Mapping[str, object], key: str, *, at: str, needed: bool = False) -> dt.date | None:
        value = row.get(key)
        if value is None and not needed:
            return None
        day = _as_day(value)
        if day is None:
            self._refuse(f"{at}.{key}", "expected a day such as 2026-11-24")
        return day

    def _days(self, row: Mapping[str, object], key: str) -> frozenset[dt.date]:
        value = row.get(key, [])
        days = [_as_day(each) for each in value] if isinstance(value, list) else [None]
        if None in days:
            self._refuse(f"place.{key}", "expected a list of days such as 2026-11-24")
        return frozenset(day for day in days if day is not None)


_YEARS = range(1000, 9000)
"""The years in which an event can be placed; far from both ends of the calendar, so that every zone has the day."""


def _as_moment(value: object) -> dt.datetime | dt.date | None:
    if not isinstance(value, dt.datetime | str):
        return _as_day(value)
    try:
        if isinstance(value, dt.datetime):
            return require_utc(value)
        return day_from(value) or parse_instant(value)
    except (OverflowError, InputError):
        return None


def _as_day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return None
    if isinstance(value, dt.date):
        return value
    return day_from(value) if isinstance(value, str) else None

"""A person who comes to another State under safe conduct, or is lent to it out of custody: terms, clocks, time served.

How long immunity lasts, and what is owed to whom, comes from the law's data alone: a number that nobody has verified
warns and decides nothing. What the States agreed stands in the terms and takes the place of that number.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.treaty.duties import DutyQuestion, OwedDuty, duties_owed
from dedere.treaty.limits import Clock, ClockQuestion, Event, Place, Setting, Suspension, run_clocks
from dedere.treaty.quantity import Quantity
from dedere.treaty.words import Unit

if TYPE_CHECKING:
    from dedere.base.finding import Outcome
    from dedere.treaty.law import Law
    from dedere.treaty.model import Limit

VERSION = "dedere-attendance/1"
LONGEST_IMMUNITY = 3660
_NO_LONGER_REQUIRED, _TRANSFERRED, _RETURNED = (
    "presence.no-longer-required",
    "detainee.transferred",
    "detainee.returned",
)


class AttendanceKind(enum.StrEnum):
    """In which way a person comes."""

    SAFE_CONDUCT = "safe-conduct"
    TEMPORARY_TRANSFER = "temporary-transfer"


class Lack(enum.StrEnum):
    """What the terms do not say yet."""

    AGREEMENT = "agreement"
    CONSENT = "consent"
    CUSTODY = "custody"
    RETURN_DATE = "return-date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed and what has happened. Days are absent until they are known.

    `host` is the State to which the person comes. `agreement` says where the terms are agreed; `immunity_days` is a
    period agreed there. From `hindered_from` to `hindered_until` the person could not leave. `consented_on`, `custody`
    and `return_by` are those of a person in custody.
    """

    host: str
    purpose: str
    agreement: str = ""
    arrived_on: dt.date | None = None
    not_needed_since: dt.date | None = None
    left_on: dt.date | None = None
    immunity_days: int | None = None
    hindered_from: dt.date | None = None
    hindered_until: dt.date | None = None
    consented_on: dt.date | None = None
    custody: str = ""
    return_by: dt.date | None = None

    def __post_init__(self) -> None:
        for earlier, later, days, sentence in _ORDER:
            first, last = getattr(self, earlier), getattr(self, later)
            if first is not None and last is not None and (last - first).days < days:
                raise InputError(sentence)
        if self.hindered_until is not None and self.hindered_from is None:
            raise InputError("Say since when the person could not leave.")
        if self.immunity_days is not None and not 0 < self.immunity_days <= LONGEST_IMMUNITY:
            raise InputError(f"An agreed period of immunity has 1 to {LONGEST_IMMUNITY} days.")
        if (self.immunity_days or self.return_by) and not self.agreement.strip():
            raise InputError("Say where the period or the day of return is agreed.")

    def as_json(self) -> dict[str, object]:
        """The terms as plain data that `from_json` reads back."""
        plain = {
            name: value.isoformat() if isinstance(value, dt.date) else value for name, value in asdict(self).items()
        }
        return {"version": VERSION, **plain}

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Terms:
        """The terms in plain data.

        Raises:
            InputError: it is not written in this version's form.
        """
        known = {each.name: str(each.type) for each in fields(cls)}
        content = {name: item for name, item in value.items() if name != "version"}
        if value.get("version") != VERSION or set(content) != set(known):
            raise InputError("These are not terms in a form that this version reads.")
        try:
            return cls(**{name: _read(known[name], item) for name, item in content.items()})  # type: ignore[arg-type] # each read by its type
        except (TypeError, ValueError) as error:
            raise InputError("The terms are damaged.") from error


# Which day comes before which, by how many days at least.
_ORDER = (
    ("arrived_on", "not_needed_since", 0, "The presence is needed when the person comes: the day lies before that."),
    ("arrived_on", "left_on", 0, "The person cannot leave before they came."),
    ("arrived_on", "return_by", 1, "The agreed day of return must lie after the day on which the person came."),
    ("consented_on", "arrived_on", 0, "The person consents before the transfer, not after it."),
    ("hindered_from", "hindered_until", 0, "The hindrance cannot end before it begins."),
)


@dataclass(frozen=True, slots=True)
class TimeServed:
    """Days in the custody of the host State, the first and the last both counted. `so_far`: it goes on."""

    first: dt.date
    last: dt.date
    days: int
    so_far: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceSetting:
    """Under which instruments, where and when clocks and duties are wanted, and what is known to bind."""

    instruments: tuple[str, ...]
    place: Place
    now: dt.datetime
    treaties: Mapping[str, Outcome]


def lacks(kind: AttendanceKind, terms: Terms) -> tuple[Lack, ...]:
    """What the terms do not say yet of what they need to say."""
    needed: list[tuple[Lack, object]] = [(Lack.AGREEMENT, terms.agreement.strip())]
    if kind is AttendanceKind.TEMPORARY_TRANSFER:
        needed += [
            (Lack.CONSENT, terms.consented_on),
            (Lack.CUSTODY, terms.custody.strip()),
            (Lack.RETURN_DATE, terms.return_by),
        ]
    return tuple(lack for lack, given in needed if not given)


def clocks_of_attendance(
    law: Law, kind: AttendanceKind, terms: Terms, *, setting: AttendanceSetting
) -> tuple[Clock, ...]:
    """The clocks that the presence started: the end of immunity, the day of return; the soonest first.

    Raises:
        LawQuestionError: an unknown instrument.
    """
    events = list(_events(kind, terms))
    limits = [limit for name in setting.instruments for limit in law.instrument(name).limits]
    question = ClockQuestion(
        instruments=setting.instruments,
        place=setting.place,
        now=setting.now,
        settings=tuple(_settings(limits, terms)),
        suspensions=tuple(_suspensions(limits, terms)),
        treaties=setting.treaties,
    )
    return run_clocks(law, events, question=question)


def duties_of_attendance(
    law: Law, kind: AttendanceKind, terms: Terms, *, setting: AttendanceSetting
) -> tuple[OwedDuty, ...]:
    """What States owe because the person was lent or came back: custody, return, time counted towards the sentence.

    Before the person was lent, what will be owed is said as of the day asked about.
    """
    if kind is not AttendanceKind.TEMPORARY_TRANSFER:
        return ()
    day = terms.arrived_on or setting.now.date()
    events = [Event(_TRANSFERRED, day), Event(_RETURNED, terms.left_on or day)]
    question = DutyQuestion(instruments=setting.instruments, treaties=setting.treaties)
    return duties_owed(law, events, question=question)


def time_served(kind: AttendanceKind, terms: Terms, *, today: dt.date) -> TimeServed | None:
    """The time in the host State's custody, which the law may count towards the sentence; None: there is none."""
    if kind is not AttendanceKind.TEMPORARY_TRANSFER or terms.arrived_on is None or terms.arrived_on > today:
        return None
    last = min(terms.left_on or today, today)
    return TimeServed(terms.arrived_on, last, (last - terms.arrived_on).days + 1, so_far=last != terms.left_on)


def _events(kind: AttendanceKind, terms: Terms) -> Iterator[Event]:
    if terms.not_needed_since is not None:
        yield Event(_NO_LONGER_REQUIRED, terms.not_needed_since)
    if terms.left_on is not None:
        yield Event("person.left-territory", terms.left_on)
    if kind is AttendanceKind.TEMPORARY_TRANSFER:
        if terms.arrived_on is not None:
            yield Event(_TRANSFERRED, terms.arrived_on)
        if terms.left_on is not None:
            yield Event(_RETURNED, terms.left_on)


def _settings(limits: list[Limit], terms: Terms) -> Iterator[Setting]:
    """What was agreed for the limits that an agreement may set."""
    for limit in limits:
        days = None
        if limit.starts_on == _NO_LONGER_REQUIRED:
            days = terms.immunity_days
        elif limit.starts_on == _TRANSFERRED and limit.ends == _RETURNED and terms.return_by and terms.arrived_on:
            days = (terms.return_by - terms.arrived_on).days
        if days:
            yield Setting(limit.datum, terms.agreement, length=Quantity(days, Unit.DAYS), verified=True)


def _suspensions(limits: list[Limit], terms: Terms) -> Iterator[Suspension]:
    for limit in limits:
        if limit.starts_on == _NO_LONGER_REQUIRED and terms.hindered_from is not None:
            yield Suspension(limit.datum, terms.hindered_from, terms.hindered_until, "The person could not leave.")


def _read(kind: str, item: object) -> object:
    """A value of one of the four types that fields have."""
    if item is None and "None" in kind:
        return None
    if kind.startswith("dt.date"):
        return dt.date.fromisoformat(item if isinstance(item, str) else "")
    if not isinstance(item, int if kind.startswith("int") else str) or isinstance(item, bool):
        raise TypeError
    return item

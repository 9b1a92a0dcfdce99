"""A hearing across a border as it is planned: what the plan says, what it does not say yet, what it collides with.

Nothing here decides what the law wants. Whether an accused must consent, and who owes minutes to whom, is read from the
law's data with its provenance; what nobody has settled is shown as unsettled and refuses nothing.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING

from dedere.base.clock import parse_instant
from dedere.base.errors import InputError
from dedere.casework.persons.moments import clocks_change, hours_apart, shown_in, zone_named

if TYPE_CHECKING:
    from dedere.casework.persons.attendance import Terms
    from dedere.treaty.limits import Place

VERSION = "dedere-hearing/1"
LONGEST = dt.timedelta(hours=12)
_LONGEST_TEXT = 4000
_MOST_ROWS = 60


class Mode(enum.StrEnum):
    """How the person is heard."""

    PLACE = "place"
    VIDEO = "video"
    TELEPHONE = "telephone"


class Oath(enum.StrEnum):
    """What the person is asked to give before speaking."""

    OATH = "oath"
    AFFIRMATION = "affirmation"
    NONE = "none"


class Recording(enum.StrEnum):
    """How what is said is kept."""

    MINUTES = "minutes"
    AUDIO = "audio"
    VIDEO = "video"


class Consent(enum.StrEnum):
    """What the person said when asked to agree."""

    GIVEN = "given"
    REFUSED = "refused"


class Lack(enum.StrEnum):
    """What a plan does not say yet."""

    SUMMONS = "summons"
    LAW = "law"
    OATH = "oath"
    PRIVILEGES_HERE = "privileges-here"
    PRIVILEGES_THERE = "privileges-there"
    COUNSEL = "counsel"
    LANGUAGE = "language"
    CERTIFICATE = "certificate"
    PRESENT = "present"
    RECORDING = "recording"
    TEST = "test"
    ROOM = "room"
    COSTS = "costs"
    CONSENT = "consent"


class ClashKind(enum.StrEnum):
    """What a plan collides with."""

    PERSON = "person"
    INTERPRETER = "interpreter"
    ROOM = "room"
    REST_DAY = "rest-day"
    NIGHT = "night"
    CLOCKS_CHANGE = "clocks-change"
    DIFFERENCE_CHANGES = "difference-changes"
    TEST_LATE = "test-late"
    TEST_FAILED = "test-failed"
    CONSENT_REFUSED = "consent-refused"
    NOT_ARRIVED = "not-arrived"
    RETURNED_BY = "returned-by"
    LEFT = "left"
    IMMUNITY_RUNS_OUT = "immunity-runs-out"


@dataclass(frozen=True, slots=True)
class Clash:
    """One collision. `at` is where: a time zone, an interpreter, a room; `hearing` the other hearing, if it is one."""

    kind: ClashKind
    at: str = ""
    hearing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is arranged for a hearing. An empty field is not arranged yet.

    `law` is the State under whose law the person is heard, or `both`. `zone_here` and `zone_there` are the time zones
    of the two ends; `place` and `place_there` the rooms. `test_at` is the instant (RFC 3339) of the technical test,
    `test_result` is `passed` or `failed`. `present` says who sits where, one a row.
    """

    mode: str
    zone_here: str
    zone_there: str
    place: str = ""
    place_there: str = ""
    summoned_by: str = ""
    law: str = ""
    oath: str = ""
    privileges_here: str = ""
    privileges_there: str = ""
    counsel: str = ""
    language: str = ""
    interpreter: str = ""
    interpreter_certificate: str = ""
    present: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    recording: str = ""
    test_at: str = ""
    test_result: str = ""
    test_note: str = ""
    costs: str = ""
    consent: str = ""
    consented_on: str = ""

    def __post_init__(self) -> None:
        for value, known in self._coded():
            if value and value not in known:
                raise InputError("The plan of the hearing holds a word that is none of those offered.")
        if not self.mode:
            raise InputError("Say how the person is heard: in a room, by video or by telephone.")
        zone_named(self.zone_here)
        zone_named(self.zone_there)
        if self.test_at:
            parse_instant(self.test_at)
        if max(len(self.present), len(self.documents)) > _MOST_ROWS:
            raise InputError(f"No more than {_MOST_ROWS} rows of one kind.")
        if any(len(text) > _LONGEST_TEXT for text in self._texts()):
            raise InputError(f"No single entry is longer than {_LONGEST_TEXT} characters.")

    def as_json(self) -> dict[str, object]:
        """The plan as plain data that `from_json` reads back."""
        plain = asdict(self)
        return {"version": VERSION, **plain, "present": list(self.present), "documents": list(self.documents)}

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Plan:
        """The plan in plain data.

        Raises:
            InputError: it is not written in this version's form.
        """
        content = {name: item for name, item in value.items() if name != "version"}
        known = {each.name for each in fields(cls)}
        rows = {name: content.get(name) for name in _ROWS}
        lines = [item for name, item in content.items() if name not in _ROWS]
        whole = value.get("version") == VERSION and set(content) == known
        if not whole or not all(isinstance(item, str) for item in lines):
            raise InputError("This is not the plan of a hearing in a form that this version reads.")
        return cls(**{**content, **{name: _row_texts(row) for name, row in rows.items()}})  # type: ignore[arg-type] # read above

    def _coded(self) -> Iterator[tuple[str, frozenset[str]]]:
        yield self.mode, frozenset(Mode)
        yield self.oath, frozenset(Oath)
        yield self.recording, frozenset(Recording)
        yield self.consent, frozenset(Consent)
        yield self.test_result, frozenset({"passed", "failed"})

    def _texts(self) -> Iterator[str]:
        yield from (item for item in asdict(self).values() if isinstance(item, str))
        yield from (*self.present, *self.documents)


@dataclass(frozen=True, slots=True)
class Booking:
    """A planned hearing as far as others may collide with it. Instants are UTC."""

    hearing: str
    person: str
    start: dt.datetime
    end: dt.datetime
    interpreter: str = ""
    rooms: tuple[str, ...] = ()

    def overlaps(self, other: Booking) -> bool:
        """Whether both are at one time; one that begins when the other ends is not."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a plan is compared with: other bookings, the two places with their free days, the terms of a presence."""

    others: tuple[Booking, ...]
    here: Place
    there: Place
    now: dt.datetime
    terms: tuple[Terms, ...] = field(default=())


def lacks(plan: Plan, *, consent_asked: bool, has_defence: bool) -> tuple[Lack, ...]:
    """What the plan does not say yet. `consent_asked`: by the law's data; `has_defence`: a suspect or an accused."""
    linked = plan.mode != Mode.PLACE
    needed: list[tuple[Lack, bool, str | tuple[str, ...]]] = [
        (Lack.SUMMONS, True, plan.summoned_by),
        (Lack.LAW, True, plan.law),
        (Lack.OATH, True, plan.oath),
        (Lack.PRIVILEGES_HERE, True, plan.privileges_here),
        (Lack.PRIVILEGES_THERE, True, plan.privileges_there),
        (Lack.COUNSEL, has_defence, plan.counsel),
        (Lack.LANGUAGE, True, plan.language),
        (Lack.CERTIFICATE, bool(plan.interpreter), plan.interpreter_certificate),
        (Lack.PRESENT, True, plan.present),
        (Lack.RECORDING, True, plan.recording),
        (Lack.TEST, linked, plan.test_at),
        (Lack.ROOM, True, plan.place_there if linked else plan.place),
        (Lack.COSTS, True, plan.costs),
        (Lack.CONSENT, consent_asked, plan.consent),
    ]
    return tuple(lack for lack, wanted, given in needed if wanted and not given)


def booking_of(hearing: str, person: str, plan: Plan, *, start: dt.datetime, end: dt.datetime) -> Booking:
    """A hearing as others may collide with it."""
    rooms = tuple(_plain(room) for room in (plan.place, plan.place_there) if _plain(room))
    return Booking(hearing, person, start, end, _plain(plan.interpreter), rooms)


def clashes(plan: Plan, booking: Booking, around: Around) -> tuple[Clash, ...]:
    """Everything that the plan collides with, the gravest first."""
    return tuple(
        dict.fromkeys(
            [
                *_double_bookings(plan, booking, around.others),
                *_consent(plan),
                *_presence(plan, booking, around),
                *_test(plan, booking),
                *_times(plan, booking, around),
            ]
        )
    )


def _double_bookings(plan: Plan, booking: Booking, others: Iterable[Booking]) -> Iterator[Clash]:
    for other in others:
        if other.hearing == booking.hearing or not booking.overlaps(other):
            continue
        if other.person == booking.person:
            yield Clash(ClashKind.PERSON, hearing=other.hearing)
        if booking.interpreter and other.interpreter == booking.interpreter:
            yield Clash(ClashKind.INTERPRETER, plan.interpreter, other.hearing)
        for room in booking.rooms:
            if room in other.rooms:
                yield Clash(ClashKind.ROOM, room, other.hearing)


def _consent(plan: Plan) -> Iterator[Clash]:
    if plan.consent == Consent.REFUSED:
        yield Clash(ClashKind.CONSENT_REFUSED)


def _presence(plan: Plan, booking: Booking, around: Around) -> Iterator[Clash]:
    """Only a person who is to be in the room has to be in the country."""
    if plan.mode != Mode.PLACE:
        return
    day = around.here.day_of(booking.start)
    for terms in around.terms:
        if terms.arrived_on is not None and day < terms.arrived_on:
            yield Clash(ClashKind.NOT_ARRIVED, terms.host)
        if terms.return_by is not None and day > terms.return_by:
            yield Clash(ClashKind.RETURNED_BY, terms.host)
        if terms.left_on is not None and day > terms.left_on:
            yield Clash(ClashKind.LEFT, terms.host)
        elif terms.not_needed_since is not None and day > terms.not_needed_since:
            yield Clash(ClashKind.IMMUNITY_RUNS_OUT, terms.host)


def _test(plan: Plan, booking: Booking) -> Iterator[Clash]:
    if plan.mode == Mode.PLACE or not plan.test_at:
        return
    if parse_instant(plan.test_at) >= booking.start:
        yield Clash(ClashKind.TEST_LATE)
    if plan.test_result == "failed":
        yield Clash(ClashKind.TEST_FAILED)


def _times(plan: Plan, booking: Booking, around: Around) -> Iterator[Clash]:
    for place in dict.fromkeys((around.here, around.there)):
        if not place.is_working_day(place.day_of(booking.start)):
            yield Clash(ClashKind.REST_DAY, place.zone)
        local, over = shown_in(booking.start, place.zone), shown_in(booking.end, place.zone)
        if local.time() < _DAY_BEGINS or over.time() > _DAY_ENDS or local.date() != over.date():
            yield Clash(ClashKind.NIGHT, place.zone)
        if clocks_change(booking.start, booking.end, place.zone):
            yield Clash(ClashKind.CLOCKS_CHANGE, place.zone)
    here, there = plan.zone_here, plan.zone_there
    if hours_apart(around.now, here, there) != hours_apart(booking.start, here, there):
        yield Clash(ClashKind.DIFFERENCE_CHANGES, there)


def _plain(text: str) -> str:
    """A name as it is compared: without capitals and doubled spaces."""
    return " ".join(text.casefold().split())


def _row_texts(row: object) -> tuple[str, ...]:
    if not isinstance(row, (list, tuple)) or not all(isinstance(item, str) for item in row):
        raise InputError("This is not the plan of a hearing in a form that this version reads.")
    return tuple(row)


_ROWS = ("present", "documents")
_DAY_BEGINS, _DAY_ENDS = dt.time(7), dt.time(21)

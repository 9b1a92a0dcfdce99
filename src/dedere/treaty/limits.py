"""From events to clocks: when each time limit is due, in a named place, with its consequence and its provision.

A clock on a number that nobody has compared with the authentic text, or that a declaration or agreement has yet to
fix, warns on the shortest candidate and decides nothing: it never says that a limit has passed, only that it may have.
Interpretation of days, months, hours and suspensions: `dedere.treaty.limits_reckoning`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dedere.base.clock import require_utc
from dedere.base.finding import Outcome
from dedere.treaty.limits_calendar import Place
from dedere.treaty.limits_clock import Clock, Counting, Event, Nature, Reckoning, Setting, Standing, Suspension
from dedere.treaty.limits_reckoning import Course, instant_of, pauses_for, reckon, suspended_days
from dedere.treaty.rule_scope import Scope, replacing, treaty_name
from dedere.treaty.words import SetBy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dedere.treaty.law import Law
    from dedere.treaty.model import Limit

__all__ = [
    "Clock",
    "ClockQuestion",
    "Counting",
    "Event",
    "Nature",
    "Place",
    "Reckoning",
    "Setting",
    "Standing",
    "Suspension",
    "run_clocks",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockQuestion:
    """For which instruments, kinds of request, place and moment clocks are wanted.

    `treaties` says of each treaty inside an instrument whether it binds both States; what is absent is not known,
    except that the convention itself binds when its instrument is relied on. `kinds` empty means all kinds.
    """

    instruments: tuple[str, ...]
    place: Place
    now: dt.datetime
    kinds: frozenset[str] = frozenset()
    settings: tuple[Setting, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    treaties: Mapping[str, Outcome] = field(default_factory=dict)


def run_clocks(law: Law, events: Iterable[Event], *, question: ClockQuestion) -> tuple[Clock, ...]:
    """A clock for every limit that one of the events starts, the soonest first, those without a number last.

    Raises:
        LawQuestionError: an unknown instrument.
        ClockError: a limit in hours after an event without its instant; a day beyond the calendar.
    """
    happened = sorted(set(events), key=lambda event: (instant_of(event, place=question.place), event.name))
    names = frozenset(event.name for event in happened)
    clocks = [
        _clock(law, limit, started=started, happened=happened, question=question)
        for limit in _limits(law, question, started=names)
        for started in happened
        if started.name == limit.starts_on
    ]
    return tuple(sorted(clocks, key=_urgency))


def _limits(law: Law, question: ClockQuestion, *, started: frozenset[str]) -> Iterator[Limit]:
    """The limits that apply and that one of these events starts."""
    scope = Scope(kinds=question.kinds, treaties=question.treaties)
    for instrument in question.instruments:
        rows = law.instrument(instrument).limits
        for limit in rows:
            if limit.starts_on not in started or not scope.wants(limit):
                continue
            if not any(scope.binds(newer) is Outcome.HOLDS for newer in replacing(limit, rows)):
                yield limit


def _clock(law: Law, limit: Limit, *, started: Event, happened: list[Event], question: ClockQuestion) -> Clock:
    setting = next((known for known in question.settings if known.datum == limit.datum), None)
    course = Course(
        started=started,
        place=question.place,
        setting=setting,
        rounding=limit.rounding,
        pauses=pauses_for(question.suspensions, datum=limit.datum, started=started),
        today=question.place.day_of(question.now),
    )
    reckonings = _reckonings(law, limit, course)
    doubts = tuple(_doubts(law, limit, setting=setting, question=question))
    clock = Clock(
        datum=limit.datum,
        nature=_nature(limit),
        gist=limit.gist,
        started=started,
        place=question.place,
        reckonings=reckonings,
        decides=len(reckonings) == 1 and not doubts,
        standing=Standing.NO_NUMBER,
        consequence=limit.if_passed,
        ends=limit.ends,
        stopped=_stop(limit, started=started, happened=happened, place=question.place),
        reference=law.reference_of(limit),
        reason=_reason(limit, setting=setting, reckonings=reckonings, doubts=doubts),
        suspended_days=suspended_days(reckonings[0], course) if reckonings else 0,
    )
    return replace(clock, standing=_standing(clock, limit, course=course, now=require_utc(question.now)))


def _reckonings(law: Law, limit: Limit, course: Course) -> tuple[Reckoning, ...]:
    """Every length the limit may have: the one set, else the one in the data, else all candidates, shortest first."""
    if course.setting is not None and course.setting.length is not None:
        lengths = [(course.setting.length, course.setting.source)]
    elif limit.length is not None:
        lengths = [(limit.length, law.reference_of(limit).place)]
    else:
        lengths = [(candidate.quantity, candidate.source) for candidate in limit.candidates]
    found = [reckon(length, course, source=source) for length, source in lengths]
    return tuple(sorted(found, key=lambda reckoning: (reckoning.due_at, str(reckoning.length))))


def _doubts(law: Law, limit: Limit, *, setting: Setting | None, question: ClockQuestion) -> Iterator[str]:
    """Why the clock may not decide by itself; nothing where it may."""
    scope = Scope(treaties=question.treaties)
    if setting is not None and setting.length is not None:
        if not setting.verified:
            yield f"the length was set from {setting.source} and has not been confirmed"
    elif limit.length is None and limit.candidates:
        yield "the number is not settled; the shortest candidate is used for warnings only"
    elif limit.length is not None and not law.reference_of(limit).verified:
        yield "the number has not been compared with the authentic text"
    counts_working_days = setting is not None and (setting.counting is Counting.WORKING or setting.move_to_working_day)
    if counts_working_days and not question.place.holidays_known:
        yield "the public holidays of the place are not known; only Saturdays, Sundays and the days named are free"
    if limit.set_by is not SetBy.INSTRUMENT and (setting is None or setting.length is None):
        yield f"the number that counts is the one set by {_SETTERS[limit.set_by]}"
    if scope.binds(limit) is Outcome.UNSETTLED:
        yield f"whether {treaty_name(law, limit.source_treaty)} binds both States is not known"
    for newer in replacing(limit, law.instrument(limit.instrument).limits):
        if scope.binds(newer) is Outcome.UNSETTLED:
            yield f"{treaty_name(law, newer.source_treaty)} sets another number; whether it binds both is not known"


_SETTERS = {
    SetBy.AGREEMENT: "agreement between the States",
    SetBy.DECLARATION: "the State's declaration",
    SetBy.REQUESTED_STATE: "the requested State",
    SetBy.DOMESTIC_LAW: "domestic law",
}


def _reason(
    limit: Limit, *, setting: Setting | None, reckonings: tuple[Reckoning, ...], doubts: tuple[str, ...]
) -> str:
    parts: list[str] = []
    if reckonings:
        lengths = " or ".join(dict.fromkeys(str(reckoning.length) for reckoning in reckonings))
        parts.append(f"{lengths} from {limit.starts_on} to {limit.ends}")
    else:
        parts.append(f"no number of days from {limit.starts_on} to {limit.ends}")
    if setting is not None:
        parts.append(f"as set by {setting.source}")
    if limit.adjustable:
        parts.append(limit.adjustable)
    parts.extend(doubts)
    return "; ".join(parts) + "."


def _nature(limit: Limit) -> Nature:
    if limit.ends == _SHOULD_NOT_COME_BEFORE:
        return Nature.NOTICE
    return Nature.EFFECT if limit.ends in _COME_BY_THEMSELVES else Nature.DEADLINE


_SHOULD_NOT_COME_BEFORE = "hearing.date"
"""The one end that shall not come before the period is over: the period is notice to the person summoned."""

_COME_BY_THEMSELVES = frozenset(
    {
        "treaty.in-force",
        "treaty.in-force-for-state",
        "treaty.ended-for-state",
        "declaration.effective",
        "signature.closed",
        "amendment.proposable",
        "amendment.in-force-for-state",
    }
)
"""Ends that are the effect of the period itself, not an act that somebody must do in time."""


def _stop(limit: Limit, *, started: Event, happened: list[Event], place: Place) -> Event | None:
    begun = instant_of(started, place=place)
    for event in happened:
        same = not event.subject or not started.subject or event.subject == started.subject
        if event.name == limit.ends and same and instant_of(event, place=place) >= begun:
            return event
    return None


def _standing(clock: Clock, limit: Limit, *, course: Course, now: dt.datetime) -> Standing:
    if not clock.reckonings:
        return _standing_without_number(clock, limit)
    over_at = clock.reckonings[0].due_at
    if clock.stopped is not None:
        return _standing_stopped(clock, stopped=clock.stopped, over_at=over_at)
    if any(pause.begins <= course.today and pause.until is None for pause in course.pauses):
        return Standing.SUSPENDED
    if now < over_at:
        return Standing.RUNNING
    return Standing.PASSED if clock.decides else Standing.MAY_HAVE_PASSED


def _standing_without_number(clock: Clock, limit: Limit) -> Standing:
    if clock.stopped is not None:
        return Standing.STOPPED
    return Standing.NO_NUMBER if limit.set_by is SetBy.INSTRUMENT else Standing.NOT_SET


def _standing_stopped(clock: Clock, *, stopped: Event, over_at: dt.datetime) -> Standing:
    before = instant_of(stopped, place=clock.place) < over_at
    if clock.nature is Nature.NOTICE:
        if not before:
            return Standing.NOTICE_KEPT
        return Standing.NOTICE_TOO_SHORT if clock.decides else Standing.NOTICE_MAY_BE_TOO_SHORT
    if before:
        return Standing.STOPPED_IN_TIME
    return Standing.STOPPED_LATE if clock.decides else Standing.STOPPED


def _urgency(clock: Clock) -> tuple[bool, str, str, str]:
    due = clock.warn_at.isoformat() if clock.warn_at else ""
    return (not due, due, clock.datum, clock.started.subject)

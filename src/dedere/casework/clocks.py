"""The clocks of a case: which limits of the law run because of what happened, and who has been owing for too long.

Limits come from the instrument through `treaty.limits`; a number nobody has verified only warns, as decided there.
What the office itself expects (acknowledge within, remind, escalate) is practice and is set by the office. A clock
never acts: what it tells is a `Firing`, each exactly once, and an officer decides.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.clock import require_utc
from dedere.treaty.limits import Clock, ClockQuestion, Event, Place, Setting, Standing, Suspension, run_clocks
from dedere.treaty.words import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dedere.base.finding import Outcome
    from dedere.casework.docket import OpenProceeding
    from dedere.casework.owed import Owed
    from dedere.casework.state import CaseState
    from dedere.treaty.law import Law


class Stage(enum.StrEnum):
    """What a firing says."""

    WARNING = "warning"
    REACHED = "reached"
    REMINDER = "reminder"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class PracticeTimes:
    """What an office expects, in calendar days; no law. `warn_before` is for the limits of the law."""

    acknowledge_within: int = 10
    remind_after: int = 30
    escalate_after: int = 60
    warn_before: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSetting:
    """Under which instruments, where and when clocks are wanted, and what is fixed for them beside the law."""

    instruments: tuple[str, ...]
    place: Place
    now: dt.datetime
    settings: tuple[Setting, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    treaties: Mapping[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseClock:
    """One clock of one proceeding. `key` names it for ever: proceeding, limit and the letter that started it.

    `over` says that it no longer matters: it was stopped, or its proceeding ended and nobody gives notice of its end
    any more.
    """

    key: str
    proceeding: str
    started_in: str
    clock: Clock
    over: bool


@dataclass(frozen=True, slots=True)
class Firing:
    """One thing a clock tells, once. `key` is remembered by whoever was told; `due` is a date or empty."""

    key: str
    stage: Stage
    proceeding: str
    sentence: str
    due: str = ""
    provision: str = ""
    verified: bool = True


def clocks_of(state: CaseState, law: Law, *, setting: ClockSetting) -> tuple[CaseClock, ...]:
    """Every clock that the events of the case started, proceeding by proceeding, the soonest first in each.

    A limit belongs to the proceeding in which the event that ends it can happen.

    Raises:
        LawQuestionError: an unknown instrument.
    """
    return tuple(clock for here in state.docket.proceedings.values() for clock in clocks_in(here, law, setting=setting))


def clocks_in(here: OpenProceeding, law: Law, *, setting: ClockSetting) -> tuple[CaseClock, ...]:
    """The same for one proceeding of a case.

    Raises:
        LawQuestionError: an unknown instrument.
    """
    return tuple(_clocks_in(here, law, setting))


def firings(
    state: CaseState,
    clocks: Iterable[CaseClock],
    *,
    now: dt.datetime,
    times: PracticeTimes,
    told: frozenset[str] = frozenset(),
) -> tuple[Firing, ...]:
    """What is to be told now and has not been told yet. `told` are the keys of all earlier firings of the case."""
    found = [firing for clock in clocks for firing in _of_limit(clock, now=now, times=times) if firing.key not in told]
    found.extend(_of_owing(state, now=now, times=times, told=told))
    return tuple(found)


def next_telling(
    state: CaseState, clocks: Iterable[CaseClock], *, now: dt.datetime, times: PracticeTimes
) -> dt.datetime | None:
    """The first instant after now at which, if nothing happens until then, something may be told; None: never."""
    instants: list[dt.datetime] = []
    for each in clocks:
        if not each.over and each.clock.warn_at is not None:
            instants += [each.clock.warn_at - dt.timedelta(days=times.warn_before), each.clock.warn_at]
    for owed in state.owed:
        since, remind = _reminded_after(state, owed, times)
        instants += [since + remind, since + dt.timedelta(days=times.escalate_after)]
    return min((instant for instant in instants if instant > now), default=None)


def _clocks_in(here: OpenProceeding, law: Law, setting: ClockSetting) -> Iterator[CaseClock]:
    starts, precise = _starting_events(law, setting.instruments)
    letters: dict[Event, str] = {}
    for raised in here.events if any(each.event in starts for each in here.events) else ():
        same_day = raised.at[:10] == raised.on
        if same_day or raised.event in precise:
            at: dt.datetime | dt.date = _instant(raised.at if same_day else f"{raised.on}T00:00:00Z")
        else:
            at = dt.date.fromisoformat(raised.on)
        letters.setdefault(Event(raised.event, at), raised.letter)
    if not letters:
        return
    question = ClockQuestion(
        instruments=setting.instruments,
        place=setting.place,
        now=setting.now,
        kinds=here.law_kinds,
        settings=setting.settings,
        suspensions=setting.suspensions,
        treaties=setting.treaties,
    )
    for clock in run_clocks(law, letters, question=question):
        if clock.ends in here.form.raises:
            letter = letters[clock.started]
            over = clock.stopped is not None or (here.is_final and clock.ends not in here.form.notices)
            yield CaseClock(f"{here.id}/{clock.datum}/{letter}", here.id, letter, clock, over)


def _starting_events(law: Law, instruments: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The events that start a limit at all, and those that start one reckoned in hours."""
    limits = [limit for name in instruments for limit in law.instrument(name).limits]
    precise = {
        limit.starts_on
        for limit in limits
        for quantity in (limit.length, *(candidate.quantity for candidate in limit.candidates))
        if quantity is not None and quantity.unit is Unit.HOURS
    }
    return frozenset(limit.starts_on for limit in limits), frozenset(precise)


def _of_limit(each: CaseClock, *, now: dt.datetime, times: PracticeTimes) -> Iterator[Firing]:
    clock = each.clock
    if each.over or clock.warn_at is None or clock.standing is Standing.SUSPENDED:
        return
    warn_day = clock.warn_day.isoformat() if clock.warn_day else ""
    stages = []
    if require_utc(now) >= clock.warn_at:
        may = "" if clock.decides else " may, by the shortest number that is named for it,"
        stages.append(
            (Stage.REACHED, f"The period{may} have ended on {warn_day}." if may else f"It ended on {warn_day}.")
        )
    elif require_utc(now) >= clock.warn_at - dt.timedelta(days=times.warn_before):
        stages.append((Stage.WARNING, f"The period ends on {warn_day}, by the shortest number that is named for it."))
    for stage, says in stages:
        yield Firing(
            key=f"{each.key}/{stage.value}",
            stage=stage,
            proceeding=each.proceeding,
            sentence=f"{clock.gist} {says} Then: {clock.consequence}",
            due=warn_day,
            provision=clock.reference.place,
            verified=clock.decides,
        )


def _of_owing(state: CaseState, *, now: dt.datetime, times: PracticeTimes, told: frozenset[str]) -> Iterator[Firing]:
    for owed in state.owed:
        asked = state.docket.entries[owed.since]
        since, remind = _reminded_after(state, owed, times)
        waited = require_utc(now) - since
        if waited >= dt.timedelta(days=times.escalate_after):
            stage = Stage.ESCALATION
        elif waited >= remind:
            stage = Stage.REMINDER
        else:
            continue
        key = f"{owed.proceeding}/{owed.state}/{owed.kind}/{owed.subject}/{owed.since}/{stage.value}"
        if key not in told:
            yield Firing(
                key=key,
                stage=stage,
                proceeding=owed.proceeding,
                sentence=_sentence(f"{owed.state} owes since {asked.sealed_at[:10]}: {owed.what}"),
                due=owed.by,
            )


def _sentence(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."


def _reminded_after(state: CaseState, owed: Owed, times: PracticeTimes) -> tuple[dt.datetime, dt.timedelta]:
    """Since when something is owed, and how long it waits for its reminder."""
    asked = state.docket.entries[owed.since]
    since = _instant(asked.sealed_at)
    unacknowledged = owed.kind == "step" and asked.kind in {"request", "information", "notification", "interest"}
    remind = dt.timedelta(days=times.acknowledge_within if unacknowledged else times.remind_after)
    if owed.by:
        due = _instant(f"{owed.by}T00:00:00Z") + dt.timedelta(days=1)
        remind = min(remind, due - since)
    return since, remind


def _instant(text: str) -> dt.datetime:
    """An instant that the fold wrote: always whole seconds in UTC."""
    return dt.datetime.fromisoformat(text)

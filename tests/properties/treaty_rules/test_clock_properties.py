"""What must hold for every clock, whatever happens, wherever and whenever it is asked."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dedere.base.finding import Outcome
from dedere.treaty.limits import Clock, ClockQuestion, Counting, Event, Place, Setting, Standing, Suspension, run_clocks
from dedere.treaty.limits_reckoning import instant_of
from dedere.treaty.quantity import Quantity
from dedere.treaty.words import Unit
from support.clocks import the_law

LIMITS = the_law().limits
ENDS = sorted({limit.ends for limit in LIMITS})
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31))
INSTANTS = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2032, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001 - bounds
PLACES = st.sampled_from(
    [
        Place("Europe/Amsterdam", country="NL"),
        Place("Africa/Dakar", country="SN"),
        Place("America/Santiago", country="CL"),
        Place("Asia/Kathmandu", country="NP"),
        Place("Pacific/Apia"),
    ]
)
SUBJECTS = st.sampled_from(["", "person-1", "person-2"])
STARTS = sorted({limit.starts_on for limit in LIMITS})
# A limit in hours needs the instant, so events that start one always have it here.
WITH_HOURS = {
    limit.starts_on
    for limit in LIMITS
    if any(q.unit is Unit.HOURS for q in [limit.length, *(c.quantity for c in limit.candidates)] if q)
}
events = st.sampled_from(STARTS + ENDS).flatmap(
    lambda name: st.builds(
        Event, st.just(name), INSTANTS if name in WITH_HOURS else st.one_of(DAYS, INSTANTS), subject=SUBJECTS
    )
)
lengths = st.builds(Quantity, st.integers(1, 400), st.sampled_from([Unit.DAYS, Unit.MONTHS]))
set_limits = st.builds(
    Setting,
    st.sampled_from([limit.datum for limit in LIMITS if limit.starts_on not in WITH_HOURS]),
    st.just("as agreed"),
    length=st.one_of(st.none(), lengths.filter(lambda each: each.unit is Unit.DAYS or each.amount < 60)),
    count_first_day=st.booleans(),
    move_to_working_day=st.booleans(),
    verified=st.booleans(),
)
pauses = st.builds(
    lambda datum, begins, length: Suspension(datum, begins, begins + dt.timedelta(days=length), "appeal"),
    st.sampled_from([limit.datum for limit in LIMITS]),
    DAYS,
    st.integers(0, 40),
)
questions = st.builds(
    ClockQuestion,
    instruments=st.sampled_from(
        [("lhc",), ("ets024",), ("ets030",), ("ets112",), ("uncac", "untoc"), ("lhc", "ets024")]
    ),
    place=PLACES,
    now=INSTANTS,
    settings=st.lists(set_limits, max_size=3).map(tuple),
    suspensions=st.lists(pauses, max_size=3).map(tuple),
    treaties=st.dictionaries(st.sampled_from(["ets212", "ets182", "ets167", "ets222"]), st.sampled_from(list(Outcome))),
)
happenings = st.lists(events, min_size=1, max_size=4)


def _clocks(happened: list[Event], question: ClockQuestion) -> tuple[Clock, ...]:
    return run_clocks(the_law(), happened, question=question)


@settings(max_examples=80)
@given(happenings, questions)
def test_every_clock_is_due_after_its_start_and_has_provision_and_consequence(
    happened: list[Event], question: ClockQuestion
) -> None:
    for clock in _clocks(happened, question):
        start = instant_of(clock.started, place=question.place)
        for reckoning in clock.reckonings:
            assert reckoning.due_at > start
            assert reckoning.due_day >= question.place.day_of(start)
        assert clock.consequence
        assert clock.reference.place
        assert clock.reason


@settings(max_examples=80)
@given(happenings, questions)
def test_a_clock_nobody_verified_decides_nothing(happened: list[Event], question: ClockQuestion) -> None:
    set_and_verified = {setting.datum for setting in question.settings if setting.verified and setting.length}
    for clock in _clocks(happened, question):
        if not clock.reference.verified and clock.datum not in set_and_verified:
            assert not clock.decides
            assert clock.due_day is None
        if not clock.decides:
            assert clock.standing not in {Standing.PASSED, Standing.STOPPED_LATE, Standing.NOTICE_TOO_SHORT}
        if clock.reckonings:
            assert clock.warn_at == min(reckoning.due_at for reckoning in clock.reckonings)


@settings(max_examples=50)
@given(happenings, questions, events, set_limits, pauses)
def test_a_clock_moves_only_with_its_own_inputs(
    happened: list[Event], question: ClockQuestion, other: Event, setting: Setting, pause: Suspension
) -> None:
    before = {(clock.datum, clock.started): clock for clock in _clocks(happened, question)}
    added = replace(question, settings=(*question.settings, setting), suspensions=(*question.suspensions, pause))

    after = {(clock.datum, clock.started): clock for clock in _clocks([*happened, other], added)}

    assert set(before) <= set(after)
    for key, clock in before.items():
        if clock.datum not in {setting.datum, pause.datum} and other.name != clock.ends:
            assert after[key] == clock


@settings(max_examples=50)
@given(happenings, questions, INSTANTS)
def test_the_moment_of_asking_changes_the_standing_only(
    happened: list[Event], question: ClockQuestion, now: dt.datetime
) -> None:
    at_one = _clocks(happened, question)
    at_other = _clocks(happened, replace(question, now=now))

    assert [replace(each, standing=Standing.RUNNING) for each in at_one] == [
        replace(each, standing=Standing.RUNNING) for each in at_other
    ]


ARREST = "ets024/limit.provisional-arrest.max"


def _arrest(
    day: dt.date, place: Place, *, setting: Setting | None = None, paused: tuple[Suspension, ...] = ()
) -> dt.date:
    question = ClockQuestion(
        instruments=("ets024",),
        place=place,
        now=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        settings=(setting,) if setting else (),
        suspensions=paused,
    )
    clocks = run_clocks(the_law(), [Event("arrest.provisional", day)], question=question)
    (found,) = (clock for clock in clocks if clock.datum == ARREST)
    return found.reckonings[0].due_day


@settings(max_examples=60)
@given(DAYS, PLACES, st.integers(0, 500))
def test_a_limit_in_days_moves_day_by_day_with_its_event(day: dt.date, place: Place, later: int) -> None:
    moved = dt.timedelta(days=later)

    assert _arrest(day + moved, place) == _arrest(day, place) + moved


@settings(max_examples=60)
@given(DAYS, PLACES, lengths, lengths)
def test_a_longer_time_is_never_due_sooner(day: dt.date, place: Place, one: Quantity, other: Quantity) -> None:
    assume(one.unit is other.unit)
    shorter, longer = sorted((one, other), key=lambda each: each.amount)

    def due(length: Quantity) -> dt.date:
        return _arrest(day, place, setting=Setting(ARREST, "as agreed", length=length))

    assert due(shorter) <= due(longer)


@settings(max_examples=60)
@given(DAYS, PLACES, st.lists(st.tuples(st.integers(-30, 90), st.integers(0, 30)), max_size=4))
def test_suspension_never_brings_the_end_nearer_and_counts_each_day_once(
    day: dt.date, place: Place, spans: list[tuple[int, int]]
) -> None:
    paused = tuple(
        Suspension(ARREST, day + dt.timedelta(days=first), day + dt.timedelta(days=first + length), "appeal")
        for first, length in spans
    )

    free, held = _arrest(day, place), _arrest(day, place, paused=paused)

    suspended = {
        pause.begins + dt.timedelta(days=count)
        for pause in paused
        for count in range(((pause.until or pause.begins) - pause.begins).days + 1)
    }
    running = [
        day + dt.timedelta(days=count)
        for count in range(1, (held - day).days + 1)
        if day + dt.timedelta(days=count) not in suspended
    ]
    assert held >= free
    assert len(running) == (free - day).days
    assert running[-1] <= held


@settings(max_examples=40)
@given(DAYS, PLACES, st.integers(1, 40))
def test_working_days_are_working_days_and_end_no_sooner(day: dt.date, place: Place, count: int) -> None:
    length = Quantity(count, Unit.DAYS)
    working = Setting(ARREST, "law", length=length, counting=Counting.WORKING)

    due = _arrest(day, place, setting=working)

    assert place.is_working_day(due)
    assert due >= _arrest(day, place, setting=Setting(ARREST, "law", length=length))
    assert (
        sum(place.is_working_day(day + dt.timedelta(days=ahead)) for ahead in range(1, (due - day).days + 1)) == count
    )


@settings(max_examples=60)
@given(happenings, questions, st.randoms(use_true_random=False))
def test_the_same_inputs_give_the_same_bytes_in_whatever_order(
    happened: list[Event], question: ClockQuestion, order: object
) -> None:
    shuffled = list(happened)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis's own random.Random

    one, other = (json.dumps([clock.as_json() for clock in _clocks(each, question)]) for each in (happened, shuffled))

    assert one == other

"""Clocks: when a limit is due in a named place, what it rests on, and what it may decide."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from dedere.base.finding import Outcome
from dedere.treaty.errors import ClockError, LawQuestionError
from dedere.treaty.limits import Counting, Event, Nature, Place, Setting, Standing, Suspension, run_clocks
from dedere.treaty.quantity import Quantity
from dedere.treaty.words import Unit
from support.clocks import DAKAR, THE_HAGUE, ask, clock, later, on, the_law

MAX_ARREST = "ets024/limit.provisional-arrest.max"
ARREST = on("arrest.provisional", 2026, 11, 2)
EUROPE = ask("ets024")


def test_a_limit_in_days_ends_with_its_last_day_in_the_place() -> None:
    found = clock(MAX_ARREST, ARREST, question=EUROPE)

    assert found.due_day == dt.date(2026, 12, 12)
    assert found.reckonings[0].due_at == dt.datetime(2026, 12, 12, 23, tzinfo=dt.UTC)
    assert found.standing is Standing.RUNNING
    assert found.decides
    assert found.consequence.startswith("Person must be released")
    assert found.reference.place == "ETS 24 Art. 16(4)-(5)"
    assert found.reason == "40 days from arrest.provisional to documents.received."


def test_the_same_event_is_another_day_elsewhere() -> None:
    late = Event("arrest.provisional", dt.datetime(2026, 11, 2, 23, 30, tzinfo=dt.UTC))

    here = clock(MAX_ARREST, late, question=EUROPE)
    there = clock(MAX_ARREST, late, question=ask("ets024", place=DAKAR))

    assert (here.due_day, there.due_day) == (dt.date(2026, 12, 13), dt.date(2026, 12, 12))


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        ((2026, 12, 12, 22), Standing.RUNNING),
        ((2026, 12, 12, 23), Standing.PASSED),
        ((2026, 12, 13, 1), Standing.PASSED),
    ],
)
def test_a_limit_has_passed_when_its_last_day_is_over(now: tuple[int, int, int, int], standing: Standing) -> None:
    assert clock(MAX_ARREST, ARREST, question=later(EUROPE, *now)).standing is standing


def test_an_end_in_time_stops_the_clock_and_a_late_one_is_told() -> None:
    in_time = clock(MAX_ARREST, ARREST, on("documents.received", 2026, 12, 1), question=EUROPE)
    too_late = clock(MAX_ARREST, ARREST, on("documents.received", 2026, 12, 13), question=EUROPE)

    assert in_time.standing is Standing.STOPPED_IN_TIME
    assert too_late.standing is Standing.STOPPED_LATE
    assert too_late.stopped is not None


def test_an_end_before_the_start_or_about_another_person_stops_nothing() -> None:
    arrest = on("arrest.provisional", 2026, 11, 2, subject="person-1")
    before = on("documents.received", 2026, 11, 1, subject="person-1")
    other = on("documents.received", 2026, 11, 20, subject="person-2")

    assert clock(MAX_ARREST, arrest, before, other, question=EUROPE).stopped is None


def test_each_start_has_a_clock_of_its_own() -> None:
    events = [on("arrest.provisional", 2026, 11, day, subject=f"person-{day}") for day in (2, 5)]

    clocks = run_clocks(the_law(), events, question=EUROPE)

    assert [each.started.subject for each in clocks if each.datum == MAX_ARREST] == ["person-2", "person-5"]


def test_an_unverified_number_warns_on_the_shortest_candidate_and_decides_nothing() -> None:
    found = clock("lhc/limit.provisional-arrest", ARREST, question=later(ask("lhc"), 2027, 3, 1))

    assert [str(each.length) for each in found.reckonings] == ["18 days", "40 days", "60 days"]
    assert found.due_day is None
    assert found.warn_day == dt.date(2026, 11, 20)
    assert not found.decides
    assert found.standing is Standing.MAY_HAVE_PASSED
    assert "not settled" in found.reason
    assert all(each.source for each in found.reckonings)


def test_a_number_that_was_only_reported_decides_nothing_either() -> None:
    found = clock("lhc/limit.reservation.presence", on("reservation.effective", 2025, 12, 1), question=ask("lhc"))

    assert found.warn_day == dt.date(2028, 12, 1)
    assert not found.decides
    assert "has not been compared with the authentic text" in found.reason


def test_after_an_unverified_number_an_end_is_neither_late_nor_in_time() -> None:
    end = on("documents.received", 2027, 2, 1)

    assert clock("lhc/limit.provisional-arrest", ARREST, end, question=ask("lhc")).standing is Standing.STOPPED


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    setting = Setting(
        "ets030/limit.detainee-return", "agreement of 2 May", length=Quantity(1, Unit.MONTHS), verified=True
    )
    question = replace(ask("ets030"), settings=(setting,), treaties={"ets182": Outcome.HOLDS})

    def due(year: int, month: int, day: int) -> dt.date | None:
        start = on("detainee.transferred", year, month, day)
        return clock("ets030/limit.detainee-return", start, question=question).due_day

    assert due(2027, 1, 31) == dt.date(2027, 2, 28)
    assert due(2028, 1, 31) == dt.date(2028, 2, 29)
    assert due(2027, 3, 31) == dt.date(2027, 4, 30)
    assert due(2027, 4, 30) == dt.date(2027, 5, 30)


def test_a_year_from_the_leap_day_ends_on_the_last_of_february() -> None:
    start = on("conviction.recorded", 2028, 2, 29)

    assert clock("ets030/limit.records-exchange", start, question=ask("ets030")).due_day == dt.date(2029, 2, 28)


@pytest.mark.parametrize(
    ("deposited", "effect"),
    [((2025, 8, 28), (2025, 12, 1)), ((2025, 9, 1), (2026, 1, 1)), ((2025, 11, 30), (2026, 3, 1))],
)
def test_a_period_to_the_first_of_the_next_month(deposited: tuple[int, int, int], effect: tuple[int, int, int]) -> None:
    found = clock("lhc/limit.entry-into-force-state", on("instrument.deposited", *deposited), question=ask("lhc"))

    assert found.warn_day == dt.date(*effect)
    assert found.nature is Nature.EFFECT


def test_hours_run_from_the_instant_across_summer_time() -> None:
    question = replace(ask("ets030"), treaties={"ets182": Outcome.HOLDS})
    crossed = Event("border.crossed", dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC))

    found = clock("ets030/limit.observation-urgent", crossed, question=question)

    assert found.reckonings[0].due_at == dt.datetime(2027, 3, 28, 5, 30, tzinfo=dt.UTC)
    assert found.due_day == dt.date(2027, 3, 28)


def test_hours_need_the_hour_of_the_event() -> None:
    with pytest.raises(ClockError, match="needs the hour of border"):
        run_clocks(the_law(), [on("border.crossed", 2027, 3, 28)], question=ask("ets030"))


def test_a_standard_without_a_number_runs_without_a_day() -> None:
    question = ask("uncac")
    received = on("request.received", 2026, 11, 2)

    running = clock("uncac/limit.execution", received, question=question)
    done = clock("uncac/limit.execution", received, on("request.executed", 2026, 11, 9), question=question)

    assert running.standing is Standing.NO_NUMBER
    assert running.warn_day is None
    assert running.warn_at is None
    assert done.standing is Standing.STOPPED
    assert running.reason.startswith("no number of days from request.received")


def test_a_length_that_the_states_have_to_agree_is_not_set_until_they_do() -> None:
    started = on("team.set-up", 2026, 11, 2)

    open_one = clock("lhc/limit.jit-period", started, question=ask("lhc"))
    agreed = Setting(
        "lhc/limit.jit-period", "team agreement, clause 4", length=Quantity(12, Unit.MONTHS), verified=True
    )
    set_one = clock("lhc/limit.jit-period", started, question=replace(ask("lhc"), settings=(agreed,)))

    assert open_one.standing is Standing.NOT_SET
    assert "agreement between the States" in open_one.reason
    assert set_one.due_day == dt.date(2027, 11, 2)
    assert "as set by team agreement, clause 4" in set_one.reason


def test_a_setting_nobody_confirmed_only_warns() -> None:
    setting = Setting(MAX_ARREST, "a note in the file", length=Quantity(20, Unit.DAYS))

    found = clock(MAX_ARREST, ARREST, question=replace(EUROPE, settings=(setting,)))

    assert found.warn_day == dt.date(2026, 11, 22)
    assert not found.decides


def test_a_declared_number_counts_and_the_ceiling_in_the_treaty_does_not_decide() -> None:
    limit = "ets030/limit.service-notice"
    received, hearing = on("summons.received", 2026, 11, 2), on("hearing.date", 2026, 12, 10)
    declared = Setting(limit, "declaration", length=Quantity(30, Unit.DAYS), verified=True)

    ceiling = clock(limit, received, hearing, question=ask("ets030"))
    known = clock(limit, received, hearing, question=replace(ask("ets030"), settings=(declared,)))
    short = clock(
        limit, received, on("hearing.date", 2026, 11, 20), question=replace(ask("ets030"), settings=(declared,))
    )

    assert ceiling.standing is Standing.NOTICE_MAY_BE_TOO_SHORT
    assert not ceiling.decides
    assert known.standing is Standing.NOTICE_KEPT
    assert short.standing is Standing.NOTICE_TOO_SHORT
    assert short.nature is Nature.NOTICE


def test_working_days_leave_out_weekends_and_the_holidays_of_the_place() -> None:
    setting = Setting(
        MAX_ARREST, "domestic law", length=Quantity(5, Unit.DAYS), counting=Counting.WORKING, verified=True
    )
    question = replace(EUROPE, settings=(setting,))
    before_christmas = on("arrest.provisional", 2026, 12, 23)

    assert clock(MAX_ARREST, before_christmas, question=question).due_day == dt.date(2026, 12, 31)
    extra = replace(THE_HAGUE, extra_holidays=frozenset({dt.date(2026, 12, 31)}))
    assert clock(MAX_ARREST, before_christmas, question=replace(question, place=extra)).due_day == dt.date(2027, 1, 4)
    worked = replace(THE_HAGUE, worked_days=frozenset({dt.date(2026, 12, 25)}))
    assert clock(MAX_ARREST, before_christmas, question=replace(question, place=worked)).due_day == dt.date(
        2026, 12, 30
    )


def test_a_last_day_that_is_free_moves_only_where_a_setting_says_so() -> None:
    arrest = on("arrest.provisional", 2026, 11, 15)
    moving = Setting(MAX_ARREST, "domestic law", move_to_working_day=True, verified=True)

    assert clock(MAX_ARREST, arrest, question=EUROPE).due_day == dt.date(2026, 12, 25)
    moved = clock(MAX_ARREST, arrest, question=replace(EUROPE, settings=(moving,)))
    assert moved.due_day == dt.date(2026, 12, 28)
    assert moved.decides


def test_the_first_day_counts_only_where_a_setting_says_so() -> None:
    counting = Setting(MAX_ARREST, "domestic law", count_first_day=True, verified=True)

    found = clock(MAX_ARREST, ARREST, question=replace(EUROPE, settings=(counting,)))

    assert found.due_day == dt.date(2026, 12, 11)


def _paused(
    *spans: tuple[tuple[int, int, int], tuple[int, int, int] | None], subject: str = ""
) -> tuple[Suspension, ...]:
    return tuple(
        Suspension(MAX_ARREST, dt.date(*begins), dt.date(*until) if until else None, "appeal", subject=subject)
        for begins, until in spans
    )


def test_suspended_days_move_the_last_day() -> None:
    pauses = _paused(((2026, 11, 10), (2026, 11, 14)), ((2026, 11, 12), (2026, 11, 16)), ((2026, 10, 1), (2026, 11, 3)))

    found = clock(MAX_ARREST, ARREST, question=replace(EUROPE, suspensions=pauses))

    assert found.suspended_days == 8
    assert found.due_day == dt.date(2026, 12, 20)


def test_a_suspension_after_the_end_or_of_another_person_moves_nothing() -> None:
    later_pause = _paused(((2027, 1, 1), (2027, 1, 9)))
    others = _paused(((2026, 11, 10), (2026, 11, 14)), subject="person-9")

    for pauses in (later_pause, others):
        assert clock(MAX_ARREST, ARREST, question=replace(EUROPE, suspensions=pauses)).due_day == dt.date(2026, 12, 12)


def test_an_open_suspension_counts_to_today_and_shows() -> None:
    found = clock(MAX_ARREST, ARREST, question=replace(EUROPE, suspensions=_paused(((2026, 11, 20), None))))

    assert found.standing is Standing.SUSPENDED
    assert found.due_day == dt.date(2026, 12, 17)


def test_working_days_leave_out_suspended_days_too() -> None:
    setting = Setting(
        MAX_ARREST, "domestic law", length=Quantity(5, Unit.DAYS), counting=Counting.WORKING, verified=True
    )
    question = replace(EUROPE, settings=(setting,), suspensions=_paused(((2026, 11, 3), (2026, 11, 4))))

    assert clock(MAX_ARREST, ARREST, question=question).due_day == dt.date(2026, 11, 11)


def test_hours_are_suspended_by_whole_days() -> None:
    limit = "ets030/limit.observation-urgent"
    crossed = Event("border.crossed", dt.datetime(2027, 5, 3, 20, 0, tzinfo=dt.UTC))
    pauses = (
        Suspension(limit, dt.date(2027, 5, 4), dt.date(2027, 5, 4), "storm"),
        Suspension(limit, dt.date(2027, 6, 4), dt.date(2027, 6, 4), "another"),
    )

    found = clock(limit, crossed, question=replace(ask("ets030"), suspensions=pauses))

    assert found.reckonings[0].due_at == dt.datetime(2027, 5, 5, 1, 0, tzinfo=dt.UTC)


def test_a_suspension_cannot_end_before_it_begins() -> None:
    with pytest.raises(ClockError, match="cannot end before it begins"):
        Suspension(MAX_ARREST, dt.date(2026, 11, 2), dt.date(2026, 11, 1), "appeal")


SPECIALITY = on("person.finally-discharged", 2026, 11, 2)


@pytest.mark.parametrize(
    ("newer", "expected"),
    [
        (Outcome.HOLDS, {"ets024/limit.speciality.ets212": True}),
        (Outcome.DOES_NOT_HOLD, {"ets024/limit.speciality": True}),
        (Outcome.UNSETTLED, {"ets024/limit.speciality": False, "ets024/limit.speciality.ets212": False}),
    ],
)
def test_a_protocol_replaces_the_number_where_it_binds_both(newer: Outcome, expected: dict[str, bool]) -> None:
    question = replace(EUROPE, treaties={"ets212": newer})

    found = {each.datum: each.decides for each in run_clocks(the_law(), [SPECIALITY], question=question)}

    assert found == expected


def test_kinds_narrow_what_an_event_starts() -> None:
    both = run_clocks(the_law(), [SPECIALITY], question=ask("ets024", "ets112"))
    narrow = replace(ask("ets024", "ets112"), kinds=frozenset({"transfer"}))

    assert {each.datum.split("/")[0] for each in both} == {"ets024", "ets112"}
    assert {each.datum.split("/")[0] for each in run_clocks(the_law(), [SPECIALITY], question=narrow)} == {"ets112"}


def test_the_soonest_comes_first_and_those_without_a_day_last() -> None:
    events = [ARREST, on("request.received", 2026, 11, 2), on("surrender.date-appointed", 2026, 11, 4)]

    clocks = run_clocks(the_law(), events, question=ask("ets024", "ets030"))

    days = [each.warn_day for each in clocks]
    known = [day for day in days if day is not None]
    assert known == sorted(known)
    assert days == known + [None] * (len(days) - len(known))
    assert days[-1] is None


def test_an_unknown_instrument_and_a_day_beyond_the_calendar_are_refused() -> None:
    with pytest.raises(LawQuestionError, match="no instrument 'nothing'"):
        run_clocks(the_law(), [ARREST], question=ask("nothing"))
    with pytest.raises(ClockError, match="beyond the last day"):
        run_clocks(the_law(), [on("arrest.provisional", 9999, 12, 30)], question=EUROPE)


def test_a_clock_as_json_says_everything_a_page_shows() -> None:
    found = clock(MAX_ARREST, ARREST, on("documents.received", 2026, 12, 1), question=EUROPE).as_json()

    assert found["due_day"] == "2026-12-12"
    assert found["stopped"] == {"name": "documents.received", "at": "2026-12-01", "subject": ""}
    assert found["reckonings"] == [
        {
            "length": {"days": 40},
            "source": "ETS 24 Art. 16(4)-(5)",
            "due_day": "2026-12-12",
            "due_at": "2026-12-12T23:00:00Z",
        }
    ]
    empty = clock("uncac/limit.execution", on("request.received", 2026, 11, 2), question=ask("uncac")).as_json()
    assert (empty["due_day"], empty["warn_day"], empty["stopped"]) == (None, None, None)


@pytest.mark.parametrize("zone", ["Nowhere/Atlantis", "../etc/passwd", ""])
def test_a_place_needs_a_time_zone_that_exists(zone: str) -> None:
    with pytest.raises(ClockError, match="There is no time zone"):
        Place(zone)


def test_a_place_without_known_holidays_counts_saturdays_and_sundays_only() -> None:
    for place in (Place("Europe/Amsterdam"), Place("Europe/Amsterdam", country="XX")):
        assert not place.holidays_known
        assert place.is_working_day(dt.date(2026, 12, 25))
        assert not place.is_working_day(dt.date(2026, 12, 26))
    assert DAKAR.holidays_known
    assert not DAKAR.is_working_day(dt.date(2027, 4, 4))


def test_a_calendar_without_working_days_is_refused() -> None:
    rest = frozenset(dt.date(2026, 11, 2) + dt.timedelta(days=count) for count in range(70))

    with pytest.raises(ClockError, match="no working day for sixty days"):
        replace(THE_HAGUE, extra_holidays=rest).next_working_day(dt.date(2026, 11, 2))


def test_working_days_where_the_holidays_are_not_known_only_warn() -> None:
    somewhere = replace(THE_HAGUE, country="")
    working = Setting(MAX_ARREST, "domestic law", counting=Counting.WORKING, verified=True)
    arrest = on("arrest.provisional", 2026, 11, 2)

    known = clock(MAX_ARREST, arrest, question=replace(ask("ets024"), settings=(working,)))
    unknown = clock(MAX_ARREST, arrest, question=replace(ask("ets024", place=somewhere), settings=(working,)))

    assert "holidays" not in known.reason
    assert "the public holidays of the place are not known" in unknown.reason
    assert not unknown.decides

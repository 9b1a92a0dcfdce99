"""Safe conduct and temporary transfer: agreed terms, clocks that rest on the law's data alone, time served."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools

import pytest

from dedere.base.errors import InputError
from dedere.casework.persons.attendance import (
    AttendanceKind,
    AttendanceSetting,
    Lack,
    Terms,
    clocks_of_attendance,
    duties_of_attendance,
    lacks,
    time_served,
)
from dedere.treaty.limits import Clock, Place
from dedere.treaty.limits_clock import Standing
from dedere.treaty.loading import load_law

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
CONDUCT, LENT = AttendanceKind.SAFE_CONDUCT, AttendanceKind.TEMPORARY_TRANSFER
SETTING = AttendanceSetting(instruments=("lhc",), place=Place("Europe/Amsterdam", "NL"), now=NOW, treaties={})
WITNESS = Terms(host="NL", purpose="To testify about the mill (fictional).")
DETAINEE = Terms(
    host="NL",
    purpose="To testify about the mill (fictional).",
    agreement="Letter of 2 November 2026",
    consented_on=dt.date(2026, 11, 1),
    custody="In custody for the whole stay.",
    arrived_on=dt.date(2026, 11, 10),
    return_by=dt.date(2026, 12, 10),
)

law = functools.cache(load_law)


def clocks(kind: AttendanceKind, terms: Terms, **changed: object) -> tuple[Clock, ...]:
    setting = dataclasses.replace(SETTING, **changed)  # type: ignore[arg-type] # fields of the setting
    return clocks_of_attendance(law(), kind, terms, setting=setting)


def test_immunity_without_an_agreed_period_warns_by_the_laws_candidate_and_decides_nothing() -> None:
    terms = dataclasses.replace(WITNESS, not_needed_since=dt.date(2026, 11, 1))

    (clock,) = clocks(CONDUCT, terms)

    assert clock.datum == "lhc/limit.safe-conduct"
    assert (clock.decides, clock.due_day) == (False, None)
    assert clock.warn_day == dt.date(2026, 11, 16)
    assert clock.standing is Standing.MAY_HAVE_PASSED
    assert "not settled" in clock.reason


def test_an_agreed_period_of_immunity_takes_the_place_of_the_unsettled_number() -> None:
    terms = dataclasses.replace(
        WITNESS, not_needed_since=dt.date(2026, 11, 20), immunity_days=30, agreement="Letter of 2 November 2026"
    )

    (clock,) = clocks(CONDUCT, terms)

    assert clock.due_day == dt.date(2026, 12, 20)
    assert clock.standing is Standing.RUNNING
    assert "Letter of 2 November 2026" in clock.reason


def test_immunity_stands_still_while_the_person_could_not_leave() -> None:
    begun = dataclasses.replace(
        WITNESS, not_needed_since=dt.date(2026, 11, 1), immunity_days=10, agreement="Letter of 2 November 2026"
    )
    hindered = dataclasses.replace(begun, hindered_from=dt.date(2026, 11, 3), hindered_until=dt.date(2026, 11, 7))

    (free,), (held,) = clocks(CONDUCT, begun), clocks(CONDUCT, hindered)

    assert (free.due_day, held.due_day) == (dt.date(2026, 11, 11), dt.date(2026, 11, 16))
    assert held.suspended_days == 5


def test_a_person_who_left_in_time_stops_the_clock() -> None:
    terms = dataclasses.replace(WITNESS, not_needed_since=dt.date(2026, 11, 1), left_on=dt.date(2026, 11, 5))

    (clock,) = clocks(CONDUCT, terms)

    assert clock.stopped is not None
    assert clock.standing is Standing.STOPPED_IN_TIME


def test_the_agreed_day_of_return_is_a_clock_and_without_it_nothing_is_known() -> None:
    (agreed,) = clocks(LENT, DETAINEE)
    (open_,) = clocks(LENT, dataclasses.replace(DETAINEE, return_by=None))

    assert (agreed.datum, agreed.due_day) == ("lhc/limit.detainee-return", dt.date(2026, 12, 10))
    assert agreed.decides
    assert open_.due_day is None
    assert open_.standing in {Standing.NOT_SET, Standing.NO_NUMBER}


def test_a_return_too_late_is_said_to_be_late() -> None:
    (clock,) = clocks(
        LENT, dataclasses.replace(DETAINEE, return_by=dt.date(2026, 11, 12), left_on=dt.date(2026, 11, 20))
    )

    assert clock.standing is Standing.STOPPED_LATE


def test_nothing_runs_before_anything_happened() -> None:
    assert clocks(CONDUCT, WITNESS) == ()
    assert clocks(LENT, dataclasses.replace(DETAINEE, arrived_on=None)) == ()


def test_what_is_owed_for_a_lent_person_comes_from_the_law_with_its_provenance() -> None:
    owed = duties_of_attendance(law(), LENT, DETAINEE, setting=SETTING)
    before = duties_of_attendance(law(), LENT, dataclasses.replace(DETAINEE, arrived_on=None), setting=SETTING)

    assert {"lhc/duty.mla.detainee-custody", "lhc/duty.mla.detainee-credit"} <= {duty.datum for duty in owed}
    assert {duty.datum for duty in before} == {duty.datum for duty in owed}
    assert not any(duty.reference.verified for duty in owed)
    assert duties_of_attendance(law(), CONDUCT, WITNESS, setting=SETTING) == ()


def test_time_served_counts_the_first_and_the_last_day() -> None:
    today = NOW.date()
    going = time_served(LENT, DETAINEE, today=today)
    back = time_served(LENT, dataclasses.replace(DETAINEE, left_on=dt.date(2026, 11, 12)), today=today)

    assert going is not None
    assert (going.days, going.so_far) == (15, True)
    assert back is not None
    assert (back.first, back.last, back.days, back.so_far) == (DETAINEE.arrived_on, dt.date(2026, 11, 12), 3, False)
    assert time_served(CONDUCT, DETAINEE, today=today) is None
    assert time_served(LENT, dataclasses.replace(DETAINEE, arrived_on=None), today=today) is None
    assert time_served(LENT, DETAINEE, today=dt.date(2026, 11, 9)) is None


def test_what_the_terms_do_not_say_is_named() -> None:
    bare = Terms(host="NL", purpose="To testify.")

    assert lacks(CONDUCT, bare) == (Lack.AGREEMENT,)
    assert lacks(LENT, bare) == (Lack.AGREEMENT, Lack.CONSENT, Lack.CUSTODY, Lack.RETURN_DATE)
    assert lacks(LENT, DETAINEE) == ()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"not_needed_since": dt.date(2026, 11, 9)}, "needed when the person comes"),
        ({"left_on": dt.date(2026, 11, 9)}, "before they came"),
        ({"return_by": dt.date(2026, 11, 10)}, "must lie after"),
        ({"consented_on": dt.date(2026, 11, 11)}, "before the transfer"),
        ({"hindered_from": dt.date(2026, 11, 12), "hindered_until": dt.date(2026, 11, 11)}, "hindrance"),
        ({"hindered_until": dt.date(2026, 11, 11)}, "since when"),
        ({"immunity_days": 0}, "1 to 3660 days"),
        ({"immunity_days": 4000}, "1 to 3660 days"),
        ({"agreement": " "}, "where the period or the day of return is agreed"),
    ],
)
def test_terms_that_contradict_themselves_are_refused(changed: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        dataclasses.replace(DETAINEE, **changed)  # type: ignore[arg-type] # fields of the terms


def test_terms_survive_being_kept_and_nothing_else_is_read() -> None:
    kept = DETAINEE.as_json()

    assert Terms.from_json(kept) == DETAINEE
    assert Terms.from_json(dataclasses.replace(DETAINEE, immunity_days=20).as_json()).immunity_days == 20
    for broken in (
        {**kept, "version": "dedere-attendance/2"},
        {**kept, "more": "x"},
        {**kept, "arrived_on": "soon"},
        {**kept, "arrived_on": 3},
        {**kept, "immunity_days": True},
        {**kept, "host": None},
        {**kept, "purpose": 3},
    ):
        with pytest.raises(InputError):
            Terms.from_json(broken)

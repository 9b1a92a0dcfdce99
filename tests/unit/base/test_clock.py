"""Time as an input: instants have a zone, one written form, and clocks that move forward only."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedere.base.clock import FixedClock, SystemClock, format_instant, parse_instant, require_utc
from dedere.base.errors import InputError

NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
FIRST, LAST = NOON.replace(year=1000, tzinfo=None), NOON.replace(year=9999, tzinfo=None)
INSTANTS = st.datetimes(FIRST, LAST, timezones=ZONES)


def test_the_machines_clock_tells_utc() -> None:
    before = SystemClock().now()
    assert before.tzinfo is dt.UTC
    assert before <= SystemClock().now()


def test_a_fixed_clock_moves_when_told_and_never_back() -> None:
    clock = FixedClock(NOON)
    clock.advance(dt.timedelta(minutes=5))
    clock.advance(dt.timedelta(0))
    assert clock.now() == NOON + dt.timedelta(minutes=5)
    with pytest.raises(InputError, match="forward only"):
        clock.advance(dt.timedelta(microseconds=-1))
    assert clock.now() == NOON + dt.timedelta(minutes=5)


def test_an_instant_without_a_zone_would_be_a_guess() -> None:
    naive = NOON.replace(tzinfo=None)
    for refuse in (require_utc, format_instant, FixedClock):
        with pytest.raises(InputError, match="time zone"):
            refuse(naive)


def test_another_zone_is_the_same_instant() -> None:
    amsterdam = NOON.astimezone(dt.timezone(dt.timedelta(hours=1)))
    assert require_utc(amsterdam).tzinfo is dt.UTC
    assert format_instant(amsterdam) == "2026-11-24T12:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "", "2026-11-24", "2026-11-24T12:00:00", "2026-11-24T12:00:00+00:00", "2026-11-24 12:00:00Z",
        "2026-11-24T12:00:00.5Z", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-24T24:00:00Z",
        "2026-11-24T12:00:60Z", "2026-11-24T12:00:00z", " 2026-11-24T12:00:00Z", "2026-1-4T1:0:0Z",
        "２０２６-11-24T12:00:00Z", "x" * 1000,
    ],
)  # fmt: skip
def test_any_other_form_of_an_instant_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="written like") as refusal:
        parse_instant(text)
    assert len(str(refusal.value)) < 120


@given(INSTANTS)
def test_what_is_written_reads_back_as_the_same_second(instant: dt.datetime) -> None:
    assert parse_instant(format_instant(instant)) == require_utc(instant).replace(microsecond=0)


@given(INSTANTS, INSTANTS)
def test_written_instants_sort_as_the_instants_do(one: dt.datetime, other: dt.datetime) -> None:
    if one < other:
        assert format_instant(one) <= format_instant(other)


@given(st.text(max_size=30))
def test_whatever_is_read_has_exactly_one_spelling(text: str) -> None:
    try:
        instant = parse_instant(text)
    except InputError:
        return
    assert format_instant(instant) == text

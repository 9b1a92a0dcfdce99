"""A hearing as it is planned: times on two clocks, what a plan does not say, what it collides with, what the law says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedere.base.errors import InputError
from dedere.casework.persons.attendance import Terms
from dedere.casework.persons.hearing_law import (
    checks_at_hearing,
    consents_asked,
    duties_at_hearing,
    measure_of,
)
from dedere.casework.persons.hearings import (
    Around,
    Booking,
    Clash,
    ClashKind,
    Lack,
    Plan,
    booking_of,
    clashes,
    lacks,
)
from dedere.casework.persons.moments import TwiceError, clocks_change, hours_apart, instant_of, shown_in
from dedere.treaty.law import Law
from dedere.treaty.limits import Place
from dedere.treaty.words import Measure
from support.lawbook import packaged as lawbook

AMSTERDAM, DAKAR = "Europe/Amsterdam", "Africa/Dakar"
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
START = dt.datetime(2026, 12, 9, 13, tzinfo=dt.UTC)  # a Wednesday, 14:00 in Amsterdam, 13:00 in Dakar
HOUR = dt.timedelta(hours=1)
PLAN = Plan(mode="video", zone_here=AMSTERDAM, zone_there=DAKAR)
FULL = Plan(
    mode="video", zone_here=AMSTERDAM, zone_there=DAKAR, place="Room 1", place_there="Salle 4", summoned_by="The court",
    law="both", oath="oath", privileges_here="As a relative", privileges_there="As a relative", counsel="Mr Ndiaye",
    language="wo", interpreter="Fatou Sy (fictional)", interpreter_certificate="SN-114", present=("The judge, left",),
    documents=("A map",), recording="video", test_at="2026-12-08T10:00:00Z", costs="The requesting State",
    consent="given", consented_on="2026-11-20",
)  # fmt: skip


def around(*others: Booking, terms: tuple[Terms, ...] = (), now: dt.datetime = NOW) -> Around:
    return Around(others=others, here=Place(AMSTERDAM, "NL"), there=Place(DAKAR, "SN"), now=now, terms=terms)


def found(
    plan: Plan, start: dt.datetime = START, *, length: dt.timedelta = HOUR, near: Around | None = None
) -> list[Clash]:
    booked = booking_of("this", "person", plan, start=start, end=start + length)
    return list(clashes(plan, booked, near or around()))


# ---------------------------------------------------------------- clocks


def test_a_time_on_one_clock_is_the_instant_that_the_other_clock_shows_as_well() -> None:
    instant = instant_of(dt.date(2026, 7, 1), dt.time(14, 30), AMSTERDAM)

    assert instant == dt.datetime(2026, 7, 1, 12, 30, tzinfo=dt.UTC)
    assert shown_in(instant, DAKAR).strftime("%H:%M") == "12:30"
    assert hours_apart(instant, AMSTERDAM, DAKAR) == dt.timedelta(hours=-2)


def test_an_hour_over_which_clocks_are_put_forward_does_not_exist() -> None:
    with pytest.raises(InputError, match="There is no 02:30 on 2027-03-28 in Europe/Amsterdam"):
        instant_of(dt.date(2027, 3, 28), dt.time(2, 30), AMSTERDAM)


def test_an_hour_that_comes_twice_is_asked_about() -> None:
    night, time = dt.date(2026, 10, 25), dt.time(2, 30)

    with pytest.raises(TwiceError, match="comes twice"):
        instant_of(night, time, AMSTERDAM)

    first, second = (instant_of(night, time, AMSTERDAM, which=which) for which in ("earlier", "later"))
    assert second - first == HOUR
    assert {shown_in(each, AMSTERDAM).time() for each in (first, second)} == {time}


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../etc/passwd", ""])
def test_a_zone_that_is_none_is_refused_in_one_sentence(zone: str) -> None:
    with pytest.raises(InputError, match="There is no such time zone"):
        instant_of(dt.date(2026, 7, 1), dt.time(9), zone)


@given(
    st.integers(0, 20 * 365 * 24 * 60),
    st.sampled_from([AMSTERDAM, DAKAR, "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_what_a_clock_shows_leads_back_to_the_instant(minutes: int, zone: str) -> None:
    instant = dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
    local = shown_in(instant, zone)

    back = instant_of(local.date(), local.time(), zone, which="later" if local.fold else "earlier")

    assert back == instant


# ---------------------------------------------------------------- the plan


def test_a_plan_is_the_same_after_it_was_kept() -> None:
    assert Plan.from_json(FULL.as_json()) == FULL
    assert Plan.from_json(PLAN.as_json()) == PLAN


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"mode": "by-pigeon"}, "none of those offered"),
        ({"mode": ""}, "how the person is heard"),
        ({"oath": "perhaps"}, "none of those offered"),
        ({"zone_there": "Nowhere"}, "no such time zone"),
        ({"test_at": "tomorrow"}, "instant"),
        ({"present": ("x",) * 61}, "No more than 60 rows"),
        ({"costs": "x" * 4001}, "4000 characters"),
        ({"documents": ("x" * 4001,)}, "4000 characters"),
    ],
)
def test_a_plan_with_nonsense_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        Plan(**{"mode": "video", "zone_here": AMSTERDAM, "zone_there": DAKAR, **change})  # type: ignore[arg-type] # nonsense on purpose


@pytest.mark.parametrize(
    "change",
    [{"version": "dedere-hearing/9"}, {"costs": 7}, {"present": "one"}, {"documents": [1]}, {"extra": "x"}],
)
def test_what_is_no_plan_is_not_read_as_one(change: dict[str, object]) -> None:
    with pytest.raises(InputError, match="not the plan of a hearing"):
        Plan.from_json({**FULL.as_json(), **change})


def test_a_plan_says_what_it_lacks_and_a_full_one_lacks_nothing() -> None:
    assert lacks(FULL, consent_asked=True, has_defence=True) == ()
    bare = lacks(replace(PLAN, interpreter="Fatou Sy"), consent_asked=True, has_defence=True)
    assert set(bare) == set(Lack)


def test_a_room_needs_no_test_and_a_witness_no_counsel() -> None:
    in_room = lacks(
        replace(FULL, mode="place", test_at="", counsel="", consent=""), consent_asked=False, has_defence=False
    )
    assert in_room == ()
    assert Lack.ROOM in lacks(replace(FULL, mode="place", place=""), consent_asked=False, has_defence=False)


# ---------------------------------------------------------------- collisions


def test_a_good_plan_collides_with_nothing() -> None:
    assert found(FULL) == []


@pytest.mark.parametrize(
    ("start", "length", "kinds"),
    [
        (START, HOUR, {ClashKind.PERSON, ClashKind.INTERPRETER, ClashKind.ROOM}),
        (START + HOUR, HOUR, set()),  # it begins when this one ends
        (START - HOUR, HOUR, set()),
        (START - HOUR, 3 * HOUR, {ClashKind.PERSON, ClashKind.INTERPRETER, ClashKind.ROOM}),
    ],
)
def test_nobody_and_no_room_is_in_two_hearings_at_once(
    start: dt.datetime, length: dt.timedelta, kinds: set[ClashKind]
) -> None:
    other = booking_of(
        "other", "person", replace(FULL, interpreter="FATOU  sy (fictional)"), start=start, end=start + length
    )

    assert {clash.kind for clash in found(FULL, near=around(other))} == kinds
    assert found(FULL, near=around(replace(other, hearing="this"))) == []


def test_another_person_without_interpreter_in_another_room_is_no_collision() -> None:
    other = booking_of("other", "somebody", PLAN, start=START, end=START + HOUR)
    assert found(FULL, near=around(other)) == []


def test_a_refused_consent_and_a_test_that_failed_or_comes_too_late_are_seen() -> None:
    plan = replace(FULL, consent="refused", test_result="failed", test_at="2026-12-09T13:00:00Z")
    assert [clash.kind for clash in found(plan)] == [
        ClashKind.CONSENT_REFUSED,
        ClashKind.TEST_LATE,
        ClashKind.TEST_FAILED,
    ]


@pytest.mark.parametrize(
    ("terms", "kind"),
    [
        ({"arrived_on": dt.date(2026, 12, 10)}, ClashKind.NOT_ARRIVED),
        ({"return_by": dt.date(2026, 12, 8), "agreement": "Letter of 1 December"}, ClashKind.RETURNED_BY),
        ({"left_on": dt.date(2026, 12, 8)}, ClashKind.LEFT),
        ({"not_needed_since": dt.date(2026, 12, 8)}, ClashKind.IMMUNITY_RUNS_OUT),
    ],
)
def test_whoever_is_to_sit_in_the_room_must_be_there_by_the_terms(terms: dict[str, object], kind: ClashKind) -> None:
    presence = Terms(host="NL", purpose="To be heard", **terms)  # type: ignore[arg-type] # each a field of the terms
    room = replace(FULL, mode="place")

    assert [clash.kind for clash in found(room, near=around(terms=(presence,)))] == [kind]
    assert found(FULL, near=around(terms=(presence,))) == []
    assert found(room, near=around(terms=(Terms(host="NL", purpose="To be heard"),))) == []


def test_free_days_and_nights_are_those_of_each_end() -> None:
    tokyo = replace(FULL, zone_there="Asia/Tokyo")
    near = replace(around(), there=Place("Asia/Tokyo", "JP"))
    assert [(clash.kind, clash.at) for clash in found(tokyo, near=near)] == [(ClashKind.NIGHT, "Asia/Tokyo")]
    christmas = dt.datetime(2026, 12, 25, 10, tzinfo=dt.UTC)
    assert {clash.at for clash in found(FULL, christmas)} == {AMSTERDAM, DAKAR}
    early = dt.datetime(2026, 12, 9, 5, tzinfo=dt.UTC)
    assert (ClashKind.NIGHT, DAKAR) in {(clash.kind, clash.at) for clash in found(FULL, early)}
    late = dt.datetime(2026, 12, 9, 19, 30, tzinfo=dt.UTC)
    assert (ClashKind.NIGHT, AMSTERDAM) in {(clash.kind, clash.at) for clash in found(FULL, late, length=2 * HOUR)}


def test_a_hearing_across_a_change_of_clocks_says_so() -> None:
    start = dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC)
    kinds = {clash.kind for clash in found(FULL, start, length=2 * HOUR)}
    assert {ClashKind.CLOCKS_CHANGE, ClashKind.REST_DAY} <= kinds
    assert clocks_change(start, start + HOUR, AMSTERDAM)
    summer = found(FULL, dt.datetime(2027, 6, 9, 13, tzinfo=dt.UTC))
    assert [clash.kind for clash in summer] == [ClashKind.DIFFERENCE_CHANGES]


# ---------------------------------------------------------------- the law


def test_what_a_hearing_is_follows_from_how_and_of_whom() -> None:
    assert measure_of("video", ["witness"]) is Measure.HEARING_VIDEO
    assert measure_of("video", ["victim", "accused"]) is Measure.HEARING_VIDEO_ACCUSED
    assert measure_of("telephone", ["accused"]) is Measure.HEARING_TELEPHONE
    assert measure_of("place", ["accused"]) is Measure.STATEMENT


def test_consent_and_duties_come_from_the_data_with_their_provenance() -> None:
    law: Law = lawbook()
    asked = consents_asked(law, Measure.HEARING_VIDEO_ACCUSED, instruments=("lhc", "ets030"))
    assert [each.reference.status for each in asked] == ["modelled", "read"]
    assert consents_asked(law, Measure.HEARING_TELEPHONE, instruments=("lhc",))[0].ask
    assert consents_asked(law, Measure.HEARING_VIDEO, instruments=("lhc", "ets030")) == ()
    assert consents_asked(law, Measure.HEARING_VIDEO_ACCUSED, instruments=("untoc",)) == ()
    day = START.date()
    duties = duties_at_hearing(law, Measure.HEARING_VIDEO, instruments=("lhc",), on=day)
    assert {"lhc/duty.mla.video-minutes", "lhc/duty.mla.video-presence"} <= {each.datum for each in duties}
    assert len({each.datum for each in duties}) == len(duties)


def test_practice_is_shown_as_practice() -> None:
    checks = checks_at_hearing(lawbook())
    assert {"practice.video-plan", "practice.video-test", "practice.interview-history"} <= {each.id for each in checks}

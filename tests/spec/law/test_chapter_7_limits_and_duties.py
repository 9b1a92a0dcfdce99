"""Chapter 7. What happened, by when something is due, and who owes what.

Paragraphs in order: a day and its end, months and years, hours, suspension, numbers nobody verified, numbers that
States set, duties without a number. Every event is fictional.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from dedere.base.finding import Outcome
from dedere.treaty.duties import DutyQuestion, duties_owed
from dedere.treaty.limits import Event, Setting, Standing, Suspension
from dedere.treaty.quantity import Quantity
from dedere.treaty.words import Side, Unit
from support.clocks import DAKAR, ask, clock, later, on, the_law

MAX_ARREST = "ets024/limit.provisional-arrest.max"
MAY_END = "ets024/limit.provisional-arrest.may-end"
ARREST = on("arrest.provisional", 2026, 11, 2)


def test_7_1_an_arrest_may_end_after_eighteen_days_and_must_end_after_forty() -> None:
    """ETS 24 Art. 16(4). The day of the arrest is not counted; the last day ends at midnight in the place."""
    may, must = (clock(limit, ARREST, question=ask("ets024")) for limit in (MAY_END, MAX_ARREST))

    assert may.due_day == dt.date(2026, 11, 20)
    assert must.due_day == dt.date(2026, 12, 12)
    assert must.reckonings[0].due_at == dt.datetime(2026, 12, 12, 23, tzinfo=dt.UTC), "midnight in The Hague"
    assert may.consequence == "Arrest may be ended."
    assert must.consequence.startswith("Person must be released")


def test_7_2_the_same_moment_is_another_day_in_another_place() -> None:
    """An arrest at half past eleven in the evening, Dakar time, happened on the next day in The Hague."""
    arrest = Event("arrest.provisional", dt.datetime(2026, 11, 2, 23, 30, tzinfo=dt.UTC))

    assert clock(MAY_END, arrest, question=ask("ets024", place=DAKAR)).due_day == dt.date(2026, 11, 20)
    assert clock(MAY_END, arrest, question=ask("ets024")).due_day == dt.date(2026, 11, 21)


def test_7_3_documents_in_time_stop_the_clock() -> None:
    """Both limits end with the complete file (documents.received)."""
    in_time = clock(MAX_ARREST, ARREST, on("documents.received", 2026, 12, 12), question=ask("ets024"))
    late = clock(MAX_ARREST, ARREST, on("documents.received", 2026, 12, 13), question=ask("ets024"))

    assert in_time.standing is Standing.STOPPED_IN_TIME
    assert late.standing is Standing.STOPPED_LATE


def test_7_4_three_months_to_the_first_of_the_next_fits_the_date_shown_for_latvia() -> None:
    """Deposited 28 August 2025, shown with 1 December 2025 (lhc/limit.entry-into-force-state)."""
    deposited = on("instrument.deposited", 2025, 8, 28)

    found = clock("lhc/limit.entry-into-force-state", deposited, question=ask("lhc"))

    assert found.warn_day == dt.date(2025, 12, 1)
    assert not found.decides, "reported, not read"


def test_7_5_a_year_from_the_leap_day_ends_on_the_last_day_of_february() -> None:
    """Convictions are communicated at least once a year (ets030/limit.records-exchange)."""
    recorded = on("conviction.recorded", 2028, 2, 29)

    found = clock("ets030/limit.records-exchange", recorded, question=ask("ets030"))

    assert found.due_day == dt.date(2029, 2, 28)


def test_7_6_five_hours_are_five_hours_even_when_the_clocks_change() -> None:
    """Urgent observation across a border (ETS 182 Art. 17(2)); summer time begins at two in the morning."""
    crossed = Event("border.crossed", dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC))
    question = replace(ask("ets030"), treaties={"ets182": Outcome.HOLDS})

    found = clock("ets030/limit.observation-urgent", crossed, question=question)

    assert found.reckonings[0].due_at - dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC) == dt.timedelta(hours=5)


def test_7_7_days_on_which_a_limit_does_not_run_are_added_at_its_end() -> None:
    """Suspension is a fact of the case with its reason; the data know none."""
    appeal = Suspension(MAX_ARREST, dt.date(2026, 11, 10), dt.date(2026, 11, 14), "appeal against the arrest")

    found = clock(MAX_ARREST, ARREST, question=replace(ask("ets024"), suspensions=(appeal,)))

    assert found.suspended_days == 5
    assert found.due_day == dt.date(2026, 12, 17)


def test_7_8_a_number_nobody_verified_warns_on_the_shortest_and_decides_nothing() -> None:
    """The Convention's period of provisional arrest: 18, 40 or 60 days are candidates, not law."""
    found = clock("lhc/limit.provisional-arrest", ARREST, question=later(ask("lhc"), 2027, 6, 1))

    assert [str(each.length) for each in found.reckonings] == ["18 days", "40 days", "60 days"]
    assert found.warn_day == dt.date(2026, 11, 20)
    assert found.due_day is None
    assert found.standing is Standing.MAY_HAVE_PASSED


def test_7_9_forty_five_days_or_thirty_depends_on_the_protocol() -> None:
    """Speciality (ETS 24 Art. 14(1)(b), CETS 212): while it is not known which applies, neither decides."""
    discharged = on("person.finally-discharged", 2026, 11, 2)
    older, newer = "ets024/limit.speciality", "ets024/limit.speciality.ets212"

    def between(binds: Outcome, limit: str) -> tuple[dt.date | None, dt.date | None]:
        found = clock(limit, discharged, question=replace(ask("ets024"), treaties={"ets212": binds}))
        return found.due_day, found.warn_day

    assert between(Outcome.HOLDS, newer) == (dt.date(2026, 12, 2), dt.date(2026, 12, 2))
    assert between(Outcome.DOES_NOT_HOLD, older) == (dt.date(2026, 12, 17), dt.date(2026, 12, 17))
    assert between(Outcome.UNSETTLED, older) == (None, dt.date(2026, 12, 17))
    assert between(Outcome.UNSETTLED, newer) == (None, dt.date(2026, 12, 2))


def test_7_10_where_the_states_set_the_number_the_clock_waits_for_it() -> None:
    """The return of a detained witness at the agreed time (lhc/limit.detainee-return)."""
    moved = on("detainee.transferred", 2026, 11, 2)
    agreed = Setting(
        "lhc/limit.detainee-return", "agreement of 30 October 2026", length=Quantity(2, Unit.MONTHS), verified=True
    )

    waiting = clock("lhc/limit.detainee-return", moved, question=ask("lhc"))
    known = clock("lhc/limit.detainee-return", moved, question=replace(ask("lhc"), settings=(agreed,)))

    assert waiting.standing is Standing.NOT_SET
    assert known.due_day == dt.date(2027, 1, 2)


def test_7_11_a_refusal_to_surrender_a_suspect_opens_the_duty_to_submit_the_case() -> None:
    """Extradite or prosecute: LHC Art. 14 (recalled), owed by the State that refused, without undue delay."""
    sides = {Side.REQUESTING: ("NL",), Side.REQUESTED: ("SN",), Side.BOTH: ("NL", "SN")}
    question = DutyQuestion(instruments=("lhc",), sides=sides, kinds=frozenset({"extradition"}))
    refused = on("extradition.refused", 2026, 11, 2)

    owed = {duty.datum: duty for duty in duties_owed(the_law(), [refused], question=question)}

    assert owed["lhc/duty.ext.refer-to-prosecution"].states == ("SN",)
    assert owed["lhc/duty.ext.reasons"].states == ("SN",)
    referral = clock("lhc/limit.prosecute-referral", refused, question=ask("lhc"))
    assert referral.standing is Standing.NO_NUMBER
    assert referral.consequence == "Breach of Art. 14."

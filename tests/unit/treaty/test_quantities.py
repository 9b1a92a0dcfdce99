"""Quantities, days and lists in a reason."""

from __future__ import annotations

import datetime as dt

import pytest

from dedere.base.errors import DefectError
from dedere.base.reference import Confidence, Reference, Status
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.quantity import Candidate, Quantity
from dedere.treaty.wording import as_known, capital, say_day, say_list, uncapital
from dedere.treaty.words import Rounding, Unit


@pytest.mark.parametrize(
    ("quantity", "start", "end"),
    [
        (Quantity(45, Unit.DAYS), dt.date(2026, 1, 1), dt.date(2026, 2, 15)),
        (Quantity(1, Unit.MONTHS), dt.date(2026, 1, 31), dt.date(2026, 2, 28)),
        (Quantity(1, Unit.MONTHS), dt.date(2028, 1, 31), dt.date(2028, 2, 29)),
        (Quantity(1, Unit.YEARS), dt.date(2028, 2, 29), dt.date(2029, 2, 28)),
    ],
)
def test_months_and_years_end_on_the_last_day_of_a_shorter_month(
    quantity: Quantity, start: dt.date, end: dt.date
) -> None:
    assert quantity.after(start) == end


def test_a_period_may_run_to_the_first_of_the_month_that_follows() -> None:
    three = Quantity(3, Unit.MONTHS)
    assert three.after(dt.date(2025, 8, 28), rounding=Rounding.FIRST_OF_NEXT_MONTH) == dt.date(2025, 12, 1)
    assert three.after(dt.date(2025, 8, 28), rounding=Rounding.NONE) == dt.date(2025, 11, 28)


@pytest.mark.parametrize("unit", [Unit.HOURS, Unit.PERSONS])
def test_hours_and_persons_are_no_days(unit: Unit) -> None:
    with pytest.raises(DefectError, match="is not a number of days"):
        Quantity(5, unit).after(dt.date(2026, 1, 1))


@pytest.mark.parametrize("unit", [Unit.DAYS, Unit.MONTHS, Unit.YEARS])
def test_a_day_beyond_the_calendar_is_refused(unit: Unit) -> None:
    with pytest.raises(LawQuestionError, match=r"The calendar ends before 99999 .* after 9[09]{3}-01-01\."):
        Quantity(99_999, unit).after(dt.date(9000, 1, 1) if unit is not Unit.DAYS else dt.date(9999, 1, 1))


def test_quantities_in_words_and_as_data() -> None:
    assert str(Quantity(1, Unit.YEARS)) == "1 year"
    assert str(Quantity(45, Unit.DAYS)) == "45 days"
    assert Candidate(Quantity(45, Unit.DAYS), "one").as_json() == {"days": 45, "source": "one"}


def test_days_lists_and_letters_in_a_sentence() -> None:
    assert say_day(dt.date(2026, 11, 24)) == "24 November 2026"
    assert say_list([]) == ""
    assert say_list(["A"]) == "A"
    assert say_list(["A", "B", "C"], last="or") == "A, B or C"
    assert capital("the Netherlands") == "The Netherlands"
    assert uncapital("In effect.") == "in effect."


@pytest.mark.parametrize("status", list(Status))
def test_how_a_datum_is_known_is_always_said(status: Status) -> None:
    reference = Reference("LHC Art. 1", "lhc/x", "source", status, Confidence.LOW)
    assert as_known(reference)
    assert (as_known(reference) == "read") is (status is Status.READ)


def test_a_review_is_said_before_anything_else() -> None:
    reference = Reference("LHC Art. 1", "lhc/x", "source", Status.READ, Confidence.CERTAIN, verified_by="A. Jansen")
    assert as_known(reference) == "confirmed by A. Jansen"

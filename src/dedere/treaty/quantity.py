"""Quantities in the law: a number with exactly one unit, and the candidates for one that is not settled."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import assert_never

from dedere.base.errors import DefectError
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.words import Rounding, Unit


@dataclass(frozen=True, slots=True)
class Quantity:
    """`amount` of `unit`, at least 1. Days are calendar days."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        """As in a sentence: "3 months", "1 year"."""
        word = self.unit.value[:-1] if self.amount == 1 else self.unit.value
        return f"{self.amount} {word}"

    def as_json(self) -> dict[str, int]:
        """As in the data: `{"months": 3}`."""
        return {self.unit.value: self.amount}

    def after(self, day: dt.date, *, rounding: Rounding | None = None) -> dt.date:
        """The day this length after `day`; months and years end on the last day of a shorter month.

        With `first-of-next-month`: the first day of the month that follows the end of the period.
        For whole days only: a quantity in hours or persons is a defect of the caller.

        Raises:
            LawQuestionError: the day would lie beyond the calendar.
        """
        try:
            end = self._end(day)
            return _months_after(end.replace(day=1), 1) if rounding is Rounding.FIRST_OF_NEXT_MONTH else end
        except (OverflowError, ValueError) as error:
            raise LawQuestionError(f"The calendar ends before {self} after {day}.") from error

    def _end(self, day: dt.date) -> dt.date:
        match self.unit:
            case Unit.DAYS:
                return day + dt.timedelta(days=self.amount)
            case Unit.MONTHS:
                return _months_after(day, self.amount)
            case Unit.YEARS:
                return _months_after(day, 12 * self.amount)
            case Unit.HOURS | Unit.PERSONS:
                raise DefectError(f"{self} is not a number of days.")
            case _:
                assert_never(self.unit)


def _months_after(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible value of an unsettled quantity, and who claims it."""

    quantity: Quantity
    source: str

    def as_json(self) -> dict[str, int | str]:
        """As in the data."""
        return {**self.quantity.as_json(), "source": self.source}

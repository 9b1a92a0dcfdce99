"""Chapter 3. Reservations: limited in time, renewable, withdrawn, on which a partner may rely. All acts are invented."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dedere.base.finding import Outcome
from dedere.treaty.errors import LawDataError
from dedere.treaty.parties import rows_of
from dedere.treaty.statements import in_effect
from support.lawbook import packaged, with_acts
from support.reviewers import Reviewers

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.treaty.law import Law
    from dedere.treaty.review import Review

MADE = "lhc,fr.limits,FR,reservation,2024-06-01,,jurisdiction=habitual-residence,reservation.presence,"
RENEWED = "lhc,fr.renews,FR,renewal,2027-05-01,,,,fr.limits"
WITHDRAWN = "lhc,fr.withdraws,FR,withdrawal-of-statement,2025-06-01,,,,fr.limits"


LIST_CHECKED = "lhc,checked,,list-checked,2031-01-01,,,,"


def three_years_read() -> list[Review]:
    """A lawyer has read the three years in the text, and a second person agrees."""
    reviewers = Reviewers()
    review = reviewers.review("lhc/reservation.presence")
    return [review, reviewers.second(review)]


def outcome(law: Law, on: dt.date) -> Outcome:
    row = next(row for row in rows_of(law, "FR", "lhc") if row.id == "fr.limits")
    return in_effect(law, row, on=on).outcome


def test_3_1_it_runs_three_years_and_lapses(tmp_path: Path) -> None:
    """The reservation to jurisdiction by presence runs three years (lhc/reservation.presence), the last day included."""
    law = with_acts(tmp_path, MADE, LIST_CHECKED, reviews=three_years_read())
    assert outcome(law, dt.date(2027, 6, 1)) is Outcome.HOLDS
    assert outcome(law, dt.date(2027, 6, 2)) is Outcome.DOES_NOT_HOLD


def test_3_2_a_renewal_carries_it_on(tmp_path: Path) -> None:
    """Renewed before it lapsed, it runs from the renewal (lhc/reservation.presence)."""
    law = with_acts(tmp_path, MADE, RENEWED, LIST_CHECKED, reviews=three_years_read())
    assert outcome(law, dt.date(2030, 5, 1)) is Outcome.HOLDS
    assert outcome(law, dt.date(2030, 5, 2)) is Outcome.DOES_NOT_HOLD


def test_3_3_a_withdrawal_ends_it_at_once(tmp_path: Path) -> None:
    assert outcome(with_acts(tmp_path, MADE, WITHDRAWN), dt.date(2025, 6, 1)) is Outcome.DOES_NOT_HOLD


def test_3_4_the_french_reservation_as_recorded_has_no_day_and_stays_open() -> None:
    """Its day is not established (lhc/party.fr.reservation)."""
    law = packaged()
    row = next(row for row in rows_of(law, "FR", "lhc") if row.id == "party.fr.reservation")
    assert in_effect(law, row, on=dt.date(2026, 11, 24)).outcome is Outcome.UNSETTLED


def test_3_5_what_cannot_be_renewed_cannot_be_recorded_as_renewed(tmp_path: Path) -> None:
    """A declaration on languages is not renewable (lhc/declaration.languages)."""
    language = "lhc,fr.language,FR,declaration,2024-06-01,,languages=fr,declaration.languages,"
    with pytest.raises(LawDataError, match=r"acts\.csv, line 3, affects: expected a statement that can be renewed"):
        with_acts(tmp_path, language, RENEWED.replace("fr.limits", "fr.language"))


def test_3_6_three_years_that_nobody_has_read_end_nothing(tmp_path: Path) -> None:
    """The three years are reported, not read (lhc/reservation.presence): after them it may have lapsed, no more."""
    assert outcome(with_acts(tmp_path, MADE, LIST_CHECKED), dt.date(2027, 6, 2)) is Outcome.UNSETTLED


def test_3_7_a_renewal_that_the_list_cannot_show_is_not_known(tmp_path: Path) -> None:
    """The list was copied before the three years ended (lhc/party-list); whether it was renewed is not known."""
    assert outcome(with_acts(tmp_path, MADE, reviews=three_years_read()), dt.date(2027, 6, 2)) is Outcome.UNSETTLED

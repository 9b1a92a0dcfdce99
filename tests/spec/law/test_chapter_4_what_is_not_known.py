"""Chapter 4. What is not known is never taken for yes or no, and what is verified says by whom."""

from __future__ import annotations

import datetime as dt

from dedere.base.finding import Outcome
from dedere.base.reference import Status
from dedere.treaty.basis import legal_basis
from dedere.treaty.parties import bound
from dedere.treaty.question import OtherBasis, OtherBasisKind
from support.lawbook import TODAY, ask, packaged


def test_4_1_a_state_missing_from_an_old_list_is_not_known_to_be_no_party() -> None:
    """The list of UNCAC is of 2014 (uncac/party-list); Chad was not on it."""
    law = packaged()
    assert bound(law, "TD", treaty="uncac", on=dt.date(2014, 1, 1)).outcome is Outcome.DOES_NOT_HOLD
    assert bound(law, "TD", treaty="uncac", on=TODAY).outcome is Outcome.UNSETTLED


def test_4_2_where_no_list_is_loaded_nobody_is_known_to_be_bound() -> None:
    """No list of parties to the European conventions is loaded (ets024/party-list)."""
    assert bound(packaged(), "FR", treaty="ets024", on=TODAY).outcome is Outcome.UNSETTLED


def test_4_3_laundering_between_two_old_parties_holds_and_says_how_far_the_list_goes() -> None:
    """Both ratified UNCAC; that neither has left is presumed, and the reason says so (uncac/LAUNDER)."""
    report = legal_basis(packaged(), ask(crimes=("laundering",)))
    assert report.outcome is Outcome.HOLDS
    assert report.best.instrument == "uncac"
    operates = report.best.finding.because[1]
    assert "No withdrawal is recorded up to 10 July 2014." in operates.reason


def test_4_4_nothing_unverified_is_said_without_a_mark() -> None:
    """Everything the Convention is said to provide is marked as reported, recalled or inferred."""
    law = packaged()
    for row in law.instruments["lhc"].functions:
        assert row.status is not Status.READ
    finding = legal_basis(law, ask()).best.finding
    assert "not checked against the text" in finding.because[0].reason
    assert not any(each.verified for each in finding.all_references())


def test_4_5_reciprocity_can_be_stated_and_stays_a_statement() -> None:
    stated = OtherBasis(OtherBasisKind.RECIPROCITY, "Exchange of notes of 3 May 2026 (invented).")
    report = legal_basis(packaged(), ask(), stated=stated)
    assert report.stated is not None
    assert report.stated.outcome is Outcome.UNSETTLED
    assert report.stated.reason.startswith("Stated by the officer, not checked here:")

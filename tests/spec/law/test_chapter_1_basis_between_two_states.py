"""Chapter 1. The Netherlands asks Senegal: what carries a request for genocide on 24 November 2026.

Paragraphs in order: what is known today, what a ratification changes, what the depositary settles, what a lawyer's
review settles, and how a withdrawn review restores the doubt. Later acts and all reviews are invented.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dedere.base.finding import Finding, Outcome
from dedere.treaty.basis import BasisReport, legal_basis, settling_questions
from dedere.treaty.words import RequestKind
from support.lawbook import ask, packaged, with_acts
from support.reviewers import Reviewers

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.treaty.law import Law

BOTH_RATIFY = (
    "lhc,nl.ratifies,NL,ratification,2026-01-10,,,,",
    "lhc,sn.ratifies,SN,ratification,2026-01-12,,,,",
)
RECORDED = tuple(each.replace(",,,,", ",2026-05-01,,,") for each in BOTH_RATIFY)
IN_FORCE = "lhc,force,,entry-into-force,2026-05-01,,,,"
DUTCH_STATEMENTS_READ = "lhc,party.nl.declaration,NL,declaration,2026-01-10,,,,"
LATER_CONDUCT = (dt.date(2026, 6, 1), dt.date(2026, 7, 1))


def asked(law: Law, function: RequestKind, *, conduct: tuple[dt.date, dt.date] | None = None) -> BasisReport:
    return legal_basis(law, ask(function=function, conduct=conduct))


def convention(report: BasisReport) -> Finding:
    return next(each.finding for each in report.findings if each.instrument == "lhc")


def reasons(finding: Finding) -> str:
    return " ".join([finding.reason, *(reasons(part) for part in finding.because)])


def test_1_1_signature_does_not_bind_and_the_list_is_old() -> None:
    """Both signed; whether they ratified after the list was copied is not known (lhc/party-list)."""
    said = reasons(convention(asked(packaged(), RequestKind.EXTRADITION)))
    assert "The Netherlands signed on 14 February 2024; signature alone does not bind." in said
    assert "Senegal signed on 14 February 2024; signature alone does not bind." in said
    assert "No consent is recorded up to 28 August 2025; what followed is not known." in said


def test_1_2_for_extradition_the_provisional_application_covers_another_part() -> None:
    """The Netherlands applies Part III; extradition stands in Part IV (lhc/party.nl.provisional-application)."""
    finding = convention(asked(packaged(), RequestKind.EXTRADITION))
    assert finding.outcome is Outcome.UNSETTLED
    assert "The Netherlands applies Part III provisionally; that does not cover Part IV" in reasons(finding)


def test_1_3_for_assistance_the_netherlands_applies_part_iii_and_senegal_is_the_doubt() -> None:
    """The same States, the same day, another function: the Dutch side holds (lhc/function.mla)."""
    finding = convention(asked(packaged(), RequestKind.MLA))
    assert finding.outcome is Outcome.UNSETTLED
    netherlands, senegal = finding.because[1].because
    assert netherlands.outcome is Outcome.HOLDS
    assert "applies Part III provisionally (European part of the Netherlands only)" in netherlands.reason
    assert senegal.outcome is Outcome.UNSETTLED


def test_1_4_what_else_could_carry_it_is_shown_with_its_questions() -> None:
    """UNTOC binds both and may carry serious crime (untoc/element.transnational); UNCAC does not list genocide."""
    report = asked(packaged(), RequestKind.EXTRADITION)
    others = {each.instrument: each for each in report.findings}
    assert [each.instrument for each in report.findings][:2] == ["lhc", "untoc"]
    assert others["untoc"].finding.outcome is Outcome.UNSETTLED
    assert any("transnational" in question for question in settling_questions(others["untoc"].finding))
    assert others["uncac"].finding.reason == "Genocide is not among the crimes of UNCAC."
    assert others["ets030"].finding.outcome is Outcome.DOES_NOT_HOLD


def test_1_5_no_law_is_hard_coded_the_number_of_instruments_is_unsettled() -> None:
    """Claimed are 2, 3 and 15 instruments; the finding names all (lhc/entry-into-force)."""
    report = asked(packaged(), RequestKind.MLA)
    ask_depositary = "How many instruments bring LHC into force, and since when is it in force?"
    assert ask_depositary in settling_questions(convention(report))
    said = reasons(convention(report))
    assert all(f"{number} (" in said for number in (2, 3, 15))


def test_1_6_a_ratification_by_both_moves_the_doubt_to_entry_into_force(tmp_path: Path) -> None:
    """With both rows the question whether they consented is gone, and only the Convention's force is left."""
    before = settling_questions(convention(asked(packaged(), RequestKind.EXTRADITION)))
    law = with_acts(tmp_path, *BOTH_RATIFY)
    finding = convention(asked(law, RequestKind.EXTRADITION))
    after = settling_questions(finding)
    assert any("Has Senegal ratified" in question for question in before)
    assert not any("ratified" in question for question in after)
    assert finding.demonstration
    assert "demonstration data" in reasons(finding)


def test_1_7_the_depositary_s_notice_and_later_conduct_make_it_hold(tmp_path: Path) -> None:
    """In force, also for both, on 1 May 2026, conduct after that, Dutch statements read: nothing is left open.

    Without the depositary's day for each State it stays open: the three months of the rule (lhc/entry-into-force) have
    not been compared with the text, and a number that nobody has checked settles nothing.
    """
    computed = asked(with_acts(tmp_path, *BOTH_RATIFY, IN_FORCE, DUTCH_STATEMENTS_READ), RequestKind.EXTRADITION)
    assert "Since when is LHC in force for Senegal?" in settling_questions(convention(computed))
    law = with_acts(tmp_path, *RECORDED, IN_FORCE, DUTCH_STATEMENTS_READ)
    report = asked(law, RequestKind.EXTRADITION, conduct=LATER_CONDUCT)
    assert report.best.instrument == "lhc"
    assert report.outcome is Outcome.HOLDS
    assert report.as_json()["demonstration"] is True


def test_1_8_earlier_conduct_stays_open_until_a_lawyer_has_read_the_article(tmp_path: Path) -> None:
    """Whether earlier conduct is covered is not established (lhc/temporal); a confirmed review settles it."""
    acts = (*RECORDED, IN_FORCE, DUTCH_STATEMENTS_READ)
    genocide = (dt.date(1994, 4, 7), dt.date(1994, 7, 15))
    open_still = asked(with_acts(tmp_path, *acts), RequestKind.EXTRADITION, conduct=genocide)
    assert settling_questions(convention(open_still)) == ("Does LHC reach conduct before its entry into force?",)
    review = Reviewers().review("lhc/temporal", "covered")
    settled = asked(with_acts(tmp_path, *acts, reviews=[review]), RequestKind.EXTRADITION, conduct=genocide)
    assert settled.outcome is Outcome.HOLDS
    cited = {each.datum: each for each in convention(settled).all_references()}["lhc/temporal"]
    assert cited.verified
    assert cited.verified_by.startswith("A. Jansen, 24 November 2026")


def test_1_9_withdrawing_the_review_restores_the_mark(tmp_path: Path) -> None:
    """A withdrawn review counts for nothing: the datum (lhc/temporal) is again cited as not verified."""
    reviewers = Reviewers()
    review = reviewers.review("lhc/temporal", "covered")
    law = with_acts(tmp_path, *RECORDED, IN_FORCE, reviews=[review, reviewers.withdrawal(review)])
    finding = convention(asked(law, RequestKind.EXTRADITION))
    assert finding.outcome is Outcome.UNSETTLED
    cited = {each.datum: each for each in finding.all_references()}["lhc/temporal"]
    assert not cited.verified


def test_1_10_three_confirmed_as_the_number_gives_a_day_of_its_own(tmp_path: Path) -> None:
    """With Latvia's, three instruments; the third on 12 January 2026 gives 1 May 2026 (lhc/entry-into-force)."""
    reviewers = Reviewers()
    number = reviewers.review("lhc/entry-into-force", "3")
    law = with_acts(tmp_path, *BOTH_RATIFY, DUTCH_STATEMENTS_READ, reviews=[number, reviewers.second(number)])
    report = asked(law, RequestKind.EXTRADITION, conduct=LATER_CONDUCT)
    assert report.outcome is Outcome.HOLDS
    assert "In force since 1 May 2026." in reasons(convention(report))


@pytest.mark.parametrize("function", [RequestKind.MLA, RequestKind.EXTRADITION, RequestKind.TRANSFER])
def test_1_11_before_its_adoption_the_convention_carries_nothing(function: RequestKind) -> None:
    """On 25 May 2023 there was no Convention (lhc/instrument)."""
    report = legal_basis(packaged(), ask(function=function, on=dt.date(2023, 5, 25)))
    assert convention(report).outcome is Outcome.DOES_NOT_HOLD
    assert "was adopted only on 26 May 2023" in convention(report).reason

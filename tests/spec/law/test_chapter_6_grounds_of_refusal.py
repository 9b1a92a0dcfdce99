"""Chapter 6. Senegal considers whether it may refuse, and what it has to do first.

Paragraphs in order: consultation, alternatives, force, bars, facts, assurances. Nothing in this chapter decides to
refuse; the officer does. Every person and event is fictional.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.base.finding import Outcome
from dedere.treaty.assurances import AssuranceTerms, StepKind, offer_assurance
from dedere.treaty.grounds import (
    Availability,
    CureStanding,
    GroundAssessment,
    GroundInputs,
    GroundReport,
    assess_grounds,
)
from dedere.treaty.words import Alternative, Force
from support.clocks import the_law
from support.requests import COMPLETE, ON, Tables, request_of

if TYPE_CHECKING:
    from dedere.treaty.assurances import Assurance

YES, NO, NOT_KNOWN = Outcome.HOLDS, Outcome.DOES_NOT_HOLD, Outcome.UNSETTLED
BETWEEN_PARTIES_TO_ALL = {"ets086": YES, "ets098": YES, "ets209": YES, "ets212": NO}


def considered(tables: Tables, *, assurances: tuple[Assurance, ...] = (), **answers: Outcome) -> GroundReport:
    named = {name.replace("__", ".ground.").replace("_", "-"): answer for name, answer in answers.items()}
    known = GroundInputs(on=ON, answers=named, assurances=assurances, treaties=BETWEEN_PARTIES_TO_ALL)
    return assess_grounds(the_law(), request_of(tables), known=known)


def ground(report: GroundReport, datum: str) -> GroundAssessment:
    return next(each for each in report.assessments if each.datum == datum)


def test_6_1_consultation_is_owed_before_a_refusal_is_decided() -> None:
    """UNCAC Art. 46(26) was read; the Convention's rule is expected after it (lhc/duty.mla.consult)."""
    steps = considered(COMPLETE["mla-two-treaties"]()).before_refusal

    assert steps[0].what == "Consult before refusing and consider conditions."
    assert not steps[0].references[0].verified
    read = next(step for step in steps if step.references[0].place == "UNCAC Art. 46(26)")
    assert read.what.startswith("Consult before refusing")


def test_6_2_then_come_the_alternatives_in_the_order_of_practice() -> None:
    """Supplement, other measure, partial execution, condition, postponement; grounds last (practice.ladder)."""
    report = considered(COMPLETE["mla-corruption"]())
    whats = [step.what for step in report.before_refusal]

    order = [
        "Ask for what is lacking",
        "Offer another measure with the same result",
        "Execute in part",
        "Grant under a condition or an assurance",
        "Postpone, and say until when",
    ]
    assert [what for what in whats if what in order] == order
    conformity = ground(report, "uncac/mla.ground.non-conformity")
    assert conformity.alternatives == (Alternative.CONSULT, Alternative.SUPPLEMENT)


def test_6_3_a_ground_whose_force_is_not_settled_is_offered_with_every_reading() -> None:
    """Discrimination (lhc/mla.ground.discrimination): it exists, whether "shall" or "may" is not established."""
    found = ground(considered(COMPLETE["mla-statement"](), mla__discrimination=YES), "lhc/mla.ground.discrimination")

    assert [reading.force for reading in found.readings] == [Force.MUST, Force.MAY]
    assert found.finding.outcome is NOT_KNOWN
    assert found.may_be_chosen


def test_6_4_a_bar_that_was_read_blocks_and_one_that_is_expected_only_warns() -> None:
    """Bank secrecy: UNCAC Art. 46(8) was read; the Convention is expected to follow it."""
    report = considered(COMPLETE["mla-two-treaties"](), mla__bank_secrecy=YES)

    assert not ground(report, "uncac/mla.ground.bank-secrecy").may_be_chosen
    expected = ground(report, "lhc/mla.ground.bank-secrecy")
    assert expected.may_be_chosen
    assert "the choice is not blocked" in expected.warnings[0]


def test_6_5_genocide_is_not_a_political_offence_between_parties_to_the_protocol() -> None:
    """ETS 86 Art. 1 takes the mandatory ground of ETS 24 Art. 3(1) away."""
    report = considered(COMPLETE["extradition-european"](), ext__political_offence=YES, ext__political_head_of_state=NO)

    found = ground(report, "ets024/ext.ground.political-offence")
    assert found.availability is Availability.NOT_AVAILABLE
    assert found.finding.reason == "The instrument rules this ground out."
    assert {reference.place.split(" Art.")[0] for reference in found.finding.references} == {"ETS 24", "ETS 86"}


def test_6_6_what_is_not_known_is_asked_and_settles_nothing() -> None:
    """Own national (ets024/ext.ground.national): the request states another nationality; without it, a question."""
    stated = COMPLETE["extradition-european"]()
    silent = COMPLETE["extradition-european"]()
    del silent["request"]["persons"][0]["nationality"]

    assert ground(considered(stated), "ets024/ext.ground.national").finding.outcome is NO
    asked = ground(considered(silent), "ets024/ext.ground.national")
    assert asked.finding.outcome is NOT_KNOWN
    assert asked.question.startswith("Is the person a national of the requested State")
    assert asked.question in considered(silent).questions


def test_6_7_the_death_penalty_is_cured_by_an_accepted_assurance_and_by_nothing_less() -> None:
    """ETS 24 Art. 11: unless a sufficient assurance is given. Offered is not given; breached is given no longer."""
    tables = COMPLETE["extradition-european"]()
    tables["extradition"]["offence"]["death_penalty_possible"] = True
    at = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
    terms = AssuranceTerms("assurance.death-penalty", text="The death penalty will not be carried out.")
    offered = offer_assurance("assurance-1", terms, state="NL", at=at, by="NL")
    accepted = offered.recorded(StepKind.ACCEPTED, at=at, by="SN")
    breached = accepted.recorded(StepKind.BREACH_REPORTED, at=at, by="SN", note="A date for it was set.")

    def standing(*assurances: Assurance) -> tuple[CureStanding, Outcome]:
        found = ground(considered(tables, assurances=assurances), "ets024/ext.ground.death-penalty")
        assert found.cure is not None
        return found.cure.standing, found.finding.outcome

    assert standing() == (CureStanding.NONE, YES)
    assert standing(offered) == (CureStanding.OFFERED, YES)
    assert standing(accepted) == (CureStanding.ACCEPTED, NO)
    assert standing(breached) == (CureStanding.FAILED, YES)


def test_6_8_less_than_six_months_left_bars_a_transfer_only_where_the_number_was_read() -> None:
    """ETS 112 Art. 3(1)(c) was read; the Convention's number was not, so ninety days leave a question there."""
    read, recalled = COMPLETE["transfer-administering"](), COMPLETE["transfer-sentencing"]()
    for tables in (read, recalled):
        tables["transfer"]["sentence"]["days_left"] = 90

    assert ground(considered(read), "ets112/transfer.ground.time-left").finding.outcome is YES
    assert ground(considered(recalled), "lhc/transfer.ground.time-left").finding.outcome is NOT_KNOWN

"""Grounds on the facts of a request: what may be chosen, what only warns, what stays a question."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dedere.base.errors import DefectError
from dedere.base.finding import Outcome
from dedere.base.reference import Status
from dedere.treaty.assurances import Assurance, AssuranceTerms, StepKind, offer_assurance
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.grounds import Availability, CureStanding, GroundAssessment, GroundInputs, assess_grounds
from dedere.treaty.grounds_circumstances import questions
from dedere.treaty.words import Alternative, Effect, Force
from support.clocks import the_law
from support.requests import COMPLETE, ON, Tables, request_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.treaty.law import Law

YES, NO, NOT_KNOWN = Outcome.HOLDS, Outcome.DOES_NOT_HOLD, Outcome.UNSETTLED
EUROPE = {"ets086": YES, "ets098": YES, "ets209": YES, "ets212": NO}


def _assess(
    datum: str,
    tables: Tables,
    *,
    law: Law | None = None,
    **known: Any,  # Any: the fields of GroundInputs
) -> GroundAssessment:
    report = assess_grounds(law or the_law(), request_of(tables), known=GroundInputs(on=ON, **known))
    (found,) = (each for each in report.assessments if each.datum == datum)
    return found


def _extradition(**offence: object) -> Tables:
    tables = COMPLETE["extradition-european"]()
    tables["extradition"]["offence"].update(offence)
    return tables


def test_every_ground_of_every_instrument_has_its_question() -> None:
    assert {ground.id for ground in the_law().grounds} == set(questions().ask)
    assert set(questions().bars) | set(questions().bars.values()) <= set(questions().ask)


def test_a_mandatory_ground_whose_circumstance_is_there_holds() -> None:
    found = _assess("ets024/ext.ground.ne-bis", _extradition(), answers={"ext.ground.ne-bis": YES}, treaties=EUROPE)

    assert found.availability is Availability.MANDATORY
    assert found.finding.outcome is YES
    assert found.may_be_chosen
    assert found.readings[0].force is Force.MUST
    assert found.finding.references[0].place == "ETS 24 Art. 9(1)"
    assert found.finding.reason == "Its circumstance is there (answered by the officer), and the rule is mandatory."


def test_an_unknown_circumstance_is_a_question_and_settles_nothing() -> None:
    found = _assess("ets024/ext.ground.ne-bis", _extradition(), treaties=EUROPE)

    assert found.finding.outcome is NOT_KNOWN
    assert found.finding.open_question == found.question == questions().ask["ext.ground.ne-bis"]
    assert found.may_be_chosen


def test_a_circumstance_that_is_not_there_takes_the_ground_away() -> None:
    found = _assess("ets024/ext.ground.national", _extradition(), treaties=EUROPE)

    assert found.circumstance.how == "the nationality stated in the request"
    assert found.finding.outcome is NO
    assert not found.may_be_chosen


def test_the_officers_answer_comes_before_what_the_request_says() -> None:
    found = _assess("ets024/ext.ground.national", _extradition(), answers={"ext.ground.national": YES}, treaties=EUROPE)

    assert found.finding.outcome is YES
    assert found.availability is Availability.AVAILABLE


def test_an_answer_of_not_known_leaves_what_the_request_says() -> None:
    found = _assess("ets024/ext.ground.national", _extradition(), answers={"ext.ground.national": NOT_KNOWN})

    assert found.finding.outcome is NO


def test_a_state_that_declared_its_own_notion_of_nationals_is_asked() -> None:
    tables = COMPLETE["extradition-accused"]()
    tables["request"]["requested_state"] = "LV"

    assert _assess("lhc/ext.ground.national", tables).circumstance.outcome is NOT_KNOWN
    tables["request"]["persons"][0]["nationality"] = ["LV"]
    assert _assess("lhc/ext.ground.national", tables).circumstance.outcome is YES


def test_a_person_of_unknown_nationality_is_asked_about() -> None:
    tables = _extradition()
    del tables["request"]["persons"][0]["nationality"]

    assert _assess("ets024/ext.ground.national", tables).question


def test_a_verified_bar_blocks_and_an_unverified_one_only_warns() -> None:
    tables = COMPLETE["mla-two-treaties"]()

    verified = _assess("uncac/mla.ground.bank-secrecy", tables)
    expected = _assess("lhc/mla.ground.bank-secrecy", tables)

    assert verified.availability is Availability.NOT_AVAILABLE
    assert not verified.may_be_chosen
    assert verified.finding.outcome is NO
    assert expected.availability is Availability.UNSETTLED
    assert expected.may_be_chosen
    assert expected.warnings[0].startswith("Expected to be ruled out by LHC")


def test_an_unverified_bar_whose_circumstance_is_there_still_only_warns() -> None:
    tables = COMPLETE["mla-statement"]()

    found = _assess("lhc/mla.ground.political-offence", tables, answers={"mla.ground.political-offence": YES})

    assert found.may_be_chosen
    assert found.finding.outcome is NOT_KNOWN
    assert "expected to be ruled out" in found.finding.reason
    assert "authentic text" in found.finding.open_question


def test_an_unsettled_force_is_offered_with_every_reading() -> None:
    found = _assess(
        "lhc/mla.ground.discrimination", COMPLETE["mla-statement"](), answers={"mla.ground.discrimination": YES}
    )

    assert [reading.force for reading in found.readings] == [Force.MUST, Force.MAY]
    assert found.availability is Availability.UNSETTLED
    assert found.finding.outcome is NOT_KNOWN
    assert "not settled" in found.finding.reason


def test_a_ground_modelled_on_another_treaty_never_holds_before_it_is_read() -> None:
    found = _assess(
        "lhc/mla.ground.essential-interests",
        COMPLETE["mla-statement"](),
        answers={"mla.ground.essential-interests": YES},
    )

    assert found.availability is Availability.AVAILABLE
    assert found.finding.outcome is NOT_KNOWN
    assert "leaves it to the requested State" in found.finding.reason


def test_a_reviewed_bar_of_the_convention_blocks_like_one_that_was_read() -> None:
    law = the_law()
    lhc = law.instruments["lhc"]
    reviewed = tuple(
        replace(ground, status=Status.READ) if ground.id == "mla.ground.bank-secrecy" else ground
        for ground in lhc.grounds
    )
    confirmed = replace(law, instruments={**law.instruments, "lhc": replace(lhc, grounds=reviewed)})

    found = _assess("lhc/mla.ground.bank-secrecy", COMPLETE["mla-statement"](), law=confirmed)

    assert not found.may_be_chosen


def _political(treaties: Mapping[str, Outcome], **answers: Outcome) -> GroundAssessment:
    named = {f"ext.ground.{name.replace('_', '-')}": answer for name, answer in answers.items()}
    return _assess("ets024/ext.ground.political-offence", _extradition(), treaties=treaties, answers=named)


def test_core_crimes_are_not_political_where_the_protocol_binds() -> None:
    barred = _political({"ets086": YES}, political_head_of_state=NO)

    assert barred.availability is Availability.NOT_AVAILABLE
    assert not barred.may_be_chosen
    assert barred.finding.references[1].datum == "ets024/ext.ground.political-core-crimes"


def test_core_crimes_may_not_be_political_where_the_protocol_is_not_known_to_bind() -> None:
    doubtful = _political({}, political_head_of_state=NO)

    assert doubtful.may_be_chosen
    assert doubtful.warnings == (
        f"May be ruled out: Political offence for core crimes ({doubtful.finding.references[1].place}).",
    )


def test_without_the_protocol_no_bar_stands_in_the_way() -> None:
    free = _political({"ets086": NO}, political_head_of_state=NO)

    assert free.availability is Availability.MANDATORY
    assert free.warnings == ()


@pytest.mark.parametrize(
    ("newer", "present"),
    [
        (YES, {"ext.ground.lapse-requesting", "ext.ground.lapse-requested"}),
        (NO, {"ext.ground.lapse"}),
        (NOT_KNOWN, {"ext.ground.lapse", "ext.ground.lapse-requesting", "ext.ground.lapse-requested"}),
    ],
)
def test_a_protocol_replaces_the_ground_where_it_binds_both(newer: Outcome, present: set[str]) -> None:
    known = GroundInputs(on=ON, treaties={**EUROPE, "ets212": newer})

    report = assess_grounds(the_law(), request_of(_extradition()), known=known)

    assert {each.datum.split("/")[1] for each in report.assessments if ".lapse" in each.datum} == present


def test_a_rule_that_a_protocol_may_have_replaced_never_holds() -> None:
    found = _assess("ets024/ext.ground.lapse", _extradition(), answers={"ext.ground.lapse": YES})

    assert found.finding.outcome is NOT_KNOWN
    assert any("CETS 212 has another rule" in warning for warning in found.warnings)


def _death_assurance(*steps: StepKind) -> Assurance:
    at = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    terms = AssuranceTerms("assurance.death-penalty", text="It will not be carried out.")
    assurance = offer_assurance("assurance-1", terms, state="NL", at=at, by="NL")
    for step in steps:
        assurance = assurance.recorded(step, at=at, by="SN", note="as agreed")
    return assurance


@pytest.mark.parametrize(
    ("steps", "cure", "outcome"),
    [
        (None, CureStanding.NONE, YES),
        ((), CureStanding.OFFERED, YES),
        ((StepKind.ACCEPTED,), CureStanding.ACCEPTED, NO),
        ((StepKind.DECLINED,), CureStanding.FAILED, YES),
        ((StepKind.ACCEPTED, StepKind.BREACH_REPORTED), CureStanding.FAILED, YES),
    ],
)
def test_an_assurance_cures_only_while_it_is_accepted(
    steps: tuple[StepKind, ...] | None, cure: CureStanding, outcome: Outcome
) -> None:
    assurances = () if steps is None else (_death_assurance(*steps),)

    found = _assess(
        "ets024/ext.ground.death-penalty",
        _extradition(death_penalty_possible=True),
        assurances=assurances,
        treaties=EUROPE,
    )

    assert found.availability is Availability.CURABLE
    assert found.cure is not None
    assert found.cure.standing is cure
    assert found.cure.given_by == "requesting"
    assert found.finding.outcome is outcome
    assert found.may_be_chosen is (outcome is YES)


def test_an_assurance_in_the_request_counts_as_offered() -> None:
    tables = _extradition(death_penalty_possible=True)
    tables["extradition"]["assurances"]["death_penalty"] = "It will not be carried out."

    found = _assess("ets024/ext.ground.death-penalty", tables, treaties=EUROPE)

    assert found.cure is not None
    assert found.cure.standing is CureStanding.OFFERED
    assert found.finding.reason.endswith("an assurance would cure it.")


def test_alternatives_stand_in_the_order_in_which_they_are_tried() -> None:
    found = _assess("lhc/mla.ground.essential-interests", COMPLETE["mla-statement"]())

    assert found.alternatives == (Alternative.CONSULT, Alternative.PARTIAL, Alternative.CONDITION, Alternative.POSTPONE)
    assert found.effect is Effect.REFUSE


def test_consultation_comes_before_everything_and_each_step_says_where_it_stands() -> None:
    report = assess_grounds(the_law(), request_of(COMPLETE["mla-corruption"]()), known=GroundInputs(on=ON))

    whats = [step.what for step in report.before_refusal]
    assert whats[0] == "Consult before refusing under the four grounds and consider conditions."
    assert whats.index("Ask for what is lacking") < whats.index("Postpone, and say until when")
    assert all(step.references and step.why for step in report.before_refusal)


def test_a_request_that_lacks_something_is_not_in_conformity_and_is_first_supplemented() -> None:
    lacking = _assess("uncac/mla.ground.non-conformity", COMPLETE["mla-corruption"](), lacking=True)
    complete = _assess("uncac/mla.ground.non-conformity", COMPLETE["mla-corruption"](), lacking=False)

    assert lacking.finding.outcome is YES
    assert lacking.alternatives[1] is Alternative.SUPPLEMENT
    assert complete.finding.outcome is NO


@pytest.mark.parametrize(
    ("complete", "ground", "change", "outcome"),
    [
        ("extradition-european", "ets024/ext.ground.absentia", {}, NO),
        ("extradition-convicted", "lhc/ext.ground.absentia", {}, NO),
        ("extradition-convicted", "lhc/ext.ground.absentia", {"extradition.judgment.in_absentia": True}, NOT_KNOWN),
        ("extradition-accused", "lhc/ext.ground.life-sentence", {}, NOT_KNOWN),
        (
            "extradition-accused",
            "lhc/ext.ground.life-sentence",
            {"extradition.offence.life_sentence_possible": False},
            NO,
        ),
        ("extradition-accused", "lhc/ext.ground.death-penalty", {}, NO),
        ("transit", "lhc/transit.ground.national", {}, NO),
        ("transfer-sentencing", "lhc/transfer.ground.not-national", {}, NO),
        ("transfer-administering", "ets112/transfer.ground.not-national", {}, YES),
        ("transfer-sentencing", "lhc/transfer.ground.not-final", {}, NO),
        ("transfer-sentencing", "lhc/transfer.ground.not-final", {"transfer.sentence.final": False}, YES),
        ("transfer-sentencing", "lhc/transfer.ground.no-consent", {}, NO),
        ("transfer-expulsion", "ets112/transfer.ground.no-consent", {}, NOT_KNOWN),
        ("transfer-sentencing", "lhc/transfer.ground.time-left", {}, NO),
        ("transfer-sentencing", "lhc/transfer.ground.time-left", {"transfer.sentence.days_left": 90}, NOT_KNOWN),
        ("transfer-administering", "ets112/transfer.ground.time-left", {"transfer.sentence.days_left": 90}, YES),
        ("transfer-administering", "ets112/transfer.ground.time-left", {"transfer.sentence.indeterminate": True}, NO),
        ("mla-european", "ets030/mla.ground.legal-person", {}, NO),
        ("mla-corruption", "uncac/mla.ground.dual-criminality", {}, NOT_KNOWN),
    ],
)
def test_what_a_request_says_is_read_off_and_nothing_more(
    complete: str, ground: str, change: Mapping[str, object], outcome: Outcome
) -> None:
    tables = COMPLETE[complete]()
    for path, value in change.items():
        place: Any = tables  # Any: a table, by the path
        *steps, last = path.split(".")
        for step in steps:
            place = place[step]
        place[last] = value

    assert _assess(ground, tables).circumstance.outcome is outcome


def test_the_time_left_is_asked_where_nobody_calculated_it() -> None:
    tables = COMPLETE["transfer-administering"]()
    del tables["transfer"]["sentence"]["days_left"]

    assert _assess("ets112/transfer.ground.time-left", tables).question


@pytest.mark.parametrize(("consent", "outcome"), [(True, NO), (False, YES), (None, NOT_KNOWN)])
def test_a_detainee_who_does_not_consent(consent: bool | None, outcome: Outcome) -> None:  # noqa: FBT001 - a case
    tables = COMPLETE["mla-temporary-transfer"]()
    tables["measure"]["temporary_transfer"][0]["consent"] = consent
    if consent is None:
        del tables["measure"]["temporary_transfer"][0]["consent"]

    found = _assess("uncac/mla.ground.detainee-no-consent", tables, instruments=("uncac",))

    assert found.circumstance.outcome is outcome


def test_a_company_in_the_request_leaves_the_bar_on_legal_persons_a_question() -> None:
    tables = COMPLETE["mla-european"]()
    tables["request"]["persons"][0]["legal_person"] = True

    assert _assess("ets030/mla.ground.legal-person", tables).question


def test_crimes_that_are_not_core_crimes_leave_the_bar_a_question() -> None:
    tables = _extradition()
    tables["request"]["crime"][0]["code"] = "torture"

    assert _assess("ets024/ext.ground.political-core-crimes", tables).question


def test_an_answer_about_a_ground_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LawQuestionError, match="There is no ground"):
        _assess("lhc/ext.ground.national", COMPLETE["extradition-accused"](), answers={"ext.ground.boredom": YES})


def test_the_report_as_json_has_everything_a_page_shows_and_its_questions_once() -> None:
    report = assess_grounds(the_law(), request_of(COMPLETE["mla-two-treaties"]()), known=GroundInputs(on=ON))

    data = report.as_json()

    assert data["questions"] == list(dict.fromkeys(report.questions))
    assessments: Any = data["assessments"]  # Any: plain JSON
    assert {assessment["effect"] for assessment in assessments} >= {"refuse", "postpone", "none"}
    assert any(assessment["cure"] and assessment["cure"]["standing"] == "none" for assessment in assessments)


def test_damaged_questions_are_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    questions.cache_clear()
    monkeypatch.setattr("tomllib.loads", lambda _: {"ask": {}})
    with pytest.raises(DefectError, match="another form"):
        questions()
    monkeypatch.undo()
    questions.cache_clear()

"""Which instrument carries a request, with every reason. All acts towards the Toy Convention are invented."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dedere.base.finding import Outcome
from dedere.treaty.basis import BasisReport, legal_basis, settling_questions, unverified
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.question import BasisQuestion, ConductDates, OtherBasis, OtherBasisKind, known_facts
from dedere.treaty.words import RequestKind
from support.lawbook import TODAY, TOY, act, ask, packaged, settled, toy_law

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.treaty.law import Law

DAY = dt.date(2008, 1, 1)
BOUND = (act("ratification", "AA", "2003-01-01"), act("ratification", "BB", "2003-01-01"))


def toy_basis(
    law: Law,
    *,
    requesting: str = "AA",
    requested: str = "BB",
    function: RequestKind = RequestKind.MLA,
    crime: str = "genocide",
    on: dt.date = DAY,
    conduct: tuple[dt.date, dt.date] | None = None,
    facts: Mapping[str, bool] | None = None,
) -> BasisReport:
    question = ask(requesting, requested, function=function, crimes=(crime,), on=on, conduct=conduct, facts=facts)
    return legal_basis(law, question)


def test_two_bound_states_have_a_basis_with_every_condition_shown() -> None:
    report = toy_basis(toy_law(*BOUND, toy=settled()))
    assert report.outcome is Outcome.HOLDS
    assert report.best.finding.reason == "Every condition holds."
    assert len(report.best.finding.because) == 5
    assert settling_questions(report.best.finding) == ()


def test_one_state_that_is_not_bound_leaves_no_basis() -> None:
    report = toy_basis(toy_law(BOUND[0], toy=settled()))
    assert report.outcome is Outcome.DOES_NOT_HOLD
    assert "No consent to be bound is recorded" in report.best.finding.reason


def test_a_kind_of_request_that_is_not_provided_for_is_the_whole_answer() -> None:
    report = toy_basis(toy_law(*BOUND, toy=settled()), function=RequestKind.TRANSFER)
    assert report.outcome is Outcome.DOES_NOT_HOLD
    assert report.best.finding.reason == (
        "TOY does not provide for the transfer of a sentenced person; "
        "it provides for mutual legal assistance, extradition and transit."
    )


def test_a_mere_invitation_carries_nothing() -> None:
    report = legal_basis(packaged(), ask(function=RequestKind.TRANSFER, crimes=("laundering",)))
    found = {each.instrument: each.finding for each in report.findings}
    assert found["uncac"].outcome is Outcome.DOES_NOT_HOLD
    assert "Only an invitation to conclude agreements." in found["uncac"].reason


def test_one_side_may_be_bound_and_the_other_apply_the_part_provisionally() -> None:
    law = toy_law(BOUND[0], act("provisional-application", "BB", "2004-01-01", effect="parts=III"), toy=settled())
    assert toy_basis(law).outcome is Outcome.HOLDS
    assert toy_basis(law, function=RequestKind.EXTRADITION).outcome is Outcome.DOES_NOT_HOLD


def test_provisional_application_is_not_looked_for_where_no_one_may_declare_it() -> None:
    toy = settled()
    toy = toy[: toy.rindex("[[reservation_kind]]")]
    report = toy_basis(toy_law(BOUND[0], toy=toy), on=dt.date(2020, 1, 1))
    asked = [part.question for part in report.best.finding.because[1].because]
    assert asked == ["Is Arcadia bound by TOY on 1 January 2020?", "Is Brobdingnag bound by TOY on 1 January 2020?"]


def test_conduct_counts_and_not_the_label() -> None:
    law = toy_law(*BOUND, toy=settled())
    assert toy_basis(law, crime="murder").outcome is Outcome.UNSETTLED
    assert settling_questions(toy_basis(law, crime="murder").best.finding) == ("Was it meant to destroy a group?",)
    intended = toy_basis(law, crime="murder", facts={"intent-to-destroy-group": True})
    assert intended.outcome is Outcome.HOLDS
    assert toy_basis(law, crime="murder", facts={"intent-to-destroy-group": False}).outcome is Outcome.DOES_NOT_HOLD


def test_a_fact_stated_against_it_defeats_the_name_of_a_crime() -> None:
    toy = settled().replace(
        'definition_article = "1"', 'definition_article = "1"\ndefined_by = ["intent-to-destroy-group"]'
    )
    law = toy_law(*BOUND, toy=toy)
    assert toy_basis(law).outcome is Outcome.HOLDS
    defeated = toy_basis(law, facts={"intent-to-destroy-group": False})
    assert defeated.outcome is Outcome.DOES_NOT_HOLD
    assert "whatever it is called" in defeated.best.finding.reason


def test_an_annexed_crime_needs_both_notices_also_under_another_name() -> None:
    notices = [act("notification-annex", state, "2004-01-01", effect="annexes=F") for state in ("AA", "BB")]
    both, one = toy_law(*BOUND, *notices, toy=settled()), toy_law(*BOUND, notices[0], toy=settled())
    assert toy_basis(both, crime="torture").outcome is Outcome.HOLDS
    assert toy_basis(one, crime="torture").outcome is Outcome.DOES_NOT_HOLD
    assert toy_basis(both, crime="torment", facts={"severe-pain": True}).outcome is Outcome.HOLDS
    assert toy_basis(one, crime="torment", facts={"severe-pain": True}).outcome is Outcome.DOES_NOT_HOLD
    assert toy_basis(one, crime="torment", facts={"severe-pain": False}).outcome is Outcome.DOES_NOT_HOLD


def test_a_crime_that_no_list_has_is_not_covered() -> None:
    report = legal_basis(packaged(), ask(crimes=("genocide",)))
    found = {each.instrument: each.finding for each in report.findings}
    assert found["uncac"].reason == "Genocide is not among the crimes of UNCAC."


def test_an_instrument_without_a_list_that_covers_only_listed_crimes_covers_none() -> None:
    toy = settled()
    toy = toy[: toy.index("[[crime]]")] + toy[toy.index("[[reservation_kind]]") :]
    report = toy_basis(
        toy_law(*BOUND, toy=toy, vocabulary="schema = 1\nrevision = 1\n[[label]]\nword = 'x'\nname = 'X'\n"), crime="x"
    )
    assert report.best.finding.reason == "X is not among the crimes of TOY."


def test_several_crimes_must_all_be_covered() -> None:
    law = toy_law(*BOUND, toy=settled())
    question = ask("AA", "BB", crimes=("genocide", "torture", "GEN"), on=DAY)
    report = legal_basis(law, question)
    assert report.question.crimes == ("GEN", "TORT")
    assert report.outcome is Outcome.DOES_NOT_HOLD
    assert "Annex F" in report.best.finding.reason


ELEMENT = """
[[element]]
id = "element.dual"
requests = ["extradition"]
crimes = []
fact = "dual-criminality"
question = "Is it punishable in both States?"
if_yes = "Punishable in both."
if_no = "Not punishable in both."
provision = "gen.scope"
status = "read"
confidence = "certain"

[[element]]
id = "element.grave"
requests = []
crimes = ["GEN"]
fact = "grave"
question = "Is it grave?"
if_yes = "Grave."
if_no = "Not grave."
provision = "gen.scope"
status = "read"
confidence = "certain"
"""


def test_a_condition_that_a_fact_decides_is_open_until_the_fact_is_known() -> None:
    law = toy_law(*BOUND, toy=settled() + ELEMENT)
    asked = toy_basis(law, function=RequestKind.EXTRADITION)
    assert asked.outcome is Outcome.UNSETTLED
    assert asked.best.finding.reason == (
        "Nothing stands against it, but this is not established: the crimes and dual criminality."
    )
    known = {"dual-criminality": True, "grave": True}
    assert toy_basis(law, function=RequestKind.EXTRADITION, facts=known).outcome is Outcome.HOLDS
    refuted = toy_basis(law, function=RequestKind.EXTRADITION, facts={"dual-criminality": False})
    assert refuted.best.finding.reason == "Not punishable in both."
    assert toy_basis(law, facts={"grave": True}).outcome is Outcome.HOLDS, "assistance does not ask for it"
    assert known_facts(law) == ("dual-criminality", "grave", "intent-to-destroy-group", "severe-pain")


@pytest.mark.parametrize(
    ("rule", "conduct", "outcome"),
    [
        ("covered", None, Outcome.HOLDS),
        ("unsettled", None, Outcome.UNSETTLED),
        ("unsettled", ((1994, 4, 7), (1994, 7, 15)), Outcome.UNSETTLED),
        ("unsettled", ((2004, 1, 1), (2004, 1, 2)), Outcome.HOLDS),
        ("not-covered", None, Outcome.UNSETTLED),
        ("not-covered", ((1994, 4, 7), (1994, 7, 15)), Outcome.DOES_NOT_HOLD),
        ("not-covered", ((1994, 4, 7), (2004, 1, 2)), Outcome.UNSETTLED),
        ("not-covered", ((2004, 1, 1), (2004, 1, 2)), Outcome.HOLDS),
    ],
)
def test_the_dates_of_conduct_count_where_the_rule_makes_them_count(
    rule: str, conduct: tuple[tuple[int, int, int], tuple[int, int, int]] | None, outcome: Outcome
) -> None:
    law = toy_law(*BOUND, toy=settled().replace('conduct_before = "covered"', f'conduct_before = "{rule}"'))
    dates = (dt.date(*conduct[0]), dt.date(*conduct[1])) if conduct else None
    assert toy_basis(law, conduct=dates).outcome is outcome


def test_where_one_side_applies_it_provisionally_conduct_is_measured_from_that_day() -> None:
    toy = settled().replace('conduct_before = "covered"', 'conduct_before = "not-covered"')
    law = toy_law(BOUND[0], act("provisional-application", "BB", "2006-01-01", effect="parts=III"), toy=toy)
    assert toy_basis(law, conduct=(dt.date(2006, 1, 1), dt.date(2006, 2, 1))).outcome is Outcome.HOLDS
    assert toy_basis(law, conduct=(dt.date(2005, 1, 1), dt.date(2005, 2, 1))).outcome is Outcome.DOES_NOT_HOLD


def excluding(state: str, effect: str, about: str = "reservation.presence", date: str = "2006-01-01") -> dict[str, str]:
    return act("reservation", state, date, about=about, effect=effect)


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        (excluding("BB", "excludes=function:mla"), Outcome.DOES_NOT_HOLD),
        (excluding("AA", "excludes=function:mla"), Outcome.DOES_NOT_HOLD),
        (excluding("BB", "excludes=function:mla", "reservation.own"), Outcome.DOES_NOT_HOLD),
        (excluding("AA", "excludes=function:mla", "reservation.own"), Outcome.HOLDS),
        (excluding("AA", "excludes=function:mla", ""), Outcome.UNSETTLED),
        (excluding("BB", "excludes=function:mla", ""), Outcome.DOES_NOT_HOLD),
        (excluding("BB", "excludes=function:mla", date=""), Outcome.UNSETTLED),
        (excluding("AA", "excludes=function:mla", "", date=""), Outcome.UNSETTLED),
        (excluding("BB", "excludes=function:mla", date="2004-01-01"), Outcome.HOLDS),
        (excluding("BB", "excludes=function:extradition"), Outcome.HOLDS),
        (excluding("BB", "excludes=crime:GEN"), Outcome.DOES_NOT_HOLD),
        (excluding("BB", "excludes=crime:TORT"), Outcome.HOLDS),
        (excluding("BB", "conduct-from=2005-01-01"), Outcome.DOES_NOT_HOLD),
    ],
)
def test_a_statement_in_effect_may_take_the_request_out(row: dict[str, str], outcome: Outcome) -> None:
    assert toy_basis(toy_law(*BOUND, row, toy=settled())).outcome is outcome


def test_a_statement_on_conduct_spares_later_conduct() -> None:
    law = toy_law(*BOUND, excluding("BB", "conduct-from=2005-01-01"), toy=settled())
    later = (dt.date(2005, 1, 1), dt.date(2005, 2, 1))
    assert toy_basis(law, conduct=later).outcome is Outcome.HOLDS
    assert toy_basis(law, conduct=(dt.date(2004, 1, 1), later[1])).outcome is Outcome.DOES_NOT_HOLD


def test_a_statement_nobody_has_read_leaves_it_open() -> None:
    law = toy_law(*BOUND, act("declaration", "BB", "", status="unsettled"), toy=settled())
    report = toy_basis(law)
    assert report.outcome is Outcome.UNSETTLED
    assert settling_questions(report.best.finding) == ("What do the statements of Brobdingnag towards TOY say?",)


def test_a_list_without_statements_says_so() -> None:
    law = toy_law(*BOUND, toy=settled().replace("statements = true", "statements = false"))
    statements = toy_basis(law).best.finding.because[4]
    assert statements.reason.endswith("The list used does not include statements.")


def test_a_protocol_must_bind_both_where_it_carries_the_request() -> None:
    report = legal_basis(packaged(), ask(function=RequestKind.JOINT_TEAM, crimes=("laundering",)))
    found = {each.instrument: each.finding for each in report.findings}
    assert found["ets030"].because[1].question == "Does ETS 30 and ETS 182 operate between the two States?"


def test_the_best_comes_first() -> None:
    report = legal_basis(packaged(), ask(crimes=("laundering",)))
    assert [each.instrument for each in report.findings][:2] == ["uncac", "untoc"]
    assert report.outcome is Outcome.HOLDS
    outcomes = [each.finding.outcome for each in report.findings]
    order = [Outcome.HOLDS, Outcome.UNSETTLED, Outcome.DOES_NOT_HOLD]
    assert outcomes == sorted(outcomes, key=order.index)


def test_what_nobody_has_verified_is_listed() -> None:
    finding = legal_basis(packaged(), ask()).best.finding
    assert "lhc/entry-into-force" in unverified(finding)
    assert not set(unverified(finding)) & {each.datum for each in finding.all_references() if each.verified}


def test_another_basis_is_shown_as_stated_and_never_as_found() -> None:
    stated = OtherBasis(OtherBasisKind.RECIPROCITY, "Note verbale of 3 May 2026 (invented).")
    report = legal_basis(packaged(), ask(), stated=stated)
    assert report.stated is not None
    assert report.stated.outcome is Outcome.UNSETTLED
    assert report.outcome is Outcome.UNSETTLED
    assert not report.stated.references[0].verified
    as_json = report.as_json()["stated"]
    assert isinstance(as_json, dict)
    assert as_json["outcome"] == "unsettled"


def test_another_basis_needs_a_reason() -> None:
    with pytest.raises(LawQuestionError, match="Another basis needs its reason"):
        OtherBasis(OtherBasisKind.DOMESTIC_LAW, " ")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (ask("ZZ"), "no State with the code 'ZZ'"),
        (ask("NL", "nl"), "A State cannot ask itself: Netherlands stands on both sides."),
        (ask(crimes=()), "Name at least one crime"),
        (ask(crimes=("jaywalking",)), "knows a crime 'jaywalking'"),
        (ask(facts={"full-moon": True}), "No rule asks for the fact 'full-moon'"),
        (ask(function=RequestKind.ANY), "no function"),
    ],
)
def test_a_question_the_law_cannot_be_asked_is_refused(question: BasisQuestion, sentence: str) -> None:
    with pytest.raises(LawQuestionError, match=sentence):
        legal_basis(packaged(), question)


def test_conduct_cannot_end_before_it_began() -> None:
    with pytest.raises(LawQuestionError, match="Conduct cannot end on 2000-01-01"):
        ConductDates(dt.date(2001, 1, 1), dt.date(2000, 1, 1))


def test_the_json_of_a_report_names_the_question() -> None:
    dates = (dt.date(1994, 4, 7), dt.date(1994, 7, 15))
    report = legal_basis(packaged(), ask(conduct=dates, facts={"transnational": True, "dual-criminality": False}))
    assert report.as_json()["question"] == {
        "requesting": "NL",
        "requested": "SN",
        "function": "mla",
        "crimes": ["GEN"],
        "on": TODAY.isoformat(),
        "conduct": ["1994-04-07", "1994-07-15"],
        "facts": {"dual-criminality": False, "transnational": True},
    }
    assert report.as_json()["stated"] is None


def test_the_toy_file_is_the_one_the_other_tests_break() -> None:
    assert toy_law(toy=TOY).instruments["toy"].title == "Convention that does not exist"

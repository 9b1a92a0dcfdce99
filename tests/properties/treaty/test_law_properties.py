"""What must hold for the law whatever States do: checked on random registers of the Toy Convention, which is invented."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from dedere.base.finding import Finding, Outcome
from dedere.treaty.basis import InstrumentFinding, legal_basis, settling_questions
from dedere.treaty.errors import LawDataError
from dedere.treaty.matrix import matrix
from dedere.treaty.parties import bound, rows_of
from dedere.treaty.question import BasisQuestion, known_facts
from dedere.treaty.statements import annex_between, in_effect
from dedere.treaty.words import RequestKind
from support.lawbook import TOY, act, ask, packaged, settled, toy_law

if TYPE_CHECKING:
    from dedere.treaty.law import Law

STATES = ("AA", "BB", "CC")
DAYS = st.dates(dt.date(2000, 1, 2), dt.date(2015, 12, 31))
CONSENTS = ("ratification", "accession", "acceptance", "approval")
FUNCTIONS = (RequestKind.MLA, RequestKind.EXTRADITION, RequestKind.TRANSIT, RequestKind.TRANSFER)
PAIRS = [(one, other) for one in STATES for other in STATES if one != other]
TOYS = {
    "force open": TOY,
    "in force": settled(),
    "earlier conduct open": settled().replace('conduct_before = "covered"', 'conduct_before = "unsettled"'),
}
toys = st.sampled_from(sorted(TOYS))

questions = st.builds(
    lambda pair, function, crime, on, conduct: ask(*pair, function=function, crimes=(crime,), on=on, conduct=conduct),
    st.sampled_from(PAIRS),
    st.sampled_from(FUNCTIONS),
    st.sampled_from(("genocide", "torture", "murder", "torment")),
    DAYS,
    st.one_of(st.none(), DAYS.map(lambda day: (day, day))),
)


@st.composite
def registers(draw: st.DrawFn) -> list[dict[str, str]]:
    """Acts that can all be true: at most one consent and withdrawal for each State, and some statements."""
    acts = []
    for state in STATES:
        if draw(st.booleans()):
            day = draw(DAYS)
            acts.append(act(draw(st.sampled_from(CONSENTS)), state, day.isoformat()))
            if draw(st.booleans()):
                left = draw(st.dates(day, dt.date(2016, 1, 1)))
                acts.append(act("withdrawal", state, left.isoformat(), id=f"zz.{state}.withdrawal"))
        if draw(st.booleans()):
            notified = draw(st.one_of(st.just(""), DAYS.map(dt.date.isoformat)))
            acts.append(act("notification-annex", state, notified, effect="annexes=F"))
        if draw(st.booleans()):
            part = draw(st.sampled_from(("parts=III", "parts=IV", "")))
            acts.append(act("provisional-application", state, draw(DAYS).isoformat(), effect=part))
        if draw(st.booleans()):
            about = draw(st.sampled_from(("reservation.presence", "reservation.own", "")))
            effect = draw(st.sampled_from(("excludes=function:mla", "excludes=crime:GEN", "conduct-from=2010-01-01")))
            acts.append(act("reservation", state, draw(DAYS).isoformat(), about=about, effect=effect))
    if draw(st.booleans()):
        acts.append(act("list-checked", "", draw(DAYS).isoformat()))
    return acts


laws = st.builds(lambda acts, toy: toy_law(*acts, toy=TOYS[toy]), registers(), toys)


def parts(finding: Finding) -> list[Finding]:
    return [finding, *(below for part in finding.because for below in parts(part))]


def basis(law: Law, question: BasisQuestion) -> Finding:
    return legal_basis(law, question).best.finding


@given(laws, questions)
def test_every_finding_has_a_reference_and_an_unsettled_one_its_question(law: Law, question: BasisQuestion) -> None:
    finding = basis(law, question)
    assert all(part.all_references() for part in parts(finding))
    assert bool(settling_questions(finding)) is (finding.outcome is Outcome.UNSETTLED)


@given(registers(), toys, questions, st.sampled_from(STATES), DAYS)
def test_a_later_ratification_never_removes_an_earlier_basis(
    acts: list[dict[str, str]], toy: str, question: BasisQuestion, state: str, day: dt.date
) -> None:
    try:
        after = toy_law(*acts, act("ratification", state, day.isoformat(), id="zz.later"), toy=TOYS[toy])
    except LawDataError:
        return  # the new act would contradict the others
    before = toy_law(*acts, toy=TOYS[toy])
    for pair in PAIRS:
        asked = replace(question, requesting=pair[0], requested=pair[1])
        if basis(before, asked).outcome is Outcome.HOLDS:
            assert basis(after, asked).outcome is Outcome.HOLDS


@given(DAYS, st.lists(DAYS, max_size=2), DAYS)
def test_a_reservation_has_no_effect_after_it_expires(made: dt.date, renewed: list[dt.date], on: dt.date) -> None:
    later = [day for day in renewed if day >= made]
    law = toy_law(
        act("reservation", "AA", made.isoformat(), about="reservation.presence", id="r"),
        *(act("renewal", "AA", day.isoformat(), id=f"r{n}", affects="r") for n, day in enumerate(later)),
    )
    begun = [day for day in (made, *later) if day <= on]
    alive = bool(begun) and made <= on and any(on <= _three_years_after(day) for day in begun)
    row = next(row for row in rows_of(law, "AA", "toy") if row.id == "r")
    found = in_effect(law, row, on=on).outcome
    assert (found is Outcome.HOLDS) is alive
    if on <= dt.date(2010, 12, 31):
        assert found is not Outcome.UNSETTLED, "the list is complete until then"


def _three_years_after(day: dt.date) -> dt.date:
    return day.replace(year=day.year + 3, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 3)


@given(laws, st.sampled_from(PAIRS), DAYS)
def test_annex_findings_are_symmetric(law: Law, pair: tuple[str, str], on: dt.date) -> None:
    one, other = pair
    assert annex_between(law, (one, other), treaty="toy", letter="F", on=on) == annex_between(
        law, (other, one), treaty="toy", letter="F", on=on
    )


DEFINING = frozenset({fact for crime in packaged().instruments["lhc"].crimes.values() for fact in crime.defined_by})


@settings(max_examples=50)
@given(
    st.sampled_from((*packaged().crime_words(), "genocide")),
    st.sampled_from((RequestKind.MLA, RequestKind.EXTRADITION, RequestKind.TRANSFER)),
    st.dictionaries(st.sampled_from(known_facts(packaged())), st.booleans()),
    st.sampled_from(known_facts(packaged())),
)
def test_an_unknown_fact_settles_nothing_by_itself(
    crime: str, function: RequestKind, facts: dict[str, bool], unknown: str
) -> None:
    """Where a finding is settled without a fact, it is settled the same way whatever the fact turns out to be.

    A fact that defines the crime named is presumed by naming it: stated to the contrary it may defeat, with a new reason.
    """
    assume(unknown not in facts)
    law = packaged()
    found = {each.instrument: each.finding for each in _ask_all(law, crime, function, facts)}
    for answer in (True, False):
        known = {each.instrument: each.finding for each in _ask_all(law, crime, function, {**facts, unknown: answer})}
        for instrument, finding in found.items():
            if finding.outcome is Outcome.UNSETTLED or known[instrument].outcome is finding.outcome:
                continue
            assert unknown in DEFINING
            assert answer is False
            old = {part.reason for part in parts(finding)}
            assert {part.reason for part in parts(known[instrument])} - old


def _ask_all(law: Law, crime: str, function: RequestKind, facts: dict[str, bool]) -> tuple[InstrumentFinding, ...]:
    return legal_basis(law, ask(crimes=(crime,), function=function, facts=facts)).findings


@given(laws, questions)
def test_the_same_inputs_give_the_same_bytes(law: Law, question: BasisQuestion) -> None:
    first = json.dumps(legal_basis(law, question).as_json())
    assert json.dumps(legal_basis(law, question).as_json()) == first


@given(laws, questions)
def test_every_cell_of_the_matrix_is_what_the_basis_finds(law: Law, question: BasisQuestion) -> None:
    found = matrix(law, question, states=STATES)
    for requesting, requested, cell in found.pairs():
        asked = replace(question, requesting=requesting, requested=requested)
        assert cell.outcome is legal_basis(law, asked).outcome


class RegisterOfActs(RuleBasedStateMachine):
    """The register grows act by act; no settled finding flips without a reason that was not there before."""

    acts = Bundle("acts")

    @initialize(toy=toys)
    def begin(self, toy: str) -> None:
        self.toy = toy
        self.known: list[dict[str, str]] = []
        self.law = toy_law(toy=TOYS[toy])

    @rule(state=st.sampled_from(STATES), action=st.sampled_from((*CONSENTS, "signature", "withdrawal")), day=DAYS)
    def a_state_acts(self, state: str, action: str, day: dt.date) -> None:
        self._add(act(action, state, day.isoformat(), id=f"a{len(self.known):03}"))

    @rule(
        state=st.sampled_from(STATES),
        action=st.sampled_from(("notification-annex", "provisional-application")),
        day=DAYS,
    )
    def a_state_extends(self, state: str, action: str, day: dt.date) -> None:
        effect = "annexes=F" if action == "notification-annex" else "parts=III"
        self._add(act(action, state, day.isoformat(), id=f"a{len(self.known):03}", effect=effect))

    @rule(state=st.sampled_from(STATES), day=DAYS)
    def a_state_reserves(self, state: str, day: dt.date) -> None:
        more = {"about": "reservation.presence", "effect": "excludes=function:mla"}
        self._add(act("reservation", state, day.isoformat(), id=f"a{len(self.known):03}", **more))

    @rule(day=DAYS, action=st.sampled_from(("list-checked", "entry-into-force")))
    def the_depositary_speaks(self, day: dt.date, action: str) -> None:
        self._add(act(action, "", day.isoformat(), id=f"a{len(self.known):03}"))

    def _add(self, new: dict[str, str]) -> None:
        try:
            law = toy_law(*self.known, new, toy=TOYS[self.toy])
        except LawDataError:
            return
        for pair in PAIRS:
            for on in (dt.date(2005, 6, 1), dt.date(2014, 6, 1)):
                question = ask(*pair, on=on)
                before, after = basis(self.law, question), basis(law, question)
                if before.outcome is Outcome.UNSETTLED or after.outcome is before.outcome:
                    continue
                assert {part.reason for part in parts(after)} - {part.reason for part in parts(before)}
                if new["action"] in CONSENTS:
                    assert before.outcome is not Outcome.HOLDS
        self.known.append(new)
        self.law = law

    @invariant()
    def nobody_is_bound_without_an_act_of_theirs(self) -> None:
        if hasattr(self, "law"):
            for state in STATES:
                if bound(self.law, state, treaty="toy", on=dt.date(2014, 6, 1)).outcome is Outcome.HOLDS:
                    assert any(row["iso3166"] == state and row["action"] in CONSENTS for row in self.known)


RegisterOfActs.TestCase.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
TestRegisterOfActs = RegisterOfActs.TestCase

"""The life of an assurance as a machine: whatever is tried, in whatever order, its standing tells the truth."""

from __future__ import annotations

import datetime as dt

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dedere.treaty.assurances import (
    AssuranceTerms,
    Standing,
    StepKind,
    assurance_from_json,
    offer_assurance,
)
from dedere.treaty.errors import AssuranceError

FINAL = {Standing.DECLINED, Standing.WITHDRAWN, Standing.ENDED}


class AssuranceLife(RuleBasedStateMachine):
    """Tries every step at every moment, forwards and backwards in time."""

    @initialize()
    def offer(self) -> None:
        terms = AssuranceTerms("assurance.treatment", text="No ill-treatment.")
        at = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
        self.assurance = offer_assurance("assurance-1", terms, state="NL", at=at, by="NL")

    @rule(kind=st.sampled_from(StepKind), hours=st.integers(-2, 48), note=st.sampled_from(["", "because"]))
    def try_step(self, kind: StepKind, hours: int, note: str) -> None:
        before = self.assurance
        at = before.history[-1].at + dt.timedelta(hours=hours)
        try:
            self.assurance = before.recorded(kind, at=at, by="SN", note=note)
        except AssuranceError:
            return
        assert hours >= 0
        assert before.standing not in FINAL
        assert self.assurance.history[:-1] == before.history

    @invariant()
    def cures_only_while_accepted_and_unbroken(self) -> None:
        steps = [step.kind for step in self.assurance.history]
        accepted = StepKind.ACCEPTED in steps and StepKind.ENDED not in steps
        broken = steps.count(StepKind.BREACH_REPORTED) > steps.count(StepKind.BREACH_SETTLED)
        assert self.assurance.cures == (accepted and not broken)

    @invariant()
    def reads_back_as_it_was_written(self) -> None:
        assert assurance_from_json(self.assurance.as_json()) == self.assurance

    @invariant()
    def runs_forwards_only(self) -> None:
        moments = [step.at for step in self.assurance.history]
        assert moments == sorted(moments)


TestAssuranceLife = AssuranceLife.TestCase
TestAssuranceLife.settings = settings(max_examples=60, stateful_step_count=20)

"""Shrinks a scenario that breaks an invariant to one that is short enough to be read as a story.

Cases are left out, then troubles, then acts, then days: whatever is not needed for the same invariant to break. Since
every case has chance of its own, what is left runs on nearly as before; what does not break any more is put back.
"""

from __future__ import annotations

from dataclasses import replace

from dedere.cli.simulation.running import Outcome, run
from dedere.cli.simulation.scenario import Trouble
from dedere.transport.faulty import Fault


def shrink(outcome: Outcome, *, tries: int = 80) -> Outcome:
    """The shortest run found that breaks the same invariant, with its journal. Only for runs that broke one.

    `tries` bounds how many runs are made on the way.
    """
    shrinking = _Shrinking(outcome, tries)
    shrinking.leave_out_cases()
    shrinking.calm_troubles()
    shrinking.bound_acts()
    shrinking.shorten()
    return run(shrinking.best.scenario, telling=True)


class _Shrinking:
    """The best run so far, and attempts at a smaller one."""

    def __init__(self, outcome: Outcome, tries: int) -> None:
        self.best = outcome
        self._left = tries

    def leave_out_cases(self) -> None:
        """Keep the case that broke, if that is enough; otherwise leave out ever smaller groups of cases."""
        violation, scenario = self.best.violation, self.best.scenario
        if violation is not None and violation.case >= 0 and self._works(only=frozenset({violation.case})):
            return
        cases = sorted(scenario.only) or list(range(scenario.cases))
        size = len(cases) // 2
        while size >= 1 and self._left > _KEPT_FOR_LATER:
            for start in range(0, len(cases), size):
                fewer = [*cases[:start], *cases[start + size :]]
                if fewer and self._works(only=frozenset(fewer)):
                    cases = fewer
                    break
            else:
                size //= 2

    def calm_troubles(self) -> None:
        """Switch off whatever is not needed."""
        every = [trouble.value for trouble in (*Trouble, *Fault) if trouble is not Fault.NONE]
        if self._works(calm=frozenset(every)):
            return
        for trouble in every:
            self._works(calm=self.best.scenario.calm | {trouble})

    def bound_acts(self) -> None:
        """As few acts in a case as it takes."""
        for acts in (1, 2, 3, 5, 8, 12, 18, 25, 35):
            if acts < self.best.scenario.acts and self._works(acts=acts):
                return

    def shorten(self) -> None:
        """As few days as it takes."""
        for days in (10, 20, 40, 80, 160):
            if days < self.best.scenario.days and self._works(days=days):
                return

    def _works(self, **change: object) -> bool:
        """Whether the scenario, so changed, breaks the same invariant; if so it is the best so far."""
        if self._left <= 0 or self.best.violation is None:
            return False
        self._left -= 1
        tried = run(replace(self.best.scenario, **change))  # type: ignore[arg-type] # fields of a scenario
        if tried.violation is None or tried.violation.invariant != self.best.violation.invariant:
            return False
        self.best = tried
        return True


_KEPT_FOR_LATER = 40

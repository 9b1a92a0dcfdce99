"""Runs a scenario to its end or to the first invariant that does not hold."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.procedure import load_procedure
from dedere.cli.simulation.invariants import Invariants
from dedere.cli.simulation.world import BrokenError, Count, World
from dedere.treaty.loading import load_law

if TYPE_CHECKING:
    from dedere.cli.simulation.scenario import Scenario, Violation
    from dedere.treaty.law import Law


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: what was counted, the violation if there was one, and the journal if it was kept."""

    scenario: Scenario
    count: Count
    violation: Violation | None
    journal: tuple[tuple[dt.datetime, str, str], ...]

    @property
    def unreached(self) -> tuple[str, ...]:
        """The steps of the procedure that no case took, in order."""
        return tuple(sorted(all_steps() - set(self.count.steps)))


def run(scenario: Scenario, *, telling: bool = False) -> Outcome:
    """Run the scenario. The same scenario always ends the same way."""
    world = World(scenario, law=_law(), watch=Invariants(), telling=telling)
    violation = None
    try:
        world.run()
    except BrokenError as broken:
        violation = broken.violation
    return Outcome(scenario, world.count, violation, tuple(world.journal))


@functools.cache
def all_steps() -> frozenset[str]:
    """Every step there is: those acts take, those that follow of themselves, and those common to all proceedings.

    A step common to all proceedings counts once it was taken in any.
    """
    steps: set[str] = set()
    for form in load_procedure().proceedings.values():
        steps.update(step.id for step in form.steps if not step.common)
        steps.update(f"{step.id} > {then.target}" for step in form.steps for then in step.then)
        steps.update(f"{step.id} > {move.kind.value} {move.target}" for step in form.steps for move in step.moves)
        steps.update(f"{step.id} > {step.starts.kind.value}" for step in form.steps if step.starts)
        steps.update(step.id for step in form.measure_steps)
        steps.update(f"{form.kind.value} > {rule.target}" for rule in form.settlements)
    return frozenset(steps)


@functools.cache
def _law() -> Law:
    return load_law()

"""Runs a scenario to its end or to the first invariant that does not hold, and says what it reached."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.clocks import Stage
from dedere.casework.procedure import load_procedure
from dedere.cli.simulation.invariants import Invariants
from dedere.cli.simulation.scenario import Trouble
from dedere.cli.simulation.world import BrokenError, Count, World
from dedere.transport.faulty import Fault
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
    def reached(self) -> frozenset[str]:
        """The steps of the procedure that a case took, and the troubles that happened."""
        return frozenset(self.count.steps) & all_steps() | frozenset(self.count.troubles) & all_troubles()

    @property
    def unreached(self) -> tuple[str, ...]:
        """The steps that no case took, and then the troubles that did not happen, each in order."""
        return tuple(sorted(all_steps() - set(self.count.steps))) + tuple(
            sorted(all_troubles() - set(self.count.troubles))
        )


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
def all_troubles() -> frozenset[str]:
    """Everything beside the procedure that has to happen for a run to prove anything: faults, journeys, clocks."""
    faults = {fault.value for fault in Fault if fault is not Fault.NONE}
    troubles = {Trouble.PARTITION.value, Trouble.CRASH.value}
    return frozenset(faults | troubles | {f"clock-{stage.value}" for stage in Stage} | _OTHERS)


_OTHERS = {
    "act-overtaken",
    "act-refused",
    "bag-lost",
    "by-hand",
    "letter-waits",
    "one-sided",
    "part-tried-again",
    "receipt-by-hand",
    "refused-at-the-desk",
    "unlawful-act",
    "use-forbidden",
}


@functools.cache
def _law() -> Law:
    return load_law()

"""The simulator's throughput: acts a second on one core, every invariant looked at after every step.

Run: .venv/bin/python benchmarks/simulator.py [--cases 150] [--seed 1]. Prints the figure (CPU of this process, the best
of three runs) with its bound, and the peer: letters a second when the same cases are only folded, one after the other,
with nothing simulated and nothing looked at.
"""

from __future__ import annotations

import argparse
import gc
import time

from dedere.casework.acts import RecordedAct
from dedere.casework.fold import fold
from dedere.cli.simulation.invariants import Invariants
from dedere.cli.simulation.running import run
from dedere.cli.simulation.scenario import Scenario
from dedere.cli.simulation.world import World
from dedere.treaty.loading import load_law

BOUND = 2_000
TIMES = 3


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    run(Scenario(cases=1, days=10))
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    fastest = 0.0
    for _ in range(TIMES):
        started = time.process_time()
        outcome = run(Scenario(cases=arguments.cases, seed=arguments.seed))
        fastest = max(fastest, outcome.count.acts / (time.process_time() - started))
    count = outcome.count
    print(f"simulator: {fastest:.0f} acts a second (bound {BOUND}); {count.acts} acts, {count.checks} looks")
    letters = world_of(arguments)
    started = time.process_time()
    for case, sealed in letters.items():
        fold(case, sealed)
    each = sum(map(len, letters.values())) / (time.process_time() - started)
    print(f"peer, folding the letters of these cases and nothing else: {each:.0f} letters a second")


def world_of(arguments: argparse.Namespace) -> dict[str, list[RecordedAct]]:
    """The letters of all cases of the scenario, as they were sealed."""
    world = World(Scenario(cases=arguments.cases, seed=arguments.seed), law=load_law(), watch=Invariants())
    world.run()
    return {
        case: list(world.authorities[matter.states[0]].reader(case).records) for case, matter in world.matters.items()
    }


if __name__ == "__main__":
    main()

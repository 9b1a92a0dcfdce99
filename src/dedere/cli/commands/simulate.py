"""`dedere simulate`: many authorities, all kinds of proceedings, a network at its worst, virtual time, one seed.

Exit codes: 0 every invariant held (and, with `--all-steps`, every step was taken); 1 an invariant broke, told as a
shrunk story, or a step was not reached; 2 the command line was not acceptable. Output goes to standard output.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.cli.simulation.plants import Plant, plant_called
from dedere.cli.simulation.running import Outcome, all_steps
from dedere.cli.simulation.running import run as run_scenario
from dedere.cli.simulation.scenario import STATES, Scenario, Trouble
from dedere.cli.simulation.shrinking import shrink
from dedere.cli.simulation.story import story
from dedere.transport.faulty import Fault

if TYPE_CHECKING:
    import argparse

_FEWEST = 2


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--authorities", type=int, default=12, help=f"how many authorities, 2 to {len(STATES)}")
    parser.add_argument("--cases", type=int, default=500, help="how many cases")
    parser.add_argument("--days", type=int, default=400, help="how many days of virtual time before the network heals")
    parser.add_argument("--seed", default="1", help="the seed, or a range of seeds like 1..20")
    parser.add_argument("--plant", default="", metavar="NAME", help="switch a known fault on, which must be caught")
    parser.add_argument(
        "--plants", action="store_true", help="list the faults that can be planted, and do nothing else"
    )
    parser.add_argument("--all-steps", action="store_true", help="fail when a step of the procedure was not reached")
    parser.add_argument("--only", default="", help="run these cases only: numbers with commas between them")
    parser.add_argument("--calm", default="", help="troubles that do not happen: words with commas between them")
    parser.add_argument("--acts", type=int, default=60, help="the most acts of one case")
    parser.add_argument("--json", action="store_true", help="print one JSON object a seed instead of sentences")


def run(arguments: argparse.Namespace) -> int:
    """Run the simulation and say how it went."""
    if arguments.plants:
        for plant in Plant:
            print(f"{plant.value:32}{plant.describes}")
        return 0
    reached: set[str] = set()
    for seed in _seeds(arguments.seed):
        scenario = _scenario(arguments, seed)
        started = time.perf_counter()
        outcome = run_scenario(scenario)
        _report(outcome, time.perf_counter() - started, as_json=arguments.json)
        if outcome.violation is not None:
            print(story(shrink(outcome)))
            return 1
        reached |= set(outcome.count.steps)
    return _coverage(reached, required=arguments.all_steps)


def _coverage(reached: set[str], *, required: bool) -> int:
    unreached = sorted(all_steps() - reached)
    print(f"Steps reached: {len(all_steps()) - len(unreached)} of {len(all_steps())}.")
    if unreached:
        print(f"Not reached: {', '.join(unreached)}.")
    return 1 if unreached and required else 0


def _report(outcome: Outcome, seconds: float, *, as_json: bool) -> None:
    count, scenario = outcome.count, outcome.scenario
    if as_json:
        facts = {
            "seed": scenario.seed,
            "acts": count.acts,
            "arrivals": count.arrivals,
            "refused_at_desk": count.refused_at_desk,
            "rogue_acts": count.rogue_acts,
            "crashes": count.crashes,
            "uses": count.uses,
            "uses_forbidden": count.uses_forbidden,
            "clocks_told": count.firings,
            "checks": count.checks,
            "faults": dict(sorted(count.faults.items())),
            "seconds": round(seconds, 3),
            "broken": outcome.violation.invariant if outcome.violation else None,
        }
        print(json.dumps(facts, sort_keys=True))
        return
    faults = sum(number for fault, number in count.faults.items() if fault != "none")
    print(
        f"Seed {scenario.seed}: {count.acts} acts, {count.arrivals} arrivals, {faults} faults, "
        f"{count.crashes} crashes, {count.refused_at_desk} acts refused at the desk, {count.rogue_acts} unlawful, "
        f"{count.uses_forbidden} uses forbidden, {count.firings} clocks told, looked at {count.checks} times; "
        f"{seconds:.1f} s, {count.acts / seconds:.0f} acts a second."
    )


def _scenario(arguments: argparse.Namespace, seed: int) -> Scenario:
    if not _FEWEST <= arguments.authorities <= len(STATES):
        raise InputError(f"The simulator knows {_FEWEST} to {len(STATES)} authorities.")
    if min(arguments.cases, arguments.days, arguments.acts) < 1:
        raise InputError("Cases, days and acts are at least 1.")
    only = frozenset(_number(word) for word in arguments.only.split(",") if word)
    if any(number >= arguments.cases for number in only):
        raise InputError(f"The cases have the numbers 0 to {arguments.cases - 1}.")
    calm = frozenset(word for word in arguments.calm.split(",") if word)
    if unknown := calm - {trouble.value for trouble in (*Trouble, *Fault)}:
        raise InputError(f"There is no trouble called {min(unknown)[:40]!r}.")
    return Scenario(
        authorities=arguments.authorities,
        cases=arguments.cases,
        days=arguments.days,
        seed=seed,
        plant=plant_called(arguments.plant).value if arguments.plant else "",
        only=only,
        calm=calm,
        acts=arguments.acts,
    )


def _seeds(text: str) -> range:
    first, _, last = text.partition("..")
    seeds = range(_number(first), _number(last or first) + 1)
    if not seeds:
        raise InputError(f"No seed lies in {text[:20]!r}: write the smaller number first.")
    return seeds


def _number(text: str) -> int:
    if not text.isdecimal():
        raise InputError(f"A number is expected, not {text[:20]!r}.")
    return int(text)

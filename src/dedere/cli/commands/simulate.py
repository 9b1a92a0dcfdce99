"""`dedere simulate`: many authorities, all kinds of proceedings, a network at its worst, virtual time, one seed.

Exit codes: 0 every invariant held and whatever had to be reached was reached; 1 an invariant broke, told as a shrunk
story, or a step of the procedure or a trouble was not reached by a seed; 2 the command line was not acceptable. A run
must reach everything when it is large enough for every step to be wished for twice, or when `--all-steps` says so.
Output goes to standard output.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import time
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.cli.simulation.plants import Plant, plant_called
from dedere.cli.simulation.running import Outcome, all_steps, all_troubles
from dedere.cli.simulation.running import run as run_scenario
from dedere.cli.simulation.scenario import STATES, Scenario, Trouble
from dedere.cli.simulation.shrinking import shrink
from dedere.cli.simulation.story import story
from dedere.transport.faulty import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_FEWEST = 2
# From here on everything has to be reached.
_ENOUGH_CASES = 400
_ENOUGH_AUTHORITIES = 6
_ENOUGH_DAYS = 300


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
    parser.add_argument(
        "--all-steps",
        action=argparse.BooleanOptionalAction,
        help=f"fail when a step or a trouble was not reached; so by default from {_ENOUGH_CASES} cases on",
    )
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
    complete = True
    for seed in _seeds(arguments.seed):
        scenario = _scenario(arguments, seed)
        with _rarely_collected():
            started = time.perf_counter()
            outcome = run_scenario(scenario)
            seconds = time.perf_counter() - started
        _report(outcome, seconds, as_json=arguments.json)
        if outcome.violation is not None:
            print(story(shrink(outcome)))
            return 1
        if outcome.unreached and _must_reach_all(arguments, scenario):
            complete = False
    return 0 if complete else 1


def _must_reach_all(arguments: argparse.Namespace, scenario: Scenario) -> bool:
    if arguments.all_steps is not None:
        return bool(arguments.all_steps)
    large = scenario.cases >= _ENOUGH_CASES and scenario.authorities >= _ENOUGH_AUTHORITIES
    whole = not (scenario.only or scenario.calm or scenario.plant)
    return large and whole and scenario.days >= _ENOUGH_DAYS


@contextlib.contextmanager
def _rarely_collected() -> Iterator[None]:
    """A world makes many values and no rings of them: looking for rings all the time would cost more than the run."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


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
            "troubles": dict(sorted(count.troubles.items())),
            "steps_reached": len(outcome.reached & all_steps()),
            "steps": len(all_steps()),
            "unreached": list(outcome.unreached),
            "seconds": round(seconds, 3),
            "broken": outcome.violation.invariant if outcome.violation else None,
        }
        print(json.dumps(facts, sort_keys=True))
        return
    troubles = sum(count.troubles.values())
    print(
        f"Seed {scenario.seed}: {count.acts} acts, {count.arrivals} arrivals, {troubles} troubles, "
        f"{count.crashes} crashes, {count.refused_at_desk} acts refused at the desk, {count.rogue_acts} unlawful, "
        f"{count.uses_forbidden} uses forbidden, {count.firings} clocks told, looked at {count.checks} times; "
        f"{seconds:.1f} s, {count.acts / seconds:.0f} acts a second."
    )
    if outcome.violation is not None:
        return
    steps, happened = len(outcome.reached & all_steps()), len(outcome.reached & all_troubles())
    print(f"  Reached: {steps} of {len(all_steps())} steps, {happened} of {len(all_troubles())} kinds of trouble.")
    if outcome.unreached:
        print(f"  Not reached: {', '.join(outcome.unreached)}.")


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
    plant = plant_called(arguments.plant) if arguments.plant else None
    return Scenario(
        authorities=arguments.authorities,
        cases=arguments.cases,
        days=arguments.days,
        seed=seed,
        plant=plant.value if plant else "",
        only=only,
        calm=calm,
        acts=arguments.acts,
        crashes_often=plant is not None and plant.shows_in_a_crash,
        shows_at=plant.shows_at if plant else (),
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

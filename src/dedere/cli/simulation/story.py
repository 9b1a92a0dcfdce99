"""Tells a run that broke an invariant as a story: what happened, line by line, and what should have held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.cli.simulation.matter import matter
from dedere.cli.simulation.plants import Plant
from dedere.cli.simulation.scenario import Trouble
from dedere.transport.faulty import Fault

if TYPE_CHECKING:
    from dedere.cli.simulation.running import Outcome

_LAST_LINES = 60


def story(outcome: Outcome) -> str:
    """The story of a run with a journal that broke an invariant; all names in it are fictional."""
    violation, scenario = outcome.violation, outcome.scenario
    if violation is None:
        return "Nothing broke.\n"
    lines = [f"Broken: {violation.invariant}. {violation.found}", f"What must hold: {_MUST_HOLD[violation.invariant]}"]
    if scenario.plant:
        lines.append(f"Planted: {scenario.plant}: {Plant(scenario.plant).describes}.")
    name = ""
    if violation.case >= 0:
        case = matter(scenario, violation.case)
        name = case.name
        lines.append(f"The case: {case.kind.value} between {' and '.join(case.states)}, opened {case.opens:%d %B %Y}.")
    troubles = [each.value for each in (*Trouble, *Fault) if each is not Fault.NONE and scenario.happens(each)]
    lines.append(f"Troubles that it takes: {', '.join(troubles) or 'none'}.")
    told = [(when, says) for when, case_name, says in outcome.journal if case_name == name or not name]
    if len(told) > _LAST_LINES:
        lines.append(f"… {len(told) - _LAST_LINES} lines before …")
    lines.extend(f"{format_instant(when)}  {says}" for when, says in told[-_LAST_LINES:])
    lines.append(f"{format_instant(violation.at)}  Here it breaks.")
    lines.append(f"To see it again: {command(outcome)}")
    return "\n".join(lines) + "\n"


# Each invariant, as the requirement says it.
_MUST_HOLD = {
    "converge": "who holds the same letters sees the same case.",
    "nothing-lost": "everything that was sent arrives.",
    "nothing-twice": "nothing is recorded twice.",
    "permitted": "no act goes beyond what its side, its officers and the procedure permit.",
    "refusal-by-law": "nobody refuses without consultation, ground, reasons and alternatives considered.",
    "prosecution": "every refused extradition opens the duty to prosecute.",
    "final": "what has ended does not go on.",
    "signed-text": "what was signed is the text that stands.",
    "custody": "who signs for an item as whole has the file that was sent.",
    "conditions": "no condition of use is broken.",
    "clock-once": "a clock tells a thing once.",
    "clock-told": "no clock that ran out stays silent.",
    "verifier": "what a verifier computes from a dossier is what the offices hold.",
}


def command(outcome: Outcome) -> str:
    """The command line that runs the scenario again."""
    scenario = outcome.scenario
    words = [
        "dedere simulate",
        f"--authorities {scenario.authorities} --cases {scenario.cases} --days {scenario.days} --seed {scenario.seed}",
    ]
    if scenario.plant:
        words.append(f"--plant {scenario.plant}")
    if scenario.only:
        words.append("--only " + ",".join(map(str, sorted(scenario.only))))
    if scenario.calm:
        words.append("--calm " + ",".join(sorted(scenario.calm)))
    words.append(f"--acts {scenario.acts}")
    return " ".join(words)

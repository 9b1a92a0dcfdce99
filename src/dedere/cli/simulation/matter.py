"""The cases of a simulation: what each is about and between whom. Drawn from the seed, one by one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.acts import ProceedingKind
from dedere.casework.practice.partner import Temper
from dedere.cli.simulation.chance import throw
from dedere.cli.simulation.scenario import BEGIN
from dedere.cli.simulation.wishes import Wish, dealt

if TYPE_CHECKING:
    from dedere.cli.simulation.scenario import Scenario

# How often each kind of first proceeding comes, with its variants.
_KINDS: tuple[tuple[ProceedingKind, str, int], ...] = (
    (ProceedingKind.MLA, "", 26),
    (ProceedingKind.SPONTANEOUS_INFORMATION, "", 5),
    (ProceedingKind.CONSULTATION, "", 3),
    (ProceedingKind.NOTIFICATION, "", 2),
    (ProceedingKind.PROVISIONAL_ARREST, "", 14),
    (ProceedingKind.EXTRADITION, "extradition", 14),
    (ProceedingKind.PROSECUTION, "prosecution-of-national", 3),
    (ProceedingKind.TRANSIT, "", 7),
    (ProceedingKind.TRANSFER, "transfer", 11),
    (ProceedingKind.TRANSFER, "transfer-interest", 5),
    (ProceedingKind.TRANSFER, "transfer-provisional", 5),
    (ProceedingKind.JOINT_TEAM, "jit", 7),
)


@dataclass(frozen=True, slots=True)
class Matter:
    """One case: its number, name, States (the first opens it), first proceeding, day of opening, tempers and wish."""

    number: int
    name: str
    states: tuple[str, ...]
    kind: ProceedingKind
    variant: str
    opens: dt.datetime
    tempers: dict[str, Temper]
    wish: Wish | None = None


def matter(scenario: Scenario, number: int) -> Matter:
    """The case of that number."""
    seed = (scenario.seed, "case", number)
    wish = None
    if number % _FREE_EVERY:
        place = number // _FREE_EVERY * (_FREE_EVERY - 1) + number % _FREE_EVERY - 1
        wish = dealt(scenario.seed, place, among=scenario.shows_at)
        kind, variant = wish.kind, wish.variant
    else:
        kind, variant = _drawn(throw(*seed, "kind", sides=sum(weight for _, _, weight in _KINDS)))
    count = 3 if kind is ProceedingKind.JOINT_TEAM and scenario.authorities > _PAIR else _PAIR
    states: list[str] = []
    for place in range(count):
        left = [state for state in scenario.states if state not in states]
        states.append(left[throw(*seed, "state", place, sides=len(left))])
    # Who has a wish begins early enough, and with patience.
    share = _WISHED_OPEN_WITHIN if wish else _OPEN_WITHIN
    kinds = (Temper.HELPFUL, Temper.PEDANTIC) if wish else tuple(Temper)
    hours = throw(*seed, "opens", sides=max(1, scenario.days * 24 * share // 100))
    tempers = {state: kinds[throw(*seed, "temper", state, sides=len(kinds))] for state in states}
    return Matter(
        number=number,
        name=f"case-{number}",
        states=tuple(states),
        kind=kind,
        variant=variant,
        opens=BEGIN + dt.timedelta(hours=hours),
        tempers=tempers,
        wish=wish,
    )


_PAIR = 2
# Every fourth case goes as it goes; the others have a wish.
_FREE_EVERY = 4
# In which share, in percent, of the days cases open.
_OPEN_WITHIN = 60
_WISHED_OPEN_WITHIN = 45


def _drawn(place: int) -> tuple[ProceedingKind, str]:
    for kind, variant, weight in _KINDS:
        if place < weight:
            return kind, variant
        place -= weight
    return _KINDS[0][:2]

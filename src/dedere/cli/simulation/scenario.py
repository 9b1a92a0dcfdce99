"""What a simulation is of: how many authorities, cases and days, from which seed, with which fault planted.

The same scenario always runs the same way. Every case has a stream of chance of its own, so that a scenario with fewer
cases runs those that are left exactly as before: that is what shrinking rests on.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field

from dedere.transport.faulty import Fault

BEGIN = dt.datetime(2026, 1, 5, 8, 0, tzinfo=dt.UTC)

# States whose authorities are simulated, in this order. Their officers and cases are fictional.
STATES = (
    *("NL", "SN", "SI", "MN", "AR", "BE", "LV", "FR", "DE", "CD"),
    *("CH", "CZ", "NO", "FI", "SE", "CL", "ME", "MK", "MT", "LU"),
)

_WRITES_BETWEEN_CRASHES = 2_500
_WRITES_BETWEEN_MANY_CRASHES = 120


class Trouble(enum.StrEnum):
    """What can go wrong beside the faults of single transmissions."""

    PARTITION = "partition"
    CRASH = "crash"
    ROGUE = "rogue"
    HURRY = "hurry"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One simulation. `only` are the numbers of the cases that run (all when empty); `calm` the troubles that do not.

    `acts` bounds the acts of one case, `plant` names a known fault that is switched on, empty for none;
    `shows_at` are the steps at which that fault can show.
    """

    authorities: int = 12
    cases: int = 500
    days: int = 400
    seed: int = 1
    plant: str = ""
    only: frozenset[int] = field(default_factory=frozenset)
    calm: frozenset[str] = field(default_factory=frozenset)
    acts: int = 60
    crashes_often: bool = False
    shows_at: tuple[str, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """The States taking part."""
        return STATES[: self.authorities]

    @property
    def end(self) -> dt.datetime:
        """The instant from which nobody acts any more and the network heals."""
        return BEGIN + dt.timedelta(days=self.days)

    @property
    def crashes_in(self) -> int:
        """One of so many writes meets a crash."""
        return _WRITES_BETWEEN_MANY_CRASHES if self.crashes_often else _WRITES_BETWEEN_CRASHES

    def runs(self, case: int) -> bool:
        """Whether this case is part of it."""
        return not self.only or case in self.only

    def happens(self, trouble: Fault | Trouble) -> bool:
        """Whether this trouble can happen."""
        return trouble.value not in self.calm


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that did not hold: its name, the case (number, or -1), the instant, and what was found."""

    invariant: str
    case: int
    at: dt.datetime
    found: str

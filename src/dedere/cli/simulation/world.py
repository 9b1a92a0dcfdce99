"""The world of a simulation: authorities, cases, time and network, and the watch that looks after every step."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from dedere.cli.simulation.agenda import Agenda
from dedere.cli.simulation.authority import Authority
from dedere.cli.simulation.chance import Stream, throw
from dedere.cli.simulation.matter import Matter, matter
from dedere.cli.simulation.network import Network
from dedere.cli.simulation.office import Office
from dedere.cli.simulation.plants import planted_procedure
from dedere.cli.simulation.scenario import BEGIN, Scenario, Trouble, Violation
from dedere.cli.simulation.sealing import Seals
from dedere.cli.simulation.shared import Shared

if TYPE_CHECKING:
    from dedere.casework.acts import RecordedAct
    from dedere.casework.clocks import Firing
    from dedere.cli.simulation.uses import Used
    from dedere.treaty.law import Law

_ONE_SIDED_EVERY = 5
_SKEW_SECONDS = 240


class BrokenError(Exception):
    """An invariant did not hold. Carries the violation to whoever runs the world."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(violation.found)
        self.violation = violation


class Watch(Protocol):
    """Looks after every step whether everything that must hold holds; raises `BrokenError` when not."""

    def after(self, world: World, authority: Authority, case: str) -> None:
        """A letter was recorded by this authority."""
        ...

    def after_use(self, world: World, case: str) -> None:
        """An office let a use through."""
        ...

    def after_telling(self, world: World, authority: Authority, case: str, firing: Firing) -> None:
        """A clock told something."""
        ...

    def at_the_end(self, world: World) -> None:
        """Nobody acts any more, and the network has healed."""
        ...


@dataclass(slots=True)
class Count:
    """What happened, in numbers."""

    acts: int = 0
    arrivals: int = 0
    refused_at_desk: int = 0
    rogue_acts: int = 0
    crashes: int = 0
    uses: int = 0
    uses_forbidden: int = 0
    firings: int = 0
    checks: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)


class World:
    """One simulation in progress. `journal` is written only when `telling`."""

    def __init__(self, scenario: Scenario, *, law: Law, watch: Watch, telling: bool = False) -> None:
        self.scenario = scenario
        self.begin = BEGIN
        self.end = scenario.end
        self.agenda = Agenda(BEGIN)
        self.count = Count()
        self.watch = watch
        self.procedure = planted_procedure(scenario.plant)
        self.matters: dict[str, Matter] = {}
        self.seals = Seals()
        self._shared = Shared(law)
        self._crashing = scenario.happens(Trouble.CRASH)
        self._until_crash: dict[tuple[str, str], int] = {}
        self._crash_streams: dict[tuple[str, str], Stream] = {}
        self.authorities = {state: self._authority(place, state) for place, state in enumerate(scenario.states)}
        self.network = Network(self)
        self.office = Office(self)
        self.rogue: set[str] = set()
        self.used: dict[str, list[Used]] = defaultdict(list)
        self.sealed: dict[str, list[RecordedAct]] = defaultdict(list)
        self.acts: dict[str, RecordedAct] = {}
        self.parts: dict[str, str] = {}
        self.recorded_at: dict[tuple[str, str], dt.datetime] = {}
        self.journal: list[tuple[dt.datetime, str, str]] = []
        self.telling = telling

    def run(self) -> None:
        """Let everything happen, let the network heal, then look once more.

        Raises:
            BrokenError: an invariant did not hold.
        """
        for number in range(self.scenario.cases):
            if self.scenario.runs(number):
                case = matter(self.scenario, number)
                self.matters[case.name] = case
                self.office.expect(case)
        while (what := self.agenda.next()) is not None:
            what()
        self.watch.at_the_end(self)

    def seal(self, letters: list[RecordedAct]) -> None:
        """Letters leave a desk: what was said is remembered beside all offices, for the invariants."""
        self.sealed[letters[0].case].extend(letters)
        for letter in letters:
            self.acts[letter.circular] = letter
            self.parts.update({part.id: part.sha256 for part in letter.parts})

    def happened(self, trouble: str) -> None:
        """Count a trouble."""
        self.count.troubles[trouble] += 1

    def tell(self, case: str, says: str) -> None:
        """Write a line of the journal."""
        if self.telling:
            self.journal.append((self.agenda.now, case, says))

    def fail(self, invariant: str, case: str, found: str) -> BrokenError:
        """The error that says that an invariant did not hold."""
        known = self.matters.get(case)
        return BrokenError(Violation(invariant, known.number if known else -1, self.agenda.now, found))

    def recorded(self, authority: Authority, letter: RecordedAct) -> None:
        """A letter stands in an authority's record: everything is looked at."""
        self.recorded_at[authority.state, letter.case] = self.agenda.now
        self.watch.after(self, authority, letter.case)
        self.office.set_alarm(authority, letter.case)

    def arrived(self, authority: Authority, letter: RecordedAct) -> None:
        """A letter was received, perhaps again."""
        self.count.arrivals += 1
        if self.telling:
            self.tell(letter.case, f"{authority.state} receives the {letter.kind.value} of {letter.sender}.")
        if letter.case in authority.disk.letters:
            self.recorded(authority, letter)
            self.office.wake(authority, letter.case)

    def recorded_use(self, authority: Authority, case: str) -> None:
        """An office let a use of evidence through."""
        self.tell(case, f"{authority.state} uses an item.")
        self.watch.after_use(self, case)

    def told(self, authority: Authority, case: str, firing: Firing) -> None:
        """A clock told something."""
        self.count.firings += 1
        self.happened(f"clock-{firing.stage.value}")
        self.tell(case, f"{authority.state} hears a clock ({firing.stage.value}): {firing.sentence}")
        self.watch.after_telling(self, authority, case, firing)

    def strike(self, authority: Authority) -> None:
        """An authority's machine dies and comes back after some hours."""
        self.count.crashes += 1
        self.happened(Trouble.CRASH.value)
        authority.crash()
        hours = 1 + throw(authority.state, self.count.crashes, "repair", sides=36)
        for case in authority.disk.letters if self.telling else ():
            self.tell(case, f"{authority.state} crashes; it is back in {hours} hours.")
        self.agenda.put(self.agenda.now + dt.timedelta(hours=hours), lambda: self._restart(authority))

    def _restart(self, authority: Authority) -> None:
        if not authority.up:
            authority.restart(self.agenda.now)
            self.network.resume(authority)
            self.office.resume(authority)

    def _authority(self, place: int, state: str) -> Authority:
        authority = Authority(
            state,
            procedure=self.procedure,
            shared=self._shared,
            seals=self.seals,
            plant=self.scenario.plant,
            crashes=lambda case: self._crashes(state, case),
        )
        authority.one_sided = place % _ONE_SIDED_EVERY == _ONE_SIDED_EVERY - 1
        skew = throw(self.scenario.seed, state, "skew", sides=2 * _SKEW_SECONDS) - _SKEW_SECONDS
        authority.skew = dt.timedelta(seconds=skew)
        return authority

    def _crashes(self, state: str, case: str) -> bool:
        """Whether the machine dies now. How many writes it takes is drawn for every office in every case."""
        if not self._crashing or self.agenda.now >= self.end:
            return False
        key = (state, case)
        left = self._until_crash.get(key)
        if left is None:
            self._crash_streams[key] = Stream(f"{self.scenario.seed}/{state}/{case}/crash")
            left = self._next_crash(key)
        self._until_crash[key] = left - 1 if left else self._next_crash(key)
        return not left

    def _next_crash(self, key: tuple[str, str]) -> int:
        return self._crash_streams[key].below(2 * self.scenario.crashes_in)

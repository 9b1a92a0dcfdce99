"""What offices that hold the same need not work out twice: readings of cases, and the clocks in them.

Nothing here is an office's own: it follows from letters alone, and the invariants compute it anew from the letters.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.casework.clocks import CaseClock, ClockSetting, PracticeTimes, clocks_of
from dedere.casework.fold import first_reading
from dedere.treaty.limits import Place

if TYPE_CHECKING:
    from dedere.casework.reading import Reading
    from dedere.casework.state import CaseState
    from dedere.casework.transitions import Procedure
    from dedere.treaty.law import Law

TIMES = PracticeTimes()
_PLACE = Place("UTC")
_INSTRUMENT = "lhc"


class Shared:
    """Readings and clocks of all cases of a world."""

    def __init__(self, law: Law) -> None:
        self._law = law
        limits = law.instrument(_INSTRUMENT).limits
        self._counted = frozenset({limit.starts_on for limit in limits} | {limit.ends for limit in limits})
        self._firsts: dict[tuple[str, int], Reading] = {}
        self._clocks: dict[Reading, tuple[CaseClock, ...]] = {}
        self._histories: dict[tuple[object, ...], tuple[CaseClock, ...]] = {}
        self._instants: dict[Reading, tuple[dt.datetime, ...]] = {}

    def first(self, case: str, procedure: Procedure) -> Reading:
        """Where every reading of the case under this procedure begins."""
        key = (case, id(procedure))
        if key not in self._firsts:
            self._firsts[key] = first_reading(case, procedure=procedure)
        return self._firsts[key]

    def clocks(self, reading: Reading, now: dt.datetime) -> tuple[CaseClock, ...]:
        """The clocks of the case. Only what has happened counts, not when it is asked."""
        clocks = self._clocks.get(reading)
        if clocks is None:
            history = self._history(reading.state)
            clocks = self._histories.get(history)
            if clocks is None:
                setting = ClockSetting(instruments=(_INSTRUMENT,), place=_PLACE, now=now)
                clocks = self._histories[history] = clocks_of(reading.state, self._law, setting=setting)
            self._clocks[reading] = clocks
        return clocks

    def instants(self, reading: Reading, now: dt.datetime) -> tuple[dt.datetime, ...]:
        """The instants at which a clock may have something to tell, in order."""
        instants = self._instants.get(reading)
        if instants is None:
            instants = self._instants[reading] = _instants(reading.state, self.clocks(reading, now))
        return instants

    def _history(self, state: CaseState) -> tuple[object, ...]:
        """All that clocks depend on: the events that limits count from or to, and which proceedings are over."""
        return tuple(
            (
                here.id,
                here.is_final,
                tuple(
                    (each.event, each.on, each.at, each.letter)
                    for each in here.events
                    if each.event in self._counted or each.event in here.form.law_kinds_after
                ),
            )
            for here in state.docket.proceedings.values()
        )


def _instants(state: CaseState, clocks: tuple[CaseClock, ...]) -> tuple[dt.datetime, ...]:
    instants: set[dt.datetime] = set()
    for each in clocks:
        if not each.over and each.clock.warn_at is not None:
            instants |= {each.clock.warn_at - dt.timedelta(days=TIMES.warn_before), each.clock.warn_at}
    for owed in state.owed:
        since = dt.datetime.fromisoformat(state.docket.entries[owed.since].sealed_at)
        waits = (TIMES.acknowledge_within, TIMES.remind_after, TIMES.escalate_after)
        instants.update(since + dt.timedelta(days=days) for days in waits)
        if owed.by:
            instants.add(dt.datetime.fromisoformat(f"{owed.by}T00:00:00Z") + dt.timedelta(days=1))
    return tuple(sorted(instants))

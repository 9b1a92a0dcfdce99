"""What offices that hold the same need not work out twice: readings of cases, and the clocks in them.

Nothing here is an office's own: it follows from letters alone, and the invariants compute it anew from the letters.
"""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING

from dedere.casework.clocks import CaseClock, ClockSetting, PracticeTimes, clocks_in
from dedere.casework.fold import first_reading
from dedere.casework.owed import owed_here, receipts_owed
from dedere.treaty.limits import Place

if TYPE_CHECKING:
    from dedere.casework.docket import Docket, OpenProceeding
    from dedere.casework.owed import Owed
    from dedere.casework.reading import Reading
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
        self._instants: dict[Reading, tuple[dt.datetime, ...]] = {}
        self._histories: dict[tuple[object, ...], tuple[CaseClock, ...]] = {}
        # By proceeding as it stood in a reading; readings have in common what no act between them changed.
        self._in_proceedings: dict[int, tuple[OpenProceeding, tuple[CaseClock, ...], frozenset[dt.datetime]]] = {}

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
            here = reading.docket.proceedings.values()
            clocks = tuple(clock for each in here for clock in self._of_proceeding(reading.docket, each, now)[1])
            self._clocks[reading] = clocks
        return clocks

    def instants(self, reading: Reading, now: dt.datetime) -> tuple[dt.datetime, ...]:
        """The instants at which a clock may have something to tell, in order."""
        instants = self._instants.get(reading)
        if instants is None:
            docket = reading.docket
            found = [self._of_proceeding(docket, each, now)[2] for each in docket.proceedings.values()]
            found.append(_owing(docket, receipts_owed(docket)))
            instants = self._instants[reading] = tuple(sorted(frozenset().union(*found)))
        return instants

    def _of_proceeding(
        self, docket: Docket, here: OpenProceeding, now: dt.datetime
    ) -> tuple[OpenProceeding, tuple[CaseClock, ...], frozenset[dt.datetime]]:
        known = self._in_proceedings.get(id(here))
        if known is None:
            history = self._history(here)
            clocks = self._histories.get(history)
            if clocks is None:
                setting = ClockSetting(instruments=(_INSTRUMENT,), place=_PLACE, now=now)
                clocks = self._histories[history] = clocks_in(here, self._law, setting=setting)
            instants = _owing(docket, owed_here(here)).union(*map(_limited, clocks))
            known = self._in_proceedings[id(here)] = (here, clocks, instants)
        return known

    def _history(self, here: OpenProceeding) -> tuple[object, ...]:
        """All that the clocks of a proceeding depend on: events that limits count from or to, and its being over."""
        return (
            here.id,
            here.is_final,
            tuple(
                (each.event, each.on, each.at, each.letter)
                for each in here.events
                if each.event in self._counted or each.event in here.form.law_kinds_after
            ),
        )


def _limited(each: CaseClock) -> tuple[dt.datetime, ...]:
    if each.over or each.clock.warn_at is None:
        return ()
    return (each.clock.warn_at - dt.timedelta(days=TIMES.warn_before), each.clock.warn_at)


def _owing(docket: Docket, owed: tuple[Owed, ...]) -> frozenset[dt.datetime]:
    asked = {(docket.entries[each.since].sealed_at, each.by) for each in owed}
    return frozenset().union(*(_reminders(at, by) for at, by in asked))


@functools.lru_cache(maxsize=1 << 14)
def _reminders(asked_at: str, by: str) -> tuple[dt.datetime, ...]:
    """When somebody is reminded of what was asked at that instant, to be done by a date or by none."""
    since = dt.datetime.fromisoformat(asked_at)
    waits = (TIMES.acknowledge_within, TIMES.remind_after, TIMES.escalate_after)
    instants = [since + dt.timedelta(days=days) for days in waits]
    if by:
        instants.append(dt.datetime.fromisoformat(f"{by}T00:00:00Z") + dt.timedelta(days=1))
    return tuple(instants)

"""The duties of a case: what each State owes by law because something happened, less what it has done about it.

Duties come from the instrument through `treaty.duties`; that one was met is read off the letters: a step says which
duties it meets.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.treaty.duties import DutyQuestion, OwedDuty, duties_owed
from dedere.treaty.limits import Event
from dedere.treaty.words import Measure, Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.base.finding import Outcome
    from dedere.casework.docket import OpenProceeding
    from dedere.casework.state import CaseState
    from dedere.treaty.law import Law


@dataclass(frozen=True, slots=True)
class CaseDuty:
    """One duty in one proceeding, started by one letter. `met` says that a step was taken that meets it."""

    proceeding: str
    letter: str
    duty: OwedDuty
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DutySetting:
    """Under which instruments duties are wanted, and which of their treaties bind both States."""

    instruments: tuple[str, ...]
    treaties: Mapping[str, Outcome] = field(default_factory=dict)


def duties_of(state: CaseState, law: Law, *, setting: DutySetting) -> tuple[CaseDuty, ...]:
    """Every duty that the events of the case brought about, in the order in which they happened.

    Raises:
        LawQuestionError: an unknown instrument.
    """
    return tuple(duty for here in state.docket.proceedings.values() for duty in _duties_in(here, law, setting))


def _duties_in(here: OpenProceeding, law: Law, setting: DutySetting) -> list[CaseDuty]:
    letters: dict[Event, str] = {}
    for raised in here.events:
        letters.setdefault(Event(raised.event, dt.date.fromisoformat(raised.on)), raised.letter)
    measures = {measure.kind for measure in here.measures.values()}
    question = DutyQuestion(
        instruments=setting.instruments,
        sides=_sides(here),
        kinds=here.law_kinds,
        measures=tuple(measure for measure in Measure if measure.value in measures),
        treaties=setting.treaties,
    )
    return [
        CaseDuty(here.id, letters[duty.event], duty, met=duty.datum.partition("/")[2] in here.met)
        for duty in duties_owed(law, letters, question=question)
    ]


def _sides(here: OpenProceeding) -> dict[Side, tuple[str, ...]]:
    """The law's sides as far as the proceeding's own sides bear the same names, and both of them together."""
    known = {side.value for side in Side}
    sides = {Side.BOTH: tuple(sorted(here.sides))}
    for state, side in sorted(here.sides.items()):
        name = _SAME_SIDE.get(side, side)
        if name in known:
            sides[Side(name)] = (*sides.get(Side(name), ()), state)
    return sides


# The State that prosecutes is the one that was requested to extradite.
_SAME_SIDE = {"prosecuting": "requested", "informed": "requesting", "notifying": "requested", "notified": "requesting"}

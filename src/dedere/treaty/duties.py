"""From events to duties: what each State owes because something happened, with its provision.

A duty here has no number of days; a duty with one is a limit, and its clock is in `dedere.treaty.limits`. Nothing here
says that a duty was fulfilled: that is for the record of the case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.finding import Outcome
from dedere.treaty.limits_clock import Event
from dedere.treaty.rule_scope import Scope, treaty_name
from dedere.treaty.words import Measure, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dedere.base.reference import Reference
    from dedere.treaty.law import Law
    from dedere.treaty.model import Duty


@dataclass(frozen=True, slots=True)
class OwedDuty:
    """One duty that one event brought about. `states` are two-letter codes; empty where the side has no State yet."""

    datum: str
    gist: str
    owed_by: Side
    states: tuple[str, ...]
    event: Event
    reference: Reference
    doubt: str

    def as_json(self) -> dict[str, object]:
        """The duty as plain data, always the same keys in the same order."""
        return {
            "datum": self.datum,
            "gist": self.gist,
            "owed_by": self.owed_by.value,
            "states": list(self.states),
            "event": self.event.as_json(),
            "doubt": self.doubt,
            "reference": self.reference.as_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyQuestion:
    """For which instruments, kinds of request and measures duties are wanted; see `ClockQuestion`.

    `sides` says which States stand on each side; where it says nothing, a duty names its side only.
    """

    instruments: tuple[str, ...]
    sides: Mapping[Side, tuple[str, ...]] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    measures: tuple[Measure, ...] = ()
    treaties: Mapping[str, Outcome] = field(default_factory=dict)


def duties_owed(law: Law, events: Iterable[Event], *, question: DutyQuestion) -> tuple[OwedDuty, ...]:
    """Every duty that one of the events brings about, in the order of the events given, then of the law.

    Raises:
        LawQuestionError: an unknown instrument.
    """
    scope = Scope(kinds=question.kinds, measures=question.measures, treaties=question.treaties)
    duties = [duty for name in question.instruments for duty in law.instrument(name).duties if scope.wants(duty)]
    return tuple(
        _owed(law, duty, event=event, question=question)
        for event in dict.fromkeys(events)
        for duty in duties
        if duty.on_event == event.name
    )


def _owed(law: Law, duty: Duty, *, event: Event, question: DutyQuestion) -> OwedDuty:
    unknown = Scope(treaties=question.treaties).binds(duty) is Outcome.UNSETTLED
    doubt = f"Whether {treaty_name(law, duty.source_treaty)} binds both States is not known." if unknown else ""
    return OwedDuty(
        datum=duty.datum,
        gist=duty.gist,
        owed_by=duty.owed_by,
        states=question.sides.get(duty.owed_by, ()),
        event=event,
        reference=law.reference_of(duty),
        doubt=doubt,
    )

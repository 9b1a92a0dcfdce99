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
    from collections.abc import Iterable, Iterator, Mapping

    from dedere.base.reference import Reference
    from dedere.treaty.law import Law
    from dedere.treaty.model import Duty
    from dedere.treaty.requestfile import RequestFile


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
    """For which instruments, kinds of request, measures and States duties are wanted; see `ClockQuestion`."""

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


def sides_of(request: RequestFile) -> dict[Side, tuple[str, ...]]:
    """Which States stand on which side of a request, as far as its kind and answers tell."""
    asking, asked = (request.requesting,), (request.requested,)
    sides = {Side.REQUESTING: asking, Side.REQUESTED: asked, Side.BOTH: (*asking, *asked)}
    sides.update(_sides_by_kind(request, asking=asking, asked=asked))
    return sides


def _sides_by_kind(
    request: RequestFile, *, asking: tuple[str, ...], asked: tuple[str, ...]
) -> Iterator[tuple[Side, tuple[str, ...]]]:
    match request.kind:
        case "transit":
            yield Side.TRANSIT, asked
        case "spontaneous-information":
            yield Side.RECEIVING, asked
            yield Side.SENDING, asking
        case "transfer" if request.text("transfer.made_by") == "administering-state":
            yield Side.ADMINISTERING, asking
            yield Side.SENTENCING, asked
        case "transfer" | "transfer-interest" | "transfer-provisional":
            yield Side.SENTENCING, asking
            yield Side.ADMINISTERING, asked
        case _:
            yield from _sender(request, asking=asking, asked=asked)


def _sender(
    request: RequestFile, *, asking: tuple[str, ...], asked: tuple[str, ...]
) -> Iterator[tuple[Side, tuple[str, ...]]]:
    """From which State a detained person comes; nobody's when the request moves persons both ways, or nobody."""
    measures = set(request.measures)
    to_requested = Measure.TEMPORARY_TRANSFER_TO_REQUESTED.value in measures
    to_requesting = Measure.TEMPORARY_TRANSFER.value in measures
    if to_requested != to_requesting:
        yield Side.SENDING, asking if to_requested else asked

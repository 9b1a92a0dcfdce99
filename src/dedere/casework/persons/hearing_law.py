"""What the law's data and practice say about hearing a person in this way: consent, duties, checks, with provenance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.persons.hearings import Mode
from dedere.treaty.duties import DutyQuestion, OwedDuty, duties_owed
from dedere.treaty.limits import Event
from dedere.treaty.words import Measure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.base.reference import Reference
    from dedere.treaty.law import Law
    from dedere.treaty.model import Check

DEFENDED = frozenset({"suspect", "accused", "person-sought"})
_CONSENTS = {
    Measure.HEARING_VIDEO_ACCUSED: "measure.hearing_video.accused_consent",
    Measure.HEARING_TELEPHONE: "measure.hearing_telephone.willing",
}
_EVENTS = ("hearing.agreed", "hearing.held", "hearing.concluded")


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """A rule that asks for the person's agreement, as far as it is known, and where it stands."""

    ask: str
    if_missing: str
    reference: Reference


def measure_of(mode: str, roles: Iterable[str]) -> Measure:
    """The form of assistance that a hearing of a person with these roles is."""
    match mode:
        case Mode.VIDEO:
            return Measure.HEARING_VIDEO_ACCUSED if DEFENDED & set(roles) else Measure.HEARING_VIDEO
        case Mode.TELEPHONE:
            return Measure.HEARING_TELEPHONE
        case _:
            return Measure.STATEMENT


def consents_asked(law: Law, measure: Measure, *, instruments: Iterable[str]) -> tuple[ConsentAsked, ...]:
    """The rules of these instruments that ask for the person's agreement to this measure; none known: nothing."""
    wanted = _CONSENTS.get(measure)
    return tuple(
        ConsentAsked(row.ask, row.if_missing, law.reference_of(row))
        for name in instruments
        for row in law.instrument(name).contents
        if wanted is not None and row.field == wanted and row.measure is measure
    )


def duties_at_hearing(law: Law, measure: Measure, *, instruments: tuple[str, ...], on: dt.date) -> tuple[OwedDuty, ...]:
    """What States owe because of such a hearing, each duty once; duties about no measure are those of the case."""
    question = DutyQuestion(instruments=instruments, measures=(measure,))
    found: dict[str, OwedDuty] = {}
    for owed in duties_owed(law, [Event(name, on) for name in _EVENTS], question=question):
        found.setdefault(owed.datum, owed)
    return tuple(found.values())


def checks_at_hearing(law: Law) -> tuple[Check, ...]:
    """What practice tells to look at before a hearing; never law, and each says where it comes from."""
    return tuple(check for check in law.practice if "hearing" in check.applies_to)

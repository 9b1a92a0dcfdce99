"""One ground on one situation: what its instrument makes of it, what the facts make of it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.finding import Finding, Outcome
from dedere.treaty.assurances import Standing, offers_in
from dedere.treaty.grounds_assessment import Availability, Cure, CureStanding, GroundAssessment, Reading
from dedere.treaty.grounds_circumstances import Circumstance, Situation, circumstance_of, questions
from dedere.treaty.grounds_steps import ladder_of
from dedere.treaty.rule_scope import replacing, treaty_name
from dedere.treaty.words import Effect, Force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.base.reference import Reference
    from dedere.treaty.model import Ground

_MEANS = {
    Force.MUST: "then the request has to be refused",
    Force.MAY: "then the request may be refused",
    Force.NOT_AVAILABLE: "then it may not be refused on this ground",
}
_ASKS = {
    Effect.REFUSE: "May the request be refused",
    Effect.POSTPONE: "May execution be postponed",
    Effect.PARTIAL: "May the request be executed in part only",
    Effect.NONE: "May the request be refused",
}


@dataclass(frozen=True, slots=True)
class _Bar:
    """A rule that takes a ground away, and whether it does so beyond doubt here."""

    title: str
    certain: bool
    reference: Reference


def assess_ground(ground: Ground, situation: Situation) -> GroundAssessment:
    """The ground on this situation.

    Never *holds* or *does not hold* on an unknown fact, an unread provision or a protocol that may not bind.
    """
    circumstance = circumstance_of(ground.id, situation)
    bars = tuple(_bars_on(ground, situation))
    doubts = tuple(_doubts(ground, situation))
    cure = _cure(ground, situation)
    availability = _availability(ground, bars=bars, doubts=doubts)
    taken_away = _taken_away(availability, circumstance=circumstance, cure=cure)
    return GroundAssessment(
        datum=ground.datum,
        title=ground.title,
        gist=ground.gist,
        effect=ground.effect,
        availability=availability,
        circumstance=circumstance,
        readings=_readings(ground),
        may_be_chosen=not taken_away,
        warnings=_warnings(ground, bars=bars, doubts=doubts, situation=situation),
        cure=cure,
        alternatives=ladder_of(ground.alternatives),
        finding=_finding(
            ground,
            situation,
            outcome=_outcome(availability, circumstance=circumstance, taken_away=taken_away, doubts=doubts),
            reason=taken_away or _open_reason(ground, availability=availability, circumstance=circumstance),
            others=(*(bar.reference for bar in bars), *_cure_references(cure)),
        ),
    )


def _bars_on(ground: Ground, situation: Situation) -> Iterator[_Bar]:
    """The bars of the same instrument that rule this ground out on these facts, or may."""
    for bar in situation.instrument.grounds:
        if questions().bars.get(bar.id) != ground.id or bar.force is not Force.NOT_AVAILABLE:
            continue
        met = circumstance_of(bar.id, situation).outcome
        binds = situation.scope.binds(bar)
        if Outcome.DOES_NOT_HOLD in {met, binds}:
            continue
        reference = situation.law.reference_of(bar)
        certain = met is Outcome.HOLDS and binds is Outcome.HOLDS and reference.verified
        yield _Bar(bar.title, certain=certain, reference=reference)


def _doubts(ground: Ground, situation: Situation) -> Iterator[str]:
    """Why the ground's rule may not be the one that applies, or not as it stands in the data."""
    if not situation.law.reference_of(ground).verified:
        yield "the rule has not been compared with the authentic text"
    if situation.scope.binds(ground) is Outcome.UNSETTLED:
        yield f"whether {treaty_name(situation.law, ground.source_treaty)} binds both States is not known"
    for newer in replacing(ground, situation.instrument.grounds):
        if situation.scope.binds(newer) is Outcome.UNSETTLED:
            name = treaty_name(situation.law, newer.source_treaty)
            yield f"{name} has another rule ({newer.title}); whether it binds both States is not known"


def _availability(ground: Ground, *, bars: tuple[_Bar, ...], doubts: tuple[str, ...]) -> Availability:
    if any(bar.certain for bar in bars):
        return Availability.NOT_AVAILABLE
    match ground.force:
        case Force.NOT_AVAILABLE:
            return Availability.UNSETTLED if doubts else Availability.NOT_AVAILABLE
        case Force.UNSETTLED:
            return Availability.UNSETTLED
        case _ if ground.curable_by:
            return Availability.CURABLE
        case force:
            return Availability.MANDATORY if force is Force.MUST else Availability.AVAILABLE


def _taken_away(availability: Availability, *, circumstance: Circumstance, cure: Cure | None) -> str:
    """Why the ground cannot be chosen; empty where it can."""
    if availability is Availability.NOT_AVAILABLE:
        return "The instrument rules this ground out."
    if circumstance.outcome is Outcome.DOES_NOT_HOLD:
        return f"Its circumstance is not there: {circumstance.how}."
    if cure is not None and cure.standing is CureStanding.ACCEPTED:
        return "An accepted assurance cures it."
    return ""


def _outcome(
    availability: Availability, *, circumstance: Circumstance, taken_away: str, doubts: tuple[str, ...]
) -> Outcome:
    if taken_away:
        return Outcome.DOES_NOT_HOLD
    known = circumstance.outcome is Outcome.HOLDS and availability is not Availability.UNSETTLED
    return Outcome.HOLDS if known and not doubts else Outcome.UNSETTLED


def _open_reason(ground: Ground, *, availability: Availability, circumstance: Circumstance) -> str:
    if circumstance.outcome is Outcome.UNSETTLED:
        return "Whether its circumstance is there is not known."
    known = f"Its circumstance is there ({circumstance.how})"
    match availability:
        case Availability.MANDATORY:
            return f"{known}, and the rule is mandatory."
        case Availability.CURABLE:
            return f"{known}; an assurance would cure it."
        case Availability.UNSETTLED if ground.force is Force.NOT_AVAILABLE:
            return f"{known}; the ground is expected to be ruled out, which has not been confirmed."
        case Availability.UNSETTLED:
            return f"{known}; whether refusal is then owed, allowed or barred is not settled."
        case _:
            return f"{known}, and the rule leaves it to the requested State."


def _readings(ground: Ground) -> tuple[Reading, ...]:
    forces = ground.force_candidates if ground.force is Force.UNSETTLED else (ground.force,)
    return tuple(Reading(force, _MEANS[force]) for force in forces)


def _warnings(
    ground: Ground, *, bars: tuple[_Bar, ...], doubts: tuple[str, ...], situation: Situation
) -> tuple[str, ...]:
    found = [f"{doubt[0].upper()}{doubt[1:]}." for doubt in doubts]
    if ground.force is Force.NOT_AVAILABLE and doubts:
        place = situation.law.reference_of(ground).place
        found.insert(
            0,
            f"Expected to be ruled out by {place}, which nobody has compared with its text; the choice is not blocked.",
        )
    found += [f"May be ruled out: {bar.title} ({bar.reference.place})." for bar in bars if not bar.certain]
    return tuple(found)


def _cure(ground: Ground, situation: Situation) -> Cure | None:
    if not ground.curable_by:
        return None
    row = situation.instrument.assurances.get(ground.curable_by)
    return Cure(
        assurance=ground.curable_by,
        gist=row.gist if row is not None else "",
        given_by=row.given_by.value if row is not None else "",
        standing=_cure_standing(ground.curable_by, situation),
        reference=situation.law.reference_of(row) if row is not None else None,
    )


def _cure_standing(kind: str, situation: Situation) -> CureStanding:
    given = [each for each in situation.known.assurances if each.terms.kind == kind]
    standings = {each.standing for each in given}
    if any(each.cures for each in given):
        return CureStanding.ACCEPTED
    if Standing.OFFERED in standings:
        return CureStanding.OFFERED
    if standings:
        return CureStanding.FAILED
    offered = any(terms.kind == kind for terms in offers_in(situation.request))
    return CureStanding.OFFERED if offered else CureStanding.NONE


def _cure_references(cure: Cure | None) -> tuple[Reference, ...]:
    return (cure.reference,) if cure is not None and cure.reference is not None else ()


def _finding(
    ground: Ground, situation: Situation, *, outcome: Outcome, reason: str, others: tuple[Reference, ...]
) -> Finding:
    circumstance = circumstance_of(ground.id, situation)
    asked = circumstance.question if circumstance.outcome is Outcome.UNSETTLED else ""
    reference = situation.law.reference_of(ground)
    if outcome is Outcome.UNSETTLED and not asked:
        asked = f"What does the authentic text of {reference.place} say, and does it bind both States?"
    return Finding(
        question=f"{_ASKS[ground.effect]} on the ground of “{ground.title}”?",
        outcome=outcome,
        reason=reason,
        references=tuple(dict.fromkeys((reference, *others))),
        open_question=asked if outcome is Outcome.UNSETTLED else "",
    )

"""What comes before a refusal: consultation first, then the alternatives in the order of practice, grounds last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.treaty.grounds_assessment import GroundAssessment, Step
from dedere.treaty.rule_scope import Scope, check_reference
from dedere.treaty.words import Alternative

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dedere.base.reference import Reference
    from dedere.treaty.law import Law

_CONSIDERED = ("refusal.considered", "postponement.considered")
_LADDER = tuple(
    {
        Alternative.CONSULT: "Consult the requesting State and hear its views",
        Alternative.SUPPLEMENT: "Ask for what is lacking",
        Alternative.OTHER_MEASURE: "Offer another measure with the same result",
        Alternative.OTHER_ROUTE: "Propose another route",
        Alternative.ORDINARY_PROCEDURE: "Go over to the ordinary procedure",
        Alternative.NON_COERCIVE_ONLY: "Give the help that needs no coercion",
        Alternative.PARTIAL: "Execute in part",
        Alternative.CONDITION: "Grant under a condition or an assurance",
        Alternative.POSTPONE: "Postpone, and say until when",
        Alternative.TEMPORARY_SURRENDER: "Surrender for a time",
        Alternative.TRANSFER_PROCEEDINGS: "Take over or hand over the proceedings",
        Alternative.ENFORCE_SENTENCE: "Enforce the sentence here",
        Alternative.PROSECUTE: "Submit the case to the prosecuting authorities",
    }.items()
)
"""Order of `practice.ladder`; what it does not name stands where its burden on the requesting State puts it."""


def ladder_of(alternatives: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """The alternatives in the order in which they are tried."""
    wanted = set(alternatives)
    return tuple(alternative for alternative, _ in _LADDER if alternative in wanted)


def steps_before_refusal(
    law: Law, instruments: Iterable[str], *, scope: Scope, assessments: tuple[GroundAssessment, ...]
) -> tuple[Step, ...]:
    """The duties that arise when a refusal is considered, then each alternative that an open ground offers."""
    duties = tuple(_duties(law, instruments, scope=scope))
    return (*duties, *_alternatives(law, assessments))


def _duties(law: Law, instruments: Iterable[str], *, scope: Scope) -> Iterator[Step]:
    for name in instruments:
        for duty in law.instrument(name).duties:
            if duty.on_event in _CONSIDERED and scope.wants(duty):
                yield Step(duty.gist, f"owed by the {duty.owed_by.value} State", (law.reference_of(duty),))
    for check in law.practice:
        if check.id == "practice.consult-before-refuse":
            yield Step(check.check, check.why, (check_reference(check),))


def _alternatives(law: Law, assessments: tuple[GroundAssessment, ...]) -> Iterator[Step]:
    practice = tuple(check_reference(check) for check in law.practice if check.id == "practice.ladder")
    for alternative, words in _LADDER:
        open_grounds = [each for each in assessments if each.may_be_chosen and alternative in each.alternatives]
        if open_grounds:
            titles = "; ".join(dict.fromkeys(each.title for each in open_grounds))
            yield Step(words, f"instead of: {titles}", (*practice, *_sources(open_grounds)))


def _sources(grounds: list[GroundAssessment]) -> tuple[Reference, ...]:
    return tuple(dict.fromkeys(each.finding.references[0] for each in grounds))

"""Grounds of refusal and postponement on the facts of a request, and what comes before any of them.

Rules of use (law data, sections 1.4 and 1.5 of its description): a ground that may not be used blocks the choice only
if that has been read or reviewed, otherwise it warns; a ground whose force is not settled is offered with every
reading; what is not known about the facts becomes a question. Nothing here decides to refuse.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.finding import Outcome
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.grounds_assessment import (
    Availability,
    Cure,
    CureStanding,
    GroundAssessment,
    GroundReport,
    Reading,
    Step,
)
from dedere.treaty.grounds_circumstances import Circumstance, KnownFacts, Situation
from dedere.treaty.grounds_reasoning import assess_ground
from dedere.treaty.grounds_steps import steps_before_refusal
from dedere.treaty.rule_scope import Scope, measures_named, replacing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from dedere.treaty.assurances import Assurance
    from dedere.treaty.law import Law
    from dedere.treaty.requestfile import RequestFile

__all__ = [
    "Availability",
    "Circumstance",
    "Cure",
    "CureStanding",
    "GroundAssessment",
    "GroundInputs",
    "GroundReport",
    "Reading",
    "Step",
    "assess_grounds",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundInputs:
    """What is known beside the request.

    `answers` are the officer's, by the ground's id within its instrument (`ext.ground.national`): whether the
    circumstance is there. `assurances` are those exchanged in the case. `treaties` as in the contents check.
    `lacking`: whether the contents check found something missing; `None` when it was not made. `kinds` are the kinds of
    request whose grounds are looked at; empty: that of the request itself.
    """

    on: dt.date
    instruments: tuple[str, ...] = ()
    answers: Mapping[str, Outcome] = field(default_factory=dict)
    assurances: tuple[Assurance, ...] = ()
    treaties: Mapping[str, Outcome] = field(default_factory=dict)
    lacking: bool | None = None
    kinds: frozenset[str] = frozenset()


def assess_grounds(law: Law, request: RequestFile, *, known: GroundInputs) -> GroundReport:
    """Every ground of the instruments relied on, on what is known, and the steps that come before any refusal.

    Raises:
        LawQuestionError: `known` names an instrument, or answers for a ground, that does not exist.
    """
    names = known.instruments or tuple(name for name in request.instruments if name in law.instruments)
    _require_grounds(law, known.answers)
    kinds = known.kinds or frozenset({request.kind})
    scope = Scope(kinds=kinds, measures=measures_named(request.measures), treaties=known.treaties)
    facts = KnownFacts(answers=known.answers, assurances=known.assurances, on=known.on, lacking=known.lacking)
    situations = [Situation(law, request, law.instrument(name), scope=scope, known=facts) for name in names]
    assessments = tuple(each for situation in situations for each in _assessments(situation))
    return GroundReport(steps_before_refusal(law, names, scope=scope, assessments=assessments), assessments)


def _assessments(situation: Situation) -> Iterator[GroundAssessment]:
    rows = situation.instrument.grounds
    for ground in rows:
        replaced = any(situation.scope.binds(newer) is Outcome.HOLDS for newer in replacing(ground, rows))
        if situation.scope.wants(ground) and not replaced:
            yield assess_ground(ground, situation)


def _require_grounds(law: Law, answers: Mapping[str, Outcome]) -> None:
    known = {ground.id for ground in law.grounds}
    for ground in answers:
        if ground not in known:
            raise LawQuestionError(f"There is no ground {ground!r} in any instrument.")

"""The practice partner: chooses what to do next in a case, by rule, chance and temper, and writes the act.

It does only what `permitted` lets it; it knows no law and decides nothing real. Everything it says is fictional.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from dedere.casework.acts import ActKind, ProceedingKind, Role
from dedere.casework.permitted import possible_steps
from dedere.casework.practice.bodies import GENERAL_MAKERS
from dedere.casework.practice.bodies_of_persons import PERSON_MAKERS
from dedere.casework.practice.desk import Desk, Enclosed
from dedere.casework.practice.opening import FirstAct, consent_under_arrest, first_act

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dedere.casework.acts import JSON
    from dedere.casework.docket import OpenProceeding
    from dedere.casework.practice.bodies import Maker
    from dedere.casework.practice.dice import Dice
    from dedere.casework.state import CaseState
    from dedere.casework.transitions import Transition


class Temper(enum.StrEnum):
    """How the partner is: it changes what comes first, never what is allowed."""

    HELPFUL = "helpful"
    SLOW = "slow"
    PEDANTIC = "pedantic"
    REFUSING = "refusing"

    def waits(self, dice: Dice) -> dt.timedelta:
        """How long it takes before it acts."""
        most = {Temper.HELPFUL: 3, Temper.SLOW: 40, Temper.PEDANTIC: 10, Temper.REFUSING: 12}[self]
        return dt.timedelta(hours=2 + dice.below(most * 24))


@dataclass(frozen=True, slots=True)
class Proposal:
    """An act the partner would make: `role` prepares it, `enclosed` goes with it, `step` is what it means to take.

    For an act that opens a proceeding, `proceeding` is a new id and `step` is empty.
    """

    kind: ActKind
    proceeding: str
    step: str
    role: Role
    body: Mapping[str, JSON]
    enclosed: tuple[Enclosed, ...]


Leaning: TypeAlias = "Callable[[OpenProceeding, Transition], float]"

MAKERS: Mapping[ActKind, Maker] = {**GENERAL_MAKERS, **PERSON_MAKERS}


def propose(
    state: CaseState,
    *,
    side: str,
    temper: Temper,
    dice: Dice,
    now: dt.datetime,
    leaning: Leaning | None = None,
) -> Proposal | None:
    """What the partner `side` would do next in this case; nothing when nothing is left to do for it.

    `leaning` makes steps more or less likely than its temper does: a factor, 1 for no matter.
    """
    if dice.percent(_FOLLOWS_UP):
        opening = follow_up(state, side=side, dice=dice, today=now.date())
        if opening is not None:
            return opening
    choices = []
    for here, step in possible_steps(state, side=side):
        weight = _weight(here, step, temper, side)
        if leaning is not None and weight:
            weight *= leaning(here, step)
        if weight:
            choices.append((weight, (here, step)))
    if dice.percent(_RESTS) and not any(weight >= _MAIN for weight, _ in choices):
        return None
    for here, step in dice.shuffled(choices):
        desk = Desk(state.docket, here, step, side, now.date(), dice)
        body = MAKERS[step.act](desk) if step.act in MAKERS else None
        if body is not None:
            return Proposal(
                kind=step.act,
                proceeding=here.id,
                step=step.id,
                role=step.prepare[0],
                body={**body, **desk.choose()},
                enclosed=tuple(desk.enclosed),
            )
    return None


def follow_up(state: CaseState, *, side: str, dice: Dice, today: dt.date) -> Proposal | None:
    """A proceeding that another one of the case calls for: extradition after an arrest, consent after a surrender."""
    for here in state.docket.proceedings.values():
        linked = [each for each in state.docket.proceedings.values() if here.id in each.links]
        if here.form.kind is ProceedingKind.PROVISIONAL_ARREST and here.status == "arrested" and not linked:
            if here.sides.get(side) == "requesting":
                return _opened(first_act(ProceedingKind.EXTRADITION, dice=dice, today=today, links=(here.id,)), dice)
            if dice.percent(30):
                return _opened(consent_under_arrest(today, links=(here.id,)), dice)
        surrendered = here.form.kind is ProceedingKind.EXTRADITION and here.status == "surrendered"
        if surrendered and here.sides.get(side) == "requesting" and len(linked) < _ENOUGH_CONSENTS:
            variant = dice.one_of(["speciality-consent", "re-extradition-consent"])
            first = first_act(ProceedingKind.CONSENT, dice=dice, today=today, variant=variant, links=(here.id,))
            return _opened(first, dice)
    return None


def _opened(first: FirstAct, dice: Dice) -> Proposal:
    return Proposal(first.kind, dice.identifier(), "", role=first.role, body=first.body, enclosed=())


def _weight(here: OpenProceeding, step: Transition, temper: Temper, side: str) -> float:
    if step.act in _REPLIES:
        return _REPLIES[step.act]
    if here.is_final:
        return _AFTERWARDS.get(step.act, 0)
    weight = _ASIDE.get(step.act) or (_MAIN if _leads_on(here, step, side) else _ASIDE_OTHERWISE)
    return weight * _TEMPERED[temper].get(step.act, 1)


def _leads_on(here: OpenProceeding, step: Transition, side: str) -> bool:
    owes = here.form.states[here.status].owes
    return bool(step.target or step.then or step.act in _LEADING) and owes in (here.sides[side], "any", "other")


_RESTS = 75
_FOLLOWS_UP = 60
_ENOUGH_CONSENTS = 2
_MAIN = 60
_ASIDE_OTHERWISE = 3

# What the other side waits for comes first.
_REPLIES: Mapping[ActKind, int] = {
    ActKind.ANSWERS: 120,
    ActKind.CONSULTATION_REPLY: 120,
    ActKind.CONDITIONS_REPLY: 120,
    ActKind.ASSURANCE: 120,
    ActKind.CONSENT: 120,
    ActKind.CUSTODY_RECEIPT: 120,
    ActKind.RETURN_RECEIPT: 120,
}

_LEADING = frozenset(
    {
        ActKind.RESULT,
        ActKind.ACCEPTANCE,
        ActKind.RESUMPTION,
        ActKind.PERSON_CONSENT,
        ActKind.CONSENT_VERIFICATION,
        ActKind.EXTENSION_AGREEMENT,
    }
)

_ASIDE: Mapping[ActKind, int] = {
    ActKind.QUESTIONS: 2,
    ActKind.CONSULTATION: 3,
    ActKind.CONDITIONS: 2,
    ActKind.ASSURANCE_REQUEST: 1,
    ActKind.CONSENT_REQUEST: 2,
    ActKind.STATUS_QUESTION: 2,
    ActKind.RETURN: 1,
    ActKind.NOTICE: 1,
    ActKind.CORRECTION: 1,
    ActKind.WITHDRAWAL: 1,
    ActKind.REFUSAL: 8,
    ActKind.POSTPONEMENT: 6,
    ActKind.SUPPLEMENT: 4,
    ActKind.RELEASE: 12,
    ActKind.MEMBER_CHANGE: 2,
    ActKind.EVALUATION: 4,
    ActKind.TEAM_END: 8,
    ActKind.AMENDMENT: 3,
}

_AFTERWARDS: Mapping[ActKind, int] = {ActKind.RETURN: 1, ActKind.CONSENT_REQUEST: 1}

_TEMPERED: Mapping[Temper, Mapping[ActKind, float]] = {
    Temper.HELPFUL: {ActKind.RESULT: 3, ActKind.ACCEPTANCE: 3, ActKind.CLOSURE: 2},
    Temper.SLOW: {ActKind.PROGRESS: 4, ActKind.POSTPONEMENT: 3},
    Temper.PEDANTIC: {
        ActKind.QUESTIONS: 6,
        ActKind.CONDITIONS: 6,
        ActKind.ASSURANCE_REQUEST: 6,
        ActKind.CORRECTION: 4,
        ActKind.NOTICE: 3,
    },
    Temper.REFUSING: {
        ActKind.CONSULTATION: 20,
        ActKind.REFUSAL: 20,
        ActKind.POSTPONEMENT: 4,
        ActKind.WITHDRAWAL: 2,
        ActKind.DECISION: 0.1,
        ActKind.ACCEPTANCE: 0.1,
        ActKind.ARREST: 0.1,
    },
}

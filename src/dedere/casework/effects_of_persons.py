"""Effects of proceedings about a person, and what a decision of two sides amounts to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dedere.casework.acts import ProceedingKind
from dedere.casework.docket import Situation, text
from dedere.casework.matters import Condition, ConditionStatus

if TYPE_CHECKING:
    from dedere.casework.effects import Effect

SPECIALITY = "speciality"
ONWARD_SURRENDER = "onward-surrender"


def bind_speciality(case: Situation) -> None:
    """With the grant, the person may be prosecuted only for what was granted and surrendered onward to nobody.

    What the words of the decision say stands as the text of both conditions; a person who renounced speciality before
    the decision is bound by neither.
    """
    if case.proceeding.latest("statement").get("speciality_renounced") is True:
        return
    for name, kind in ((SPECIALITY, "speciality"), (ONWARD_SURRENDER, "no-onward-transfer")):
        case.proceeding.conditions[name] = Condition(
            id=name,
            kind=kind,
            text=case.text("text"),
            set_by=case.sender,
            status=ConditionStatus.ACCEPTED,
            letter=case.key,
            purposes=case.words("offences") if name == SPECIALITY else (),
            provision=case.step.provision,
        )


def widen_speciality(case: Situation) -> None:
    """Consent to more widens the conditions of the extradition it is about."""
    for link in case.proceeding.links:
        surrendered = case.docket.written(link)
        if surrendered is None or surrendered.form.kind is not ProceedingKind.EXTRADITION:
            continue
        held = surrendered.conditions.get(SPECIALITY)
        if held:
            wider = (*held.purposes, *case.words("offences"))
            surrendered.conditions[SPECIALITY] = replace(held, purposes=wider, replied_in=case.key)
        onward = surrendered.conditions.get(ONWARD_SURRENDER)
        if onward:
            states = (*onward.states, *case.words("states"))
            surrendered.conditions[ONWARD_SURRENDER] = replace(onward, states=states, replied_in=case.key)


def drop_agreement(case: Situation) -> None:
    """What was agreed rested on the person's statement; with another statement it is to be agreed anew."""
    case.proceeding.facts["agreement"] = []


def both_agreed(case: Situation) -> bool:
    """Whether both States have agreed."""
    agreed = {text(body, "by_state") for body in case.proceeding.facts.get("agreement", [])}
    return set(case.proceeding.sides) <= agreed


PERSON_EFFECTS: tuple[Effect, ...] = (bind_speciality, widen_speciality, drop_agreement)

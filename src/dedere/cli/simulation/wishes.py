"""Wishes: what a case should come to, so that what seldom happens by itself happens by need.

Most cases have a wish: one step of the procedure, dealt out in an order that follows from the seed. The officers of
such a case lean towards the steps that lead there and away from those that lead past it, until the step was taken. A
wish decides nothing: only what the procedure permits is done, by whom it permits it, and every act is judged as ever.
"""

from __future__ import annotations

import functools
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.acts import ActKind, ProceedingKind
from dedere.casework.procedure import load_procedure
from dedere.cli.simulation.chance import throw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.casework.docket import OpenProceeding
    from dedere.casework.state import CaseState
    from dedere.casework.transitions import ProceedingForm, Transition

_WISHED = 1_000.0
_SERVES = 40.0
_NEARER = 15.0
_BESIDE = 0.15
_PAST = 0.0005
_FAR = 1_000
# Wishes that take so many steps are dealt twice.
_DEEP = 4


@dataclass(frozen=True, slots=True)
class Goal:
    """What one kind of proceeding should come to: a state (`near` says how far each is from it), and a step there."""

    near: Mapping[str, int]
    step: Transition | None = None
    act: ActKind | None = None

    def distance(self, status: str) -> int:
        """How many steps it is from this state to where the goal lies; far when no way leads there."""
        return self.near.get(status, _FAR)


@dataclass(frozen=True, slots=True)
class Wish:
    """The step wished for, as `running.all_steps` names it; how the case begins; what each kind should come to."""

    step: str
    kind: ProceedingKind
    variant: str
    goals: Mapping[ProceedingKind, Goal]
    opens_as: str = ""

    @property
    def is_deep(self) -> bool:
        """Whether it takes many steps to come there."""
        steps = len(self.goals)
        for kind, goal in self.goals.items():
            steps += goal.distance(next(iter(load_procedure().proceedings[kind].states)))
        return _DEEP <= steps < _FAR

    def holds(self, state: CaseState) -> bool:
        """Whether the step was taken."""
        return any(self.step in entry.transitions for entry in reversed(state.timeline))

    def leaning(self, here: OpenProceeding, step: Transition) -> float:
        """How much more likely the step becomes by the wish."""
        goal = self.goals.get(here.form.kind)
        if goal is None:
            return 1.0
        if goal.step is not None and step.id == goal.step.id:
            return _WISHED
        stands = goal.distance(here.status)
        leads = goal.distance(step.target or (step.then[0].target if step.then else here.status))
        if leads > stands or self._leads_past(step):
            return _PAST
        if leads < stands:
            return _NEARER
        if not stands and (step.act is goal.act or (goal.step is not None and _serves(step, goal.step))):
            return _SERVES
        return 1.0 if step.act in _OWED else _BESIDE

    def _leads_past(self, step: Transition) -> bool:
        """Whether the step moves a linked proceeding away from where it should stay."""
        goals = ((self.goals.get(move.kind), move) for move in step.moves)
        return any(goal is not None and goal.distance(move.target) for goal, move in goals)


def wish_called(step: str) -> Wish:
    """The wish for a step, as `running.all_steps` names it. The shipped procedure decides, whatever is planted."""
    return _wishes()[step]


def dealt(seed: int, number: int, *, among: tuple[str, ...] = ()) -> Wish:
    """The wish with this number: all that can be wished for, one after the other, or those named."""
    names = among or _order(seed)
    return _wishes()[names[number % len(names)]]


@functools.lru_cache(maxsize=4)
def _order(seed: int) -> tuple[str, ...]:
    names = [*_wishes(), *(name for name, wish in _wishes().items() if wish.is_deep)]
    return tuple(sorted(names, key=lambda name: throw(seed, "wish", name, sides=1 << 40)))


@functools.cache
def _wishes() -> dict[str, Wish]:
    found: dict[str, Wish] = {}
    for form in load_procedure().proceedings.values():
        for step in form.steps:
            if not step.common:
                found.update({wish.step: wish for wish in _wishes_for(form, step)})
        for part in form.measure_steps:
            sources = {source for step in form.steps if step.act is part.act for source in step.sources}
            goal = Goal(_distances(form, frozenset(sources)), act=part.act)
            found[part.id] = Wish(part.id, form.kind, _variant(form, None), {form.kind: goal})
        for rule in form.settlements:
            name = f"{form.kind.value} > {rule.target}"
            found[name] = Wish(
                name, form.kind, _variant(form, None), {form.kind: Goal(_distances(form, frozenset(rule.sources)))}
            )
    return found


def _wishes_for(form: ProceedingForm, step: Transition) -> list[Wish]:
    kind, variant = form.kind, _variant(form, step)
    goals = {kind: Goal(_distances(form, frozenset(step.sources), variant=variant), step)}
    opens_as = step.by if step.opens and kind is ProceedingKind.TRANSFER else ""
    if kind is ProceedingKind.CONSENT:
        goals |= _goal(ProceedingKind.EXTRADITION, "surrendered")
        kind, variant = ProceedingKind.EXTRADITION, "extradition"
    if step.opens and "links-arrest" in step.needs:
        goals |= _goal(ProceedingKind.PROVISIONAL_ARREST, "arrested")
        kind, variant = ProceedingKind.PROVISIONAL_ARREST, ""
    found = [Wish(step.id, kind, variant, goals, opens_as)]
    found += [Wish(f"{step.id} > {then.target}", kind, variant, goals) for then in step.then]
    if step.starts:
        found.append(Wish(f"{step.id} > {step.starts.kind.value}", kind, variant, goals))
    for move in step.moves:
        beside = {**goals, **_goal(move.kind, *move.sources)}
        found.append(Wish(f"{step.id} > {move.kind.value} {move.target}", move.kind, "", beside))
    return found


def _goal(kind: ProceedingKind, *statuses: str) -> dict[ProceedingKind, Goal]:
    return {kind: Goal(_distances(load_procedure().proceedings[kind], frozenset(statuses)))}


def _variant(form: ProceedingForm, step: Transition | None) -> str:
    """The variant in which a case of this kind begins, for its wish to be possible."""
    if form.kind is ProceedingKind.TRANSFER and step is not None:
        if step.act is ActKind.INTEREST or step.sources == ("interest",):
            return "transfer-interest"
        if "fled" in step.needs:
            return _FLED
    return _VARIANTS.get(form.kind, "")


_FLED = "transfer-provisional"
_VARIANTS = {
    ProceedingKind.PROSECUTION: "prosecution-of-national",
    ProceedingKind.JOINT_TEAM: "jit",
    ProceedingKind.TRANSFER: "transfer",
    ProceedingKind.EXTRADITION: "extradition",
}


def _distances(form: ProceedingForm, goal: frozenset[str], *, variant: str = "") -> dict[str, int]:
    """How many steps it takes at least from each state to one of the goal's, in a case of this variant."""
    back: dict[str, set[str]] = {}
    barred = "not-fled" if variant == _FLED else "fled"
    for step in form.steps:
        if barred in step.needs:
            continue
        for target in (step.target, *(then.target for then in step.then)):
            back.setdefault(target, set()).update(step.sources)
    for rule in form.settlements:
        back.setdefault(rule.target, set()).update(rule.sources)
    near = dict.fromkeys(goal, 0)
    left = deque(goal)
    while left:
        status = left.popleft()
        for before in back.get(status, ()):
            if before not in near:
                near[before] = near[status] + 1
                left.append(before)
    return near


def _serves(step: Transition, goal: Transition) -> bool:
    """Whether the step can bring about what the goal needs beside its state."""
    about = dict(step.choice.when).get("about", "")
    return any((step.act, about) == _BRINGS_ABOUT[need] for need in goal.needs if need in _BRINGS_ABOUT)


# What others wait for is done whatever is wished.
_OWED = frozenset(
    {
        ActKind.ANSWERS,
        ActKind.CONSULTATION_REPLY,
        ActKind.CONDITIONS_REPLY,
        ActKind.ASSURANCE,
        ActKind.CONSENT,
        ActKind.CUSTODY_RECEIPT,
        ActKind.RETURN_RECEIPT,
        ActKind.PERSON_CONSENT,
        ActKind.CONSENT_VERIFICATION,
    }
)

# Which act brings about what a step needs, and what that act is about where the step for it says so.
_BRINGS_ABOUT = {
    "consulted-on-refusal": (ActKind.CONSULTATION, "refusal"),
    "consulted-on-postponement": (ActKind.CONSULTATION, "postponement"),
    "consulted-on-pardon": (ActKind.CONSULTATION, ""),
    "consent-to-verify": (ActKind.PERSON_CONSENT, ""),
    "person-consents-unless-fled": (ActKind.PERSON_CONSENT, ""),
    "extension-open": (ActKind.EXTENSION, ""),
    "evaluated-once": (ActKind.EVALUATION, ""),
}

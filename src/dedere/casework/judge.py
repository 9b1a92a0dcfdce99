"""Judges one act against a docket: which step it takes, or which rule forbids it. Changes nothing.

The order of the questions is fixed, so that every node names the same rule: form, parties, proceeding, side, state,
officers, measures, guards in the order of the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.acts import ProceedingKind
from dedere.casework.docket import Docket, OpenProceeding, Situation, text, texts
from dedere.casework.errors import ActRefusedError
from dedere.casework.guards import GENERAL_GUARDS
from dedere.casework.guards_of_items import ITEM_GUARDS
from dedere.casework.guards_of_persons import PERSON_GUARDS
from dedere.casework.teams import TEAM_GUARDS
from dedere.casework.transitions import ANY_SIDE

if TYPE_CHECKING:
    from dedere.casework.acts import RecordedAct
    from dedere.casework.guards import Guard
    from dedere.casework.matters import Measure
    from dedere.casework.transitions import MeasureStep, Procedure, ProceedingForm, Transition


GUARDS: Mapping[str, Guard] = {
    guard.__name__.replace("_", "-"): guard for guard in (*GENERAL_GUARDS, *ITEM_GUARDS, *PERSON_GUARDS, *TEAM_GUARDS)
}


_PAIR = 2


@dataclass(frozen=True, slots=True)
class Ruling:
    """An act that may go on: where, by which step, and which measures take which steps."""

    situation: Situation
    measures: tuple[tuple[Mapping[str, object], Measure, MeasureStep], ...]

    @property
    def transitions(self) -> tuple[str, ...]:
        """The ids of the steps taken, each once."""
        return tuple(dict.fromkeys((self.situation.step.id, *(step.id for _, _, step in self.measures))))

    def on(self, docket: Docket) -> Ruling:
        """The same ruling, to take effect in a copy of the docket on which it was made, or in that docket itself."""
        case = self.situation
        if docket is case.docket:
            return self
        here = docket.written(case.proceeding.id) or case.proceeding.copied()
        return Ruling(Situation(docket, here, case.step, case.act), self.measures)


def judge(docket: Docket, act: RecordedAct, *, procedure: Procedure) -> Ruling:
    """Which steps the act takes in this docket. Changes nothing.

    Raises:
        ActRefusedError: a rule forbids the act; `rule` names it.
    """
    _check_form(docket, act, procedure=procedure)
    case = _place(docket, act, procedure=procedure)
    _check_officers(case)
    measures = _measure_steps(case)
    for name in case.step.needs:
        lacking = GUARDS[name](case)
        if lacking:
            raise ActRefusedError(lacking, rule=name, provision=case.step.provision)
    return Ruling(case, measures)


def _check_form(docket: Docket, act: RecordedAct, *, procedure: Procedure) -> None:
    if act.case != docket.case:
        raise ActRefusedError("The letter belongs to another case.", rule="another-case")
    if act.is_copy and "circulated_at" not in act.body:
        raise ActRefusedError("A circular act must say when it was made.", rule="circular-without-instant")
    if act.sender == act.recipient:
        raise ActRefusedError("A State writes to another State.", rule="same-state")
    shapes = procedure.shapes
    if act.shaped is not shapes:
        shapes.check(act.body, procedure.acts[act.kind].body, at="body")
        shapes.check(act.officer, shapes["officer"], at="officer")
    names = [part.id for part in act.parts]
    if len(set(names)) != len(names) or not docket.parts.isdisjoint(names):
        raise ActRefusedError("A part carries an id that this case has used before.", rule="part-id-used")
    if act.shaped is not shapes:
        for part in act.parts:
            for index, condition in enumerate(part.conditions):
                shapes.check(condition, shapes["condition"], at=f"part {part.id} condition {index + 1}")
        act.note(shaped=shapes)


def _place(docket: Docket, act: RecordedAct, *, procedure: Procedure) -> Situation:
    opens = text(act.body, "opens")
    if opens:
        return _opening(docket, act, _form_called(procedure, opens))
    proceeding = docket.proceedings.get(act.proceeding)
    if proceeding is None:
        raise ActRefusedError("The act belongs to a proceeding that was never opened.", rule="proceeding-unknown")
    # To whom a copy of a circular act went is no part of the act: every member reads a copy of its own.
    known = act.is_copy or act.recipient in proceeding.sides
    if act.sender not in proceeding.sides or not known:
        raise ActRefusedError("A State that has no part in this proceeding cannot act in it.", rule="not-a-party")
    if len(proceeding.sides) > _PAIR and not act.is_copy:
        raise ActRefusedError("An act in a proceeding of several States goes to all of them.", rule="not-circular")
    steps = [step for step in proceeding.form.by_act.get(act.kind, ()) if not step.opens]
    return Situation(docket, proceeding, _chosen(proceeding, steps, act), act)


def _chosen(proceeding: OpenProceeding, steps: list[Transition], act: RecordedAct) -> Transition:
    title = proceeding.form.title
    if not steps:
        raise ActRefusedError(f"The proceeding “{title}” knows no act {act.kind}.", rule="act-unknown-here")
    side = proceeding.sides[act.sender]
    own = [step for step in steps if step.by in (side, ANY_SIDE)]
    if not own:
        raise ActRefusedError(
            f"The act {act.kind} is for the {steps[0].by} State, not for the {side} State.",
            rule="wrong-side",
            provision=steps[0].provision,
        )
    meant = [step for step in own if step.choice.fits(act.body)]
    for step in meant:
        if proceeding.status in step.sources:
            return step
    known = (meant or own)[0]
    stands = proceeding.form.states[proceeding.status].title
    raise ActRefusedError(
        f"The act {act.kind} is out of turn: the proceeding stands at “{stands}”.",
        rule="out-of-turn",
        provision=known.provision,
    )


def _form_called(procedure: Procedure, name: str) -> ProceedingForm:
    for kind in ProceedingKind:
        if kind.value == name:
            return procedure.proceedings[kind]
    raise ActRefusedError(f"There is no kind of proceeding called {name[:40]!r}.", rule="proceeding-kind-unknown")


def _opening(docket: Docket, act: RecordedAct, form: ProceedingForm) -> Situation:
    if act.proceeding in docket.proceedings:
        raise ActRefusedError("The proceeding has been opened before.", rule="proceeding-exists")
    steps = [step for step in form.by_act.get(act.kind, ()) if step.opens]
    wanted = text(act.body, "as")
    step = next((each for each in steps if each.choice.fits(act.body) and wanted in ("", each.by)), None)
    if step is None:
        raise ActRefusedError(f"The act {act.kind} does not open “{form.title}” that way.", rule="does-not-open")
    other = next((side for side in form.sides if side != step.by), step.by)
    sides = {act.sender: step.by, act.recipient: other}
    if len(texts(act.body, "members")) > _PAIR and not act.is_copy:
        raise ActRefusedError("An act in a proceeding of several States goes to all of them.", rule="not-circular")
    opened = OpenProceeding(
        id=act.proceeding,
        form=form,
        status=step.target,
        since=act.circular,
        opened_in=act.circular,
        opened_on=act.acted_at.date().isoformat(),
        set_by=act.sender,
        sides=sides,
        variant=text(act.body, "variant"),
        links=texts(act.body, "links"),
    )
    return Situation(docket, opened, step, act)


def _check_officers(case: Situation) -> None:
    officer, step = case.act.officer, case.step
    approver = officer.get("approved_by")
    if text(officer, "role") not in step.prepare:
        allowed = ", ".join(step.prepare)
        raise ActRefusedError(f"The act {case.act.kind} is prepared by: {allowed}.", rule="wrong-role")
    if not isinstance(approver, Mapping):
        raise ActRefusedError("An act that leaves the house needs the approval of a second officer.", rule="four-eyes")
    if text(approver, "role") not in step.approve:
        raise ActRefusedError(f"The act is approved by: {', '.join(step.approve)}.", rule="wrong-approver")
    if text(approver, "name").casefold() == text(officer, "name").casefold():
        raise ActRefusedError("Nobody approves an act of their own.", rule="four-eyes")


def _measure_steps(case: Situation) -> tuple[tuple[Mapping[str, object], Measure, MeasureStep], ...]:
    form = case.proceeding.form
    parts = [part for part in form.measure_steps if part.act == case.act.kind]
    if not parts:
        return ()
    taken = []
    for row in case.rows("measures"):
        measure = case.proceeding.measures.get(text(row, "measure"))
        if measure is None:
            raise ActRefusedError("The act names a measure that was never asked for.", rule="measure-unknown")
        meant = [part for part in parts if part.choice.fits(row)]
        step = next((part for part in meant if measure.status in part.sources), None)
        if step is None:
            stands = form.measure_states[measure.status].title
            raise ActRefusedError(
                f"The measure {measure.id} stands at “{stands}”; {case.act.kind} does not apply to it now.",
                rule="measure-out-of-turn",
                provision=case.step.provision,
            )
        taken.append((row, measure, step))
    return tuple(taken)

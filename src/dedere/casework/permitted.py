"""What a side may do next, and why it may not do the rest. Pages and programs offer nothing else."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.judge import Ruling, judge
from dedere.casework.procedure import load_procedure
from dedere.casework.prospects import PROSPECTS
from dedere.casework.reading import check_causes
from dedere.casework.transitions import ANY_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.casework.acts import ActKind, RecordedAct, Role
    from dedere.casework.docket import OpenProceeding
    from dedere.casework.prospects import Prospect
    from dedere.casework.state import CaseState
    from dedere.casework.transitions import Procedure, Transition


@dataclass(frozen=True, slots=True)
class PermittedAct:
    """One step a side could take. When it is not permitted, `reason` is one sentence and `rule` names the rule.

    `proceeding` is empty for acts that open one (`opens` is then its kind). `approves` says that this role's part is
    to approve the act, not to prepare it.
    """

    kind: ActKind
    proceeding: str
    step: str
    permitted: bool
    reason: str
    rule: str
    provision: str
    opens: str = ""
    approves: bool = False


def permitted_acts(
    state: CaseState, *, side: str, role: Role, procedure: Procedure | None = None
) -> tuple[PermittedAct, ...]:
    """Every step that the State `side` could ever take in this case, and whether this role may take it now.

    What only the body of an act can decide (which measure, which words) is judged by `check_act`.
    """
    procedure = procedure or load_procedure()
    found: list[PermittedAct] = []
    for here in state.docket.proceedings.values():
        if side in here.sides:
            found.extend(_in_proceeding(state, here, side=side, role=role))
    found.extend(_openings(procedure, role))
    return tuple(found)


def check_act(state: CaseState, record: RecordedAct, *, procedure: Procedure | None = None) -> None:
    """Let the act through if it may be made in this state.

    Raises:
        ActRefusedError: a rule forbids it; `rule` and `provision` say which.
    """
    preview_act(state, record, procedure=procedure)


def preview_act(state: CaseState, record: RecordedAct, *, procedure: Procedure | None = None) -> Ruling:
    """The steps the act would take in this state.

    Raises:
        ActRefusedError: a rule forbids it; `rule` and `provision` say which.
    """
    check_causes(state.docket, record)
    return judge(state.docket, record, procedure=procedure or load_procedure())


def possible_steps(state: CaseState, *, side: str) -> Iterator[tuple[OpenProceeding, Transition]]:
    """The steps that the case permits to the State `side` now, whatever the role, with their proceedings.

    What only the body of an act can decide is judged by `check_act`.
    """
    for here in state.docket.proceedings.values():
        held = here.sides.get(side)
        foreseen: dict[str, str] = {}
        for step in here.form.by_status[here.status] if held else ():
            if step.by in (held, ANY_SIDE) and not _hindrance(state, here, step, side, foreseen)[1]:
                yield here, step


def _in_proceeding(state: CaseState, here: OpenProceeding, *, side: str, role: Role) -> Iterator[PermittedAct]:
    for step in here.form.steps:
        if step.opens or step.by not in (here.sides[side], ANY_SIDE):
            continue
        rule, reason = _lacking(state, here, step=step, side=side, role=role)
        yield PermittedAct(
            kind=step.act,
            proceeding=here.id,
            step=step.id,
            permitted=not reason,
            reason=reason,
            rule=rule,
            provision=step.provision,
            approves=role in step.approve,
        )


def _lacking(state: CaseState, here: OpenProceeding, *, step: Transition, side: str, role: Role) -> tuple[str, str]:
    if role not in (*step.prepare, *step.approve):
        return "wrong-role", f"This act is prepared by: {', '.join(step.prepare)}."
    if here.status not in step.sources:
        return "out-of-turn", f"The proceeding stands at “{here.form.states[here.status].title}”."
    return _hindrance(state, here, step, side, {})


def _hindrance(
    state: CaseState, here: OpenProceeding, step: Transition, side: str, foreseen: dict[str, str]
) -> tuple[str, str]:
    """What stands in the way of any such act, by the rule's name and in words. `foreseen`: what was asked before."""
    if here.measures and "names-measures" in step.needs:
        sources = {source for part in here.form.measure_steps if part.act is step.act for source in part.sources}
        if sources and not any(measure.status in sources for measure in here.measures.values()):
            return "measure-out-of-turn", "No measure stands where this act would apply."
    for name, foresee in _foreseeable(step.needs):
        reason = foreseen.get(name)
        if reason is None:
            reason = foreseen[name] = foresee(state.docket, here, side)
        if reason:
            return name, reason
    return "", ""


@functools.lru_cache(maxsize=512)
def _foreseeable(needs: tuple[str, ...]) -> tuple[tuple[str, Prospect], ...]:
    return tuple((name, PROSPECTS[name]) for name in needs if name in PROSPECTS)


def _openings(procedure: Procedure, role: Role) -> Iterator[PermittedAct]:
    for form in procedure.proceedings.values():
        for step in form.steps:
            if step.opens:
                allowed = role in (*step.prepare, *step.approve)
                yield PermittedAct(
                    kind=step.act,
                    proceeding="",
                    step=step.id,
                    permitted=allowed,
                    reason="" if allowed else f"This act is prepared by: {', '.join(step.prepare)}.",
                    rule="" if allowed else "wrong-role",
                    provision=step.provision,
                    opens=form.kind.value,
                    approves=role in step.approve,
                )

"""Lets an act that may go on take effect in the docket it was judged against."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from dedere.casework.docket import OpenProceeding, Situation
from dedere.casework.effects import GENERAL_EFFECTS, MEASURE_EFFECTS, raise_event, raise_events
from dedere.casework.effects_of_persons import PERSON_EFFECTS, both_agreed
from dedere.casework.teams import TEAM_EFFECTS, TEAM_TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.casework.effects import Effect, MeasureEffect
    from dedere.casework.judge import Ruling
    from dedere.casework.transitions import Move, Procedure, Start

EFFECTS: Mapping[str, Effect] = {
    effect.__name__.replace("_", "-"): effect for effect in (*GENERAL_EFFECTS, *PERSON_EFFECTS, *TEAM_EFFECTS)
}
ON_MEASURES: Mapping[str, MeasureEffect] = {effect.__name__.replace("_", "-"): effect for effect in MEASURE_EFFECTS}
TESTS: Mapping[str, Callable[[Situation], bool]] = {
    test.__name__.replace("_", "-"): test for test in (both_agreed, *TEAM_TESTS)
}


def apply(ruling: Ruling, *, procedure: Procedure) -> tuple[str, ...]:
    """Let the act take effect. The result names every step taken, those that followed of themselves included."""
    case, step = ruling.situation, ruling.situation.step
    here = case.proceeding
    if step.opens:
        case.docket.proceedings[here.id] = here
    _move(here, step.target, case)
    _move_measures(ruling)
    for name in step.does:
        EFFECTS[name](case)
    if step.notes:
        noted = {**case.act.body, "letter": case.key, "by_state": case.sender}
        here.facts.setdefault(step.notes, []).append(noted)
    raise_events(case, step.events, case.act.body)
    here.met.extend(duty for duty in step.meets if duty not in here.met)
    case.docket.parts.update(part.id for part in case.act.parts)
    followed = _follow(case)
    for move in step.moves:
        followed.extend(_move_linked(case, move))
    if step.starts:
        _begin(case, step.starts, procedure=procedure)
        followed.append(f"{step.id} > {step.starts.kind.value}")
    return (*ruling.transitions, *followed)


def _move(here: OpenProceeding, target: str, case: Situation) -> None:
    if target:
        here.status, here.since, here.set_by = target, case.key, case.sender


def _move_measures(ruling: Ruling) -> None:
    case = ruling.situation
    for row, measure, part in ruling.measures:
        moved = replace(measure, status=part.target, letter=case.key)
        for name in part.does:
            moved = ON_MEASURES[name](moved, row)
        case.proceeding.measures[measure.id] = moved
        raise_events(case, part.events, row)


def _follow(case: Situation) -> list[str]:
    here, followed = case.proceeding, []
    for then in case.step.then:
        if TESTS[then.test](case):
            _move(here, then.target, case)
            raise_events(case, then.events, case.act.body)
            followed.append(f"{case.step.id} > {then.target}")
    for rule in here.form.settlements:
        settled = all(measure.status in rule.all_measures for measure in here.measures.values())
        if here.status in rule.sources and here.measures and settled:
            _move(here, rule.target, case)
            raise_events(case, rule.events, case.act.body)
            followed.append(f"{here.form.kind.value} > {rule.target}")
    return followed


def _move_linked(case: Situation, move: Move) -> list[str]:
    followed = []
    for link in case.proceeding.links:
        linked = case.docket.proceedings.get(link)
        if linked is not None and linked.form.kind is move.kind and linked.status in move.sources:
            linked = case.docket.written(link) or linked
            _move(linked, move.target, case)
            there = replace(case, proceeding=linked)
            for each in move.events:
                raise_event(there, each.event, on=case.text(each.date_field) or case.sealed_on)
            followed.append(f"{case.step.id} > {move.kind.value} {move.target}")
    return followed


def _begin(case: Situation, start: Start, *, procedure: Procedure) -> None:
    """Open the proceeding that the law attaches to this step, under an id that follows from the letter's."""
    form = procedure.proceedings[start.kind]
    sides = dict(start.sides)
    name = base64.b32encode(hashlib.sha256(f"{case.key}/{start.kind.value}".encode()).digest()).decode("ascii")
    identifier = name.lower()[:26]
    case.docket.proceedings[identifier] = OpenProceeding(
        id=identifier,
        form=form,
        status=next(iter(form.states)),
        since=case.key,
        opened_in=case.key,
        opened_on=case.sealed_on,
        set_by=case.sender,
        sides={state: sides[side] for state, side in case.proceeding.sides.items()},
        request=case.proceeding.request,
        links=(case.proceeding.id,),
    )
    raise_events(replace(case, proceeding=case.docket.proceedings[identifier]), case.step.events, case.act.body)

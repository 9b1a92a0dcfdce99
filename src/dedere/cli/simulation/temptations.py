"""What a hurried officer tries: acts that the procedure forbids. The desk must refuse every one of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.acts import ActKind, ProceedingKind, Role
from dedere.casework.practice.bodies import REASONS
from dedere.casework.practice.partner import Proposal

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.casework.acts import JSON
    from dedere.casework.docket import OpenProceeding
    from dedere.casework.practice.dice import Dice
    from dedere.casework.state import CaseState


@dataclass(frozen=True, slots=True)
class Temptation:
    """Where an officer sits: the case, the State, the day."""

    state: CaseState
    side: str
    today: dt.date
    dice: Dice

    def held(self, *statuses: str) -> list[OpenProceeding]:
        """The proceedings of this State in one of these states."""
        every = self.state.docket.proceedings.values()
        return [here for here in every if self.side in here.sides and here.status in statuses]


def tempted(case: Temptation) -> Proposal | None:
    """A forbidden act that suggests itself in this case, if any does."""
    found = [proposal for tempt in _TEMPTATIONS if (proposal := tempt(case)) is not None]
    return case.dice.one_of(found) if found else None


def _refuse_without_consulting(case: Temptation) -> Proposal | None:
    for here in case.held("registered", "executing"):
        if here.sides[case.side] == "requested" and not any(
            each.by == case.side for each in here.consultations.values()
        ):
            measures: list[JSON] = [
                {"measure": each.id} for each in here.measures.values() if each.status == "requested"
            ]
            if here.form.kind is ProceedingKind.MLA and not measures:
                continue
            ground: JSON = {"id": "g", "instrument": "lhc", "provision": "x", "force": "may", "status": "modelled"}
            body: dict[str, JSON] = {
                "consultation": "none",
                "grounds": [ground],
                "reasons": REASONS,
                "alternatives": [{"kind": "consult", "considered": "No time."}],
            }
            return _act(ActKind.REFUSAL, here, {**body, "measures": measures} if measures else body)
    return None


def _change_a_signed_text(case: Temptation) -> Proposal | None:
    for here in case.held("signing"):
        if here.team and here.team.signed_by:
            clause = next(iter(here.team.clauses.values()))
            changed: JSON = {"id": clause.id, "title": clause.title, "text": "Changed after all."}
            return _act(ActKind.AMENDMENT, here, {"clauses": [changed]})
    return None


def _accept_what_was_withdrawn(case: Temptation) -> Proposal | None:
    for here in case.held("withdrawn"):
        if here.sides[case.side] == "requested" and here.measures:
            return _act(ActKind.ACCEPTANCE, here, {"measures": [{"measure": next(iter(here.measures))}]})
    return None


def _sign_for_another_file(case: Temptation) -> Proposal | None:
    for item in case.state.items:
        here = case.state.docket.proceedings[item.proceeding]
        waits = any(here.conditions[name].waits_for(case.side) for name in item.conditions)
        if case.side in item.sent_to and case.side not in item.signed_for and not waits:
            row: JSON = {"item": item.id, "sha256": "0" * 64, "intact": True}
            return _act(ActKind.CUSTODY_RECEIPT, here, {"items": [row], "received_on": case.today.isoformat()})
    return None


def _decide_for_the_other_side(case: Temptation) -> Proposal | None:
    for here in case.held("registered"):
        if here.form.kind is ProceedingKind.EXTRADITION and here.sides[case.side] == "requesting":
            body: dict[str, JSON] = {
                "outcome": "granted",
                "decided_on": case.today.isoformat(),
                "authority": "Nobody",
                "text": "We help ourselves.",
            }
            return _act(ActKind.DECISION, here, body)
    return None


def _answer_nothing(case: Temptation) -> Proposal | None:
    for here in case.held(*{each.status for each in case.state.docket.proceedings.values()}):
        return _act(ActKind.ANSWERS, here, {"answers": [{"question": "never-asked", "text": "An answer."}]})
    return None


def _act(kind: ActKind, here: OpenProceeding, body: dict[str, JSON]) -> Proposal:
    return Proposal(kind, here.id, "", role=Role.CASE_OFFICER, body=body, enclosed=())


_TEMPTATIONS: tuple[Callable[[Temptation], Proposal | None], ...] = (
    _refuse_without_consulting,
    _change_a_signed_text,
    _accept_what_was_withdrawn,
    _sign_for_another_file,
    _decide_for_the_other_side,
    _answer_nothing,
)

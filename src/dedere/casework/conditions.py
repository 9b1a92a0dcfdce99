"""What conditions of use forbid. They travel with the item, and with everything made from it.

A condition binds from the moment the item is here, accepted or not: until it has been accepted, the item may not be
used at all; after that, only as the condition allows; declined, only returned. Consent of the State that set it lifts
it. Nothing here decides whether a use is lawful otherwise.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from dedere.casework.errors import UseForbiddenError
from dedere.casework.matters import Condition, ConditionStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.casework.state import CaseState


class ConditionKind(enum.StrEnum):
    """The kinds of condition; the shape of a condition in `data/acts.toml` lists the same words."""

    CONFIDENTIALITY = "confidentiality"
    USE_LIMITATION = "use-limitation"
    SPECIALITY = "speciality"
    NO_ONWARD_TRANSFER = "no-onward-transfer"
    RETURN_BY = "return-by"
    DESTROY_BY = "destroy-by"
    REPORT_ON_USE = "report-on-use"
    HANDLING = "handling"


class UseKind(enum.StrEnum):
    """What can be done with an item."""

    EVIDENCE = "evidence"
    DISCLOSURE = "disclosure"
    TRANSFER = "transfer"
    KEEPING = "keeping"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Use:
    """One intended use: for which purpose (a line as the conditions write it), towards which State, on which day.

    `reported`: whether the use is reported to the State that set the conditions.
    """

    kind: UseKind
    on: dt.date
    purpose: str = ""
    state: str = ""
    reported: bool = False


def forbids(condition: Condition, use: Use) -> str:
    """Why the condition forbids the use; empty when it does not. What is lifted forbids nothing."""
    if use.kind is UseKind.RETURN or condition.status is ConditionStatus.LIFTED:
        return ""
    if condition.status is ConditionStatus.DECLINED:
        return "The condition was declined; the item may only be returned."
    if condition.status is ConditionStatus.PROPOSED and use.kind is not UseKind.KEEPING:
        return "The condition has not been accepted yet; until then the item may not be used."
    return _limits(condition, use)


def check_use(state: CaseState, item: str, *, use: Use) -> None:
    """Let the use of an item through if no condition on it, or on what it was made from, forbids it.

    Raises:
        UseForbiddenError: a condition forbids it; `condition` is its id.
        InputError: there is no such item.
    """
    for condition in conditions_on(state, item):
        reason = forbids(condition, use)
        if reason:
            raise UseForbiddenError(f"{reason} The condition says: {condition.text}", condition=condition.id)


def conditions_on(state: CaseState, item: str) -> tuple[Condition, ...]:
    """The conditions on an item and on everything it was made from, each once, its own first.

    Raises:
        InputError: there is no such item.
    """
    found: dict[tuple[str, str], Condition] = {}
    left, seen = [item], set()
    while left:
        name = left.pop(0)
        if name in seen:
            continue
        seen.add(name)
        held = state.item(name)
        for condition in state.conditions_of(name):
            found.setdefault((held.proceeding, condition.id), condition)
        left.extend(parent for parent in held.derived_from if parent in state.docket.items)
    return tuple(found.values())


def inherited(conditions: Iterable[Iterable[Condition]]) -> tuple[Condition, ...]:
    """The conditions that something made from several items carries: all that bind any of them, each once."""
    found: dict[str, Condition] = {}
    for group in conditions:
        for condition in group:
            if condition.binds:
                found.setdefault(condition.id, condition)
    return tuple(found.values())


def _limits(condition: Condition, use: Use) -> str:
    match ConditionKind(condition.kind):
        case ConditionKind.CONFIDENTIALITY:
            return "The content is confidential." if use.kind is UseKind.DISCLOSURE else ""
        case ConditionKind.USE_LIMITATION | ConditionKind.SPECIALITY:
            used = use.kind in {UseKind.EVIDENCE, UseKind.DISCLOSURE}
            return "The purpose is not among those allowed." if used and use.purpose not in condition.purposes else ""
        case ConditionKind.NO_ONWARD_TRANSFER:
            allowed = {condition.set_by, *condition.states}
            onward = use.kind is UseKind.TRANSFER and use.state not in allowed
            return "The item may not be passed on to that State." if onward else ""
        case ConditionKind.RETURN_BY | ConditionKind.DESTROY_BY:
            return f"The item had to be given up by {condition.by}." if use.on.isoformat() > condition.by else ""
        case ConditionKind.REPORT_ON_USE:
            silent = use.kind is UseKind.EVIDENCE and not use.reported
            return "The use must be reported to the State that set the condition." if silent else ""
        case ConditionKind.HANDLING:
            return ""
        case _ as never:
            assert_never(never)

"""What conditions of use forbid. They travel with the item, and with everything made from it.

A condition binds from the moment the item is here, accepted or not: until it has been accepted, the item may not be
used at all, not even looked at; after that, only as the condition allows; declined, only returned. Consent of the State
that set it lifts it; that State itself it never binds. Nothing here decides whether a use is lawful otherwise.
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

    LOOK = "look"
    COPY = "copy"
    EVIDENCE = "evidence"
    DISCLOSURE = "disclosure"
    TRANSFER = "transfer"
    KEEPING = "keeping"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Use:
    """One intended use: for which purpose (a line as the conditions write it), towards which State, on which day.

    `by` is the State that uses the item; empty: one that set no condition. `reported`: whether the use is reported to
    the State that set the conditions. `exculpatory`: the content speaks for an accused, to whom it is to be disclosed;
    `notified` is the day on which the State that set the conditions was told of that beforehand.
    """

    kind: UseKind
    on: dt.date
    purpose: str = ""
    state: str = ""
    by: str = ""
    reported: bool = False
    exculpatory: bool = False
    notified: dt.date | None = None


def forbids(condition: Condition, use: Use) -> str:
    """Why the condition forbids the use; empty when it does not. What is lifted forbids nothing."""
    lifted = condition.status is ConditionStatus.LIFTED
    if use.kind is UseKind.RETURN or lifted or use.by == condition.set_by:
        return ""
    if condition.status is ConditionStatus.DECLINED:
        return "The condition was declined; the item may only be returned."
    if condition.status is ConditionStatus.PROPOSED and use.kind is not UseKind.KEEPING:
        return "The condition has not been accepted yet; until then the item may not be used."
    return _limits(condition, use)


def check_use(state: CaseState, item: str, *, use: Use) -> None:
    """Let the use of an item through if no condition on it, or on what it was made from, forbids it.

    Raises:
        UseForbiddenError: a condition forbids it; the sentence says which and whose.
        InputError: there is no such item.
    """
    require_use(conditions_on(state, item), use)


def require_use(conditions: Iterable[Condition], use: Use) -> None:
    """Let a use through if none of these conditions forbids it.

    Raises:
        UseForbiddenError: the first that does, with its source: the State that set it, its letter, its provision.
    """
    for condition in conditions:
        reason = forbids(condition, use)
        if reason:
            raise UseForbiddenError(
                f"{reason} The condition says: {condition.text} ({source_of(condition)})",
                condition=condition.id,
                set_by=condition.set_by,
                letter=condition.letter,
            )


def source_of(condition: Condition) -> str:
    """Where a condition comes from, in a line."""
    provision = f", provision {condition.provision}" if condition.provision else ""
    return f"Condition {condition.id}, set by {condition.set_by} in letter {condition.letter}{provision}."


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


# Uses of what the item says; keeping and sending it say nothing to anybody here.
_OF_CONTENT = frozenset({UseKind.COPY, UseKind.EVIDENCE, UseKind.DISCLOSURE})


def _limits(condition: Condition, use: Use) -> str:
    match ConditionKind(condition.kind):
        case ConditionKind.CONFIDENTIALITY:
            return _unless_exculpatory("The content is confidential.", use) if use.kind is UseKind.DISCLOSURE else ""
        case ConditionKind.USE_LIMITATION | ConditionKind.SPECIALITY:
            beyond = use.kind in _OF_CONTENT and use.purpose not in condition.purposes
            return _unless_exculpatory("The purpose is not among those allowed.", use) if beyond else ""
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


def _unless_exculpatory(reason: str, use: Use) -> str:
    """`reason`, unless what is disclosed speaks for an accused and the State that set the condition was told before."""
    if use.kind is not UseKind.DISCLOSURE or not use.exculpatory:
        return reason
    if use.notified is None or use.notified > use.on:
        return f"{reason} What speaks for an accused may be disclosed after notice to that State, and none was given."
    return ""

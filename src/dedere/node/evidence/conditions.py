"""The conditions of use on an item as they stand now, in whichever case they were set, and what they forbid.

An item stands under its own conditions and under those of everything it was made from. Whether a condition waits, binds
or was lifted is read from the record of its case, so that acceptance and consent count from the letter that gives them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from dedere.base.errors import InputError
from dedere.casework import conditions as casework
from dedere.casework.acts import ActKind
from dedere.casework.conditions import ConditionKind, Use
from dedere.casework.errors import UseForbiddenError
from dedere.casework.fold import fold
from dedere.casework.matters import Condition, ConditionStatus, EntryStatus
from dedere.casework.state import CaseState
from dedere.crypto.digests import sha256_hex
from dedere.node.cases.actions.record import recorded_acts
from dedere.node.cases.circulation import recipients_of
from dedere.node.cases.models import Draft
from dedere.node.evidence.models import Item
from dedere.node.office import office

NOTICE_OF_DISCLOSURE = "exculpatory.disclosure-planned"
"""The event of which the State that set a condition is told before exculpatory material is disclosed."""


@dataclass(frozen=True, slots=True)
class Bound:
    """An item, or one it was made from, with the conditions that others set on it; `state` is that of its case."""

    item: Item
    conditions: tuple[Condition, ...]
    state: CaseState


def binding_on(item: Item) -> tuple[Condition, ...]:
    """Every condition that another State set on the item or on what it was made from, each once, its own first."""
    found: dict[tuple[str, str, str], Condition] = {}
    for bound in lineage(item):
        for condition in bound.conditions:
            found.setdefault((bound.item.case_id, condition.letter, condition.id), condition)
    return tuple(found.values())


def lineage(item: Item, states: dict[str, CaseState] | None = None) -> Iterator[Bound]:
    """The item, then what it was made from, each once. `states` are cases that were read before; they are added to."""
    own = office().state
    states = {} if states is None else states
    waiting, seen = [item], {item.pk}
    while waiting:
        each = waiting.pop(0)
        if each.case_id not in states:
            states[each.case_id] = fold(each.case_id, recorded_acts(each.case))
        state = states[each.case_id]
        conditions = tuple(found for found in _stated(each, state) if found.set_by != own)
        yield Bound(each, conditions, state)
        for parent in Item.objects.select_related("case").filter(pk__in=each.derived_from):
            if parent.pk not in seen:
                seen.add(parent.pk)
                waiting.append(parent)


def forbidden_uses(items: Iterable[Item], use: Use) -> Iterator[tuple[Item, UseForbiddenError]]:
    """Of these items, none of them destroyed, those that a condition keeps from the use, each with the refusal."""
    states: dict[str, CaseState] = {}
    for item in items:
        try:
            require_use(item, use, states)
        except UseForbiddenError as error:
            yield item, error


def require_use(item: Item, use: Use, states: dict[str, CaseState] | None = None) -> None:
    """Let a use of the item through if no condition forbids it. `states`: see `lineage`.

    Raises:
        UseForbiddenError: a condition does; the sentence says which, who set it and in which letter.
        InputError: the item was destroyed.
    """
    if item.destroyed_at is not None:
        raise InputError("The item was destroyed by order; only its record is left.")
    for bound in lineage(item, states):
        told = _told(bound) if use.exculpatory else None
        casework.require_use(bound.conditions, replace(use, by=office().state, notified=told))


def require_release(draft: Draft) -> None:
    """Let a draft pass whose files no condition keeps from any State they go to, whatever name they go under.

    Raises:
        UseForbiddenError: a condition does.
    """
    attachments = list(draft.attachments.all())
    if not attachments:
        return
    today = office().clock.now().date()
    for partner in recipients_of(draft, fold(draft.case_id, recorded_acts(draft.case))):
        for attachment in attachments:
            for item in Item.objects.select_related("case").filter(pk=attachment.item):
                require_use(item, Use(casework.UseKind.TRANSFER, today, state=partner))
            require_may_leave(attachment.sha256, partner=partner)


def require_may_leave(sha256: str, *, partner: str) -> None:
    """Let content pass that no condition keeps from a State; content that is no item's always passes.

    What a State sent may go back to it as it came: its own conditions keep nothing from itself.

    Raises:
        UseForbiddenError: it is that of an item under such a condition; the sentence tells nothing of the item, which
            may be of a case that the officer has no part in.
    """
    use = Use(casework.UseKind.TRANSFER, office().clock.now().date(), state=partner, by=office().state)
    for item in Item.objects.select_related("case").filter(sha256=sha256, destroyed_at=None):
        others = [condition for condition in binding_on(item) if condition.set_by != partner]
        try:
            casework.require_use(others, use)
        except UseForbiddenError as error:
            raise UseForbiddenError(
                "This file is evidence under a condition of its source, which keeps it from that State. Ask for "
                "consent in the case it came with.",
                condition=error.condition,
                set_by=error.set_by,
                letter=error.letter,
            ) from error


def given_up_by(item: Item, kind: ConditionKind) -> dt.date | None:
    """The last day on which a duty to return or destroy the item can be met in time; None: there is none."""
    days = [each.by for each in binding_on(item) if each.kind == kind.value and each.binds and each.by]
    return dt.date.fromisoformat(min(days)) if days else None


def for_letter(item: Item) -> list[dict[str, object]]:
    """The conditions that go with the item: those set on it here, and all that still bind what it was made from.

    A condition of the same case keeps its id. One from another case gets an id of its own, the same every time, and is
    from then on a condition of this State towards the next.
    """
    found: dict[str, dict[str, object]] = {str(raw["id"]): dict(raw) for raw in item.conditions}
    for bound in lineage(item):
        for condition in bound.conditions:
            if condition.binds:
                same_case = bound.item.case_id == item.case_id
                raw = as_told(condition, condition.id if same_case else _onward_id(bound.item, condition))
                found.setdefault(str(raw["id"]), raw)
    return list(found.values())


def as_told(condition: Condition, identifier: str) -> dict[str, object]:
    """A condition as a letter writes it."""
    raw: dict[str, object] = {"id": identifier, "kind": condition.kind, "text": condition.text}
    for name in ("purposes", "states"):
        if listed := getattr(condition, name):
            raw[name] = list(listed)
    for name in ("by", "provision"):
        if said := getattr(condition, name):
            raw[name] = said
    return raw


def _stated(item: Item, state: CaseState) -> tuple[Condition, ...]:
    """What is said on the item itself: by the record of its case, or by its letter where the record lists no item."""
    if item.part_id in state.docket.items:
        return casework.conditions_on(state, item.part_id)
    if item.origin == office().state or not item.letter:
        return ()
    applied = any(entry.letter == item.letter and entry.status is EntryStatus.APPLIED for entry in state.timeline)
    # Nobody accepts what came with a letter that lists no items (an annex of a request): it binds as it was said.
    status = ConditionStatus.ACCEPTED if applied else ConditionStatus.PROPOSED
    return tuple(_as_said(raw, item, status) for raw in item.conditions)


def _as_said(raw: Mapping[str, object], item: Item, status: ConditionStatus) -> Condition:
    listed = {
        name: tuple(map(str, found)) for name in ("purposes", "states") if isinstance(found := raw.get(name), list)
    }
    said = {name: str(raw[name]) for name in ("by", "provision") if raw.get(name)}
    return Condition(
        id=str(raw["id"]),
        kind=str(raw["kind"]),
        text=str(raw["text"]),
        set_by=item.origin,
        status=status,
        letter=item.letter,
        **listed,  # type: ignore[arg-type] # the two fields that are lists
        **said,  # type: ignore[arg-type] # the two fields that are texts
    )


def _told(bound: Bound) -> dt.date | None:
    """The day on which we told, in the item's case, that exculpatory material of it is to be disclosed."""
    applied = {entry.letter for entry in bound.state.timeline if entry.status is EntryStatus.APPLIED}
    notices = bound.item.case.letters.filter(kind=ActKind.NOTICE.value, sender=office().state, pk__in=applied)
    days = [
        letter.sealed_at.date()
        for letter in notices
        if letter.act["body"].get("event") == NOTICE_OF_DISCLOSURE
        and bound.item.part_id in (letter.act["body"].get("items") or [bound.item.part_id])
    ]
    return min(days, default=None)


def _onward_id(item: Item, condition: Condition) -> str:
    return f"c{sha256_hex(f'{item.case_id}/{condition.letter}/{condition.id}'.encode())[:24]}"

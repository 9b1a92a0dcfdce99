"""Guards about items: what is sent, signed for and returned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.casework.docket import Situation, text, texts
from dedere.casework.guards import waiting_conditions
from dedere.casework.matters import ConditionStatus

if TYPE_CHECKING:
    from dedere.casework.acts import JSONObject
    from dedere.casework.guards import Guard
    from dedere.casework.matters import Item


def items_are_parts(case: Situation) -> str:
    """Every item listed is a part of the letter, every part is listed, each once; conditions keep their ids."""
    listed = [text(row, "part") for row in listed_items(case)]
    if sorted(listed) != sorted(part.id for part in case.act.parts):
        return "The items listed must be exactly the parts of the letter, each once."
    for part in case.act.parts:
        for raw in part.conditions:
            known = case.proceeding.conditions.get(text(raw, "id"))
            if known is not None and known.text != text(raw, "text"):
                return f"The condition {known.id} of an item has been set before with another text."
            if known is not None and known.status is ConditionStatus.DECLINED:
                return f"The condition {known.id} of an item has been declined."
    return ""


def items_name_listed_measures(case: Situation) -> str:
    """An item that names a measure names one that the same act reports on."""
    named = {text(row, "measure") for row in case.rows("items")} - {""}
    return "" if named <= set(case.named_measures()) else "An item names a measure that this act does not report on."


def items_inherit_conditions(case: Situation) -> str:
    """An item made from others carries every condition of those, and goes to no State that they exclude."""
    for row in listed_items(case):
        for parent_id in texts(row, "derived_from"):
            parent = case.docket.items.get(parent_id)
            if parent is None:
                return f"An item is said to come from {parent_id}, which was never sent."
            part = case.part(text(row, "part"))
            carried = {text(raw, "id") for raw in part.conditions} if part else set()
            binding = {
                name
                for name in parent.conditions
                if (condition := case.docket.proceedings[parent.proceeding].conditions[name]).binds
                and condition.set_by != case.sender
            }
            if not binding <= carried:
                return "An item made from others must carry all of their conditions."
            if _excluded(case, parent):
                return f"A condition on the item {parent_id} forbids its transfer to a State of this proceeding."
    return ""


def receipt_for_sent_items(case: Situation) -> str:
    """A State signs for items that were sent to it and that it has not signed for, each once."""
    names = [text(row, "item") for row in case.rows("items")]
    if len(set(names)) != len(names):
        return "An item is signed for twice in one act."
    for name in names:
        item = case.docket.items.get(name)
        if item is None or item.proceeding != case.proceeding.id or case.sender not in item.sent_to:
            return f"The item {name} was never sent to this State in this proceeding."
        if case.sender in item.signed_for:
            return f"The item {name} has been signed for."
    return ""


def receipt_digests_agree(case: Situation) -> str:
    """An item is signed for as intact only under the digest under which it was sent."""
    for row in case.rows("items"):
        item = case.docket.items[text(row, "item")]
        if row.get("intact") is True and text(row, "sha256") != item.sha256:
            return f"The item {item.id} is called intact under another digest than it was sent with."
    return ""


def receipt_replies_open(case: Situation) -> str:
    """Signing for an item replies to every condition on it that waits, and to no other."""
    names = [text(reply, "condition") for row in case.rows("items") for reply in objects(row, "condition_replies")]
    refused = waiting_conditions(case, names)
    if refused:
        return refused
    for row in case.rows("items"):
        item = case.docket.items[text(row, "item")]
        for name in item.conditions:
            if case.proceeding.conditions[name].waits_for(case.sender) and name not in names:
                return f"The condition {name} of the item {item.id} needs a reply with the receipt."
    return ""


def returns_held_items(case: Situation) -> str:
    """A State returns items that it signed for and still has, each once."""
    names = [text(row, "item") for row in case.rows("items")]
    for name in names:
        item = case.docket.items.get(name)
        held = item is not None and item.proceeding == case.proceeding.id and case.sender in item.signed_for
        if item is None or not held or case.sender in item.returned_by or names.count(name) > 1:
            return f"This State does not hold the item {name} in this proceeding."
    return ""


def return_receipt_for_returned(case: Situation) -> str:
    """The State that sent an item signs for its return, once."""
    for row in case.rows("items"):
        item = case.docket.items.get(text(row, "item"))
        if item is None or item.sent_by != case.sender or item.proceeding != case.proceeding.id:
            return "An item was not sent by this State in this proceeding."
        if set(item.returned_by) <= set(item.taken_back_from):
            return f"The item {item.id} is not on its way back."
    return ""


def every_item_signed_for(case: Situation) -> str:
    """A proceeding is closed when everybody signed for what was sent."""
    for item in case.docket.items.values():
        if item.proceeding == case.proceeding.id and not set(item.sent_to) <= set(item.signed_for):
            return f"The item {item.id} has not been signed for."
    return ""


def listed_items(case: Situation) -> list[JSONObject]:
    """The items that the body lists, as `items` or as `documents`."""
    return [*case.rows("items"), *case.rows("documents")]


def _excluded(case: Situation, parent: Item) -> bool:
    for name in parent.conditions:
        condition = case.docket.proceedings[parent.proceeding].conditions[name]
        # It does not bind the State that set it.
        if condition.kind == "no-onward-transfer" and condition.binds and condition.set_by != case.sender:
            allowed = {case.sender, condition.set_by, *condition.states}
            if not set(case.proceeding.sides) <= allowed:
                return True
    return False


def objects(row: JSONObject, name: str) -> list[JSONObject]:
    """The objects in a list field of an object."""
    value = row.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, (list, tuple)) else []


ITEM_GUARDS: tuple[Guard, ...] = (
    items_are_parts,
    items_name_listed_measures,
    items_inherit_conditions,
    receipt_for_sent_items,
    receipt_digests_agree,
    receipt_replies_open,
    returns_held_items,
    return_receipt_for_returned,
    every_item_signed_for,
)

"""Evidence is kept, or destroyed by order: holds, orders of two officers, and what stands in their way."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.casework.acts import Role
from dedere.casework.conditions import ConditionKind
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.cases.leaks import require_clean_to_keep
from dedere.node.cases.models import Attachment, Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.access import require_item
from dedere.node.evidence.conditions import given_up_by
from dedere.node.evidence.ledgers import log
from dedere.node.evidence.models import Destruction, Hold, Item
from dedere.node.office import office
from dedere.node.persons.refusals import logs_refusals
from dedere.vault.errors import RetentionError
from dedere.vault.retention import DestructionOrder, LegalHold, Retention, require_destruction_allowed

_SECOND = "the second officer"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class DestructionGrounds:
    """On what an order to destroy rests: whose decision it carries out, where that stands, and who agreed."""

    authority: str
    reference: str
    sender_agreed: bool = False


@logs_refusals
@transaction.atomic
def place_hold(*, by: Officer, item_id: str, reference: str) -> Hold:
    """Have an item kept whatever else is ordered.

    Raises:
        PermissionRefusedError: the officer works on no cases.
        InputError: nothing says where the order to keep it stands.
    """
    item = _here(by, item_id)
    require_role(by, Role.CASE_OFFICER, Role.APPROVER, Role.REGISTRAR)
    if not reference.strip():
        raise InputError("Say where the order to keep the item stands.")
    require_clean_to_keep(by, item.case_id, {"reference": reference})
    hold = Hold.objects.create(
        pk=office().identifiers.new(),
        item=item,
        reference=reference.strip()[:_LONGEST],
        placed_by=by,
        placed_on=office().clock.now().date(),
    )
    log(by.identifier, "hold-placed", item, details={"hold": hold.pk})
    return hold


@transaction.atomic
def lift_hold(*, by: Officer, hold_id: str) -> Hold:
    """Lift a hold: another officer than the one who placed it.

    Raises:
        PermissionRefusedError: the officer placed it, or may not approve.
        InputError: it was lifted before.
    """
    hold = Hold.objects.select_related("item").filter(pk=hold_id).first()
    if hold is None:
        raise UnknownObjectError
    item = require_item(by, hold.item_id)
    require_role(by, Role.APPROVER)
    if hold.placed_by_id == by.pk:
        raise PermissionRefusedError("A hold is lifted by another officer than the one who placed it.")
    if hold.lifted_on is not None:
        raise InputError("This hold was lifted before.")
    hold.lifted_by, hold.lifted_on = by, office().clock.now().date()
    hold.save()
    log(by.identifier, "hold-lifted", item, details={"hold": hold.pk})
    return hold


@logs_refusals
@transaction.atomic
def order_destruction(*, by: Officer, item_id: str, grounds: DestructionGrounds) -> Destruction:
    """Order an item destroyed. Nothing happens before another officer approves.

    Raises:
        PermissionRefusedError: the officer works on no cases.
        RetentionError: a hold stands, the item is owed back, or the order rests on nothing.
        InputError: an order stands already, or something else needs the item's sealed bytes.
    """
    item = _here(by, item_id)
    require_role(by, Role.CASE_OFFICER, Role.REGISTRAR)
    if Destruction.objects.filter(item=item, withdrawn_at=None).exists():
        raise InputError("An order to destroy this item stands already.")
    require_clean_to_keep(by, item.case_id, {"authority": grounds.authority, "reference": grounds.reference})
    destruction = Destruction(
        pk=office().identifiers.new(),
        item=item,
        authority=grounds.authority.strip()[:_LONGEST],
        reference=grounds.reference.strip()[:_LONGEST],
        sender_agreed=grounds.sender_agreed,
        ordered_by=by,
        ordered_at=office().clock.now().replace(microsecond=0),
    )
    require_destructible(destruction)
    destruction.save()
    log(by.identifier, "destruction-ordered", item, details={"order": destruction.pk})
    return destruction


@transaction.atomic
def approve_destruction(*, by: Officer, order_id: str) -> Destruction:
    """The second officer's yes; the worker then destroys the item's key and its bytes, and certifies it.

    Raises:
        PermissionRefusedError: the officer gave the order, or may not approve.
        RetentionError, InputError: as for the order.
    """
    destruction = _order(by, order_id)
    require_role(by, Role.APPROVER)
    if destruction.ordered_by_id == by.pk:
        raise PermissionRefusedError("What is destroyed needs a second officer: you gave this order yourself.")
    if destruction.approved_at is not None:
        raise InputError("This order was approved before.")
    destruction.approved_by, destruction.approved_at = by, office().clock.now()
    require_destructible(destruction)
    destruction.save()
    log(by.identifier, "destruction-approved", destruction.item, details={"order": destruction.pk})
    return destruction


@transaction.atomic
def withdraw_destruction(*, by: Officer, order_id: str) -> Destruction:
    """Take an order back that was not carried out.

    Raises:
        InputError: it was.
    """
    destruction = _order(by, order_id)
    require_role(by, Role.CASE_OFFICER, Role.APPROVER, Role.REGISTRAR)
    destruction.withdrawn_at = office().clock.now()
    destruction.save()
    log(by.identifier, "destruction-withdrawn", destruction.item, details={"order": destruction.pk})
    return destruction


def retention_of(item: Item) -> Retention:
    """What is recorded about keeping the item: holds, and the days that conditions set."""
    holds = tuple(
        LegalHold(hold.reference, hold.placed_by.name, hold.placed_on, hold.lifted_on)
        for hold in item.holds.select_related("placed_by")
    )
    return Retention(
        holds=holds,
        return_by=given_up_by(item, ConditionKind.RETURN_BY),
        destroy_by=given_up_by(item, ConditionKind.DESTROY_BY),
    )


def as_order(destruction: Destruction) -> DestructionOrder:
    """The order as the vault's rules know it; before its approval, in the name of a second officer to come."""
    approver = destruction.approved_by
    return DestructionOrder(
        item=destruction.item_id,
        ordered_by=destruction.ordered_by.name,
        approved_by=approver.name if approver is not None else _SECOND,
        authority=destruction.authority,
        reference=destruction.reference,
        ordered_at=destruction.ordered_at,
        sender_agreed=destruction.sender_agreed,
    )


def require_destructible(destruction: Destruction) -> None:
    """Let an order pass that nothing stands against today.

    Raises:
        RetentionError: a hold, a duty to return, or an order that rests on nothing.
        InputError: a draft, a letter or another item needs the same sealed bytes.
    """
    item = destruction.item
    today = office().clock.now().date()
    require_destruction_allowed(retention_of(item), as_order(destruction), on=today)
    under_way = [Draft.State.OPEN, Draft.State.SUBMITTED, Draft.State.APPROVED]
    attached = Attachment.objects.filter(object=item.object)
    if attached.filter(draft__state__in=under_way).exists():
        raise RetentionError("The item is in a draft: take it out of there, or let the letter leave, first.")
    others = Item.objects.filter(object=item.object, destroyed_at=None).exclude(pk=item.pk)
    if others.exists():
        raise RetentionError(
            "The same sealed bytes stand for an item of another case: that one is destroyed first, by its own order."
        )


def _here(by: Officer, item_id: str) -> Item:
    item = require_item(by, item_id)
    if item.destroyed_at is not None:
        raise InputError("The item was destroyed by order; only its record is left.")
    return item


def _order(by: Officer, order_id: str) -> Destruction:
    found = (
        Destruction.objects.select_related("item__case", "ordered_by", "approved_by")
        .filter(pk=order_id, withdrawn_at=None)
        .first()
    )
    if found is None:
        raise UnknownObjectError
    require_item(by, found.item_id)
    if found.done_at is not None:
        raise InputError("This order was carried out.")
    return found

"""An item as its page shows it: conditions as they stand, findings, what it was made from, and how long it is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from dedere.casework.conditions import source_of
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import cases_of
from dedere.node.evidence.access import require_item
from dedere.node.evidence.actions.retention import retention_of
from dedere.node.evidence.conditions import lineage
from dedere.node.evidence.ledgers import ledger_of
from dedere.node.evidence.models import Destruction, Item
from dedere.node.evidence.queries import ItemRow, LedgerRow, item_row, ledger_fault, ledger_rows, visible
from dedere.node.office import office
from dedere.vault.retention import duty_on


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition on an item. `status` is a word of casework, `ours` for one that we set and have not sent.

    `source` says who set it and where; `inherited` that it stands on something the item was made from.
    """

    id: str
    kind: str
    text: str
    status: str
    source: str
    purposes: tuple[str, ...]
    by: str
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What a machine found about an item."""

    kind: str
    verdict: str
    by: str
    text: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A legal hold; `lifted_on` is empty while it stands, `mine` says that this officer placed it."""

    id: str
    reference: str
    placed_by: str
    placed_on: dt.date
    lifted_by: str
    lifted_on: dt.date | None
    mine: bool


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order to destroy. `mine` says that this officer gave it; `refusal` why it could not be carried out."""

    id: str
    authority: str
    reference: str
    ordered_by: str
    ordered_at: dt.datetime
    approved_by: str
    approved_at: dt.datetime | None
    done_at: dt.datetime | None
    refusal: str
    mine: bool


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """An item that this one was made from, or that was made from it; without an id where the officer may not see it."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item's page. `case_id` is empty for an officer who sees the item but has no part in its case.

    `duty` is a word of the vault's rules of retention for today, `give_up_by` the day that goes with it. `is_ours`: it
    is of our own making, so that we set conditions on it until it leaves.
    """

    row: ItemRow
    case_id: str
    case_reference: str
    ledger: tuple[LedgerRow, ...]
    ledger_verdict: str
    ledger_fault: str
    conditions: tuple[ConditionRow, ...]
    findings: tuple[FindingRow, ...]
    stamps: tuple[dt.datetime, ...]
    made_from: tuple[RelatedRow, ...]
    made_of_it: tuple[RelatedRow, ...]
    holds: tuple[HoldRow, ...]
    orders: tuple[OrderRow, ...]
    duty: str
    give_up_by: dt.date | None
    destroyed_at: dt.datetime | None
    is_ours: bool
    conditions_open: bool
    asks_reason: bool


def item_view(officer: Officer, item_id: str) -> ItemView:
    """One item with its ledger, verified while the page is made.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    item = require_item(officer, item_id)
    entries = ledger_of(item)
    fault, sound = ledger_fault(entries)
    has_part = cases_of(officer).filter(pk=item.case_id).exists()
    retention = retention_of(item)
    ours = item.origin == office().state
    return ItemView(
        row=item_row(item),
        case_id=item.case_id if has_part else "",
        case_reference=item.case.reference,
        ledger=ledger_rows(entries, sound=sound),
        ledger_verdict="failed" if fault else "passed",
        ledger_fault=fault,
        conditions=condition_rows(item),
        findings=tuple(FindingRow(a.kind, a.verdict, a.by, a.text, a.at) for a in item.annotations.all()),
        stamps=tuple(stamp.at for stamp in item.stamps.all()),
        made_from=_related(officer, Item.objects.filter(pk__in=item.derived_from)),
        made_of_it=_related(
            officer, (each for each in Item.objects.exclude(derived_from=[]) if item.pk in each.derived_from)
        ),
        holds=_holds(officer, item),
        orders=_orders(officer, item),
        duty=duty_on(retention, office().clock.now().date()).value,
        give_up_by=min(filter(None, (retention.return_by, retention.destroy_by)), default=None),
        destroyed_at=item.destroyed_at,
        is_ours=ours,
        conditions_open=ours and not item.letter and item.destroyed_at is None,
        asks_reason=office().home.evidence.reason_for_looks,
    )


def condition_rows(item: Item) -> tuple[ConditionRow, ...]:
    """The conditions on an item as they stand: others' with their source, and ours that will go with it."""
    own = tuple(
        ConditionRow(
            id=str(raw["id"]),
            kind=str(raw["kind"]),
            text=str(raw["text"]),
            status="ours",
            source="",
            purposes=tuple(map(str, raw.get("purposes", ()))),
            by=str(raw.get("by", "")),
        )
        for raw in (item.conditions if item.origin == office().state else ())
    )
    others = tuple(
        ConditionRow(
            id=condition.id,
            kind=condition.kind,
            text=condition.text,
            status=condition.status.value,
            source=source_of(condition),
            purposes=condition.purposes,
            by=condition.by,
            inherited=bound.item.pk != item.pk,
        )
        for bound in lineage(item)
        for condition in bound.conditions
    )
    return others + own


def duties(officer: Officer) -> tuple[tuple[ItemRow, str, dt.date | None], ...]:
    """The items of the officer's cases that are to be returned or destroyed, or under hold, with the day; by day."""
    today = office().clock.now().date()
    found = []
    for item in visible(officer).filter(destroyed_at=None).select_related("case"):
        retention = retention_of(item)
        day = min(filter(None, (retention.return_by, retention.destroy_by)), default=None)
        if retention.holds or day is not None:
            found.append((item_row(item), duty_on(retention, today).value, day))
    return tuple(sorted(found, key=lambda row: (row[2] is None, row[2] or today, row[0].id)))


def orders_to_approve(officer: Officer) -> tuple[tuple[ItemRow, OrderRow], ...]:
    """The orders to destroy items of the officer's cases that wait for a second officer, oldest first."""
    waiting = Destruction.objects.filter(item__in=visible(officer), approved_at=None, withdrawn_at=None)
    waiting = waiting.select_related("item", "ordered_by", "approved_by")
    return tuple((item_row(each.item), _order_row(officer, each)) for each in waiting)


def _related(officer: Officer, items: Iterable[Item]) -> tuple[RelatedRow, ...]:
    seen = set(visible(officer).values_list("pk", flat=True))
    return tuple(RelatedRow(each.pk, each.title) if each.pk in seen else RelatedRow("", "") for each in items)


def _holds(officer: Officer, item: Item) -> tuple[HoldRow, ...]:
    return tuple(
        HoldRow(
            id=hold.pk,
            reference=hold.reference,
            placed_by=hold.placed_by.name,
            placed_on=hold.placed_on,
            lifted_by=hold.lifted_by.name if hold.lifted_by else "",
            lifted_on=hold.lifted_on,
            mine=hold.placed_by_id == officer.pk,
        )
        for hold in item.holds.select_related("placed_by", "lifted_by")
    )


def _orders(officer: Officer, item: Item) -> tuple[OrderRow, ...]:
    found = item.destructions.filter(withdrawn_at=None).select_related("ordered_by", "approved_by")
    return tuple(_order_row(officer, each) for each in found)


def _order_row(officer: Officer, order: Destruction) -> OrderRow:
    return OrderRow(
        id=order.pk,
        authority=order.authority,
        reference=order.reference,
        ordered_by=order.ordered_by.name,
        ordered_at=order.ordered_at,
        approved_by=order.approved_by.name if order.approved_by else "",
        approved_at=order.approved_at,
        done_at=order.done_at,
        refusal=order.refusal,
        mine=order.ordered_by_id == officer.pk,
    )

"""Reading evidence: items with their conditions, their ledgers as verified now, and their content as a stream."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from dedere.base.clock import parse_instant
from dedere.casework.conditions import Use, UseKind
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import cases_of
from dedere.node.cases.models import Assignment
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.access import require_item
from dedere.node.evidence.conditions import require_use
from dedere.node.evidence.models import Destruction, Item
from dedere.node.office import office
from dedere.vault.errors import LedgerError
from dedere.vault.ledger import CustodyEntry, verify_ledger
from dedere.vault.reading import open_object

if TYPE_CHECKING:
    from typing import BinaryIO

    from django.db.models import QuerySet

PAGE = 50


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item in a list. `size` in bytes; `source` is the State it came from; `complete` says it is here, whole."""

    id: str
    name: str
    title: str
    media_type: str
    size: int
    sha256: str
    source: str
    conditions: tuple[str, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A page of items."""

    rows: tuple[ItemRow, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One custody entry.

    `holds` says that it is well formed and linked to the one before; `signed`, that a signed container attests it.
    """

    sequence: int
    event: str
    at: dt.datetime
    by: str
    place: str
    note: str
    digest: str
    signed: bool
    holds: bool


def list_items(officer: Officer, *, text: str, page: int) -> ItemPage:
    """Items of the officer's cases and measures, newest first, all or those whose name, title or digest has `text`."""
    found = visible(officer)
    if text:
        found = found.filter(Q(title__icontains=text) | Q(name__icontains=text) | Q(sha256__startswith=text.lower()))
    pages = max(1, -(-found.count() // PAGE))
    page = min(page, pages)
    start = (page - 1) * PAGE
    return ItemPage(
        tuple(item_row(item) for item in found.order_by("-created_at", "pk")[start : start + PAGE]), page, pages
    )


def cases_to_choose(officer: Officer) -> tuple[tuple[str, str], ...]:
    """The officer's open cases as (identifier, reference and title), newest first."""
    found = cases_of(officer).filter(closed=False).values_list("pk", "reference", "title")
    return tuple((pk, f"{reference} {title}") for pk, reference, title in found)


def items_of_case(case_id: str) -> tuple[ItemRow, ...]:
    """The items of a case. The caller has checked that the reader has part in it."""
    return tuple(item_row(item) for item in Item.objects.filter(case=case_id))


def certificate(officer: Officer, order_id: str) -> bytes:
    """The signed certificate of a destruction.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    found = Destruction.objects.filter(pk=order_id, done_at__isnull=False).first()
    if found is None:
        raise UnknownObjectError
    require_item(officer, found.item_id)
    return bytes(found.certificate or b"")


def open_granted(officer: Officer, item_id: str) -> tuple[ItemRow, BinaryIO]:
    """The item and its content as a seekable stream, for whoever holds a link that a logged look or copy made.

    Raises:
        UnknownObjectError: there is no such item for this officer.
        UseForbiddenError: since the link was made, a condition forbids even looking.
    """
    item = require_item(officer, item_id)
    require_use(item, Use(UseKind.LOOK, office().clock.now().date()))
    reader: BinaryIO = open_object(office().store, item.object, office().sealing_identities)  # type: ignore[assignment] # a raw binary reader
    return item_row(item), reader


def item_row(item: Item) -> ItemRow:
    """An item as lists show it."""
    return ItemRow(
        id=item.pk,
        name=item.name,
        title=item.title,
        media_type=item.media_type,
        size=item.size,
        sha256=item.sha256,
        source=item.origin,
        conditions=tuple(str(condition.get("text", "")) for condition in item.conditions),
        complete=item.destroyed_at is None,
    )


def ledger_rows(entries: Sequence[CustodyEntry], *, sound: int) -> tuple[LedgerRow, ...]:
    """The entries as a page shows them; the chain holds up to the entry numbered `sound`."""
    return tuple(
        LedgerRow(
            sequence=entry.sequence,
            event=entry.event,
            at=parse_instant(entry.at),
            by=f"{entry.by}, {entry.authority}" if entry.authority else entry.by,
            place=entry.place,
            note=entry.note,
            digest=entry.digest(),
            signed=bool(entry.signature),
            holds=place <= sound,
        )
        for place, entry in enumerate(entries, start=1)
    )


def ledger_fault(entries: Sequence[CustodyEntry]) -> tuple[str, int]:
    """What is wrong with a ledger, empty when it holds, and the number of its last sound entry."""
    try:
        verify_ledger(entries)
    except LedgerError as error:
        return error.sentence, error.sequence - 1
    return "", len(entries)


def visible(officer: Officer) -> QuerySet[Item]:
    """The items of the officer's cases, and of the measures given to them."""
    own = Q(case__in=cases_of(officer))
    for case, measure in Assignment.objects.filter(officer=officer).values_list("case", "measure"):
        own |= Q(case=case, measure=measure)
    return Item.objects.filter(own)

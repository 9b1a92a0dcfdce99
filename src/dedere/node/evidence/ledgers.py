"""An item's custody ledger in the database: written in one place, read as the entries it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from dedere.node.audit.actions import Happening, record
from dedere.node.evidence.models import Item, LedgerEntry
from dedere.vault.ledger import CustodyEntry, append
from dedere.vault.ledger import Happening as CustodyHappening


def enter(item: Item, happening: CustodyHappening) -> CustodyEntry:
    """Append to the item's ledger. Call it inside the transaction of the write it tells of."""
    last = item.entries.order_by("-sequence").first()
    entry = append(item.pk, happening, last=None if last is None else CustodyEntry(**last.entry))
    LedgerEntry.objects.create(item=item, sequence=entry.sequence, entry=asdict(entry), digest=entry.digest())
    return entry


def ledger_of(item: Item) -> list[CustodyEntry]:
    """The item's ledger, oldest first."""
    return [CustodyEntry(**row.entry) for row in item.entries.all()]


def log(actor: str, action: str, item: Item, *, details: Mapping[str, object] | None = None) -> None:
    """Note in the audit log what was done with an item."""
    record(Happening(actor=actor, action=action, subject=item.pk, case=item.case_id, details=details or {}))

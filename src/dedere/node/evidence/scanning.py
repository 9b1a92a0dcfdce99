"""Malware scans, where the house has a scanner: done by the worker, kept as an annotation, never a reason to drop."""

from __future__ import annotations

from django.db import transaction

from dedere.base.errors import FacilityError
from dedere.node.evidence.ledgers import log
from dedere.node.evidence.models import Annotation, Item
from dedere.node.office import office
from dedere.vault.reading import open_object
from dedere.vault.scanner import Scanner, ScanVerdict

AT_ONCE = 20
"""How many items are scanned before the worker looks at its other work again."""


def unscanned() -> list[str]:
    """Items that came in and were not scanned yet, oldest first; none where no scanner is configured."""
    if not office().home.evidence.scanner:
        return []
    waiting = Item.objects.exclude(annotations__kind=Annotation.Kind.MALWARE).filter(destroyed_at=None)
    return list(waiting.order_by("created_at", "pk").values_list("pk", flat=True)[:AT_ONCE])


def scan_item(item_id: str) -> None:
    """Stream the opened item through the scanner and keep what it says.

    Raises:
        FacilityError: the scanner does not answer; the item is scanned when it does.
    """
    item = Item.objects.get(pk=item_id)
    scanner = Scanner.at(office().home.evidence.scanner)
    with open_object(office().store, item.object, office().sealing_identities) as source:
        result = scanner.scan(source)
    if result.verdict is ScanVerdict.UNAVAILABLE:
        raise FacilityError(f"The malware scanner does not answer: {result.text}", code="scanner-unavailable")
    with transaction.atomic():
        Annotation.objects.create(
            item=item,
            kind=Annotation.Kind.MALWARE,
            verdict=result.verdict.value,
            by=scanner.name[:200],
            text=result.text[:300],
            at=office().clock.now(),
        )
        log("system:worker", "evidence-scanned", item, details={"verdict": result.verdict.value})

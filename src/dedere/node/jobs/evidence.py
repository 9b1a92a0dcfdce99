"""What the worker does with evidence by itself: destroys by order, time-stamps, scans, keeps signed protocols."""

from __future__ import annotations

from collections.abc import Callable

from dedere.node.evidence.destroying import approved_destructions, carry_out
from dedere.node.evidence.models import Destruction
from dedere.node.evidence.scanning import scan_item, unscanned
from dedere.node.evidence.stamping import stamp_item, unstamped
from dedere.node.exchange.models import OutgoingPart
from dedere.node.papers.protocols import keep_protocol, protocols_to_keep
from dedere.protocol.delivery import DeliveryState

_OVER = (DeliveryState.REFUSED.value, DeliveryState.WITHDRAWN.value)


def due_destructions() -> list[str]:
    """The orders that can be carried out now: none while a letter still has to bring the item's bytes to a partner."""
    return [order for order in approved_destructions() if not _still_leaving(order)]


EVIDENCE_WORK: tuple[tuple[Callable[[], list[str]], Callable[[str], object]], ...] = (
    (due_destructions, carry_out),
    (unstamped, stamp_item),
    (unscanned, scan_item),
    (protocols_to_keep, keep_protocol),
)
"""What waits, and how one of it is done."""


def _still_leaving(order: str) -> bool:
    held = Destruction.objects.values_list("item__object", flat=True).get(pk=order)
    waiting = OutgoingPart.objects.filter(receipt=None, facts__payload_sha256=held)
    return waiting.exclude(letter__state__in=_OVER).exists()

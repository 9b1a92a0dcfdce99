"""Between the outbox's rows and the protocol's delivery state machine: reading one, storing one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from dedere.node.exchange.models import OutgoingLetter
from dedere.protocol.delivery import DeliveryState, OutgoingDelivery, PartProgress


def delivery_of(row: OutgoingLetter) -> OutgoingDelivery:
    """The delivery that a row with its parts describes."""
    return OutgoingDelivery(
        letter=row.pk,
        partner=row.partner,
        queued_at=row.queued_at,
        next_try=row.next_try,
        moved_at=row.moved_at,
        state=DeliveryState(row.state),
        failures=row.failures,
        last_code=row.last_code,
        exposed=row.exposed,
        delivered_at=row.delivered_at,
        acknowledged_at=row.acknowledged_at,
        parts=tuple(
            PartProgress(
                part=part.pk,
                sealed_size=part.facts["sealed_size"],
                offset=part.offset,
                receipted=part.receipt is not None,
            )
            for part in row.parts.all()
        ),
    )


def store_delivery(row: OutgoingLetter, delivery: OutgoingDelivery) -> None:
    """Put a delivery back into its row and the offsets into its parts' rows."""
    row.state = delivery.state.value
    row.next_try = delivery.next_try
    row.moved_at = delivery.moved_at
    row.failures = delivery.failures
    row.last_code = delivery.last_code
    row.exposed = delivery.exposed
    row.delivered_at = delivery.delivered_at
    row.acknowledged_at = delivery.acknowledged_at
    row.complete = delivery.complete
    row.save()
    offsets = {progress.part: progress.offset for progress in delivery.parts}
    for part in row.parts.all():
        if part.offset != offsets[part.pk]:
            part.offset = offsets[part.pk]
            part.save(update_fields=["offset"])


def acknowledge(letters: Iterable[str], *, at: dt.datetime) -> None:
    """The other side's named officer took up these letters."""
    for row in OutgoingLetter.objects.filter(pk__in=list(letters)).exclude(state=DeliveryState.WITHDRAWN):
        if row.receipt is not None:
            store_delivery(row, delivery_of(row).acknowledged(at))

"""Between the outbox's rows and the protocol's delivery state machine: reading one, storing one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from dedere.casework.acts import ActKind
from dedere.node.cases.actions.record import acts_with_effect
from dedere.node.cases.models import Letter
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


# What a step may change. The sealed bytes of a letter are written once and never again.
_STEPPED = (
    "state",
    "next_try",
    "moved_at",
    "failures",
    "last_code",
    "exposed",
    "delivered_at",
    "acknowledged_at",
    "complete",
)


def place_delivery(row: OutgoingLetter, delivery: OutgoingDelivery) -> None:
    """Put a delivery into its row, which is not saved here."""
    for name in _STEPPED[1:]:
        setattr(row, name, getattr(delivery, name))
    row.state = delivery.state.value


def store_delivery(row: OutgoingLetter, delivery: OutgoingDelivery) -> None:
    """Put a delivery back into its row, with the receipt that the row holds, and the offsets into its parts' rows."""
    place_delivery(row, delivery)
    row.save(update_fields=[*_STEPPED, "receipt"])
    offsets = {progress.part: progress.offset for progress in delivery.parts}
    for part in row.parts.all():
        if part.offset != offsets[part.pk]:
            part.offset = offsets[part.pk]
            part.save(update_fields=["offset"])


def note_receipt(row: OutgoingLetter, receipt: bytes, *, received_at: dt.datetime, now: dt.datetime) -> None:
    """Keep a true machine receipt. An acknowledgement that was faster counts from here on as well (P-126)."""
    row.receipt = receipt
    delivery = delivery_of(row).delivered(now, received_at=received_at)
    acknowledged_at = _acknowledged_at(row)
    store_delivery(row, delivery.acknowledged(acknowledged_at) if acknowledged_at else delivery)


def _acknowledged_at(row: OutgoingLetter) -> dt.datetime | None:
    """When an acknowledgement of this letter was recorded that has effect in the case; None: there is none yet."""
    came = Letter.objects.filter(case=row.case, sender=row.partner, kind=ActKind.ACKNOWLEDGEMENT.value)
    naming = [each for each in came if any(answer[0] == row.pk for answer in each.answers)]
    effective = acts_with_effect(naming[0].case) if naming else set()
    return min((each.recorded_at for each in naming if each.pk in effective), default=None)


def acknowledge(letters: Iterable[str], *, at: dt.datetime) -> None:
    """The other side's named officer took up these letters; `note_receipt` catches those without a receipt yet."""
    for row in OutgoingLetter.objects.filter(pk__in=list(letters)).exclude(state=DeliveryState.WITHDRAWN):
        if row.receipt is not None:
            store_delivery(row, delivery_of(row).acknowledged(at))

"""Whether an item may be destroyed or must be kept: pure rules over what is recorded of it.

An item is destroyed only by order: of a named officer, approved by another, resting on an authority outside the office
(a court's order, the sending State's demand). A legal hold stops every destruction until it is lifted. A copy that was
promised back is returned, not destroyed, unless the order says that the sender agreed.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.vault.errors import RetentionError

if TYPE_CHECKING:
    from dedere.vault.ledger import CustodyEntry

VERSION = "dedere-destruction/1"


class Duty(enum.StrEnum):
    """What is owed for an item on a day."""

    NOTHING = "nothing"
    RETURN = "return"
    DESTROY = "destroy"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class LegalHold:
    """An order to keep. `lifted_on` is empty while it stands."""

    reference: str
    placed_by: str
    placed_on: dt.date
    lifted_on: dt.date | None = None

    def stands(self, on: dt.date) -> bool:
        """Whether it binds on this day."""
        return self.placed_on <= on and (self.lifted_on is None or on < self.lifted_on)


@dataclass(frozen=True, slots=True)
class Retention:
    """What is recorded about keeping an item. The dates are the last days on which the duty can be met in time."""

    holds: tuple[LegalHold, ...] = ()
    return_by: dt.date | None = None
    destroy_by: dt.date | None = None


@dataclass(frozen=True, slots=True)
class DestructionOrder:
    """An order to destroy one item. `authority` is whose decision it carries out, `reference` where that stands."""

    item: str
    ordered_by: str
    approved_by: str
    authority: str
    reference: str
    ordered_at: dt.datetime
    sender_agreed: bool = False


@dataclass(frozen=True, slots=True)
class DestructionCertificate:
    """What is signed after a destruction, made of the order and of the ledger's last entry."""

    order: DestructionOrder
    entry: CustodyEntry

    def as_json(self) -> dict[str, object]:
        """Plain data, always the same keys."""
        return {
            "version": VERSION,
            "item": self.order.item,
            "object": self.entry.object,
            "sha256": self.entry.sha256,
            "ordered_by": self.order.ordered_by,
            "approved_by": self.order.approved_by,
            "authority": self.order.authority,
            "reference": self.order.reference,
            "ordered_at": format_instant(self.order.ordered_at),
            "destroyed_at": self.entry.at,
            "method": "the item's own key was destroyed, then its sealed bytes were removed",
            "ledger": self.entry.digest(),
        }


def duty_on(retention: Retention, on: dt.date) -> Duty:
    """What is owed now: a hold before everything, then return, then destruction, each from its day on."""
    if any(hold.stands(on) for hold in retention.holds):
        return Duty.HOLD
    if retention.return_by is not None and retention.return_by <= on:
        return Duty.RETURN
    if retention.destroy_by is not None and retention.destroy_by <= on:
        return Duty.DESTROY
    return Duty.NOTHING


def require_destruction_allowed(retention: Retention, order: DestructionOrder, *, on: dt.date) -> None:
    """Return only if the order may be carried out on this day.

    Raises:
        RetentionError: a hold stands, two officers are not two, something is missing, or the item is owed back.
    """
    holds = [hold.reference for hold in retention.holds if hold.stands(on)]
    if holds:
        raise RetentionError(f"The item is under legal hold ({holds[0]}); nothing of it may be destroyed.")
    if not all((order.item, order.ordered_by, order.approved_by, order.authority, order.reference)):
        raise RetentionError("An order to destroy names the item, two officers, the authority and its reference.")
    if order.ordered_by == order.approved_by:
        raise RetentionError("An order to destroy needs a second officer's approval; one officer gave both.")
    if retention.return_by is not None and not order.sender_agreed:
        raise RetentionError("The item was promised back; destroying it needs the sending State's agreement.")

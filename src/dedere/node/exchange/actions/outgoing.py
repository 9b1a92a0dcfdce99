"""What an officer can still do about a letter in the outbox."""

from __future__ import annotations

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.access import require_case
from dedere.node.errors import UnknownObjectError
from dedere.node.exchange.delivering import delivery_of, store_delivery
from dedere.node.exchange.models import OutgoingLetter
from dedere.node.office import office
from dedere.protocol.delivery import OutgoingDelivery


@transaction.atomic
def retry_delivery(*, by: Officer, letter_id: str) -> None:
    """Have a waiting or refused letter tried now."""
    row = _require(by, letter_id)
    _store(by, row, delivery_of(row).retried(office().clock.now()), action="delivery-retried")


@transaction.atomic
def withdraw_letter(*, by: Officer, letter_id: str) -> None:
    """Take a letter back that certainly nobody has seen.

    Raises:
        DeliveryError: it may have left the house.
        InputError: a later letter of the case is queued behind it.
    """
    require_role(by, Role.APPROVER)
    row = _require(by, letter_id)
    later = OutgoingLetter.objects.filter(case=row.case, partner=row.partner, queued_at__gt=row.queued_at)
    if later.exists():
        raise InputError("A later letter of this case is already queued: withdraw that one first.")
    _store(by, row, delivery_of(row).withdrawn(office().clock.now()), action="letter-withdrawn")


def _require(by: Officer, letter_id: str) -> OutgoingLetter:
    row = OutgoingLetter.objects.select_for_update().filter(pk=letter_id).first()
    if row is None:
        raise UnknownObjectError
    require_case(by, row.case)
    return row


def _store(by: Officer, row: OutgoingLetter, delivery: OutgoingDelivery, *, action: str) -> None:
    store_delivery(row, delivery)
    record(Happening(actor=by.identifier, action=action, subject=row.pk, case=row.case))

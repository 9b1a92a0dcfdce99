"""Orders to destroy, carried out by the worker: the item's own key first, then its sealed bytes, then the certificate.

The header of a sealed object holds the only copy of its key that this vault has; without it no copy of the payload
opens again, wherever it lies. A crash at any point leads to the same end: what is gone stays gone, and is then noted.
"""

from __future__ import annotations

import contextlib

from django.db import transaction

from dedere.base.clock import format_instant
from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.node.evidence.actions.retention import as_order, require_destructible
from dedere.node.evidence.ledgers import enter, log
from dedere.node.evidence.models import Destruction, Item
from dedere.node.office import office
from dedere.protocol.container import pack_container
from dedere.vault.errors import RetentionError, UnknownObjectError
from dedere.vault.ledger import CustodyEvent
from dedere.vault.ledger import Happening as CustodyHappening
from dedere.vault.retention import DestructionCertificate

ORDER_VERSION = "dedere-destruction-order/1"
ORDER_MEMBER = "order.json"
CERTIFICATE_MEMBER = "certificate.json"
METHOD = "The item's own key was destroyed, then its sealed bytes were removed."


def approved_destructions() -> list[str]:
    """The orders that two officers gave and that wait to be carried out, oldest first."""
    waiting = Destruction.objects.filter(approved_at__isnull=False, withdrawn_at=None, done_at=None, refusal="")
    return list(waiting.values_list("pk", flat=True))


def carry_out(order_id: str) -> None:
    """Destroy one item. What came between since the approval (a hold, a draft) stops the order and is noted on it."""
    destruction = Destruction.objects.select_related("item__case", "ordered_by", "approved_by").get(pk=order_id)
    item = destruction.item
    store = office().store
    if destruction.order is None:
        try:
            require_destructible(destruction)
        except RetentionError as error:
            _refuse(destruction, error.sentence)
            return
        # Noted before the first byte is lost: from here on the order is carried through, whatever comes.
        destruction.order = _signed(ORDER_MEMBER, _order_as_json(destruction))
        destruction.save(update_fields=["order"])
    with contextlib.suppress(UnknownObjectError):  # destroyed before a crash, or lost: nothing of it is left
        store.destroy(item.object)
    _note(destruction, item)


@transaction.atomic
def _note(destruction: Destruction, item: Item) -> None:
    now = office().clock.now().replace(microsecond=0)
    approver = destruction.approved_by
    entry = enter(
        item,
        CustodyHappening(
            event=CustodyEvent.DESTROYED,
            at=now,
            by=destruction.ordered_by.name,
            authority=destruction.authority,
            note=f"By order {destruction.reference}, approved by {approver.name if approver else ''}. {METHOD}"[:2000],
            object=item.object,
            sha256=item.sha256,
            signature=sha256_hex(bytes(destruction.order or b"")),
        ),
    )
    certificate = DestructionCertificate(as_order(destruction), entry)
    destruction.certificate = _signed(CERTIFICATE_MEMBER, certificate.as_json())
    destruction.done_at = now
    destruction.save()
    item.destroyed_at = now
    item.save(update_fields=["destroyed_at"])
    log("system:worker", "evidence-destroyed", item, details={"order": destruction.pk, "sha256": item.sha256})


@transaction.atomic
def _refuse(destruction: Destruction, sentence: str) -> None:
    destruction.refusal = sentence[:300]
    destruction.save(update_fields=["refusal"])
    log("system:worker", "destruction-stopped", destruction.item, details={"order": destruction.pk})


def _order_as_json(destruction: Destruction) -> dict[str, object]:
    order = as_order(destruction)
    return {
        "version": ORDER_VERSION,
        "order": destruction.pk,
        "item": order.item,
        "sha256": destruction.item.sha256,
        "ordered_by": order.ordered_by,
        "approved_by": order.approved_by,
        "authority": order.authority,
        "reference": order.reference,
        "ordered_at": format_instant(order.ordered_at),
        "sender_agreed": order.sender_agreed,
    }


def _signed(member: str, value: dict[str, object]) -> bytes:
    return pack_container(
        {member: canonical_json(value)},
        signer=office().authority_signer,
        signed_at=office().clock.now().replace(microsecond=0),
        timestamper=office().timestamper,
    )

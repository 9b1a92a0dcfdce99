"""Time-stamps of custody ledgers, where the house asks for them: signed by the worker after an item came in.

The statement says where the ledger stood; whoever altered an entry later, or dated one back, contradicts it.
"""

from __future__ import annotations

from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.node.evidence.models import Item, Stamp
from dedere.node.office import office
from dedere.protocol.container import pack_container
from dedere.vault.stamps import STAMP_MEMBER, stamp_statement

AT_ONCE = 20
"""How many items are stamped before the worker looks at its other work again."""


def unstamped() -> list[str]:
    """Items that came in and were not stamped yet, oldest first; none where the house asks for no time-stamps."""
    if not office().home.evidence.stamp:
        return []
    waiting = Item.objects.filter(stamps=None, destroyed_at=None).order_by("created_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:AT_ONCE])


def stamp_item(item_id: str) -> None:
    """State, sign and time-stamp where the item's ledger stands."""
    item = Item.objects.get(pk=item_id)
    row = item.entries.order_by("-sequence").first()
    if row is None:
        return
    now = office().clock.now().replace(microsecond=0)
    container = pack_container(
        {STAMP_MEMBER: canonical_json(stamp_statement(item.pk, item.sha256, row.sequence, head=row.digest))},
        signer=office().authority_signer,
        signed_at=now,
        timestamper=office().timestamper,
    )
    Stamp.objects.create(digest=sha256_hex(container), item=item, container=container, at=now)

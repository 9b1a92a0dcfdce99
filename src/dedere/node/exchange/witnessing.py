"""The worker's round of heads: ours given to whoever can be called, theirs fetched where nobody can call us."""

from __future__ import annotations

import datetime as dt

from dedere.node.audit.queries import count_events
from dedere.node.exchange.actions.heads import own_checkpoint, take_checkpoint, take_countersignature
from dedere.node.exchange.directory import can_be_called, trust_directory
from dedere.node.exchange.models import HeldHead, WitnessedHead
from dedere.node.office import office
from dedere.transport.client import NodeClient

WITNESS_EVERY = dt.timedelta(hours=1)


def partners_to_witness() -> list[str]:
    """The partners to exchange heads with (P-243): they can be called, and our log has grown or theirs is fetched."""
    partners = [state for state in trust_directory().states if state != office().state and can_be_called(state)]
    if not office().home.is_reachable:
        return partners
    size = count_events()
    return [state for state in partners if _witnessed(state) < size]


def exchange_heads(partner: str, client: NodeClient) -> None:
    """Have our log's head countersigned; countersign the partner's where it cannot bring it.

    Raises:
        PartnerUnreachableError: no answer; asked again later.
        DedereError: something contradicts; an alarm stands where that is the log's fault.
    """
    now = office().clock.now()
    held = client.held_head()
    if held is not None:
        take_countersignature(partner=partner, countersignature=held, at=now)
    after = _witnessed(partner)
    if after < count_events():
        given = client.give_checkpoint(own_checkpoint(partner=partner, after=after, at=now))
        take_countersignature(partner=partner, countersignature=given, at=now)
    if not office().home.is_reachable:
        _fetch(partner, client)


def _fetch(partner: str, client: NodeClient) -> None:
    newest = HeldHead.objects.filter(partner=partner).order_by("-size").first()
    checkpoint = client.fetch_checkpoint(0 if newest is None else newest.size)
    if checkpoint is not None:
        given = take_checkpoint(partner=partner, checkpoint=checkpoint, at=office().clock.now())
        client.give_countersignature(given)


def _witnessed(partner: str) -> int:
    """The largest size of our log that the partner has countersigned."""
    newest = WitnessedHead.objects.filter(partner=partner).order_by("-size").values_list("size", flat=True).first()
    return newest or 0

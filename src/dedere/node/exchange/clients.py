"""Connections to partners, kept for the next errand: a handshake costs more than a letter."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dedere.node.exchange.directory import partner_card
from dedere.node.exchange.sending import open_client
from dedere.node.office import office
from dedere.transport.client import NodeClient

IDLE_EACH = 4


@dataclass
class Clients:
    """Lends clients to threads, one to one thread at a time, and keeps a few idle ones of each partner.

    A client serves under the partner's card and our own key of the day it was made; under others a new one is made.
    """

    _idle: dict[str, list[tuple[tuple[str, str], NodeClient]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def lent(self, partner: str) -> Iterator[NodeClient]:
        """A client of the partner's door until the block ends; one whose errand failed is not kept.

        Raises:
            TrustRefusedError: no card of the partner counts today.
        """
        under = (partner_card(partner).digest, office().gateway_certificate)
        client = self._take(partner, under) or open_client(partner)
        try:
            yield client
        except BaseException:
            client.close()
            raise
        self._keep(partner, under, client)

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for kept in idle.values():
            for _, client in kept:
                client.close()

    def _take(self, partner: str, under: tuple[str, str]) -> NodeClient | None:
        while True:
            with self._lock:
                kept = self._idle.get(partner)
                if not kept:
                    return None
                made_under, client = kept.pop()
            if made_under == under:
                return client
            client.close()

    def _keep(self, partner: str, under: tuple[str, str], client: NodeClient) -> None:
        with self._lock:
            kept = self._idle.setdefault(partner, [])
            if len(kept) < IDLE_EACH:
                kept.append((under, client))
                return
        client.close()

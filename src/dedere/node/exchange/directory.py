"""Whom we trust: the directory of pinned cards, built from the records and kept until they change."""

from __future__ import annotations

from itertools import groupby

from dedere.node.exchange.models import PartnerCard
from dedere.node.office import office
from dedere.node.trust import own_chain
from dedere.protocol.card import CardChain, Revocation, SignedCard
from dedere.protocol.trust import TrustDirectory

_built: dict[object, TrustDirectory] = {}


def trust_directory() -> TrustDirectory:
    """Every pinned chain, our own among them, with the compromises known here."""
    rows = list(PartnerCard.objects.order_by("state", "serial").values_list("digest", "compromised_at"))
    own = own_card_digests()
    key = (office().home.folder, own, tuple(rows))
    if key not in _built:
        _built.clear()
        _built[key] = _build()
    return _built[key]


def own_card() -> SignedCard:
    """Our newest card."""
    return trust_directory().chain(office().state).newest


def own_card_digests() -> tuple[str, ...]:
    """The names and sizes of our card files: changes when a card is added."""
    return tuple(f"{path.name}/{path.stat().st_size}" for path in sorted(office().home.cards.glob("*.card.asice")))


def partner_card(state: str) -> SignedCard:
    """The partner's card to seal to and to connect with today.

    Raises:
        TrustRefusedError: none is pinned, or none is valid.
    """
    return trust_directory().current(state, office().clock.now())


def _build() -> TrustDirectory:
    rows = PartnerCard.objects.order_by("state", "serial")
    chains = [
        CardChain.of(bytes(row.container) for row in group)
        for _state, group in groupby(rows, key=lambda row: row.state)
    ]
    compromised = [
        Revocation(row.digest, row.compromised_at, compromised=True) for row in rows if row.compromised_at is not None
    ]
    return TrustDirectory([*chains, own_chain(office().home)], compromised)

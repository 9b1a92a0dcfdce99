"""Our own cards, read from the home."""

from __future__ import annotations

from dedere.base.errors import FacilityError
from dedere.node.home import Home
from dedere.protocol.card import CardChain, SignedCard


def own_chain(home: Home) -> CardChain:
    """Our cards, oldest first, verified.

    Raises:
        FacilityError: there is none, or they cannot be read.
    """
    paths = sorted(home.cards.glob("*.card.asice"))
    if not paths:
        raise FacilityError(f"{home.cards} holds no card: restore it from the backup.")
    try:
        return CardChain.of(path.read_bytes() for path in paths)
    except OSError as error:
        raise FacilityError(f"{home.cards} cannot be read: {error.strerror}.") from error


def own_card(home: Home) -> SignedCard:
    """Our newest card."""
    return own_chain(home).newest

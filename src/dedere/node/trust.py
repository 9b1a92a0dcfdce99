"""Our own cards, read from the home, and which of the keys they name is used on a day.

A card may name two keys for the connection (gateway and tls): the new one, and behind it the one before. Until
`OVERLAP` has passed since the card began, the one before is used, so that a partner who does not have the new card yet
can still connect, fetch it and know us. Every other key is used from the card's first moment.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from dedere.base.errors import FacilityError
from dedere.node.home import Home
from dedere.protocol.card import Card, CardChain, SignedCard

OVERLAP = dt.timedelta(days=14)
_CONNECTION = ("gateway", "tls")

_read: dict[Path, tuple[object, CardChain]] = {}


def own_chain(home: Home) -> CardChain:
    """Our cards, oldest first, verified; read again only when a file was added or changed.

    Raises:
        FacilityError: there is none, or they cannot be read.
        ProtocolRefusedError: a file is not the card that its place needs.
    """
    try:
        stand = own_card_files(home)
        if not stand:
            raise FacilityError(f"{home.cards} holds no card: restore it from the backup.")
        known = _read.get(home.folder)
        if known is None or known[0] != stand:
            known = (stand, CardChain.of((home.cards / name).read_bytes() for name, _size, _changed in stand))
            _read[home.folder] = known
    except OSError as error:
        raise FacilityError(f"{home.cards} cannot be read: {error.strerror}.") from error
    return known[1]


def own_card_files(home: Home) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of change of each of our card files: differs as soon as a card is added."""
    found = ((path, path.stat()) for path in sorted(home.cards.glob("*.card.asice")))
    return tuple((path.name, facts.st_size, facts.st_mtime_ns) for path, facts in found)


def own_card(home: Home) -> SignedCard:
    """Our newest card."""
    return own_chain(home).newest


def certificates_of(card: Card, name: str) -> tuple[str, ...]:
    """The certificates (PEM) that a card names for one purpose, the newest first."""
    named = {
        "authority": card.signing_certificates,
        "gateway": card.gateway_certificates,
        "tls": card.tls_certificates,
        "timestamp": card.timestamp_certificates,
        "second": card.second_signing_certificates,
    }
    return named[name]


def certificate_in_use(card: Card, name: str, on: dt.date) -> str:
    """The certificate (PEM) whose key is used on a day under our newest card.

    Raises:
        FacilityError: the card names none.
    """
    named = certificates_of(card, name)
    if not named:
        raise FacilityError(f"Our card names no {name} key: issue the next one with `dedere card rotate`.")
    overlapping = name in _CONNECTION and on < card.valid_from + OVERLAP
    return named[-1] if overlapping else named[0]

"""Whom we trust: the directory of pinned cards, built from the records and kept until they change."""

from __future__ import annotations

from itertools import groupby

from django.db import connection

from dedere.base.errors import FacilityError
from dedere.node.exchange.models import PartnerCard
from dedere.node.office import office
from dedere.node.trust import own_card_files, own_chain
from dedere.protocol.card import CardChain, Revocation, SignedCard
from dedere.protocol.errors import TrustRefusedError
from dedere.protocol.trust import TrustDirectory

_PINNED = "SELECT digest, compromised_at FROM exchange_partnercard ORDER BY state, serial"
_built: dict[object, TrustDirectory] = {}


def trust_directory() -> TrustDirectory:
    """Every pinned chain, our own among them, with the compromises known here."""
    with connection.cursor() as cursor:  # asked several times for every letter: the words are ready
        cursor.execute(_PINNED)
        pinned = tuple(cursor.fetchall())
    key = (office().home.folder, own_card_files(office().home), pinned)
    if key not in _built:
        _built.clear()
        _built[key] = _build()
    return _built[key]


def own_card() -> SignedCard:
    """Our newest card, under which we write and answer.

    Raises:
        FacilityError: it has ended, or was revoked.
    """
    card = own_chain(office().home).newest
    try:
        trust_directory().card_for_letter(card.digest, sealed_at=office().clock.now(), now=office().clock.now())
    except TrustRefusedError as error:
        raise FacilityError(
            "Our own card does not count today: issue the next one with `dedere card rotate`."
        ) from error
    return card


def answering_card(addressed: str) -> SignedCard:
    """The card of ours under which a receipt is given to a partner who wrote to the card `addressed`.

    That one, while it counts and names the key that signs: the partner has it for certain. Else the newest.
    """
    now = office().clock.now()
    try:
        card = trust_directory().card_for_letter(addressed, sealed_at=now, now=now)
    except TrustRefusedError:
        return own_card()
    named = office().gateway_certificate in card.card.gateway_certificates
    return card if named else own_card()


def partner_card(state: str) -> SignedCard:
    """The partner's card to seal to and to connect with today.

    Raises:
        TrustRefusedError: none is pinned, or none is valid.
    """
    return trust_directory().current(state, office().clock.now())


def can_be_called(state: str) -> bool:
    """Whether the partner's newest card names an address. Without one it fetches what waits for it here."""
    directory = trust_directory()
    return state not in directory.states or directory.chain(state).newest.card.addresses != ()


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

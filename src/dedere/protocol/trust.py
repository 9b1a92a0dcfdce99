"""The trust directory: whose cards are pinned, which was valid on a day, what was revoked or compromised since when.

Requirements P-063 to P-072. A value: pinning and revoking give a new directory. It knows no network and no file.
Whether a card may be pinned is decided by a person who compared its fingerprint.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.protocol.card import key_id
from dedere.protocol.errors import TrustRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.protocol.card import CardChain, Revocation, SignedCard

GRACE = dt.timedelta(days=90)
"""How long after a card's end a letter sealed under it may still arrive, e.g. in a bag (P-066)."""


@dataclass(frozen=True, slots=True)
class GatewayCaller:
    """Who signs a request: the partner's State, its card, and the gateway certificate (PEM) the key id names."""

    state: str
    card: SignedCard
    certificate: str


class TrustDirectory:
    """Pinned chains by State and the revocations known here. Immutable; every question states its day or instant."""

    def __init__(self, chains: Iterable[CardChain] = (), revocations: Iterable[Revocation] = ()) -> None:
        self._chains = {chain.state: chain for chain in chains}
        self._cards = {card.digest: card for chain in self._chains.values() for card in chain.cards}
        self._revoked: dict[str, Revocation] = {}
        for chain in self._chains.values():
            own = {card.digest for card in chain.cards}
            stated = (item for card in chain.cards for item in card.card.revocations)
            # A card may revoke cards of its own chain only (P-068).
            self._note(item for item in stated if item.card in own)
        self._note(revocations)
        self._gateways: dict[str, list[tuple[SignedCard, str]]] = {}
        for card in self._cards.values():
            for certificate in card.card.gateway_certificates:
                self._gateways.setdefault(key_id(certificate), []).append((card, certificate))

    def _note(self, revocations: Iterable[Revocation]) -> None:
        for item in revocations:
            known = self._revoked.get(item.card)
            # The worse and earlier word stands: compromise before revocation, then the earlier instant.
            if known is None or (not item.compromised, item.since) < (not known.compromised, known.since):
                self._revoked[item.card] = item

    @property
    def states(self) -> tuple[str, ...]:
        """The States with a pinned chain, in order."""
        return tuple(sorted(self._chains))

    @property
    def revocations(self) -> tuple[Revocation, ...]:
        """Every revocation known, one a card."""
        return tuple(self._revoked.values())

    def pinned(self, chain: CardChain) -> TrustDirectory:
        """The directory with `chain` in place of what was pinned for its State."""
        others = (known for state, known in self._chains.items() if state != chain.state)
        return TrustDirectory((*others, chain), self.revocations)

    def revoked(self, revocation: Revocation) -> TrustDirectory:
        """The directory that also knows `revocation`."""
        return TrustDirectory(self._chains.values(), (*self.revocations, revocation))

    def chain(self, state: str) -> CardChain:
        """The chain pinned for `state`.

        Raises:
            TrustRefusedError: none is (`card-unknown`).
        """
        chain = self._chains.get(state)
        if chain is None:
            raise TrustRefusedError("No card of that State is pinned here.", code="card-unknown")
        return chain

    def card(self, digest: str) -> SignedCard:
        """The pinned card with this digest, whatever its day.

        Raises:
            TrustRefusedError: there is none (`card-unknown`).
        """
        card = self._cards.get(digest)
        if card is None:
            raise TrustRefusedError("The card is not known here.", code="card-unknown")
        return card

    def current(self, state: str, now: dt.datetime) -> SignedCard:
        """The newest card of `state` that is valid now and not revoked: to seal to, to connect to.

        Raises:
            TrustRefusedError: no chain, or no card of it is usable (`card-expired`, or as the newest was revoked).
        """
        cards = self.chain(state).cards
        for card in reversed(cards):
            if card.card.valid_on(now.date()) and self._revocation_at(card.digest, now) is None:
                return card
        self._refuse_revoked(cards[-1].digest, now)
        raise TrustRefusedError("No card of that State is valid today.", code="card-expired")

    def card_for_letter(self, digest: str, *, sealed_at: dt.datetime, now: dt.datetime) -> SignedCard:
        """The card under which a letter sealed at `sealed_at` and arriving `now` is judged (P-065 to P-067).

        Raises:
            TrustRefusedError: unknown; not valid when sealed; arriving longer than `GRACE` after the card's end;
                sealed after a revocation; or the card is compromised: then nothing new under it is taken, since
                whoever holds the key writes any date.
        """
        card = self.card(digest)
        revocation = self._revoked.get(digest)
        if revocation is not None and revocation.compromised:
            self._refuse_revoked(digest, now)
        if not card.card.valid_on(sealed_at.date()):
            raise TrustRefusedError("The card was not valid when the letter was sealed.", code="card-expired")
        if revocation is not None:
            self._refuse_revoked(digest, sealed_at)
        end = card.card.valid_until if revocation is None else min(card.card.valid_until, revocation.since.date())
        if now.date() > end + GRACE:
            raise TrustRefusedError("The letter came too long after its card ended.", code="card-stale")
        return card

    def caller(self, gateway_key_id: str, now: dt.datetime) -> GatewayCaller:
        """Who signs requests with the gateway key `gateway_key_id` (see `key_id`) now.

        Raises:
            TrustRefusedError: nobody known, or the card is not valid today or revoked.
        """
        found = self._gateways.get(gateway_key_id, [])
        if not found:
            raise TrustRefusedError("The key of the request is not known here.", code="card-unknown")
        for card, certificate in reversed(found):
            if card.card.valid_on(now.date()) and self._revocation_at(card.digest, now) is None:
                return GatewayCaller(card.card.state, card, certificate)
        self._refuse_revoked(found[-1][0].digest, now)
        raise TrustRefusedError("The card of the request's key is not valid today.", code="card-expired")

    def compromised_since(self, digest: str) -> dt.datetime | None:
        """Since when letters under this card need to be looked at again; None while it is not compromised (P-069)."""
        revocation = self._revoked.get(digest)
        return revocation.since if revocation is not None and revocation.compromised else None

    def expiring(self, now: dt.datetime, within: dt.timedelta) -> tuple[SignedCard, ...]:
        """The newest card of each State whose validity ends within `within` from now, or has ended (P-070)."""
        limit = (now + within).date()
        newest = (chain.newest for _, chain in sorted(self._chains.items()))
        return tuple(card for card in newest if card.card.valid_until <= limit)

    def _revocation_at(self, digest: str, instant: dt.datetime) -> Revocation | None:
        revocation = self._revoked.get(digest)
        if revocation is None or (not revocation.compromised and instant < revocation.since):
            return None
        return revocation

    def _refuse_revoked(self, digest: str, instant: dt.datetime) -> None:
        revocation = self._revocation_at(digest, instant)
        if revocation is None:
            return
        if revocation.compromised:
            raise TrustRefusedError("The card is compromised.", code="card-compromised")
        raise TrustRefusedError("The card was revoked.", code="card-revoked")

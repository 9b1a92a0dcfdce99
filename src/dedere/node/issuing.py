"""The next card: new keys where they are wanted, what `home.toml` says now, signed by a key that the last card names.

Keys and recipients are written before the card, and the card last: it is what makes them count. Whatever a crash leaves
behind is named by no card and hurts nobody. Old sealing keys stay, so that what is sealed to them stays readable.
"""

from __future__ import annotations

import datetime as dt
import enum
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dedere.base.clock import Clock
from dedere.base.errors import FacilityError, InputError
from dedere.base.identifiers import Identifiers
from dedere.crypto.keys import parse_certificate
from dedere.crypto.timestamps import LocalTimestamper
from dedere.node.founding import CARD_LASTS, write_card
from dedere.node.home import Home
from dedere.node.keys import SECOND, add_sealing_identity, holds_key, load_address, make_pair, pem_of, signer_for
from dedere.node.timestamping import service_certificates
from dedere.node.trust import OVERLAP, certificate_in_use, certificates_of, own_chain
from dedere.protocol.card import Card, CardChain, Revocation, SignedCard, pack_card
from dedere.protocol.container import Signing


class KeyUse(enum.StrEnum):
    """Keys that a card names, by use."""

    AUTHORITY = "authority"
    GATEWAY = "gateway"
    TLS = "tls"
    TIMESTAMP = "timestamp"
    SECOND = "second"
    SEALING = "sealing"


_SIGNING = (KeyUse.AUTHORITY, KeyUse.GATEWAY, KeyUse.TLS, KeyUse.TIMESTAMP, KeyUse.SECOND)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the next card is to change: which keys are new, and what it revokes.

    `at_once`: the old keys of the connection are not named any more. Partners who do not have the new card by another
    way cannot connect then. `custodians` are the recipients of our custodians' own keys; None: as on the last card.
    """

    keys: frozenset[KeyUse] = frozenset()
    at_once: bool = False
    revocations: tuple[Revocation, ...] = ()
    custodians: tuple[str, ...] | None = None


def issue_next(home: Home, wish: Wish, *, clock: Clock, identifiers: Identifiers) -> SignedCard:
    """Make the keys that are wished for, and the card after our newest.

    A key whose certificate would end before the new card does is made anew without being asked for.

    Raises:
        InputError: the clock stands before the newest card; the authority's key in a device is the one that is named.
        FacilityError: a key that the newest card names is not here; another card is being issued.
    """
    with _only_issuer(home):
        chain = own_chain(home)
        today = clock.now().date()
        last = chain.newest.card
        if today < last.valid_from:
            raise InputError(f"The newest card begins on {last.valid_from}: this machine's clock is wrong.")
        until = _end(home, last, wish, clock)
        renewed = wish.keys | _ending(home, last, until)
        maker = _Maker(home, last, clock, identifiers)
        named = {use: maker.certificates(use, new=use in renewed, at_once=wish.at_once) for use in _SIGNING}
        recipients = last.sealing_recipients
        if KeyUse.SEALING in renewed:
            recipients = (add_sealing_identity(home, identifiers=identifiers).recipient.encode(),)
        card = Card(
            state=home.state,
            name=home.name,
            functions=last.functions,
            languages=home.languages,
            addresses=(home.gateway.url,) if home.is_reachable else (),
            signing_certificates=named[KeyUse.AUTHORITY],
            gateway_certificates=named[KeyUse.GATEWAY],
            timestamp_certificates=named[KeyUse.TIMESTAMP],
            tls_certificates=named[KeyUse.TLS],
            sealing_recipients=recipients,
            custodian_recipients=last.custodian_recipients if wish.custodians is None else wish.custodians,
            second_signing_certificates=named[KeyUse.SECOND],
            valid_from=today,
            valid_until=until,
            serial=last.serial + 1,
            previous=chain.newest.digest,
            revocations=wish.revocations,
        )
        return _sign_and_keep(home, chain, card, clock=clock)


def revocation_of(home: Home, digest: str, *, since: dt.datetime, stolen: bool, reason: str) -> Revocation:
    """The word by which the next card revokes one of ours. `digest` may be its beginning.

    Raises:
        InputError: no card of ours, or several, begin with this digest.
    """
    found = [card for card in own_chain(home).cards if card.digest.startswith(digest)]
    if len(found) != 1 or not digest:
        raise InputError("Name one card of this home by its digest; `dedere card show` lists them.")
    return Revocation(found[0].digest, since, stolen, reason)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the lists of certificates of the next card."""

    home: Home
    last: Card
    clock: Clock
    identifiers: Identifiers

    def certificates(self, use: KeyUse, *, new: bool, at_once: bool) -> tuple[str, ...]:
        """What the next card names for `use`, newest first."""
        if use is KeyUse.TIMESTAMP and self.home.signatures.stamped_by:
            return service_certificates(self.home)
        if use is KeyUse.SECOND and not self.home.signatures.second:
            return ()
        named = certificates_of(self.last, use.value)
        today = self.clock.now().date()
        if not new:
            overlapping = today < self.last.valid_from + OVERLAP
            return named if overlapping else named[:1]
        certificate = self._new(use)
        if use in (KeyUse.GATEWAY, KeyUse.TLS) and not at_once:
            return (certificate, certificate_in_use(self.last, use.value, today))
        return (certificate,)

    def _new(self, use: KeyUse) -> str:
        if use is not KeyUse.AUTHORITY or not self.home.places.authority:
            serial = self.last.serial + 1
            return make_pair(self.home, use.value, serial=serial, clock=self.clock, identifiers=self.identifiers)
        certificate = pem_of(load_address(self.home, self.home.places.authority[0]).certificate_chain[0])
        if certificate in self.last.signing_certificates:
            raise InputError("The card names this authority key already: put the new key's address first in home.toml.")
        return certificate


def _end(home: Home, last: Card, wish: Wish, clock: Clock) -> dt.date:
    """The new card's last day: no later than the certificate of an authority key that we cannot make ourselves."""
    until = min([(clock.now() + CARD_LASTS).date(), *map(_last_day, service_certificates(home))])
    if not home.places.authority:
        return until
    if KeyUse.AUTHORITY in wish.keys:
        certificate = pem_of(load_address(home, home.places.authority[0]).certificate_chain[0])
    else:
        certificate = last.signing_certificates[0]
    return min(until, _last_day(certificate))


def _ending(home: Home, last: Card, until: dt.date) -> frozenset[KeyUse]:
    """The keys whose certificate ends before `until`."""
    ours = [use for use in _SIGNING if use is not KeyUse.AUTHORITY or not home.places.authority]
    return frozenset(use for use in ours if not _lasts(home, last, use, until))


def _lasts(home: Home, last: Card, use: KeyUse, until: dt.date) -> bool:
    """Whether the key that the last card names for a use is one of ours that is valid until then, or is none at all."""
    if use is KeyUse.SECOND and not home.signatures.second:
        return True
    named = certificates_of(last, use.value)
    if use is KeyUse.TIMESTAMP:
        # A service has its own keys; when it is not to be used any more, a key of the house takes its place.
        if home.signatures.stamped_by:
            return True
        if named and not holds_key(home, use.value, named[0]):
            return False
    return bool(named) and _last_day(named[0]) >= until


def _last_day(certificate: str) -> dt.date:
    return parse_certificate(certificate).not_valid_after_utc.date()


def _sign_and_keep(home: Home, chain: CardChain, card: Card, *, clock: Clock) -> SignedCard:
    last = chain.newest.card
    signer = signer_for(home, "authority", last.signing_certificates)
    second = signer_for(home, SECOND, last.second_signing_certificates) if last.second_signing_certificates else None
    # Who takes the card goes by its place in the chain; a stamp says how old it is, where the house has a key for one.
    stamps = last.timestamp_certificates[:1]
    stamped = stamps and holds_key(home, "timestamp", stamps[0])
    stamper = LocalTimestamper(signer_for(home, "timestamp", stamps), clock=clock) if stamped else None
    signed = pack_card(card, signing=Signing(signer, clock.now(), stamper, second))
    chain.extended(signed.container)
    try:
        write_card(home, signed)
    except OSError as error:
        raise FacilityError(f"The next card cannot be written into {home.cards}: {error.strerror}.") from error
    return signed


@contextmanager
def _only_issuer(home: Home) -> Iterator[None]:
    home.run.mkdir(mode=0o700, exist_ok=True)
    with (home.run / "issuing.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise FacilityError("Another card of this home is being issued at this moment.") from error
        yield

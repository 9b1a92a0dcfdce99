"""Who stamps this office's signatures: a key of its own, or the time-stamping service that its card names.

`home.toml` says which service is to be used, and the next card names its certificates. The card decides: until it names
them partners would not take the service's stamps, so the key that it does name is used.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from dedere.base.errors import FacilityError, InputError
from dedere.crypto.errors import KeyTextError, SignatureError, TimestampServiceError
from dedere.crypto.keys import parse_certificates
from dedere.crypto.timestamps import HttpTimestamper, verify_timestamp
from dedere.node.keys import pem_of

if TYPE_CHECKING:
    from dedere.base.clock import Clock
    from dedere.base.identifiers import Identifiers
    from dedere.crypto.timestamps import Timestamper
    from dedere.node.home import Home
    from dedere.protocol.card import Card

SILENT_FOR = dt.timedelta(seconds=30)


class ServiceTimestamper:
    """A time-stamping service on the network, of which only stamps that partners will take are passed on.

    A service that fails is not asked again for half a minute: whoever waits for it would hold up all other work.
    """

    def __init__(self, service: Timestamper, *, trusted: tuple[str, ...], clock: Clock) -> None:
        self._service = service
        self._trusted = trusted
        self._clock = clock
        self._ask_from: dt.datetime | None = None

    def stamp(self, data: bytes) -> bytes:
        """A time-stamp token (DER) over SHA-256 of `data`, by one of the certificates that our card names.

        Raises:
            TimestampServiceError: no such token was to be had.
        """
        now = self._clock.now()
        if self._ask_from is not None and now < self._ask_from:
            raise TimestampServiceError("The time-stamping service failed a moment ago and is not asked yet.")
        try:
            token = self._service.stamp(data)
            verify_timestamp(token, data, trusted=self._trusted)
        except SignatureError as error:
            self._ask_from = now + SILENT_FOR
            raise TimestampServiceError(
                f"The time-stamping service gives stamps that partners would not take: {error}"
            ) from error
        except TimestampServiceError:
            self._ask_from = now + SILENT_FOR
            raise
        self._ask_from = None
        return token


def service_certificates(home: Home) -> tuple[str, ...]:
    """The certificates (PEM) of the service that `home.toml` names, or those above them; none without a service.

    Raises:
        FacilityError: their file cannot be read.
        InputError: it holds no certificate.
    """
    policy = home.signatures
    if not policy.stamped_by:
        return ()
    path = home.folder / policy.stamp_certificates
    try:
        found = parse_certificates(path.read_bytes())
        return tuple(pem_of(each.public_bytes(Encoding.DER)) for each in found)
    except OSError as error:
        raise FacilityError(f"{path} cannot be read: {error.strerror}.") from error
    except KeyTextError as error:
        raise InputError(f"{path} holds no certificate of the time-stamping service: {error}") from error


def is_stamped_by_service(home: Home, card: Card) -> bool:
    """Whether signatures under this card of ours are stamped by the service that `home.toml` names."""
    return bool(home.signatures.stamped_by) and card.timestamp_certificates == service_certificates(home)


def service_timestamper(home: Home, card: Card, *, clock: Clock, identifiers: Identifiers) -> ServiceTimestamper:
    """The service that stamps signatures under this card."""
    service = HttpTimestamper(home.signatures.stamped_by, chance=identifiers)
    return ServiceTimestamper(service, trusted=card.timestamp_certificates, clock=clock)

"""The gateway's side of TLS: the key that our newest card has us use today, opened once, changed while it serves."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from dedere.base.clock import Clock, SystemClock
from dedere.base.errors import FacilityError
from dedere.gateway.server import tls_context
from dedere.node.home import Home
from dedere.node.keys import KeyPair, is_wrapped, pair_for
from dedere.node.passphrases import read_passphrase
from dedere.node.trust import certificate_in_use, own_card


class DoorCertificate:
    """gunicorn asks for the context at every connection; it is made anew only when another key is to be used."""

    def __init__(self, home: Home, clock: Clock | None = None) -> None:
        self._home = home
        self._clock = clock or SystemClock()
        self._made: tuple[str, ssl.SSLContext] | None = None

    def pair(self) -> KeyPair:
        """The files of the key to use today."""
        return pair_for(self._home, "tls", self._certificate())

    def context(self, config: object, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        """Gunicorn's `ssl_context` hook: TLS 1.3 with that key.

        Raises:
            FacilityError: the key does not open.
        """
        del default  # reads the files at every connection, and asks for a passphrase on the terminal
        certificate = self._certificate()
        if self._made is None or self._made[0] != certificate:
            self._made = (certificate, tls_context(config, self._load))
        return self._made[1]

    def _certificate(self) -> str:
        return certificate_in_use(own_card(self._home).card, "tls", self._clock.now().date())

    def _load(self) -> ssl.SSLContext:
        pair = self.pair()
        passphrase = read_passphrase(self._home) if is_wrapped(pair.key.read_bytes()) else None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            # A callable: without one OpenSSL would ask on the terminal.
            context.load_cert_chain(pair.certificate, pair.key, password=lambda: passphrase or "")
        except (ssl.SSLError, OSError) as error:
            raise FacilityError(f"The gateway's TLS key in {pair.key} does not open.") from error
        return context

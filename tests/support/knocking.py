"""Whoever knocks at a gateway in memory: signed requests of a fictional authority, sent as they stand or spoiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2

from dedere.base.identifiers import SeededIdentifiers
from dedere.protocol.card import key_id
from dedere.transport.http_signature import ClientIdentity, RequestHead, content_digest, sign_request
from support import pki
from support.doors import wsgi_of

if TYPE_CHECKING:
    from dedere.base.clock import Clock
    from dedere.gateway.endpoints import Gateway

LETTER_TYPE = "application/vnd.dedere.letter+age"
PIECE_HEADERS = {"tus-resumable": "1.0.0", "content-type": "application/offset+octet-stream"}


@dataclass
class Caller:
    """The authority of `state`, with the keys of `support.pki`, before the gateway of the authority of `to`."""

    gateway: Gateway
    clock: Clock
    state: str
    to: str
    ids: SeededIdentifiers = field(default_factory=lambda: SeededIdentifiers("caller"))

    def signed(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> httpx2.Request:
        """A request as an honest client signs it, with the given headers in place of its own."""
        url = f"https://door{path}"
        plain = {"dedere-to": self.to, **(headers or {})}
        if body is not None:
            plain.setdefault("content-digest", content_digest(body))
        keys = pki.state(self.state).gateway
        identity = ClientIdentity(keys.signer, key_id(keys.certificate.decode()))
        full = sign_request(RequestHead(method, url, plain), identity, clock=self.clock, ids=self.ids)
        return httpx2.Request(method, url, headers=full, content=body)

    def send(self, request: httpx2.Request) -> httpx2.Response:
        """The gateway's answer."""
        answer = httpx2.WSGITransport(app=wsgi_of(self.gateway)).handle_request(request)
        answer.read()
        return answer

    def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> httpx2.Response:
        """Sign and send."""
        return self.send(self.signed(method, path, headers=headers, body=body))

    def brings(self, letter_id: str, sealed: bytes) -> httpx2.Response:
        """Deliver a sealed letter."""
        headers = {"content-type": LETTER_TYPE, "dedere-letter": letter_id}
        return self.ask("POST", "/letters", headers=headers, body=sealed)

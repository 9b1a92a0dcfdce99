"""Bodies read under bounds: exactly the announced length, not too slowly, and what their digest says.

Requirements P-196 to P-199. Nothing here runs before the request's signature was verified, so the length and the digest
are the partner's own signed word.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from dedere.protocol.errors import DoorRefusedError
from dedere.transport.http_signature import read_content_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from dedere.base.clock import Clock

_READ_BYTES = 4 * 1024 * 1024
_MAX_LENGTH_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Pace:
    """How slow a body may be: seconds of silence, seconds for anything, and bytes a second beyond these."""

    silence: float = 20.0
    grace: float = 30.0
    bytes_per_second: float = 16 * 1024.0


class _Socket(Protocol):
    def settimeout(self, value: float | None, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Body:
    """The body of an admitted request, still on the wire. `length` is what `Content-Length` says."""

    request: HttpRequest
    length: int
    sha256: bytes
    clock: Clock
    pace: Pace

    def whole(self) -> bytes:
        """All of it, verified."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """The body in pieces of at most 4 MiB. The last piece comes only once the digest of the whole holds.

        Raises:
            DoorRefusedError: too slow, cut short, or another body than its digest says.
        """
        digest = hashlib.sha256()
        until = self.clock.now() + dt.timedelta(seconds=self.pace.grace + self.length / self.pace.bytes_per_second)
        _limit_silence(self.request, self.pace.silence)
        left = self.length
        while left:
            piece = self._read(min(left, _READ_BYTES))
            left -= len(piece)
            digest.update(piece)
            if not piece:
                raise DoorRefusedError("The body ended early.", code="body-length")
            if self.clock.now() > until:
                raise DoorRefusedError("The body came too slowly.", code="body-too-slow")
            if not left and not hmac.compare_digest(digest.digest(), self.sha256):
                raise DoorRefusedError("The body is not what its digest says.", code="body-digest")
            yield piece
        if not self.length and not hmac.compare_digest(digest.digest(), self.sha256):
            raise DoorRefusedError("The body is not what its digest says.", code="body-digest")

    def _read(self, size: int) -> bytes:
        try:
            return self.request.read(size)
        except OSError as error:
            # A silent or broken connection: a timeout, a reset, an end in the middle of TLS.
            raise DoorRefusedError("The body came too slowly or broke off.", code="body-too-slow") from error


def announced_body(request: HttpRequest, *, at_most: int, clock: Clock, pace: Pace) -> Body:
    """The body of `request`, of which nothing is read yet (P-196).

    Raises:
        DoorRefusedError: no exact length, more than `at_most`, or no single SHA-256 digest.
    """
    text = request.headers.get("content-length", "")
    if not text.isascii() or not text.isdecimal() or len(text) > _MAX_LENGTH_DIGITS:
        raise DoorRefusedError("The body's length is not stated.", code="body-length")
    if "transfer-encoding" in request.headers or "content-encoding" in request.headers:
        raise DoorRefusedError("The body is encoded.", code="request-form")
    if int(text) > at_most:
        raise DoorRefusedError("The body is too large.", code="body-too-large")
    sha256 = read_content_digest(request.headers.get("content-digest", ""))
    return Body(request, int(text), sha256, clock, pace)


def _limit_silence(request: HttpRequest, seconds: float) -> None:
    """P-198: a connection that says nothing gives its thread back. gunicorn hands the socket over; others may not."""
    socket: _Socket | None = request.META.get("gunicorn.socket")
    if socket is not None:
        socket.settimeout(seconds)

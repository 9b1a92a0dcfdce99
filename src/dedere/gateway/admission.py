"""Admission: who calls, judged by the head of the request alone, before one byte of its body is read.

Requirements P-150 to P-158 and P-190 to P-195. In this order: the address's rate; the signature under a partner's card;
the nonce; the partner's rate; a place for it to be served. Whoever fails the first three is a stranger.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.gateway.body import Body, Pace, announced_body
from dedere.gateway.limits import AtOnce, NonceMemory, RateLimit
from dedere.protocol.errors import DoorRefusedError, ProtocolRefusedError
from dedere.transport.http_signature import RequestHead, require_signed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest

    from dedere.base.clock import Clock
    from dedere.protocol.trust import TrustDirectory
    from dedere.transport.http_signature import SignedCaller

_MAX_PATH = 512


class StrangerError(DoorRefusedError):
    """Nobody we know: answered with nothing."""


@dataclass(frozen=True)
class Bounds:
    """All bounds of one door."""

    addresses: RateLimit = field(default_factory=lambda: RateLimit(per_second=200, burst=400))
    partners: RateLimit = field(default_factory=lambda: RateLimit(per_second=150, burst=300))
    at_once: AtOnce = field(default_factory=lambda: AtOnce(6))
    nonces: NonceMemory = field(default_factory=NonceMemory)
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True)
class Guard:
    """What admission needs to know: whom we trust, who we are, the time, the bounds. The first two are asked late.

    `refused` is told whenever a known partner is refused here or behind the door. Strangers are told to nobody: anybody
    can be one, and could fill a log.
    """

    directory: Callable[[], TrustDirectory]
    state: Callable[[], str]
    clock: Clock
    bounds: Bounds
    refused: Callable[[str, ProtocolRefusedError, dt.datetime], None]


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request that is known to come from `partner` now."""

    request: HttpRequest
    partner: str
    at: dt.datetime
    clock: Clock
    pace: Pace

    def header(self, name: str) -> str:
        """A header, or nothing."""
        return str(self.request.headers.get(name, ""))

    def body(self, *, at_most: int) -> Body:
        """The body, still on the wire; refused where its head already says too much."""
        return announced_body(self.request, at_most=at_most, clock=self.clock, pace=self.pace)


@contextmanager
def admitted(request: HttpRequest, guard: Guard) -> Iterator[Admitted]:
    """The request as admitted, with its place held until the end.

    Raises:
        StrangerError: not signed by a partner for us, or a replay, or an address that calls too often.
        DoorRefusedError: a partner that calls too often or at another time than ours.
    """
    now, bounds = guard.clock.now(), guard.bounds
    try:
        bounds.addresses.take(str(request.META.get("REMOTE_ADDR", "")), now)
        caller = require_signed(_head_of(request), guard.directory(), recipient=guard.state(), now=now)
    except DoorRefusedError as error:
        if error.code == "request-time":
            raise
        raise _stranger(error) from error
    partner = caller.caller.state
    try:
        _require_new(bounds.nonces, caller, now)
        bounds.partners.take(partner, now)
        with bounds.at_once.place(partner):
            yield Admitted(request, partner, now, guard.clock, bounds.pace)
    except ProtocolRefusedError as error:
        guard.refused(partner, error, now)
        raise


def _require_new(nonces: NonceMemory, caller: SignedCaller, now: dt.datetime) -> None:
    """P-193: whoever makes a partner's request again is answered as a stranger."""
    try:
        nonces.require_new(caller.caller.state, caller.nonce, expires=caller.expires, now=now)
    except DoorRefusedError as error:
        raise _stranger(error) from error


def _stranger(error: DoorRefusedError) -> StrangerError:
    return StrangerError("A stranger called.", code=error.code)


def _head_of(request: HttpRequest) -> RequestHead:
    """The head as it stood on the wire: the raw target, not the decoded path."""
    target = str(request.META.get("RAW_URI") or request.get_full_path())
    if len(target) > _MAX_PATH or not target.startswith("/") or not target.isascii():
        raise DoorRefusedError("The target of the request is not a path.", code="request-form")
    if "signature" not in request.headers:
        raise DoorRefusedError("The request is not signed.", code="unknown-caller")
    return RequestHead(str(request.method), f"https://door{target}", dict(request.headers.items()))

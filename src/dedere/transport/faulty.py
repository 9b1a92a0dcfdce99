"""A network that does its worst, from one seed: it loses, repeats, reorders, delays, cuts and tampers.

It stands between a client and whatever answers in memory (an `httpx2` transport), so that the very client and the very
door run over it. Used by tests and the simulator; never by a node. The same seed gives the same faults for the same
requests in the same order.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from dedere.base.clock import FixedClock
    from dedere.base.identifiers import Identifiers

_LONGEST_DELAY = 120


class Fault(enum.StrEnum):
    """What can happen to one request and its answer."""

    NONE = "none"
    UNREACHABLE = "unreachable"
    LOSE_REQUEST = "lose-request"
    LOSE_ANSWER = "lose-answer"
    REPEAT = "repeat"
    HOLD_BACK = "hold-back"
    DELAY = "delay"
    CUT = "cut"
    TAMPER_REQUEST = "tamper-request"
    TAMPER_ANSWER = "tamper-answer"


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad the network is: of 100 requests, how many meet each fault (the others arrive well)."""

    faults: tuple[tuple[Fault, int], ...] = tuple((fault, 6) for fault in Fault if fault is not Fault.NONE)

    def fault_for(self, percent: int) -> Fault:
        """The fault that a throw of 0 to 99 means."""
        for fault, share in self.faults:
            if percent < share:
                return fault
            percent -= share
        return Fault.NONE


FAIR = Weather(())
"""Nothing goes wrong."""


class FaultyTransport(httpx2.BaseTransport):
    """One way from a client to `inner`, in `weather`. `happened` lists the faults so far, in order."""

    def __init__(
        self,
        inner: httpx2.BaseTransport,
        *,
        chance: Identifiers,
        clock: FixedClock | None = None,
        weather: Weather | None = None,
    ) -> None:
        self.weather = weather or Weather()
        self.happened: list[Fault] = []
        self._inner = inner
        self._chance = chance
        self._clock = clock
        self._held: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer, or the trouble that a client would see.

        Raises:
            httpx2.TransportError: as a real network would raise it.
        """
        body = request.read()
        fault = self.weather.fault_for(self._throw(100))
        self.happened.append(fault)
        match fault:
            case Fault.REPEAT:
                answer = self._arrive(request)
                self._arrive(_copy(request, body))
                return answer
            case Fault.DELAY:
                self._wait()
            case Fault.TAMPER_REQUEST:
                return self._arrive(_copy(request, self._tampered(body)))
            case Fault.TAMPER_ANSWER:
                answer = self._arrive(request)
                return _answer(answer, self._tampered(answer.read()))
            case _:
                self._lose(fault, request, body)
        return self._arrive(request)

    def _lose(self, fault: Fault, request: httpx2.Request, body: bytes) -> None:
        """The faults after which the client hears nothing; what arrives of the request, if anything, differs."""
        match fault:
            case Fault.UNREACHABLE:
                raise httpx2.ConnectError("The simulated network does not connect.", request=request)
            case Fault.LOSE_REQUEST:
                raise httpx2.ReadTimeout("The simulated network lost the request.", request=request)
            case Fault.LOSE_ANSWER:
                self._arrive(request)
                raise httpx2.ReadTimeout("The simulated network lost the answer.", request=request)
            case Fault.HOLD_BACK:
                self._held.append(_copy(request, body))
                raise httpx2.ReadTimeout("The simulated network holds the request back.", request=request)
            case Fault.CUT:
                self._arrive(_copy(request, body[: self._throw(len(body) + 1)]))
                raise httpx2.ReadError("The simulated network cut the connection.", request=request)
            case _:
                return

    def release(self) -> int:
        """Let what was held back arrive now, after everything that came later; how many requests that were."""
        held, self._held = self._held, []
        for request in held:
            self._inner.handle_request(request).read()
        return len(held)

    def _arrive(self, request: httpx2.Request) -> httpx2.Response:
        answer = self._inner.handle_request(request)
        body = answer.read()
        if self._held and self._throw(2):
            self.release()
        return _answer(answer, body)

    def _wait(self) -> None:
        if self._clock is not None:
            self._clock.advance(dt.timedelta(seconds=self._throw(_LONGEST_DELAY)))

    def _tampered(self, body: bytes) -> bytes:
        if not body:
            return b"\x00"
        place = self._throw(len(body))
        return body[:place] + bytes([body[place] ^ (1 + self._throw(255))]) + body[place + 1 :]

    def _throw(self, sides: int) -> int:
        """A number from 0 to `sides` - 1."""
        return int.from_bytes(self._chance.random_bytes(8), "big") % sides


def _answer(answer: httpx2.Response, body: bytes) -> httpx2.Response:
    """The same answer with `body`, not read yet."""
    return httpx2.Response(answer.status_code, headers=answer.headers, stream=httpx2.ByteStream(body))


def _copy(request: httpx2.Request, body: bytes) -> httpx2.Request:
    """The same head with `body`; the stated length stays what it was, as on a cut line."""
    return httpx2.Request(request.method, request.url, headers=request.headers, content=body)

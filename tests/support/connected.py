"""The office under test with Senegal's node in memory behind a line that can be cut; all fictional.

The office's client and worker are the real ones, the partner's door is the real gateway over `support.doors.MemoryNode`.
Only the network between them is a fake, verified against the real one by the two-node tests.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any

import httpx2

from dedere.node.accounts.actions import NewOfficer, invite_officer
from dedere.node.exchange.actions import pin_card
from dedere.node.jobs.errands import Errands
from dedere.node.jobs.worker import Worker
from dedere.node.office import Office
from dedere.node.trust import own_chain
from dedere.protocol.trust import TrustDirectory
from dedere.transport.client import Wire
from support import exchange
from support.doors import MemoryNode, transport_to
from support.offices import CAST, Bureau

if TYPE_CHECKING:
    from dedere.base.clock import FixedClock


class Line(httpx2.BaseTransport):
    """The way to the partner. `cut` is raised at each request; `answer` may put another answer in place."""

    def __init__(self, inner: httpx2.BaseTransport) -> None:
        self.inner = inner
        self.cut: Callable[[httpx2.Request], Exception] | None = None
        self.answer: Callable[[httpx2.Request], httpx2.Response | None] = lambda _request: None
        self.asked: list[str] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        if self.cut is not None:
            raise self.cut(request)
        return self.answer(request) or self.inner.handle_request(request)


def unreachable(request: httpx2.Request) -> Exception:
    """What a client meets where nobody listens."""
    return httpx2.ConnectError("Nobody listens.", request=request)


def broken(request: httpx2.Request) -> Exception:
    """What it meets when the connection ends before the answer."""
    return httpx2.ReadError("The connection broke.", request=request)


class AtOnce(Executor):
    """Runs what is submitted where it is submitted: for tests with one database in memory."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - as an executor does
            future.set_exception(error)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as the base
        del wait, cancel_futures


@dataclasses.dataclass
class Connected:
    """The office, its officers, Senegal's node, and the line between them."""

    bureau: Bureau
    node: MemoryNode
    line: Line
    worker: Worker

    @property
    def clock(self) -> FixedClock:
        return self.bureau.clock

    def work(self, rounds: int = 1, *, seconds: float = 0) -> None:
        """Let the worker work, and time pass after each round."""
        import datetime as dt

        for _ in range(rounds):
            self.worker.once()
            self.clock.advance(dt.timedelta(seconds=seconds))


def connect(office: Office) -> Connected:
    """Bring the office and Senegal's node into contact. Call it inside `using(...)` of the office it answers."""
    clock: FixedClock = office.clock  # type: ignore[assignment]  # tests' offices have one
    node = MemoryNode("SN", clock)
    node.trust = TrustDirectory([exchange.chain_of("SN"), own_chain(office.home)])
    line = office.wire.transport if office.wire else None
    assert isinstance(line, Line)
    line.inner = transport_to(node)
    officers = {}
    for name, (full_name, roles) in CAST.items():
        new = NewOfficer(sign_in_name=name, name=full_name, title=roles[0].value.replace("-", " "), roles=roles)
        officers[name] = invite_officer(by=None, new=new)
    card = exchange.card_of("SN")
    pin_card(by=None, container=card.container, fingerprint=card.fingerprint)
    return Connected(Bureau(office, office, officers, clock), node, line, Worker(Errands(AtOnce())))


def wired(office: Office) -> Office:
    """The office with a line to put a partner's node at."""
    line = Line(httpx2.MockTransport(lambda _request: httpx2.Response(500)))
    return dataclasses.replace(office, wire=Wire(transport=line, pause=lambda _seconds: None))

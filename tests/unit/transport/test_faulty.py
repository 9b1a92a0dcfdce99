"""The faulty network: each fault does what its name says, and the same seed does the same."""

from __future__ import annotations

import httpx2
import pytest

from dedere.base.clock import FixedClock
from dedere.base.identifiers import SeededIdentifiers
from dedere.transport.faulty import FAIR, Fault, FaultyTransport, Weather
from support.exchange import NOW


class Echo(httpx2.BaseTransport):
    """Answers with what it got, and remembers it."""

    def __init__(self) -> None:
        self.got: list[bytes] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.got.append(request.read())
        return httpx2.Response(200, content=self.got[-1])


def line(fault: Fault, *, clock: FixedClock | None = None) -> tuple[Echo, FaultyTransport]:
    echo = Echo()
    weather = Weather(((fault, 100),)) if fault is not Fault.NONE else FAIR
    return echo, FaultyTransport(echo, chance=SeededIdentifiers("faulty"), clock=clock, weather=weather)


def ask(transport: FaultyTransport, body: bytes = b"sealed bytes") -> bytes:
    return transport.handle_request(httpx2.Request("POST", "https://door/letters", content=body)).read()


def test_in_fair_weather_everything_arrives() -> None:
    echo, transport = line(Fault.NONE)

    assert ask(transport) == b"sealed bytes"
    assert echo.got == [b"sealed bytes"]
    assert transport.happened == [Fault.NONE]


@pytest.mark.parametrize(
    ("fault", "raised", "arrives"),
    [
        (Fault.UNREACHABLE, httpx2.ConnectError, 0),
        (Fault.LOSE_REQUEST, httpx2.ReadTimeout, 0),
        (Fault.LOSE_ANSWER, httpx2.ReadTimeout, 1),
        (Fault.HOLD_BACK, httpx2.ReadTimeout, 0),
        (Fault.CUT, httpx2.ReadError, 1),
    ],
)
def test_faults_after_which_the_client_hears_nothing(
    fault: Fault, raised: type[httpx2.TransportError], arrives: int
) -> None:
    echo, transport = line(fault)

    with pytest.raises(raised):
        ask(transport)
    assert len(echo.got) == arrives


def test_what_is_cut_arrives_shorter() -> None:
    echo, transport = line(Fault.CUT)
    for _ in range(20):
        with pytest.raises(httpx2.ReadError):
            ask(transport)

    assert all(b"sealed bytes".startswith(got) for got in echo.got)
    assert len(set(echo.got)) > 3


def test_what_is_held_back_arrives_later() -> None:
    echo, transport = line(Fault.HOLD_BACK)
    with pytest.raises(httpx2.ReadTimeout):
        ask(transport, b"first")
    transport.weather = FAIR
    ask(transport, b"second")
    transport.release()

    assert sorted(echo.got) == [b"first", b"second"]
    assert transport.release() == 0


def test_a_repeated_request_arrives_twice() -> None:
    echo, transport = line(Fault.REPEAT)

    assert ask(transport) == b"sealed bytes"
    assert echo.got == [b"sealed bytes"] * 2


def test_a_delay_takes_time() -> None:
    clock = FixedClock(NOW)
    _, transport = line(Fault.DELAY, clock=clock)
    for _ in range(5):
        ask(transport)

    assert clock.now() > NOW
    assert ask(line(Fault.DELAY)[1]) == b"sealed bytes"


def test_tampering_changes_one_byte() -> None:
    echo, transport = line(Fault.TAMPER_REQUEST)
    ask(transport)
    (got,) = echo.got
    assert sum(a != b for a, b in zip(got, b"sealed bytes", strict=True)) == 1

    _, transport = line(Fault.TAMPER_ANSWER)
    assert ask(transport) != b"sealed bytes"
    assert ask(transport, b"") == b"\x00"


def test_the_same_seed_does_the_same() -> None:
    def run() -> list[Fault]:
        echo = Echo()
        transport = FaultyTransport(echo, chance=SeededIdentifiers("seed"), clock=FixedClock(NOW))
        for number in range(200):
            try:
                ask(transport, str(number).encode())
            except httpx2.TransportError:
                continue
        return transport.happened

    happened = run()

    assert happened == run()
    assert set(happened) == set(Fault)

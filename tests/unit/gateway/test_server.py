"""How the door is served: whoever says nothing, or drips, gives its thread back."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from dedere.base.clock import FixedClock
from dedere.gateway.server import HeadWatch, tls_context
from support.doors import MemoryNode
from support.exchange import NOW
from support.served import served, tls_holder

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Pair:
    """A connection as gunicorn holds it, and its other end."""

    sock: socket.socket
    other: socket.socket


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(5)
        yield Pair(ours, theirs)


@pytest.mark.network
def test_p221_a_late_head_ends_the_connection(pair: Pair) -> None:
    moments = iter([0.0, 10.0, 20.0])
    watch = HeadWatch(15, now=lambda: next(moments))
    watch.begin(pair)

    assert watch.end_late() == 0
    assert watch.end_late() == 1
    assert pair.other.recv(1) == b""


@pytest.mark.network
def test_p221_a_head_in_time_ends_the_watch(pair: Pair) -> None:
    moments = iter([0.0, 100.0])
    watch = HeadWatch(15, now=lambda: next(moments))
    watch.begin(pair)

    watch.done(pair)
    watch.done(pair)

    assert watch.end_late() == 0


@pytest.mark.network
def test_p221_a_connection_that_is_closed_already_harms_nobody(pair: Pair) -> None:
    moments = iter([0.0, 100.0])
    watch = HeadWatch(15, now=lambda: next(moments))
    watch.begin(pair)
    pair.sock.close()

    assert watch.end_late() == 1


def test_p220_nothing_older_than_tls_1_3() -> None:
    context = tls_context(None, lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))

    assert context.minimum_version is ssl.TLSVersion.TLSv1_3


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    with served(MemoryNode("SN", FixedClock(NOW)), tmp_path_factory.mktemp("door"), threads=2) as address:
        host, port = address.removeprefix("https://").split(":")
        yield host, int(port)


def tls_to(place: tuple[str, int]) -> ssl.SSLSocket:
    context = ssl.create_default_context(cadata=tls_holder("SN").certificate.decode())
    return context.wrap_socket(socket.create_connection(place, timeout=10), server_hostname=place[0])


def ended_within(connection: socket.socket, seconds: float) -> bool:
    connection.settimeout(seconds)
    try:
        return connection.recv(100) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


@pytest.mark.network
def test_p221_half_a_handshake_is_ended(place: tuple[str, int]) -> None:
    with socket.create_connection(place, timeout=10) as connection:
        connection.sendall(b"\x16\x03\x01")

        assert ended_within(connection, 8)


@pytest.mark.network
def test_p221_a_head_that_drips_is_ended(place: tuple[str, int]) -> None:
    with tls_to(place) as connection:
        started = time.monotonic()
        ended = False
        while not ended and time.monotonic() - started < 8:
            try:
                connection.sendall(b"X")
            except OSError:
                ended = True
            ended = ended or ended_within(connection, 0.2)

        assert ended


@pytest.mark.network
def test_p222_strangers_that_hang_do_not_stop_the_door(place: tuple[str, int]) -> None:
    hanging = [socket.create_connection(place, timeout=10) for _ in range(6)]
    for connection in hanging:
        connection.sendall(b"\x16")
    with tls_to(place) as asking:
        asking.sendall(b"GET /health HTTP/1.1\r\nHost: door\r\nConnection: close\r\n\r\n")
        asking.settimeout(15)

        assert asking.recv(100).startswith(b"HTTP/1.1 204")
    for connection in hanging:
        connection.close()

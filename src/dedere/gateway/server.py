"""How the door is served: TLS 1.3 with the node's own certificate, and no thread for whoever says nothing.

Requirements P-220 to P-223. gunicorn's threaded worker waits without limit for the end of a TLS handshake and of a
request's head. This worker puts a limit on both, so that strangers who connect and drip cannot hold its threads.
Bodies have their own bounds (`gateway.body`), since only partners may send any.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol

from gunicorn.workers.gthread import ThreadWorker

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD_SECONDS = 15.0
"""How long a connection may take for its handshake and the head of a request (P-221)."""


class Connection(Protocol):
    """What of gunicorn's connections is used here."""

    sock: socket.socket


class HeadWatch:
    """Ends connections whose head is not complete in time. One thread for all of them."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._now = now
        self._waiting: dict[int, tuple[float, Connection]] = {}
        self._lock = threading.Lock()

    def begin(self, connection: Connection) -> None:
        """A thread begins to read a head from `connection`."""
        with self._lock:
            self._waiting[id(connection)] = (self._now() + self._seconds, connection)

    def done(self, connection: Connection) -> None:
        """The head is complete, or the connection has ended."""
        with self._lock:
            self._waiting.pop(id(connection), None)

    def end_late(self) -> int:
        """End what is late; how many were."""
        moment = self._now()
        with self._lock:
            late = [key for key, (until, _) in self._waiting.items() if until < moment]
            ended = [self._waiting.pop(key)[1] for key in late]
        for connection in ended:
            # Shutting down wakes the thread that reads; it closes the connection itself.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
        return len(ended)

    def run(self, stopped: threading.Event) -> None:
        """Look every second until `stopped`."""
        while not stopped.wait(1.0):
            self.end_late()


class DoorWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """gunicorn's threaded worker with a limit on handshakes and heads."""

    head_seconds = HEAD_SECONDS

    def init_process(self) -> None:
        """Start the watch beside the worker, which runs until the process ends."""
        self._heads = HeadWatch(self.head_seconds)
        watch = threading.Thread(target=self._heads.run, args=(threading.Event(),), daemon=True, name="head-watch")
        watch.start()
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """Serve one request of a connection, its head under watch. gunicorn calls it in a thread."""
        self._heads.begin(conn)
        try:
            return super().handle(conn)
        finally:
            self._heads.done(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The head is complete: the watch ends, the application begins."""
        self._heads.done(conn)
        return super().handle_request(req, conn)


def tls_context(config: object, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Gunicorn's `ssl_context` hook: TLS 1.3 and nothing older (P-220)."""
    del config
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context

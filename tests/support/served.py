"""A door behind gunicorn, TLS and a socket on loopback, in a process of its own."""

from __future__ import annotations

import datetime as dt
import functools
import multiprocessing
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from dedere.base.clock import SystemClock
from dedere.crypto.keys import Purpose, encode_private_key
from dedere.gateway.server import DoorWorker, tls_context
from support import pki
from support.doors import wsgi_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.doors import MemoryNode


class QuickWorker(DoorWorker):
    """The worker with a limit that a test can wait for."""

    head_seconds = 1.0


class _Served(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    def __init__(self, application: object, settings: dict[str, object]) -> None:
        self._application = application
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._settings.items():
            self.cfg.set(key, value)

    def load(self) -> Any:  # a WSGI application, for gunicorn
        return self._application


@functools.cache
def tls_holder(state: str) -> pki.Holder:
    """A TLS key that is valid today: OpenSSL asks the machine's clock, not ours."""
    now = SystemClock().now()
    day = dt.timedelta(days=1)
    return pki.holder(Purpose.TLS, state, valid_from=now - day, valid_until=now + day)


@contextmanager
def served(node: MemoryNode, folder: Path, *, threads: int = 4, application: object = None) -> Iterator[str]:
    """The address at which `node` (or another WSGI application) listens, until the block ends."""
    application = application or wsgi_of(node.gateway)
    keys = tls_holder(node.state)
    (folder / "tls.pem").write_bytes(keys.certificate)
    (folder / "tls.key").write_bytes(encode_private_key(keys.key))
    port = _free_port()
    settings: dict[str, object] = {
        "bind": [f"127.0.0.1:{port}"],
        "worker_class": "support.served.QuickWorker",
        "threads": threads,
        "certfile": str(folder / "tls.pem"),
        "keyfile": str(folder / "tls.key"),
        "ssl_context": tls_context,
        "control_socket_disable": True,
        "loglevel": "error",
        "keepalive": 5,
        "graceful_timeout": 1,
    }
    process = multiprocessing.get_context("fork").Process(target=lambda: _Served(application, settings).run())
    process.start()
    try:
        _wait_for(port)
        yield f"https://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.join(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("The door did not open.")

"""One process of a node: pages, gateway, worker or watch. Started by the supervisor, ends with it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from dedere.node.home import Listening, load_home

THREADS = 8


def main(arguments: list[str]) -> None:
    """Run the process that the one argument names, to its end."""
    (name,) = arguments
    _end_with_supervisor()
    if name == "worker":
        import django

        django.setup()
        from dedere.cli.serving.telling import keep_telling
        from dedere.node.jobs.worker import run

        threading.Thread(target=keep_telling, daemon=True, name="telling").start()
        sys.exit(run())
    _Served(name).run()  # gunicorn ends the process


class _Served(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Pages, gateway or watch under gunicorn."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._home = load_home(Path(os.environ["DEDERE_HOME"]))
        super().__init__()

    def load_config(self) -> None:
        """The whole of gunicorn's configuration; nothing is read from files or the environment."""
        for key, value in self._settings().items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        """The WSGI application."""
        from django.core.wsgi import get_wsgi_application

        return get_wsgi_application()

    def _settings(self) -> Mapping[str, object]:
        home = self._home
        watch = Listening(home.watching.host, home.watching.port, "")
        listening = {"pages": home.pages, "gateway": home.gateway, "watch": watch}[self._name]
        common: dict[str, object] = {
            "bind": [f"{listening.host}:{listening.port}"],
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "timeout": 120,
            "graceful_timeout": 10,
            "keepalive": 30,
            "proc_name": f"dedere {self._name}",
            "control_socket_disable": True,
            "loglevel": "warning",
            "limit_request_line": 2048,
            "limit_request_fields": 40,
            "limit_request_field_size": 8190,
        }
        if self._name == "gateway":
            from dedere.cli.serving.tls import DoorCertificate
            from dedere.gateway.server import DoorWorker

            certificate = DoorCertificate(home)
            pair = certificate.pair()
            common |= {
                "certfile": str(pair.certificate),
                "keyfile": str(pair.key),
                "worker_class": DoorWorker,
                "ssl_context": certificate.context,
            }
        return common


def _end_with_supervisor() -> None:
    lifeline = os.environ.get("DEDERE_LIFELINE")
    if lifeline is None:
        return

    def watch() -> None:
        os.read(int(lifeline), 1)  # returns when the supervisor's end is closed
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="lifeline").start()


if __name__ == "__main__":
    main(sys.argv[1:])

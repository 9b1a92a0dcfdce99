"""Real nodes on loopback: made, served in processes of their own, killed as a power cut would, stopped. All fictional."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from dedere.cli.demonstration.homes import Cast, Ports, make_home
from dedere.cli.demonstration.office import process_tree
from dedere.node.home import Home

READY_WITHIN = 90.0


@dataclass
class RunningNode:
    """One home and, while it runs, its supervisor."""

    home: Home
    log: Path
    supervisor: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Serve it; `wait` waits for its door."""
        words = [sys.executable, "-m", "dedere", "node", "serve", str(self.home.folder)]
        with self.log.open("ab") as log:
            self.supervisor = subprocess.Popen(
                words, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )

    def wait(self) -> None:
        """Wait until the door answers."""
        deadline = time.monotonic() + READY_WITHIN
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection((self.home.gateway.host, self.home.gateway.port), timeout=1).close()
                return
            if time.monotonic() > deadline:
                raise TimeoutError(self.log.read_text(encoding="utf-8", errors="replace")[-800:])
            time.sleep(0.1)

    def processes(self) -> list[int]:
        """The supervisor's children."""
        return [] if self.supervisor is None else process_tree(self.supervisor.pid)

    def kill(self) -> None:
        """SIGKILL to the supervisor and each of its processes."""
        if self.supervisor is None:
            return
        children = self.processes()
        for pid in (self.supervisor.pid, *children):
            kill(pid)
        self.supervisor.wait()
        self.supervisor = None

    def stop(self) -> None:
        """End it in peace."""
        if self.supervisor is not None:
            self.supervisor.terminate()
            try:
                self.supervisor.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
            self.supervisor = None


def kill(pid: int) -> None:
    """SIGKILL, whether or not the process is still there."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def new_node(folder: Path, cast: Cast) -> RunningNode:
    """A node at free ports of this machine, not running yet."""
    ports = Ports(pages=free_port(), gateway=free_port())
    name = cast.state.lower()
    return RunningNode(make_home(folder / name, cast, ports), folder / f"{name}.log")


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port

"""Runs a node's processes, restarts what dies, and stops cleanly.

Pages, gateway and worker are processes of their own. Each holds the reading end of a pipe whose writing end only the
supervisor has: when the supervisor is gone, however it went, they end. One supervisor at a time may run a home.
"""

from __future__ import annotations

import errno
import fcntl
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dedere.base.errors import FacilityError
from dedere.node.home import Home, Listening

PROCESSES = ("pages", "gateway", "worker", "watch")
STOP_WITHIN = 15.0
# Processes of a supervisor that was killed let go of their ports a moment later.
PORT_FREE_WITHIN = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
STEADY_AFTER = 30.0


@dataclass
class _Child:
    """One process and how often it had to be started again."""

    name: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    start_at: float = 0.0


@dataclass
class Supervisor:
    """Keeps the processes of one home running until told to stop. `practice`: how it practises; empty: not at all."""

    home: Home
    say: Callable[[str], None] = print
    practice: str = ""
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; 0 when everything stopped cleanly.

        Raises:
            FacilityError: another supervisor runs this home, or one of its ports cannot be had.
        """
        with only_supervisor(self.home):
            require_port(self.home.pages)
            if self.home.is_reachable:
                require_port(self.home.gateway)
            if self.home.watching.port:
                require_port(Listening(self.home.watching.host, self.home.watching.port, ""))
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda _number, _frame: self._stop.set())
            reading, writing = os.pipe()
            children = [_Child(name) for name in processes_of(self.home)]
            try:
                self.say(f"pages    {self.home.pages.url}")
                self.say(f"gateway  {self.home.gateway.url or 'none: this node fetches its letters'}")
                if self.home.watching.port:
                    self.say(f"watch    http://{self.home.watching.host}:{self.home.watching.port}/metrics")
                while not self._stop.is_set():
                    for child in children:
                        self._tend(child, reading)
                    self._stop.wait(0.1)
            finally:
                clean = stop_all([child.process for child in children if child.process is not None], within=STOP_WITHIN)
                os.close(writing)
                os.close(reading)
            return 0 if clean else 1

    def _tend(self, child: _Child, reading: int) -> None:
        now = time.monotonic()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                if now - child.started > STEADY_AFTER:
                    child.pause = FIRST_PAUSE
                return
            self.say(f"{child.name} ended with {code}: starting it again in {child.pause:.1f} s")
            child.process = None
            child.start_at = now + child.pause
            child.pause = min(child.pause * 2, LONGEST_PAUSE)
        if now >= child.start_at:
            child.process = _start(self.home, child.name, reading, practice=self.practice)
            child.started = now


def processes_of(home: Home) -> tuple[str, ...]:
    """The processes that a home needs: where nobody can call, and where nobody watches, nobody listens."""
    needless = {name for name, needed in (("gateway", home.is_reachable), ("watch", home.watching.port)) if not needed}
    return tuple(name for name in PROCESSES if name not in needless)


@contextmanager
def only_supervisor(home: Home) -> Iterator[None]:
    """Hold the home's lock; the operating system lets go of it when the process ends, however it ends."""
    home.run.mkdir(mode=0o700, exist_ok=True)
    path = home.run / "supervisor.lock"
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise FacilityError(f"{home.folder} is already being served by another supervisor.") from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def require_port(listening: Listening, *, within: float = PORT_FREE_WITHIN) -> None:
    """Nothing when the port can be listened on; waits up to `within` seconds for it to become free.

    Raises:
        FacilityError: it is taken, not this machine's, or not for this user.
    """
    family = socket.AF_INET6 if ipaddress.ip_address(listening.host).version == 6 else socket.AF_INET  # noqa: PLR2004
    deadline = time.monotonic() + within
    while True:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((listening.host, listening.port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                    time.sleep(0.1)
                    continue
                where = f"{listening.host}, port {listening.port}"
                raise FacilityError(
                    f"Nothing can listen at {where} ({error.strerror}): stop what listens there, or name another "
                    "port in home.toml."
                ) from error
            return


def _start(home: Home, name: str, reading: int, *, practice: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DEDERE_HOME": str(home.folder),
        "DEDERE_PROCESS": name,
        "DEDERE_LIFELINE": str(reading),
        "DEDERE_PRACTICE": practice,
        "DJANGO_SETTINGS_MODULE": "dedere.node.settings.serving",
    }
    command = [sys.executable, "-m", "dedere.cli.serving.process", name]
    # Our own interpreter and module; no shell, nothing typed by anyone.
    return subprocess.Popen(command, env=environment, pass_fds=[reading], start_new_session=True)  # noqa: S603


def stop_all(processes: list[subprocess.Popen[bytes]], *, within: float) -> bool:
    """Ask every process to end, kill what has not after `within` seconds; whether all ended by themselves."""
    alive = [process for process in processes if process.poll() is None]
    for process in alive:
        process.terminate()
    deadline = time.monotonic() + within
    clean = True
    for process in alive:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            clean = False
    return clean

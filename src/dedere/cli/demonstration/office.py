"""One demonstration office: its home, its node in processes of its own, and its officers."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from dedere.base.errors import DedereError, FacilityError
from dedere.node.home import Home

READY_WITHIN = 60.0
STOP_WITHIN = 25.0


class DeedRefusedError(DedereError):
    """What an officer wanted to do was refused by their node."""

    code = "refused"


@dataclass
class DemonstrationOffice:
    """A home with a running node and officers who do what the story tells.

    `serve_words` are further words for its `dedere node serve`.
    """

    home: Home
    log: Path
    node: subprocess.Popen[bytes] | None = None
    agent: subprocess.Popen[str] | None = None
    serve_words: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the node, and the officers beside it; `wait` waits until both doors answer."""
        with self.log.open("ab") as output:
            self.node = subprocess.Popen(
                [sys.executable, "-m", "dedere", "node", "serve", str(self.home.folder), *self.serve_words],
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        if self.agent is None:
            self.agent = subprocess.Popen(
                [sys.executable, "-m", "dedere.cli.demonstration.agent", str(self.home.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,  # Ctrl-C is for the story alone
            )

    def wait(self) -> None:
        """Wait until pages and gateway answer.

        Raises:
            FacilityError: the node ended, or did not answer in time.
        """
        deadline = time.monotonic() + READY_WITHIN
        for listening in (self.home.pages, self.home.gateway):
            while not _answers(listening.host, listening.port):
                if self.node is None or self.node.poll() is not None or time.monotonic() > deadline:
                    raise FacilityError(f"The node of {self.home.state} did not start: look into {self.log}.")
                time.sleep(0.1)

    def kill(self) -> None:
        """SIGKILL to the supervisor and to each of its processes: what a power cut does."""
        if self.node is None:
            return
        children = process_tree(self.node.pid)
        for pid in (self.node.pid, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.node.wait()
        self.node = None
        _wait_gone(children)

    def stop(self) -> None:
        """End the officers and the node, and wait for both."""
        if self.agent is not None and self.agent.stdin is not None and self.agent.stdout is not None:
            with contextlib.suppress(BrokenPipeError):
                self.agent.stdin.close()
            self.agent.wait(STOP_WITHIN)
            self.agent.stdout.close()
            self.agent = None
        if self.node is not None:
            self.node.terminate()
            self.node.wait(STOP_WITHIN)
            self.node = None

    def do(self, deed: str, *, officer: str, **words: object) -> dict[str, Any]:
        """Have an officer do something.

        Raises:
            DeedRefusedError: the node refused; the sentence is its own.
            FacilityError: the officers' process is gone.
        """
        if self.agent is None or self.agent.stdin is None or self.agent.stdout is None:
            raise FacilityError("The officers are not at work: start the office first.")
        sending: IO[str] = self.agent.stdin
        with contextlib.suppress(BrokenPipeError):  # whoever is gone does not answer either
            sending.write(json.dumps({"do": deed, "officer": officer, **words}) + "\n")
            sending.flush()
        line = self.agent.stdout.readline()
        if not line:
            raise FacilityError(f"The officers of {self.home.state} are gone: look above for why.")
        answer: dict[str, Any] = json.loads(line)
        if not answer.pop("ok"):
            raise DeedRefusedError(answer["sentence"], code=answer["code"])
        return answer


def process_tree(pid: int) -> list[int]:
    """Every descendant of a process, by Linux's own account."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                found += [int(child), *process_tree(int(child))]
    return found


def _wait_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + STOP_WITHIN
    while any(Path(f"/proc/{pid}").exists() and not _is_zombie(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except (OSError, http.client.HTTPException):
        return False

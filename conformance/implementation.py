"""One implementation behind the contract: its commands, its folder, its running door."""
# ruff: noqa: INP001, S603 - run as a program; it runs the programs it is told to

from __future__ import annotations

import json
import shlex
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

START_SECONDS = 60


class ContractError(Exception):
    """The implementation did not do what the contract says."""


@dataclass
class Implementation:
    """A program and the authority it plays."""

    program: str
    home: Path
    state: str
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    def ask(self, command: str, *arguments: str, given: bytes = b"") -> str:
        """What a command prints."""
        words = [*shlex.split(self.program), command, *arguments]
        done = subprocess.run(words, input=given, capture_output=True, check=False)
        if done.returncode != 0:
            raise ContractError(f"{command} failed: {done.stderr.decode(errors='replace')[-600:]}")
        return done.stdout.decode()

    def rows(self, command: str) -> list[dict[str, Any]]:
        """The JSON lines of a command."""
        return [json.loads(line) for line in self.ask(command, str(self.home)).splitlines() if line.strip()]

    def init(self) -> None:
        """Make it."""
        self.ask("init", str(self.home), self.state, str(self.port))

    def card(self) -> tuple[bytes, str]:
        """Its card and the fingerprint it tells."""
        path = self.home.with_name(f"{self.home.name}.card")
        fingerprint = self.ask("card", str(self.home), str(path)).strip().splitlines()[-1]
        return path.read_bytes(), fingerprint

    def pin(self, container: bytes, fingerprint: str) -> None:
        """Have it trust a card."""
        path = self.home.with_name(f"{self.home.name}.partner")
        path.write_bytes(container)
        self.ask("pin", str(self.home), str(path), fingerprint)

    def start(self) -> None:
        """Open its door and wait for it."""
        log = self.home.with_name(f"{self.home.name}.log").open("ab")
        words = [*shlex.split(self.program), "serve", str(self.home)]
        self.process = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.2)
            else:
                return
        said = self.home.with_name(f"{self.home.name}.log").read_text("utf-8", errors="replace")
        raise ContractError(f"serve did not open the door: {said[-800:]}")

    def stop(self, *, kill: bool = False) -> None:
        """End it, gently or not."""
        if self.process is not None:
            self.process.kill() if kill else self.process.terminate()
            self.process.wait(30)
            self.process = None

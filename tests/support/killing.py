"""A program that is killed at a moment chosen by a seed, again and again, until it comes through."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from dedere.base.identifiers import SeededIdentifiers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def moments(seed: str, *, count: int, longest: float) -> Iterator[float]:
    """`count` moments between nothing and `longest` seconds, the same for the same seed."""
    chance = SeededIdentifiers(seed)
    for _ in range(count):
        yield int.from_bytes(chance.random_bytes(4), "big") / 2**32 * longest


def run_and_kill(program: str, *words: str, after: float, cwd: Path) -> bool:
    """Start a Python program that prints `ready`, kill it `after` seconds later; whether it had finished by then."""
    process = subprocess.Popen([sys.executable, "-c", program, *words], stdout=subprocess.PIPE, cwd=cwd)
    with process:
        if process.stdout is None or process.stdout.readline() != b"ready\n":
            raise RuntimeError("The program to be killed did not start.")
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
    return process.returncode == 0

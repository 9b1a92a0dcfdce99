"""`dedere` as an operator runs it: in a process of its own, its words, its exit code and its one sentence."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


def environment() -> dict[str, str]:
    """What a process of ours inherits, without the settings of the tests."""
    return {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "DEDERE_HOME"}}


def run(*words: object) -> subprocess.CompletedProcess[str]:
    """Run `dedere` with these words to its end."""
    command = [sys.executable, "-m", "dedere", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment(), timeout=300)


def said(*words: object, code: int = 0) -> str:
    """What `dedere` prints when it ends with `code`."""
    done = run(*words)
    assert done.returncode == code, done.stdout + done.stderr
    assert code or not done.stderr, done.stderr
    return done.stdout


def refused(*words: object, code: int = 2) -> str:
    """The one sentence with which `dedere` refuses; nothing else is printed anywhere."""
    done = run(*words)
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("dedere: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def until(what: str, found: Callable[[], object], *, within: float = PATIENCE) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + within
    while not found():
        assert time.monotonic() < deadline, f"waited {within:.0f} s for {what}"
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False


def page(url: str) -> int:
    """The status with which a page answers; 0 when nobody does."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextlib.contextmanager
def serving(home: Path, log: Path, *words: object) -> Iterator[subprocess.Popen[bytes]]:
    """`dedere node serve`, ended at the latest with the block."""
    command = [sys.executable, "-m", "dedere", "node", "serve", str(home), *map(str, words)]
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=environment())
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)

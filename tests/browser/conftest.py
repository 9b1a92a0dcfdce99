"""A node's pages in a process of their own, full of fictional cases, and Chromium in front of them.

With `DEDERE_SCREENSHOTS=docs/use/pages` the tests that visit every page leave a picture of each there.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from dedere.node.home import load_home
from dedere.node.persons.memory import forget_guard_secret
from support.browsing import Pages
from support.requirement import require_program

if TYPE_CHECKING:
    from collections.abc import Iterator


_TESTS = Path(__file__).parent.parent
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """An office with cases in every stage, served as a node serves it."""
    chromium = require_program("chromium", "chromium-browser")
    home = tmp_path_factory.mktemp("served") / "nl"
    port, gateway = _free_port(), _free_port()
    _dedere(
        "node", "init", str(home), "--state", "NL", "--name", "Central Authority of the Netherlands (fictional)",
        "--languages", "en,fr", "--place", "Europe/Amsterdam", "--demonstration",
        "--pages-port", str(port), "--gateway-port", str(gateway),
    )  # fmt: skip
    made = _run("-m", "support.populated", str(home))
    address = f"http://127.0.0.1:{port}"
    with _serving(home, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=_ARGUMENTS)
        yield Pages(address, json.loads(made), browser, home)
        browser.close()
    # What custodians opened in the tests stays in memory otherwise.
    forget_guard_secret(load_home(home))


@pytest.fixture
def strict_office(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """An office that is no demonstration, with one administrator: its address, and their one-time link."""
    home, port = tmp_path / "nl", _free_port()
    _dedere(
        "node", "init", str(home), "--state", "NL", "--name", "Central Authority of the Netherlands (fictional)",
        "--languages", "en,fr", "--place", "Europe/Amsterdam",
        "--pages-port", str(port), "--gateway-port", str(_free_port()),
    )  # fmt: skip
    printed = _run(
        "-m",
        "dedere",
        "node",
        "officer",
        str(home),
        "max",
        "--name",
        "Max Mulder (fictional)",
        "--role",
        "administrator",
    )
    # A passkey belongs to a name, not to a number.
    address = f"http://localhost:{port}"
    with _serving(home, address):
        yield address, printed.strip().splitlines()[-1].split("/sign-in/")[1].strip("/")


@contextmanager
def _serving(home: Path, address: str) -> Iterator[None]:
    environment = {**os.environ, "DEDERE_HOME": str(home), "DEDERE_PROCESS": "pages"}
    environment["DJANGO_SETTINGS_MODULE"] = "dedere.node.settings.serving"
    served = subprocess.Popen([sys.executable, "-m", "dedere.cli.serving.process", "pages"], env=environment)
    try:
        _await(address)
        yield
    finally:
        served.terminate()
        served.wait(20)


def _dedere(*words: str) -> None:
    _run("-m", "dedere", *words)


def _run(*words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(_TESTS)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _await(address: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{address}/sign-in/", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The pages did not come up.")

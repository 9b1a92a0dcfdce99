"""The built wheel alone: installed where there is no Node.js and no checkout, it makes a node and serves its pages."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.network

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment's `bin`: the wheel in it, the libraries it needs from this one, and nothing else on the path."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT))
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index", str(wheel))
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python.parent


def run(*words: str, **environment: str) -> str:
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, env={**os.environ, **environment}, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def alone(installed: Path) -> dict[str, str]:
    """An environment in which only what was installed can be found."""
    return {"PATH": str(installed), "HOME": str(installed), "LANG": "C.UTF-8"}


def free_port() -> str:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return str(listening.getsockname()[1])


def test_the_program_is_the_wheels_own(installed: Path) -> None:
    place = run(str(installed / "python"), "-c", "import dedere; print(dedere.__path__[0])", **alone(installed))
    assert place.startswith(str(installed.parent))


def test_a_node_is_made_and_serves_its_pages_with_their_look(installed: Path, tmp_path: Path) -> None:
    dedere, home, port = str(installed / "dedere"), str(tmp_path / "nl"), free_port()
    run(
        dedere, "node", "init", home, "--state", "NL", "--name", "Fictional authority",
        "--pages-port", port, "--gateway-port", free_port(), **alone(installed),
    )  # fmt: skip
    served = subprocess.Popen([dedere, "node", "serve", home], env=alone(installed), stdout=subprocess.DEVNULL)
    try:
        page = fetched(f"http://127.0.0.1:{port}/sign-in/")
        for address in ("/static/dedere/dedere.css", "/static/dedere/office.js"):
            assert address.encode() in page
            assert fetched(f"http://127.0.0.1:{port}{address}")
        french = urllib.request.Request(f"http://127.0.0.1:{port}/sign-in/", headers={"Accept-Language": "fr"})
        assert "Se connecter" in fetched(french).decode()
    finally:
        served.send_signal(signal.SIGTERM)
        assert served.wait(30) == 0


def test_law_and_verify_answer_without_a_node(installed: Path) -> None:
    answer = run(
        str(installed / "dedere"), "law", "basis", "NL", "SN", "--for", "mla", "--crime", "genocide", "--on", "2026-11-24",
        **alone(installed),
    )  # fmt: skip
    assert answer.startswith("Mutual legal assistance from the Netherlands to Senegal")


def fetched(address: str | urllib.request.Request) -> bytes:
    """What is at the address, as soon as it answers."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bytes(answer.read())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer.")

"""The conformance suite, run against two of our own nodes as it would be against anybody's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.network
def test_two_of_our_nodes_conform() -> None:
    adapter = f"{sys.executable} {ROOT / 'conformance/adapters/dedere_node.py'}"

    done = subprocess.run(
        [sys.executable, str(ROOT / "conformance/run.py"), adapter, adapter],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout

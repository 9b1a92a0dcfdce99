"""A case carried half by hand and half by network is the same record on both sides, and the receipts come back."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from dedere.cli.demonstration.homes import NETHERLANDS, SENEGAL, pin_each_other
from support.correspondence import Desk
from support.running import RunningNode, new_node

pytestmark = pytest.mark.network


def dedere(*words: str | Path) -> str:
    command = [sys.executable, "-m", "dedere", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def until(desk: Desk, *nothing: str) -> None:
    """Wait until nothing of the kind is left to do."""
    deadline = time.monotonic() + 120
    while any((left := desk.do("outstanding"))[what] for what in nothing):
        assert time.monotonic() < deadline, left
        time.sleep(0.3)


def carry(sender: RunningNode, recipient: RunningNode, medium: Path) -> None:
    """Pack, carry, unpack, and bring the receipts back on the same medium."""
    medium.mkdir()
    dedere("pack", sender.home.folder, recipient.home.state, medium)
    dedere("unpack", recipient.home.folder, medium)
    dedere("unpack", sender.home.folder, medium)


def test_p237_requests_by_hand_and_acknowledgements_by_network_make_one_record(tmp_path: Path) -> None:
    nl, sn = new_node(tmp_path, NETHERLANDS), new_node(tmp_path, SENEGAL)
    pin_each_other(nl.home, sn.home)
    with Desk(nl.home.folder) as ours, Desk(sn.home.folder) as theirs:
        ours.do("begin")
        theirs.do("begin")
        nl.start()
        try:
            ours.do("ask", partner="SN", count=3)
            until(ours, "to seal")
            carry(nl, sn, tmp_path / "medium")
            until(ours, "to send")
            assert theirs.do("reply") == 3
            sn.start()
            until(theirs, "to seal", "to send")
            until(ours, "to be acknowledged")
        finally:
            nl.stop()
            sn.stop()
        here, there = ours.do("report"), theirs.do("report")
    assert here["records"] == there["records"]
    assert (here["sent"], there["sent"]) == (there["received"], here["received"])
    assert here["states"] == {"acknowledged": 3}
    assert set(here["applied"].values()) == {1}

"""What a person at a terminal sees while a long check runs; nobody else sees it."""

from __future__ import annotations

import os
import pty
import sys

import pytest

from dedere.cli.commands.vault import _tell
from dedere.cli.commands.verify import _Progress
from dedere.vault.check import CheckReport


def test_verifying_tells_every_quarter_of_a_gigabyte(capsys: pytest.CaptureFixture[str]) -> None:
    progress = _Progress()
    for _ in range(10):
        progress.told("evidence", 100 * 1024 * 1024)
    assert capsys.readouterr().err.count(" GB read") == 3


def test_checking_a_vault_tells_every_hundred_objects_and_only_at_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = [CheckReport(objects=number) for number in (99, 100, 101, 200)]
    for report in reports:
        _tell(report)
    assert capsys.readouterr().err == ""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        for report in reports:
            _tell(report)
        seen = os.read(ours, 1000).decode()
        monkeypatch.undo()
    os.close(ours)
    assert seen.split() == ["100", "objects", "200", "objects"]

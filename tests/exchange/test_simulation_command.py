"""Many authorities over a hostile network, from the command line: nothing breaks, and a planted fault is told as a story."""

from __future__ import annotations

import json

import pytest

from dedere.cli.main import main


def test_a_seed_runs_through_with_every_invariant(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["simulate", "--authorities", "6", "--cases", "25", "--days", "300", "--seed", "1", "--json"]
    assert main(words) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["seed"] in (1, "1")


def test_the_plants_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--plants"]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= 12


def test_a_planted_fault_is_caught_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["simulate", "--authorities", "4", "--cases", "12", "--days", "200", "--plant", "four-eyes-skipped"]
    assert main(words) == 1
    assert capsys.readouterr().out.strip()

"""`dedere law clocks`: limits and duties from a file of events. Everything in it is invented."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from dedere.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = """
format = "dedere-events/1"
instruments = ["ets024", "lhc"]

[place]
zone = "Europe/Amsterdam"
country = "NL"

[[event]]
name = "arrest.provisional"
at = 2026-11-02T10:00:00+01:00
subject = "person-1"

[[event]]
name = "surrender.date-appointed"
at = 2026-11-20

[[event]]
name = "request.received"
at = 2026-11-03T10:00:00+01:00

[[suspension]]
limit = "ets024/limit.provisional-arrest.max"
begins = 2026-11-10
until = 2026-11-14
reason = "appeal against the arrest"
"""
AT = ["--at", "2026-11-24T09:30:00Z"]


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "events.toml"
    path.write_text(EVENTS, encoding="utf-8")
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["law", "clocks", *words]) == code
    captured = capsys.readouterr()
    return captured.out if code == 0 else captured.err


def test_every_limit_is_said_with_its_day_its_consequence_and_its_place(
    capsys: pytest.CaptureFixture[str], file: str
) -> None:
    text = said(capsys, file, *AT)
    assert "at 2026-11-24T09:30:00Z." in text
    assert "- 40 days: last day 17 December 2026 in Europe/Amsterdam" in text
    assert "5 suspended days are added." in text
    assert "(person-1)" in text
    assert "It decides nothing by itself: it only warns." in text, "a number of the Convention that nobody has read"
    assert "If it passes: " in text
    assert "ets024/limit.provisional-arrest.max]" in text
    assert "Duties without a number:" in text


def test_the_json_is_the_same_bytes_for_the_same_moment(capsys: pytest.CaptureFixture[str], file: str) -> None:
    first = said(capsys, file, *AT, "--json")
    assert said(capsys, file, *AT, "--json") == first
    assert json.loads(first)["version"] == "dedere-clocks/1"


def test_without_a_moment_it_is_now(capsys: pytest.CaptureFixture[str], file: str) -> None:
    assert "time limits and" in said(capsys, file)


def test_events_that_owe_nothing_are_said_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "quiet.toml"
    path.write_text(EVENTS[: EVENTS.index("[[event]]")] + '[[event]]\nname = "signature.opened"\nat = 2024-02-14\n')
    text = said(capsys, str(path), *AT)
    assert "and 0 duties" in text
    assert "Duties without a number" not in text


def test_a_file_or_moment_that_is_none_is_one_sentence(
    capsys: pytest.CaptureFixture[str], file: str, tmp_path: Path
) -> None:
    assert "cannot be read" in said(capsys, str(tmp_path / "nowhere.toml"), code=2)
    assert "An instant is written like" in said(capsys, file, "--at", "noon", code=2)
    broken = tmp_path / "broken.toml"
    broken.write_text(EVENTS.replace("arrest.provisional", "full.moon"))
    assert "event[1].name" in said(capsys, str(broken), code=2)

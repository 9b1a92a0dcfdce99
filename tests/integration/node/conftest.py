"""A Netherlands office at work in memory, with Senegal writing to it or answering behind a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.connected import Connected, connect, wired
from support.homes import fresh_office
from support.offices import Bureau, open_bureau, using


@pytest.fixture
def bureau(db: None, tmp_path: Path) -> Iterator[Bureau]:
    """The office, and Senegal as a home of its own whose letters are sealed by the engines."""
    office = fresh_office(tmp_path / "nl")
    with using(office):
        yield open_bureau(office, fresh_office(tmp_path / "sn", "SN"))


@pytest.fixture
def connected(db: None, tmp_path: Path) -> Iterator[Connected]:
    """The office with its worker, and Senegal's node in memory behind a line."""
    office = wired(fresh_office(tmp_path / "nl"))
    with using(office):
        yield connect(office)

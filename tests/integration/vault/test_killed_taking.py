"""SIGKILL at random points while a node takes evidence in or receives it: then one whole item or none, its ledger sound.

Each round works on a home of its own as soon as the one before has left something behind; what a partner had begun to
send goes on where it was.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from support.killing import moments
from support.taking import prepare, run

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1024 * 1024


def under_fire(made: Path, home: Path, deed: str, *, kills: int, longest: float) -> tuple[int, int]:
    """Kill `kills` times; in how many rounds nothing was there afterwards, and in how many one whole object."""
    facts = json.loads((made / "facts.json").read_text())
    fresh(made, home)
    nothing = something = 0
    for moment in moments(f"{deed} {made.name}", count=kills, longest=longest):
        killed = run(home, deed, after=moment)
        found = run(home, deed, after=0).found
        require_sound(found, facts)
        assert len(found["items"]) == 1 or not killed.finished
        if found["objects"]:
            something += 1
            fresh(made, home)
        else:
            nothing += 1
    return nothing, something


def require_sound(found: dict[str, Any], facts: dict[str, Any]) -> None:
    assert found["left"] == []
    assert found["objects"] <= 1
    # Killed between the vault and the record: the whole object is there and belongs to nobody yet.
    assert found["problems"] == (["orphan"] if found["objects"] and not found["items"] else [])
    assert len(found["items"]) <= found["objects"]
    for item in found["items"]:
        assert (item["sha256"], item["size"], item["named"]) == (facts["sha256"], facts["size"], True)
        assert item["entries"] in (1, 2)


def fresh(made: Path, home: Path) -> None:
    """The prepared home anew; its large files, which nobody writes to, are linked."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(made, home, ignore=shutil.ignore_patterns("film.mp4", "sealed"))
    for name in ("film.mp4", "sealed"):
        os.link(made / name, home / name)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("taking") / "small"
    prepare(folder, 24 * MIB)
    return folder


@pytest.mark.parametrize("deed", ["ingest", "receive"])
def test_a_node_that_is_killed_has_one_whole_item_or_none(small: Path, tmp_path: Path, deed: str) -> None:
    under_fire(small, tmp_path / "home", deed, kills=2, longest=1.0)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("deed", ["ingest", "receive"])
def test_a_node_that_is_killed_at_fifty_points_has_one_whole_item_or_none(tmp_path: Path, deed: str) -> None:
    made, home = tmp_path / "made", tmp_path / "home"
    prepare(made, 2048 * MIB)
    fresh(made, home)
    whole = run(home, deed)
    assert whole.finished
    found = run(home, deed, after=0).found
    assert len(found["items"]) == 1
    require_sound(found, json.loads((made / "facts.json").read_text()))
    nothing, something = under_fire(made, home, deed, kills=50, longest=whole.seconds)
    assert nothing
    assert something

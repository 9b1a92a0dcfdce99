"""The committed vectors: what another implementation is measured with, we are measured with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.scenarios import TOPICS, scenarios_of
from support.vectors import perform, replace_texts

FOLDER = Path(__file__).resolve().parents[2] / "vectors"
FILES = sorted(path for topic in TOPICS for path in (FOLDER / topic).glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_vector(path: Path) -> None:
    cards = json.loads((FOLDER / "cards.json").read_text("utf-8"))
    shared = {f"@{name}": card for name, card in cards.items()}
    vector = replace_texts(json.loads(path.read_text("utf-8")), shared)

    assert vector["version"] == "dedere-vector/1"
    assert perform(vector["operation"], vector["given"]) == vector["expected"]


@pytest.mark.parametrize("topic", TOPICS)
def test_the_vectors_are_those_of_the_scenarios(topic: str) -> None:
    written = {path.stem for path in FILES if path.parent.name == topic}

    assert written == {scenario.name for scenario in scenarios_of(topic)}

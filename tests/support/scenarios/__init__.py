"""Scenarios by topic: made afresh for unit tests, and written once into vectors/."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.vectors import Given, Scenario

TOPICS = ("cards", "containers", "letters", "order", "receipts", "requests")


@dataclass(frozen=True)
class Row:
    """One thing that is refused: which layer decides, and with which code."""

    name: str
    title: str
    requirement: str
    given: Callable[[], Given]
    layer: str
    code: str


def scenarios_of(topic: str) -> list[Scenario]:
    """Every scenario of a topic."""
    module = importlib.import_module(f"support.scenarios.{topic}")
    found: list[Scenario] = list(module.scenarios())
    return found

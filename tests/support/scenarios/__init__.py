"""Scenarios by topic: made afresh for unit tests, and written once into vectors/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.vectors import Given


@dataclass(frozen=True)
class Row:
    """One thing that is refused: which layer decides, and with which code."""

    name: str
    title: str
    requirement: str
    given: Callable[[], Given]
    layer: str
    code: str

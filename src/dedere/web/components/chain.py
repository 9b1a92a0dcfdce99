"""The custody chain of an item as a picture: one box an entry, linked by the digests that hold it together.

Only the geometry is computed here; the template draws it as SVG, beside a table that says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedere.node.evidence.queries import LedgerRow

_BOX_WIDTH = 216
_BOX_HEIGHT = 122
_GAP = 44
_A_LINE = 4
_ROW_GAP = 46
_MARGIN = 8


@dataclass(frozen=True, slots=True)
class Box:
    """One entry, in user units of the picture. `link` is the path from the entry before, empty for the first."""

    entry: LedgerRow
    x: int
    y: int
    link: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The whole picture."""

    boxes: tuple[Box, ...]
    width: int
    height: int
    box_width: int = _BOX_WIDTH
    box_height: int = _BOX_HEIGHT


def draw_chain(ledger: Sequence[LedgerRow]) -> Chain:
    """The chain in lines of four, the last box of a line linked to the first of the next."""
    boxes: list[Box] = []
    for place, entry in enumerate(ledger):
        column, line = place % _A_LINE, place // _A_LINE
        x = _MARGIN + column * (_BOX_WIDTH + _GAP)
        y = _MARGIN + line * (_BOX_HEIGHT + _ROW_GAP)
        boxes.append(Box(entry, x, y, _link(boxes[-1], x, y) if boxes else ""))
    columns = min(len(ledger), _A_LINE)
    lines = (len(ledger) + _A_LINE - 1) // _A_LINE
    width = 2 * _MARGIN + columns * _BOX_WIDTH + max(0, columns - 1) * _GAP
    height = 2 * _MARGIN + lines * _BOX_HEIGHT + max(0, lines - 1) * _ROW_GAP
    return Chain(tuple(boxes), width, height)


def _link(before: Box, x: int, y: int) -> str:
    middle = _BOX_HEIGHT // 2
    if before.y == y:
        return f"M{before.x + _BOX_WIDTH} {y + middle}H{x - 6}"
    start_x, start_y = before.x + _BOX_WIDTH // 2, before.y + _BOX_HEIGHT
    turn = start_y + _ROW_GAP // 2
    return f"M{start_x} {start_y}V{turn}H{x + _BOX_WIDTH // 2}V{y - 6}"

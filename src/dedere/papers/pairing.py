"""Two languages side by side: which blocks say the same, and paragraph numbers that agree in both."""

from __future__ import annotations

import difflib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.papers.document import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedere.papers.document import Block, Edition


@dataclass(frozen=True, slots=True)
class Numbered:
    """A block with its paragraph number; 0 for a block that has none."""

    block: Block
    number: int


def paired(editions: Sequence[Edition]) -> list[tuple[tuple[Numbered, ...], ...]]:
    """The groups of blocks that belong together, each as one tuple of blocks for every edition.

    A translation may have more or fewer paragraphs than its original. Numbers start level again after each group, so
    that *paragraph 12* is the same passage in both languages.
    """
    rows: list[tuple[tuple[Numbered, ...], ...]] = []
    start = 0
    for row in _aligned([_groups(edition) for edition in editions]):
        numbered = [tuple(_number(blocks, start)) for blocks in row]
        start = max((each.number for blocks in numbered for each in blocks), default=0) or start
        rows.append(tuple(numbered))
    return rows


_Group = tuple[str, tuple["Block", ...]]


def _groups(edition: Edition) -> list[_Group]:
    pairs = zip(edition.units, edition.blocks, strict=True)
    return [
        (unit, tuple(block for _, block in members))
        for unit, members in itertools.groupby(pairs, key=lambda pair: pair[0])
    ]


def _aligned(editions: list[list[_Group]]) -> Iterator[tuple[tuple[Block, ...], ...]]:
    if len(editions) == 1:
        yield from ((blocks,) for _, blocks in editions[0])
        return
    left, right = editions
    matcher = difflib.SequenceMatcher(a=[unit for unit, _ in left], b=[unit for unit, _ in right], autojunk=False)
    for step, from_left, to_left, from_right, to_right in matcher.get_opcodes():
        ours, theirs = left[from_left:to_left], right[from_right:to_right]
        if step == "equal":
            yield from ((mine[1], other[1]) for mine, other in zip(ours, theirs, strict=True))
        else:
            yield from ((blocks, ()) for _, blocks in ours)
            yield from (((), blocks) for _, blocks in theirs)


def _number(blocks: Sequence[Block], start: int) -> Iterator[Numbered]:
    number = start
    for block in blocks:
        if isinstance(block, Paragraph) and block.numbered:
            number += 1
            yield Numbered(block, number)
        else:
            yield Numbered(block, 0)

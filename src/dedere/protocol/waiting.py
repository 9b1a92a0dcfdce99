"""Letters that came early: which may be folded now, and what each other one visibly waits for.

Requirement P-111. A letter may be folded when the sender's letter before it in the case is there and every letter it
answers is there. Nothing is ever folded out of order, nothing that waits is hidden. Pure: facts in, answer out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Placed:
    """A letter's place: who sent it, its number among the sender's letters in this case, what it answers (ids)."""

    id: str
    sender: str
    sequence: int
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that waits: for letters it answers, or for the sender's number before it (0: for no number)."""

    id: str
    letters: tuple[str, ...]
    sequence: int


def in_causal_order(letters: Iterable[Placed]) -> tuple[tuple[Placed, ...], tuple[Waiting, ...]]:
    """The letters of one case that may be folded, in an order that both sides compute alike, and those that wait.

    The order depends only on the letters, never on when they came: all that rest on nothing, by sender, sequence and
    identifier; then all that rest only on these, and so on.
    """
    pending = {letter.id: letter for letter in letters}
    by_place = {(letter.sender, letter.sequence): letter.id for letter in pending.values()}
    ready: list[Placed] = []
    done: set[str] = set()
    while layer := [letter for letter in pending.values() if not _missing(letter, done, by_place)]:
        ready += sorted(layer, key=lambda each: (each.sender, each.sequence, each.id))
        done.update(letter.id for letter in layer)
        for letter in layer:
            del pending[letter.id]
    waiting = [_missing(letter, done, by_place) for letter in pending.values()]
    return tuple(ready), tuple(sorted((each for each in waiting if each), key=lambda each: each.id))


def _missing(letter: Placed, done: set[str], by_place: dict[tuple[str, int], str]) -> Waiting | None:
    """What `letter` still waits for, or nothing."""
    late = letter.sequence > 1 and by_place.get((letter.sender, letter.sequence - 1)) not in done
    absent = tuple(answered for answered in letter.answers if answered not in done)
    return Waiting(letter.id, absent, letter.sequence - 1 if late else 0) if late or absent else None

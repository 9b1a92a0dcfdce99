"""Chance, thrown: small choices from a source of identifiers that is passed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedere.base.identifiers import Identifiers

Thing = TypeVar("Thing")


class Dice:
    """Throws. The same source in the same state throws the same."""

    def __init__(self, chance: Identifiers) -> None:
        self._chance = chance

    def below(self, sides: int) -> int:
        """A number from 0 to `sides` - 1."""
        return int.from_bytes(self._chance.random_bytes(6), "big") % sides

    def percent(self, share: int) -> bool:
        """True in `share` of a hundred throws."""
        return self.below(100) < share

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """One of them, which must be at least one."""
        return things[self.below(len(things))]

    def some_of(self, things: Sequence[Thing]) -> list[Thing]:
        """At least one of them, in their order; none when there are none."""
        kept = [thing for thing in things if self.percent(60)]
        return kept or ([self.one_of(things)] if things else [])

    def shuffled(self, weighted: Sequence[tuple[float, Thing]]) -> list[Thing]:
        """All of them in an order in which heavier ones tend to come first. Weights are above 0."""
        keyed = [
            ((self.below(1_000_000) / 1_000_000) ** (1 / weight), number) for number, (weight, _) in enumerate(weighted)
        ]
        return [weighted[number][1] for _, number in sorted(keyed, reverse=True)]

    def identifier(self) -> str:
        """A new identifier, as letters and proceedings have it."""
        return self._chance.new()

    def name(self, prefix: str) -> str:
        """A local id that nobody has used: the prefix and eight hexadecimal digits."""
        return f"{prefix}-{self._chance.random_bytes(4).hex()}"

"""What a form for an act offers from the case: things that rows and choices may name, and rows that quote something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedere.casework.shapes import Field, Shape


@dataclass(frozen=True, slots=True)
class Known:
    """Something the case already has: its id, words for it, and values a row about it is to carry.

    `inner` are things that a list inside its row must speak to, by the name of that list, such as the conditions that
    wait on an item. `start` are first values of fields that the officer may change.
    """

    id: str
    caption: str
    values: Mapping[str, object] = field(default_factory=dict)
    inner: Mapping[str, Sequence[Known]] = field(default_factory=dict)
    start: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quoted:
    """The rows of a list that quote something known, and how many blank rows stand beside them."""

    rows: Sequence[Known]
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Offered:
    """What rows and choices may name, by list: measures, items, questions, conditions, consultations, assurances.

    `quoted` are lists whose rows are offered whole, by the list's name; `fixed` are values that nobody types.
    """

    lists: Mapping[str, Sequence[Known]]
    new_id: Callable[[], str]
    quoted: Mapping[str, Quoted] = field(default_factory=dict)
    fixed: Mapping[str, object] = field(default_factory=dict)

    def of(self, name: str) -> Sequence[Known]:
        """The things in one list."""
        return self.lists.get(name, ())


# Values with a form of their own, or for machines; of a ground, what a lawyer may add elsewhere.
_NOT_TYPED = frozenset({"digest", "object"})
_NEVER_ASKED = frozenset({"id", "reading"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list on the form. `known` is the thing it is about; None for a blank row."""

    list_name: str
    prefix: str
    shape: Shape
    key: str
    known: Known | None
    inner: tuple[Row, ...] = ()

    def fields(self) -> list[Field]:
        """What an officer fills in: not its id, not what names the known thing or comes with it."""
        given = {*_NEVER_ASKED, self.key, *(self.known.values if self.known else ())}
        return [
            each
            for each in self.shape.fields
            if each.name not in given and not each.many and each.type not in _NOT_TYPED and self._can_be_typed(each)
        ]

    def names(self) -> list[str]:
        """The names of its fields in the form, those of the rows inside it last."""
        own = [f"{self.prefix}{each.name}" for each in self.fields()]
        return own + [name for row in self.inner for name in row.names()]

    def whole(self) -> Iterable[Row]:
        """The row and the rows inside it."""
        return (self, *self.inner)

    def _can_be_typed(self, each: Field) -> bool:
        # Of values of any kind, only the new words of a correction are typed.
        return each.type != "any" or self.shape.name == "change"


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with the rows under it. `quotes`: its rows quote something, so that each is shown with its reasons."""

    title: str
    rows: tuple[Row, ...]
    quotes: bool = False

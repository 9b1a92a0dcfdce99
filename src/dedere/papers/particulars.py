"""An act's data, read in such a way that nothing in it can be left out of the document unnoticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeGuard

from dedere.papers.errors import DocumentInputError

# JSON as `json.loads` gives it. Recursive on purpose: a document takes any act, also of a later version.
Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

# As deep as canonical JSON may be: what can be sent can be printed.
MAXIMUM_DEPTH = 64


class Particulars:
    """A mapping that remembers which of its members were taken.

    A composer takes what it knows how to lay out; `rest()` gives what it did not take, and that is printed too.
    """

    def __init__(self, data: Mapping[str, Json]) -> None:
        self._data = data
        self._taken: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return not is_blank(self._data.get(name))

    def take(self, name: str) -> Json:
        """The member, of any kind; `None` when it is missing."""
        self._taken.add(name)
        return self._data.get(name)

    def text(self, name: str) -> str:
        """The member when it is a text or a number, otherwise an empty text and the member stays for `rest()`."""
        value = self._data.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            self._taken.add(name)
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            self._taken.add(name)
            return str(value)
        return ""

    def group(self, name: str) -> Particulars:
        """The member when it is a mapping, otherwise an empty one and the member stays for `rest()`."""
        value = self._data.get(name)
        if isinstance(value, Mapping):
            self._taken.add(name)
            return Particulars(value)
        return Particulars({})

    def groups(self, name: str) -> list[Particulars]:
        """The member when it is a list of mappings, otherwise nothing and the member stays for `rest()`."""
        value = self._data.get(name)
        if is_list(value) and value and all(isinstance(item, Mapping) for item in value):
            self._taken.add(name)
            return [Particulars(item) for item in value if isinstance(item, Mapping)]
        return []

    def rest(self) -> dict[str, Json]:
        """What was not taken and is not blank, in the order in which it stands."""
        return {name: value for name, value in self._data.items() if name not in self._taken and not is_blank(value)}


def is_list(value: Json) -> TypeGuard[Sequence[Json]]:
    """Whether `value` is a JSON array."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def is_blank(value: Json) -> bool:
    """Whether `value` says nothing: null, an empty text, list or mapping."""
    return value is None or value == "" or (isinstance(value, Sequence | Mapping) and not value)


def check_depth(value: Json, *, depth: int = 0) -> None:
    """Refuse data nested deeper than a document can show.

    Raises:
        DocumentInputError: more than `MAXIMUM_DEPTH` levels.
    """
    if depth > MAXIMUM_DEPTH:
        raise DocumentInputError(f"A document shows at most {MAXIMUM_DEPTH} levels of nested data.")
    if isinstance(value, Mapping):
        for member in value.values():
            check_depth(member, depth=depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for member in value:
            check_depth(member, depth=depth + 1)

"""What the identifiers inside an act stand for, so that *person-1* is read as a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dedere.papers.particulars import is_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.papers.particulars import Json

_NAMING_MEMBERS = ("alias", "name", "title", "measure", "kind")
_LONGEST_NAME = 80


def names_in(data: Json) -> dict[str, str]:
    """Identifier → name, for everything in the data that has both. A protected person is named by the alias only.

    The first name found for an identifier is kept. Coded words (a measure's kind) stay codes; the pen words them.
    """
    names: dict[str, str] = {}
    for identifier, name in _named(data):
        names.setdefault(identifier, name)
    return names


def _named(data: Json) -> Iterator[tuple[str, str]]:
    if isinstance(data, Mapping):
        identifier = data.get("id")
        name = _name_of(data)
        if isinstance(identifier, str) and identifier and name and name != identifier:
            yield identifier, name
        for member in data.values():
            yield from _named(member)
    elif is_list(data):
        for member in data:
            yield from _named(member)


def _name_of(data: Mapping[str, Json]) -> str:
    protected = data.get("protected") is True
    if protected:
        return str(data.get("alias") or "")
    identity = data.get("identity")
    candidates: Sequence[Json] = [data.get(member) for member in _NAMING_MEMBERS]
    if isinstance(identity, Mapping):
        candidates = [identity.get("name"), *candidates]
    for candidate in candidates:
        if isinstance(candidate, str) and candidate and "\n" not in candidate and len(candidate) <= _LONGEST_NAME:
            return candidate
    return ""

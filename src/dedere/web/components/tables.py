"""Reading and changing the nested tables of a request by data path; nothing is changed in place."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence

Tables = dict[str, object]


def value_at(tables: Mapping[str, object], path: str) -> object:
    """What stands at a path that passes through no list; None for nothing."""
    found: object = tables
    for part in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def rows_at(tables: Mapping[str, object], path: str) -> list[Mapping[str, object]]:
    """The rows of the list at a path."""
    found = value_at(tables, path)
    if not isinstance(found, Sequence) or isinstance(found, str):
        return []
    return [row for row in found if isinstance(row, Mapping)]


def with_values(tables: Mapping[str, object], values: Mapping[str, object]) -> Tables:
    """The tables with each path set to its value; a blank value takes the path away, and with it an empty group."""
    changed = copy.deepcopy(dict(tables))
    for path, value in values.items():
        _set(changed, path.split("."), value)
    return changed


def with_row(tables: Mapping[str, object], path: str, *, index: int | None, row: Mapping[str, object]) -> Tables:
    """The tables with one row replaced, or added at the end when `index` (from 0) is None."""
    rows = rows_at(tables, path)
    kept = [row if place == index else each for place, each in enumerate(rows)]
    return with_values(tables, {path: [*kept, row] if index is None else kept})


def without_row(tables: Mapping[str, object], path: str, index: int) -> Tables:
    """The tables without one row (from 0)."""
    rows = [row for place, row in enumerate(rows_at(tables, path)) if place != index]
    return with_values(tables, {path: rows})


def next_id(rows: Sequence[Mapping[str, object]], stem: str) -> str:
    """The next free id of a list, e.g. `person-3`; ids of removed rows are not given again while later ones stand."""
    taken = {str(row.get("id", "")) for row in rows}
    number = len(rows) + 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def _set(tables: Tables, parts: list[str], value: object) -> None:
    first, rest = parts[0], parts[1:]
    if not rest:
        if is_blank(value):
            tables.pop(first, None)
        else:
            tables[first] = value
        return
    inside = tables.get(first)
    below: Tables = dict(inside) if isinstance(inside, Mapping) else {}
    _set(below, rest, value)
    if below:
        tables[first] = below
    else:
        tables.pop(first, None)


def is_blank(value: object) -> bool:
    """Whether a value says nothing; `False` and 0 say something."""
    return value is None or value == "" or (isinstance(value, Mapping | Sequence) and not value)

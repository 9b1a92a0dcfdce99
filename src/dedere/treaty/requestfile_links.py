"""Checks inside a request file that a schema cannot express: ids, links, safe paths, aliases, sections of the kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.treaty.requestfile_problems import Problem, path_text
from dedere.treaty.requestfile_schema import properties_of
from dedere.treaty.wording import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "mla": ("measure",),
    "extradition": ("extradition", "property"),
    "provisional-arrest": ("provisional_arrest", "extradition"),
    "simplified-extradition": ("simplified",),
    "transit": ("transit",),
    "property": ("property",),
    "speciality-consent": ("speciality",),
    "re-extradition-consent": ("re_extradition",),
    "prosecution-of-national": ("prosecution",),
    "transfer": ("transfer",),
    "transfer-interest": ("transfer",),
    "transfer-provisional": ("transfer",),
    "jit": ("jit",),
    "spontaneous-information": ("spontaneous",),
}
"""The sections a file of each kind may have beside `request`."""

_REFERRED = ("request.persons", "request.facts.statements", "request.annexes", "request.assistance.items")
_IDENTIFYING = ("identity", "location")

type_path = tuple[str | int, ...]


def linked_problems(tables: Mapping[str, object], *, schema: Mapping[str, object]) -> Iterator[Problem]:
    """Every problem of ids, links, text, paths, aliases and sections in tables the schema has accepted."""
    leaves = list(_leaves(tables, schema, path=()))
    known = {target: _ids(tables, target) for target in _REFERRED}
    for target in _REFERRED:
        yield from _repeated_ids(tables, target)
    for path, value, part in leaves:
        yield from _text_problems(path, value, part)
        yield from _link_problems(path, value, part, known=known)
    yield from _attachment_problems(tables)
    yield from _alias_problems(tables)
    yield from _section_problems(tables)


def rows_at(tables: Mapping[str, object], target: str) -> list[Mapping[str, object]]:
    """The rows of a list of tables by its data path; none where it is absent."""
    current: object = tables
    for name in target.split("."):
        current = current.get(name) if isinstance(current, dict) else None
    return [row for row in current if isinstance(row, dict)] if isinstance(current, list) else []


def _leaves(
    value: object, part: Mapping[str, object], *, path: type_path
) -> Iterator[tuple[type_path, object, Mapping[str, object]]]:
    if isinstance(value, dict):
        inside = properties_of(part)
        for name, below in value.items():
            yield from _leaves(below, inside[name], path=(*path, name))
    elif isinstance(value, list) and properties_of(part):
        for index, row in enumerate(value):
            yield from _leaves(row, {"properties": properties_of(part)}, path=(*path, index))
    else:
        yield path, value, part


def _ids(tables: Mapping[str, object], target: str) -> set[str]:
    return {str(row.get("id")) for row in rows_at(tables, target)}


def _repeated_ids(tables: Mapping[str, object], target: str) -> Iterator[Problem]:
    seen: set[object] = set()
    for index, row in enumerate(rows_at(tables, target), start=1):
        if row.get("id") in seen:
            yield Problem(f"{target}[{index}].id", "another row of this list has the same id")
        seen.add(row.get("id"))


def _text_problems(path: type_path, value: object, part: Mapping[str, object]) -> Iterator[Problem]:
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    for text in texts:
        if not is_plain(str(text), lines=True):
            yield Problem(path_text(path), "expected text without control characters")
        elif "\n" in str(text) and ("pattern" in part or part.get("maxLength") != _LONG):
            yield Problem(path_text(path), "expected text on one line")


_LONG = 100_000


def _link_problems(
    path: type_path, value: object, part: Mapping[str, object], *, known: Mapping[str, set[str]]
) -> Iterator[Problem]:
    target = part.get("x-refers-to")
    if not isinstance(target, str):
        return
    for link in value if isinstance(value, list) else [value]:
        if link not in known[target]:
            yield Problem(path_text(path), f"points to {link}, which no row of {target} has as its id")


def _attachment_problems(tables: Mapping[str, object]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, row in enumerate(rows_at(tables, "request.annexes"), start=1):
        path = str(row.get("path"))
        where = f"request.annexes[{index}].path"
        if not is_safe_path(path):
            yield Problem(where, "expected a path below the request file's folder, with forward slashes")
        elif path in seen:
            yield Problem(where, "another attachment has the same path")
        seen.add(path)


def is_safe_path(path: str) -> bool:
    """Whether a path stays below its folder on every system: no root, drive, backslash, dot segment or hidden turn."""
    segments = path.split("/")
    return not (
        "\\" in path
        or ":" in path
        or not is_plain(path)
        or any(segment in {"", ".", ".."} or segment != segment.strip() for segment in segments)
    )


def _alias_problems(tables: Mapping[str, object]) -> Iterator[Problem]:
    for index, row in enumerate(rows_at(tables, "request.persons"), start=1):
        where = f"request.persons[{index}]"
        if row.get("protected") is not True:
            continue
        if not row.get("alias"):
            yield Problem(f"{where}.alias", "a protected person needs an alias")
        for name in _IDENTIFYING:
            if row.get(name):
                yield Problem(f"{where}.{name}", "a protected person appears by alias only; leave this out")


def _section_problems(tables: Mapping[str, object]) -> Iterator[Problem]:
    request = tables.get("request")
    kind = str(request.get("kind")) if isinstance(request, dict) else ""
    allowed = SECTIONS.get(kind, ())
    for section in tables:
        if section not in {"format", "request", *allowed}:
            yield Problem(section, f"a request of kind {kind} has no such section")

"""Checks tables against the published schema of the request file and says in words what each field expected.

Interprets exactly the keywords that the schema uses; a keyword it does not know is a defect, never passed over.
A general validator agrees with it in the tests and is left out at run time: it costs a second at every start.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from dedere.base.errors import DefectError
from dedere.treaty.requestfile_problems import Problem, path_text
from dedere.treaty.wording import day_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Path: TypeAlias = tuple[str | int, ...]
Part: TypeAlias = "Mapping[str, object]"

_ANNOTATIONS = frozenset({"$schema", "$id", "title", "description", "x-refers-to"})
_TYPES: Mapping[str, tuple[type, str]] = {
    "string": (str, "text in quotation marks"),
    "boolean": (bool, "true or false"),
    "integer": (int, "a whole number"),
    "array": (list, "a list"),
    "object": (dict, "a table of fields"),
}
_FOUND: Mapping[type, str] = {
    bool: "true or false",
    str: "text",
    int: "a number",
    float: "a number",
    dict: "a table",
    list: "a list",
    type(None): "nothing (null)",
}
_PATTERNS: Mapping[str, str] = {
    "^[A-Z]{2}$": "a State as its two-letter code in capitals, e.g. NL",
    "^[A-Z]$": "one capital letter",
    "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$": "a language code, e.g. fr",
    "^[a-z0-9][a-z0-9-]{0,39}$": "an id of small letters, digits and hyphens, e.g. person-1",
    "^[a-z0-9][a-z0-9.-]{0,79}$": "an id of small letters, digits, hyphens and dots, e.g. practice.police-first",
    "^[a-z0-9]+/[a-z0-9.+-]+$": "a media type, e.g. application/pdf",
}
_LONGEST_KEY_SHOWN = 60


def schema_problems(value: object, part: Part, *, path: Path = ()) -> Iterator[Problem]:
    """Every way in which `value` breaks the schema `part`, in the order of the value."""
    wrong_type = _type_problem(value, part, path=path)
    if wrong_type is not None:
        yield wrong_type
        return
    for keyword, rule in part.items():
        if keyword in _ANNOTATIONS or keyword == "type":
            continue
        check = _CHECKS.get(keyword)
        if check is None:
            raise DefectError(f"The schema of the request file uses {keyword}, which nothing checks.")
        yield from check(_Asked(value, rule, path))


def _type_problem(value: object, part: Part, *, path: Path) -> Problem | None:
    wanted = part.get("type")
    if wanted is None:
        return None
    kind, expected = _TYPES[str(wanted)]
    if type(value) is kind:
        return None
    return Problem(path_text(path), f"expected {expected}, found {_FOUND.get(type(value), 'a date or time')}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """One keyword of the schema put to one value whose type is already right."""

    value: object
    rule: object
    path: Path

    def refuse(self, expected: str) -> Iterator[Problem]:
        yield Problem(path_text(self.path), expected)


def _properties(asked: _Asked) -> Iterator[Problem]:
    known = asked.rule if isinstance(asked.rule, dict) else {}
    for name, below in asked.value.items() if isinstance(asked.value, dict) else ():
        if name in known:
            yield from schema_problems(below, known[name], path=(*asked.path, name))
        else:
            yield from asked.refuse(_unknown(str(name), [str(key) for key in known]))


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]}" if near else ""
    shown = name if len(name) <= _LONGEST_KEY_SHOWN and name.isprintable() else "of that name"
    return f"there is no field {shown} here{hint}"


def _required(asked: _Asked) -> Iterator[Problem]:
    for name in asked.rule if isinstance(asked.rule, list) else ():
        if isinstance(asked.value, dict) and name not in asked.value:
            yield Problem(path_text((*asked.path, str(name))), "is needed before the file can be read")


def _closed(asked: _Asked) -> Iterator[Problem]:
    # Unknown names are reported by `_properties`, in the order of the file; here the schema must forbid them.
    if asked.rule is not False:
        raise DefectError("The schema of the request file lets unknown fields pass.")
    yield from ()


def _items(asked: _Asked) -> Iterator[Problem]:
    inside = asked.rule if isinstance(asked.rule, dict) else {}
    for index, row in enumerate(asked.value if isinstance(asked.value, list) else ()):
        yield from schema_problems(row, inside, path=(*asked.path, index))


def _unique(asked: _Asked) -> Iterator[Problem]:
    rows = [repr(row) for row in asked.value] if isinstance(asked.value, list) else []
    if len(set(rows)) != len(rows):
        yield from asked.refuse("the same entry stands here twice")


def _choice(asked: _Asked) -> Iterator[Problem]:
    choices = [str(choice) for choice in asked.rule] if isinstance(asked.rule, list) else [str(asked.rule)]
    if isinstance(asked.value, str) and asked.value in choices:
        return
    near = difflib.get_close_matches(str(asked.value)[:_LONGEST_KEY_SHOWN], choices, n=1)
    hint = f"; did you mean {near[0]}" if near and len(choices) > 1 else ""
    expected = f"one of {', '.join(choices)}" if len(choices) > 1 else f'"{choices[0]}"'
    yield from asked.refuse(f"expected {expected}{hint}")


def _pattern(asked: _Asked) -> Iterator[Problem]:
    # `\Z` where the published pattern has `$`: Python's `$` would let a final line break pass.
    if not re.search(str(asked.rule).removesuffix("$") + r"\Z", str(asked.value)):
        yield from asked.refuse(f"expected {_PATTERNS[str(asked.rule)]}")


def _format(asked: _Asked) -> Iterator[Problem]:
    if day_from(str(asked.value)) is None:
        yield from asked.refuse("expected a day that exists, written like 2026-11-24")


def _size(asked: _Asked) -> int:
    value = asked.value
    return len(value) if isinstance(value, str | list) else int(str(value))


def _at_most(unit: str) -> Callable[[_Asked], Iterator[Problem]]:
    def check(asked: _Asked) -> Iterator[Problem]:
        if _size(asked) > int(str(asked.rule)):
            yield from asked.refuse(f"expected at most {asked.rule}{unit}")

    return check


def _at_least(asked: _Asked) -> Iterator[Problem]:
    if _size(asked) < int(str(asked.rule)):
        yield from asked.refuse(f"expected at least {asked.rule}")


_CHECKS: Mapping[str, Callable[[_Asked], Iterator[Problem]]] = {
    "required": _required,
    "properties": _properties,
    "additionalProperties": _closed,
    "items": _items,
    "uniqueItems": _unique,
    "enum": _choice,
    "const": _choice,
    "pattern": _pattern,
    "format": _format,
    "maxLength": _at_most(" characters"),
    "maxItems": _at_most(" rows"),
    "minimum": _at_least,
    "maximum": _at_most(""),
}

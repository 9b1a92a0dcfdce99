"""The published JSON Schema of the request file, and the shape of each of its fields."""

from __future__ import annotations

import enum
import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from dedere.base.errors import DefectError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FORMAT = "dedere-request/1"
_FILE = "dedere-request-1.json"


class Shape(enum.StrEnum):
    """What a field holds."""

    TEXT = "text"
    DAY = "day"
    FLAG = "flag"
    NUMBER = "number"
    CHOICE = "choice"
    WORDS = "words"
    LINKS = "links"
    GROUP = "group"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the format: its path, shape, plain description, allowed words, what its ids point to.

    `has_form`: a text of a fixed form, such as a code, which cannot be left blank.
    """

    path: str
    shape: Shape
    description: str
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    has_form: bool = False


def schema_text() -> str:
    """The published schema, byte for byte as packaged."""
    return (resources.files("dedere.treaty") / "data" / "schema" / _FILE).read_text(encoding="utf-8")


@functools.cache
def schema() -> Mapping[str, object]:
    """The published schema as data; do not change it."""
    loaded = json.loads(schema_text())
    if not isinstance(loaded, dict):
        raise DefectError("The packaged schema of the request file is not a table.")
    return loaded


@functools.cache
def fields() -> Mapping[str, Field]:
    """Every field by its data path, in the order of the schema; rows are passed through without an index."""
    return {field.path: field for field in _fields_of("", schema())}


def properties_of(part: Mapping[str, object]) -> Mapping[str, Mapping[str, object]]:
    """The fields inside a table's schema, or inside each row of a list's; none for a plain value."""
    items = part.get("items")
    inside = items if part.get("type") == "array" and isinstance(items, dict) else part
    properties = inside.get("properties", {})
    return properties if isinstance(properties, dict) else {}


def _fields_of(prefix: str, part: Mapping[str, object]) -> Iterator[Field]:
    for name, inside in properties_of(part).items():
        path = f"{prefix}.{name}" if prefix else name
        yield _field(path, inside)
        yield from _fields_of(path, inside)


def _field(path: str, part: Mapping[str, object]) -> Field:
    choices = part.get("enum", ())
    return Field(
        path=path,
        shape=_shape(part),
        description=str(part.get("description", "")),
        choices=tuple(str(choice) for choice in choices) if isinstance(choices, list) else (),
        refers_to=str(part.get("x-refers-to", "")),
        has_form="pattern" in part,
    )


def _shape(part: Mapping[str, object]) -> Shape:
    match part:
        case {"x-refers-to": _}:
            return Shape.LINKS
        case {"enum": _} | {"const": _}:
            return Shape.CHOICE
        case {"format": "date"}:
            return Shape.DAY
        case {"type": "array", "items": {"type": "object"}}:
            return Shape.ROWS
        case {"type": str(kind)}:
            return _PLAIN[kind]
        case _:
            raise DefectError("The packaged schema of the request file has a field without a shape.")


_PLAIN = {
    "string": Shape.TEXT,
    "boolean": Shape.FLAG,
    "integer": Shape.NUMBER,
    "object": Shape.GROUP,
    "array": Shape.WORDS,
}

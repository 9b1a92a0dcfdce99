"""Values of the queries as plain JSON, and the JSON schema of each, read off its type: nothing is modelled twice."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from enum import Enum

from dedere.base.clock import format_instant
from dedere.base.finding import Finding
from dedere.base.reference import Reference

Schema = dict[str, object]
# Names that types of the queries use and that are only imported there while types are checked.
_NAMES = {"Reference": Reference, "Finding": Finding, "Mapping": Mapping}
_SIMPLE: Mapping[object, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    type(None): {"type": "null"},
    dt.datetime: {"type": "string", "format": "date-time"},
    dt.date: {"type": "string", "format": "date"},
    object: {},
}


def plain(value: object) -> object:
    """The value as JSON has it: instants in UTC, days as days, tuples as lists."""
    match value:
        case Enum():
            made: object = value.value
        case dt.datetime():
            made = format_instant(value)
        case dt.date():
            made = value.isoformat()
        case Mapping():
            made = {str(name): plain(each) for name, each in value.items()}
        case tuple() | list():
            made = [plain(each) for each in value]
        case _ if dataclasses.is_dataclass(value):
            made = {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        case _:
            made = value
    return made


def schema_of(kind: object, known: dict[str, Schema]) -> Schema:
    """The JSON schema of a type; dataclasses are put into `known` under their names and referred to."""
    if kind in _SIMPLE:
        return dict(_SIMPLE[kind])
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [schema_of(each, known) for each in inner]}
    if origin is tuple:
        return {"type": "array", "items": schema_of(inner[0], known)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object"}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"type": "string", "enum": [each.value for each in kind]}
    if not (isinstance(kind, type) and dataclasses.is_dataclass(kind)):
        raise TypeError(f"{kind} has no schema.")
    if kind.__name__ not in known:
        made: Schema = {"type": "object", "additionalProperties": False}
        known[kind.__name__] = made
        hints = typing.get_type_hints(kind, localns=_NAMES)
        names = [field.name for field in dataclasses.fields(kind)]
        made["required"] = names
        made["properties"] = {name: schema_of(hints[name], known) for name in names}
    return {"$ref": f"#/components/schemas/{kind.__name__}"}

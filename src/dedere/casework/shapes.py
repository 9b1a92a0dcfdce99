"""The shapes of act bodies: what `data/acts.toml` prescribes, and the check that a body has it.

A body is read by another State's software years later, so nothing undeclared is let in. Only the shape is judged
here, never whether the act is allowed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.clock import parse_instant
from dedere.base.errors import InputError
from dedere.casework.errors import BodyError, ProcedureDataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.casework.acts import JSON

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_STATE = re.compile(r"[A-Z]{2}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LINE_LENGTH = 300
_TEXT_LENGTH = 100_000
_LIST_LENGTH = 2_000
_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a shape. `many` is "" (one value), "list" or "some" (at least one)."""

    name: str
    type: str
    required: bool = True
    many: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one kind of object, in the order in which they are written."""

    name: str
    fields: tuple[Field, ...]
    by_name: Mapping[str, Field]
    required: frozenset[str]


class Shapes:
    """All shapes by name. `check` lets a value through or says what is wrong with it and where."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self._shapes = dict(shapes)
        for shape in self._shapes.values():
            for each in shape.fields:
                if each.type not in _SIMPLE and each.type not in self._shapes:
                    raise ProcedureDataError(f"The shape {shape.name} uses the unknown type {each.type}.")

    def __getitem__(self, name: str) -> Shape:
        return self._shapes[name]

    def check(self, value: JSON, shape: Shape, *, at: str) -> None:
        """Let `value` through if it is an object of this shape.

        Raises:
            BodyError: it is not; the sentence names the field, as a path from `at`.
        """
        if not isinstance(value, Mapping):
            raise BodyError(f"{at} must be an object.")
        for name, each in value.items():
            field = shape.by_name.get(name)
            if field is None:
                raise BodyError(f"{at} has a field that {shape.name} does not know: {str(name)[:40]!r}.")
            if field.many:
                self._check_many(each, field, at=f"{at}.{name}")
            else:
                self._check_one(each, field, at=f"{at}.{name}")
        if not shape.required <= value.keys():
            missing = next(each.name for each in shape.fields if each.required and each.name not in value)
            raise BodyError(f"{at}.{missing} is missing.")

    def _check_many(self, value: JSON, field: Field, *, at: str) -> None:
        if not isinstance(value, (list, tuple)):
            raise BodyError(f"{at} must be a list.")
        if field.many == "some" and not value:
            raise BodyError(f"{at} needs at least one entry.")
        if len(value) > _LIST_LENGTH:
            raise BodyError(f"{at} has more than {_LIST_LENGTH} entries.")
        for index, entry in enumerate(value):
            self._check_one(entry, field, at=f"{at}[{index}]")

    def _check_one(self, value: JSON, field: Field, *, at: str) -> None:
        if field.choices:
            if value not in field.choices:
                raise BodyError(f"{at} must be one of: {', '.join(field.choices)}.")
        elif field.type in _SIMPLE:
            expected = _SIMPLE[field.type](value)
            if expected:
                raise BodyError(f"{at} must be {expected}.")
        else:
            self.check(value, self._shapes[field.type], at=at)


def parse_shape(name: str, fields: Mapping[str, object]) -> Shape:
    """The shape that a table of the data describes.

    Raises:
        ProcedureDataError: a field's type is not written in the language of `data/acts.toml`.
    """
    read = tuple(_parse_field(key, text) for key, text in fields.items())
    return Shape(
        name,
        fields=read,
        by_name={each.name: each for each in read},
        required=frozenset(each.name for each in read if each.required),
    )


def _parse_field(name: str, text: object) -> Field:
    if not isinstance(text, str) or not text:
        raise ProcedureDataError(f"The type of the field {name} is written as text.")
    required = not text.endswith("?")
    text = text.removesuffix("?")
    head, _, tail = text.partition(":")
    if head == "one-of":
        return Field(name, "choice", required, choices=tuple(tail.split("|")))
    if head in {"list", "some"}:
        return Field(name, tail, required, many=head)
    return Field(name, text, required)


def _expect(holds: bool, expected: str) -> str:  # noqa: FBT001 - the answer to a question asked in the same line
    return "" if holds else expected


def _matches(pattern: re.Pattern[str], expected: str) -> Callable[[JSON], str]:
    return lambda value: _expect(isinstance(value, str) and pattern.fullmatch(value) is not None, expected)


def _line(value: JSON) -> str:
    fits = isinstance(value, str) and 0 < len(value.strip()) <= len(value) <= _LINE_LENGTH and "\n" not in value
    return _expect(fits, f"one line of text, at most {_LINE_LENGTH} characters")


def _text(value: JSON) -> str:
    fits = isinstance(value, str) and 0 < len(value.strip()) <= len(value) <= _TEXT_LENGTH
    return _expect(fits, f"text, at most {_TEXT_LENGTH} characters")


def _date(value: JSON) -> str:
    expected = "a date like 2026-11-24"
    if not isinstance(value, str):
        return expected
    try:
        return _expect(dt.date.fromisoformat(value).isoformat() == value, expected)
    except ValueError:
        return expected


def _instant(value: JSON) -> str:
    expected = "an instant like 2026-11-24T09:30:00Z"
    if not isinstance(value, str):
        return expected
    try:
        parse_instant(value)
    except InputError:
        return expected
    return ""


def _any(value: JSON) -> str:
    return _expect(_shallow(value, _DEPTH), f"nested less than {_DEPTH} deep")


def _shallow(value: JSON, left: int) -> bool:
    if isinstance(value, Mapping):
        return left > 0 and all(_shallow(each, left - 1) for each in value.values())
    if isinstance(value, (list, tuple)):
        return left > 0 and all(_shallow(each, left - 1) for each in value)
    return True


def _object(value: JSON) -> str:
    return _expect(isinstance(value, Mapping), "an object") or _any(value)


def _yes_no(value: JSON) -> str:
    return _expect(isinstance(value, bool), "true or false")


def _count(value: JSON) -> str:
    return _expect(type(value) is int and value >= 0, "a whole number, zero or more")


_SIMPLE: Mapping[str, Callable[[JSON], str]] = {
    "choice": _any,
    "id": _matches(_ID, "an id: a to z, 0 to 9, dot, dash and underscore, at most 64 characters"),
    "state": _matches(_STATE, "a State's code of two capital letters"),
    "digest": _matches(_DIGEST, "a SHA-256 in 64 hexadecimal digits"),
    "line": _line,
    "text": _text,
    "date": _date,
    "instant": _instant,
    "yes-no": _yes_no,
    "count": _count,
    "object": _object,
    "any": _any,
}

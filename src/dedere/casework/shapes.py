"""The shapes of act bodies: what `data/acts.toml` prescribes, and the check that a body has it.

A body is read by another State's software years later, so nothing undeclared is let in. Only the shape is judged
here, never whether the act is allowed.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.clock import parse_instant
from dedere.base.errors import InputError
from dedere.casework.errors import BodyError, ProcedureDataError

if TYPE_CHECKING:
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
        # What each field of a shape must be, as quick tests; made when a shape is first asked for.
        self._tests: dict[str, tuple[Shape, dict[str, Callable[[JSON], bool]]]] = {}
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
        if not self._fits(value, shape):
            self._explain(value, shape, at=at)

    def _fits(self, value: JSON, shape: Shape) -> bool:
        """Whether `value` is such an object, without saying why not: nearly all are."""
        if not isinstance(value, dict):
            return False
        known = self._tests.get(shape.name)
        if known is None or known[0] is not shape:
            known = self._tests[shape.name] = (shape, {each.name: self._test_of(each) for each in shape.fields})
        tests = known[1]
        for name, each in value.items():
            test = tests.get(name)
            if test is None or not test(each):
                return False
        return shape.required <= value.keys()

    def _test_of(self, field: Field) -> Callable[[JSON], bool]:
        one: Callable[[JSON], bool]
        if field.choices:
            one = field.choices.__contains__
        elif field.type in _SIMPLE:
            one = _SIMPLE[field.type].holds
        else:
            one = functools.partial(self._fits, shape=self._shapes[field.type])
        if not field.many:
            return one
        fewest = 1 if field.many == "some" else 0
        return lambda value: (
            isinstance(value, (list, tuple)) and fewest <= len(value) <= _LIST_LENGTH and all(map(one, value))
        )

    def _explain(self, value: JSON, shape: Shape, *, at: str) -> None:
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
            simple = _SIMPLE[field.type]
            if not simple.holds(value):
                raise BodyError(f"{at} must be {simple.expected}.")
        else:
            self._explain(value, self._shapes[field.type], at=at)


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


@dataclass(frozen=True, slots=True)
class _Simple:
    """A type that is no shape: when it holds, and what it expects."""

    holds: Callable[[JSON], bool]
    expected: str


def _matches(pattern: re.Pattern[str]) -> Callable[[JSON], bool]:
    matched = pattern.fullmatch
    return lambda value: isinstance(value, str) and matched(value) is not None


def _line(value: JSON) -> bool:
    return isinstance(value, str) and len(value) <= _LINE_LENGTH and "\n" not in value and bool(value.strip())


def _text(value: JSON) -> bool:
    return isinstance(value, str) and len(value) <= _TEXT_LENGTH and bool(value.strip())


def _date(value: JSON) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _instant(value: JSON) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parse_instant(value)
    except InputError:
        return False
    return True


def _any(value: JSON) -> bool:
    return isinstance(value, str) or _shallow(value, _DEPTH)


def _shallow(value: JSON, left: int) -> bool:
    if isinstance(value, Mapping):
        return left > 0 and all(_shallow(each, left - 1) for each in value.values())
    if isinstance(value, (list, tuple)):
        return left > 0 and all(_shallow(each, left - 1) for each in value)
    return True


def _object(value: JSON) -> bool:
    return isinstance(value, Mapping) and _any(value)


def _yes_no(value: JSON) -> bool:
    return isinstance(value, bool)


def _count(value: JSON) -> bool:
    return type(value) is int and value >= 0


_SIMPLE: Mapping[str, _Simple] = {
    "choice": _Simple(_any, f"nested less than {_DEPTH} deep"),
    "id": _Simple(_matches(_ID), "an id: a to z, 0 to 9, dot, dash and underscore, at most 64 characters"),
    "state": _Simple(_matches(_STATE), "a State's code of two capital letters"),
    "digest": _Simple(_matches(_DIGEST), "a SHA-256 in 64 hexadecimal digits"),
    "line": _Simple(_line, f"one line of text, at most {_LINE_LENGTH} characters"),
    "text": _Simple(_text, f"text, at most {_TEXT_LENGTH} characters"),
    "date": _Simple(_date, "a date like 2026-11-24"),
    "instant": _Simple(_instant, "an instant like 2026-11-24T09:30:00Z"),
    "yes-no": _Simple(_yes_no, "true or false"),
    "count": _Simple(_count, "a whole number, zero or more"),
    "object": _Simple(_object, f"an object, nested less than {_DEPTH} deep"),
    "any": _Simple(_any, f"nested less than {_DEPTH} deep"),
}

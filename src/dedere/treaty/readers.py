"""How a value of the law's data is read: each reader says what it expects and refuses everything else."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from dedere.base.reference import Confidence, Status
from dedere.treaty import words
from dedere.treaty.quantity import Candidate, Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

_UNITS, _LASTING = frozenset(words.Unit), frozenset(words.Lasting)
_Word = TypeVar("_Word", bound=enum.StrEnum)


class ExpectedError(Exception):
    """Internal: a value is not what its key expects; the text completes "expected …". Never leaves the package."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How a value is read. `what` completes "expected …"; `read` raises `ExpectedError`."""

    what: str
    # Any: what it returns is the type of the attribute that the key fills; the model's annotations say which.
    read: Callable[[object], Any]


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ExpectedError("a text that is not empty")
    return value


def _maybe_text(value: object) -> str:
    if not isinstance(value, str):
        raise ExpectedError("a text")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ExpectedError("true or false")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ExpectedError("a whole number of at least 1")
    return value


def _day(value: object) -> dt.date:
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise ExpectedError("a day such as 2024-02-14")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ExpectedError("a list of texts")
    return tuple(value)


def _quantity(value: object) -> Quantity:
    if isinstance(value, dict) and len(value) == 1:
        ((unit, amount),) = value.items()
        if unit in _UNITS and isinstance(amount, int) and not isinstance(amount, bool) and amount > 0:
            return Quantity(amount, words.Unit(unit))
    raise ExpectedError("one quantity such as { days = 45 }, in hours, days, months, years or persons")


def _duration(value: object) -> Quantity | words.Lasting:
    if isinstance(value, str) and value in _LASTING:
        return words.Lasting(value)
    try:
        return _quantity(value)
    except ExpectedError as error:
        raise ExpectedError(f"{error}, or one of {', '.join(words.Lasting)}") from error


def _candidates(value: object) -> tuple[Candidate, ...]:
    if not isinstance(value, list) or not value:
        raise ExpectedError("a list of candidates such as [{ days = 45, source = … }]")
    found = []
    for item in value:
        if not isinstance(item, dict) or not isinstance(item.get("source"), str):
            raise ExpectedError("candidates that each name their source")
        rest = {key: part for key, part in item.items() if key != "source"}
        found.append(Candidate(_quantity(rest), item["source"]))
    return tuple(found)


def _counts(value: object) -> tuple[tuple[int, str], ...]:
    if not isinstance(value, list) or not value:
        raise ExpectedError("a list of candidates such as [{ instruments = 3, source = … }]")
    found = []
    for item in value:
        if not isinstance(item, dict) or set(item) != {"instruments", "source"}:
            raise ExpectedError("candidates that each have instruments and source")
        found.append((_whole(item["instruments"]), _text(item["source"])))
    return tuple(found)


def _exactly_one(value: object) -> int:
    if value != 1 or isinstance(value, bool):
        raise ExpectedError("the number 1, the version of the schema that this software reads")
    return 1


def word(kind: type[_Word]) -> Reader:
    """A reader of one word of the vocabulary `kind`."""
    what, known = "one of " + ", ".join(kind), frozenset(kind)

    def read(value: object) -> _Word:
        if not isinstance(value, str) or value not in known:
            raise ExpectedError(what)
        return kind(value)

    return Reader(what, read)


def word_list(kind: type[_Word]) -> Reader:
    """A reader of a list of words of the vocabulary `kind`."""
    one = word(kind)

    def read(value: object) -> tuple[_Word, ...]:
        if not isinstance(value, list):
            raise ExpectedError(f"a list, each {one.what}")
        return tuple(one.read(item) for item in value)

    return Reader(f"a list, each {one.what}", read)


def choice(*allowed: str) -> Reader:
    """A reader of one of the words given."""
    what = "one of " + ", ".join(allowed)

    def read(value: object) -> str:
        if value not in allowed or not isinstance(value, str):
            raise ExpectedError(what)
        return value

    return Reader(what, read)


TEXT = Reader("a text that is not empty", _text)
MAYBE_TEXT = Reader("a text", _maybe_text)
FLAG = Reader("true or false", _flag)
WHOLE = Reader("a whole number of at least 1", _whole)
SCHEMA_VERSION = Reader("the number 1", _exactly_one)
DAY = Reader("a day", _day)
TEXTS = Reader("a list of texts", _texts)
QUANTITY = Reader("one quantity such as { days = 45 }", _quantity)
DURATION = Reader(f"one quantity such as {{ years = 3 }}, or one of {', '.join(words.Lasting)}", _duration)
CANDIDATES = Reader("a list of candidates, each a quantity and its source", _candidates)
COUNTS = Reader("a list of candidates, each instruments and source", _counts)
STATUS = word(Status)
CONFIDENCE = word(Confidence)

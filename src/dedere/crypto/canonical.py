"""Canonical JSON (RFC 8785): one sequence of bytes for one value, and no other bytes accepted.

Does not validate against a schema and does not limit the size of the input: the caller has read it already.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from types import NoneType
from typing import TypeAlias

import rfc8785

from dedere.crypto.errors import CanonicalError

MAXIMUM_DEPTH = 64
"""Objects and arrays inside one another; real letters stay under ten."""

_GREATEST_INTEGER = 2**53 - 1
_FIRST_WITH_EXPONENT = 1e21
_PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)

JSON: TypeAlias = "dict[str, JSON] | list[JSON] | str | int | float | bool | None"


def canonical_json(value: object) -> bytes:
    """The canonical bytes of `value`, made of dicts with text keys, lists, tuples, text, numbers, booleans and None.

    Raises:
        CanonicalError: another type, a number JSON cannot carry exactly, half a character, too deep.
    """
    try:
        if _require_sound(value, 0):
            # The interpreter's own encoder, written in C, spells such values as RFC 8785 does.
            return _PLAIN.encode(value).encode("utf-8")
        # rfc8785 checks every element itself; its parameter type is a closed union that callers need not spell.
        return rfc8785.dumps(value)  # type: ignore[arg-type, no-any-return, unused-ignore]
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise CanonicalError(f"The value has no canonical JSON form: {error}.") from error


def parse_canonical(data: bytes) -> JSON:
    """The value whose canonical bytes are exactly `data`.

    Raises:
        CanonicalError: not UTF-8, not JSON, repeated names, NaN or infinity, too deep, or any other spelling of
            the same value.
    """
    try:
        value: JSON = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except CanonicalError:
        raise
    except (ValueError, RecursionError) as error:
        raise CanonicalError("The data is not JSON in UTF-8.") from error
    if canonical_json(value) != data:
        raise CanonicalError("The JSON is not in canonical form (RFC 8785).")
    return value


def _require_sound(value: object, depth: int) -> bool:
    """Whether the value is *plain*: of texts, truths, None and integers alone, with names of ASCII characters.

    Names of other characters are put in order by their UTF-16 form, and floats are written as ECMAScript does.
    """
    if isinstance(value, str | bool | NoneType):
        return True
    if isinstance(value, dict):
        plain = all(isinstance(name, str) and name.isascii() for name in value)
        children: Iterable[object] = value.values()
    elif isinstance(value, list | tuple):
        plain, children = True, value
    else:
        # Such a float is written like an integer that would be refused when it is read back.
        if isinstance(value, float) and _GREATEST_INTEGER < abs(value) < _FIRST_WITH_EXPONENT:
            raise CanonicalError("The value holds a number that JSON cannot carry exactly.")
        return isinstance(value, int) and -_GREATEST_INTEGER <= value <= _GREATEST_INTEGER
    if depth == MAXIMUM_DEPTH:
        raise CanonicalError(f"The JSON is nested more than {MAXIMUM_DEPTH} deep.")
    for child in children:
        plain = _require_sound(child, depth + 1) and plain
    return plain


def _unique(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CanonicalError("The JSON repeats a name within one object.")
    return found


def _refuse_constant(name: str) -> JSON:
    raise CanonicalError(f"The JSON holds {name}, which is no JSON number.")

"""Canonical JSON: one spelling for one value."""

from __future__ import annotations

import pytest

from dedere.crypto.canonical import JSON, MAXIMUM_DEPTH, canonical_json, parse_canonical
from dedere.crypto.errors import CanonicalError


def test_names_are_sorted_and_nothing_is_wasted() -> None:
    assert canonical_json({"b": [1, 2.5, None, True], "a": "ž/é"}) == '{"a":"ž/é","b":[1,2.5,null,true]}'.encode()


def test_canonical_bytes_give_their_value_back() -> None:
    value: JSON = {"answers": [], "case": "x", "sequence": 3}
    assert parse_canonical(canonical_json(value)) == value


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":1.0}',
        b'{"a":"\\u0041"}',
        b'\xef\xbb\xbf{"a":1}',
        b"1e2",
        b"-0",
    ],
)
def test_another_spelling_of_the_same_value_is_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        parse_canonical(data)


def test_a_repeated_name_is_refused() -> None:
    with pytest.raises(CanonicalError, match="repeats a name"):
        parse_canonical(b'{"a":1,"a":2}')


@pytest.mark.parametrize("data", [b"NaN", b'{"a":Infinity}', b"[-Infinity]"])
def test_what_is_no_number_is_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError, match="no JSON number"):
        parse_canonical(data)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"{'a':1}", b"[" * 100_000, b"9" * 5000, b"1e999", b'"\\ud800"'])
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        parse_canonical(data)


def test_nesting_is_limited() -> None:
    deep = b"[" * MAXIMUM_DEPTH + b"]" * MAXIMUM_DEPTH
    assert canonical_json(parse_canonical(deep)) == deep
    with pytest.raises(CanonicalError, match="deep"):
        parse_canonical(b"[" + deep + b"]")
    nested: object = 1
    for _ in range(MAXIMUM_DEPTH + 1):
        nested = {"a": nested}
    with pytest.raises(CanonicalError, match="deep"):
        canonical_json(nested)


@pytest.mark.parametrize("value", [2**60, 2.0**60, float("nan"), {1: 2}, b"bytes", {"a": object()}, "\ud800"])
def test_a_value_json_cannot_carry_exactly_has_no_canonical_form(value: object) -> None:
    with pytest.raises(CanonicalError):
        canonical_json(value)

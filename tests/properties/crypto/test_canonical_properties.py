"""What must hold of canonical JSON for every value and for every sequence of bytes."""

from __future__ import annotations

import json
import math

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from dedere.crypto.canonical import canonical_json, parse_canonical
from dedere.crypto.errors import CanonicalError

text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not 2**53 - 1 < abs(number) < 1e21),
    text,
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4))


def same(left: object, right: object) -> bool:
    """Equal as JSON: 1 and 1.0 are one number."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return math.isclose(left, right, rel_tol=0, abs_tol=0)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    return left == right


@given(value=values)
def test_a_value_survives_and_has_one_spelling(value: object) -> None:
    data = canonical_json(value)
    parsed = parse_canonical(data)
    assert same(parsed, value)
    assert canonical_json(parsed) == data


@given(value=values)
def test_the_bytes_are_those_of_the_reference(value: object) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # a closed union that we need not spell


@given(value=values, indent=st.sampled_from([None, 1]), sort=st.booleans())
def test_another_spelling_is_accepted_only_if_it_is_the_canonical_one(
    value: object, indent: int | None, *, sort: bool
) -> None:
    spelled = json.dumps(value, indent=indent, sort_keys=sort, ensure_ascii=False).encode("utf-8", "surrogatepass")
    try:
        parse_canonical(spelled)
    except CanonicalError:
        return
    assert spelled == canonical_json(value)


@given(data=st.binary(max_size=40) | st.text(alphabet='{}[]",:0123456789eE.-+ntfu\\ ', max_size=20).map(str.encode))
def test_whatever_arrives_is_canonical_or_refused(data: bytes) -> None:
    try:
        value = parse_canonical(data)
    except CanonicalError:
        return
    assert canonical_json(value) == data

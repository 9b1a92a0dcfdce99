"""Identifiers and chance: opaque, of one shape, the same for the same seed only in tests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedere.base.errors import InputError
from dedere.base.identifiers import RandomIdentifiers, SeededIdentifiers, require_identifier


@pytest.mark.parametrize("source", [RandomIdentifiers(), SeededIdentifiers("seed")], ids=["random", "seeded"])
def test_every_identifier_is_new_and_of_the_one_shape(source: RandomIdentifiers | SeededIdentifiers) -> None:
    made = [source.new() for _ in range(50)]
    assert len(set(made)) == 50
    assert [require_identifier(each) for each in made] == made
    assert [len(source.random_bytes(count)) for count in (0, 1, 33)] == [0, 1, 33]


@given(st.text(max_size=20))
def test_a_seed_is_a_sequence(seed: str) -> None:
    one, two = SeededIdentifiers(seed), SeededIdentifiers(seed)
    assert [one.new(), one.random_bytes(8), one.new()] == [two.new(), two.random_bytes(8), two.new()]
    assert SeededIdentifiers(seed + "x").new() != SeededIdentifiers(seed).new()


@pytest.mark.parametrize("text", ["", "a" * 25, "a" * 27, "A" * 26, "a" * 25 + "1", "../" + "a" * 23, "a" * 26 + "\n"])
def test_another_shape_is_no_identifier(text: str) -> None:
    with pytest.raises(InputError, match="26 characters"):
        require_identifier(text)


@given(st.from_regex(r"[a-z2-7]{26}", fullmatch=True))
def test_an_identifier_is_safe_in_urls_and_file_names(text: str) -> None:
    assert require_identifier(text) == text
    assert text.isascii()
    assert text.isalnum()

"""Words as the search knows them: in any script, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedere.node.search.words import PIECES_AT_MOST, asked, indexed, texts_in, words_of


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Affaire Ndèye Fatou", "NDEYE"),
        ("Stjepan Đurić", "stjepan đuric"),
        ("İstanbul", "istanbul"),
        ("Straße", "STRASSE"),
        ("ﬁle", "file"),
        ("Батбаяр", "БАТБАЯР"),
        ("الشَّاهِد", "شاهد"),
        ("أحمد", "احمد"),
        ("موسى", "موسي"),
        ("محـــمد", "محمد"),
        ("２０２６", "2026"),
        ("O’Brien", "o brien"),
        ("東京の証人", "証人"),
        ("พยาน", "ยาน"),
    ],
)
def test_what_readers_take_for_the_same_is_the_same(written: str, typed: str) -> None:
    held = f" {indexed([written])} "
    for _piece, words in asked(typed):
        assert f" {' '.join(words)}" in held


def test_the_arabic_article_is_taken_from_long_words_alone() -> None:
    assert list(words_of("الله البيت")) == ["الله", "بيت"]


@given(st.text())
def test_whatever_is_typed_becomes_letters_and_digits(text: str) -> None:
    for word in words_of(text):
        assert word
        assert all(each.isalnum() or each == "_" or not each.isascii() for each in word)
        assert '"' not in word


@given(st.text(max_size=50))
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    held = f" {indexed([text])} "
    for _piece, words in asked(text):
        assert f" {' '.join(words)}" in held


def test_more_pieces_than_eight_are_cut_off() -> None:
    assert len(asked("one two three four five six seven eight nine ten")) == PIECES_AT_MOST
    assert asked("… – !") == []


def test_every_text_of_plain_data_is_found_and_no_name_of_a_member() -> None:
    body = {"facts": ["one", {"place": "two"}], "count": 3, "open": True, "none": None, "raw": b"bytes"}
    assert list(texts_in(body)) == ["one", "two"]

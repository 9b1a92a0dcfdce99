"""One name, whichever alphabet, transliteration or ending it is written with; all names are fictional."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedere.casework.persons.spelling import bones, is_vowelless, prepare, sounds, stems


@pytest.mark.parametrize(
    "spellings",
    [
        ("Petrović", "Petrovic", "Petrovich", "Петрович", "Петровић", "PETROVIĆ", "Petrovitch", "Petrowitsch"),
        ("Youssef", "Yousef", "Jousef"),
        ("Mohammed", "Muhamad", "Mohamad", "Muhammad"),
        ("Yuri", "Yury", "Juri", "Юрий", "Iouri"),
        ("Shevchenko", "Schewtschenko", "Шевченко", "Chevtchenko"),
        ("Hussein", "Husayn", "Hossein", "Hussain"),
        ("Khalid", "Halid", "Халид"),
        ("Gonçalves", "Goncalves"),
        ("Müller", "Mueller", "Muller", "Мюллер"),
        ("Žižek", "Zizek", "Zhizhek", "Жижек"),
    ],
)
def test_spellings_of_one_name_share_a_sound(spellings: tuple[str, ...]) -> None:
    first = sounds(prepare(spellings[0]))
    for other in spellings[1:]:
        assert first & stems(prepare(other)), other


@pytest.mark.parametrize(
    ("full", "bare"),
    [
        ("Bashir", "بشير"),
        ("Hala", "هالة"),
        ("Khalid", "خالد"),
        ("Hussein", "حسين"),
        ("Sharif", "الشريف"),
        ("Levi", "לוי"),
    ],
)
def test_an_alphabet_without_vowels_shares_the_bones(full: str, bare: str) -> None:
    assert is_vowelless(bare)
    assert not is_vowelless(full)
    assert bones(prepare(full)) & bones(prepare(bare))


@pytest.mark.parametrize(
    "inflected",
    ["Петровића", "Петровичем", "Петровичу", "Petrovića", "Petrovićem", "Petrovićima", "Petrovicova", "Elpetrovic"],
)
def test_endings_do_not_hide_a_name(inflected: str) -> None:
    assert sounds("Petrovic") & stems(prepare(inflected))


@pytest.mark.parametrize("glued", ["Elbashir", "Albashir", "والبشير", "للبشير", "Abdalbashir"])
def test_articles_do_not_hide_a_name(glued: str) -> None:
    assert bones("Bashir") & bones(prepare(glued))


def test_different_names_stay_apart() -> None:
    names = ["Petrović", "Marković", "Jovanović", "Nikolić", "Shevchenko", "Bashir", "Sharif", "Hussein", "Ndiaye"]
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            assert not sounds(prepare(one)) & stems(prepare(other)), (one, other)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Petro-\nvić", "Petrovic"),
        ("Pet\u00adro\u200bvić", "Petrovic"),
        ("P e t r o v i c", "Petrovic"),
        ("P.e.t.r.o.v", "Petrov"),
        ("مُحَمَّد", "محمد"),
        ("ﬁeld", "field"),
    ],
)
def test_what_hides_a_word_is_taken_out(written: str, read: str) -> None:
    assert prepare(written) == read


def test_letters_that_only_look_latin_are_read_as_such() -> None:
    assert sounds("Petrovic") & sounds("Pеtrоviс")  # with Cyrillic е, о and с


def test_a_word_without_letters_has_no_sound() -> None:
    assert sounds("27") == frozenset()
    assert bones("aea") == frozenset()


def test_a_word_of_many_vowels_is_read_with_all_or_none_of_them() -> None:
    assert len(bones("Kikimikikumi")) == 2


@given(st.text(max_size=40))
def test_every_text_can_be_prepared_and_sounded(text: str) -> None:
    for word in prepare(text).split():
        assert sounds(word) <= stems(word)
        bones(word)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzçšžéü", min_size=4, max_size=12))
def test_case_and_accents_never_matter(word: str) -> None:
    assert sounds(prepare(word)) == sounds(prepare(word.upper()).lower())

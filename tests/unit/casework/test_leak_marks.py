"""What gives a protected person away is found in a text, and what does not is left; all persons are fictional."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import pytest

from dedere.casework.persons.identity import Document, Identity, Place, UncertainDate, WrittenName
from dedere.casework.persons.marks import Mark, Meaning, find_marks, marks_of

PEOPLE = {
    "dragan": Identity(
        names=(WrittenName("Petrović", "Dragan"),),
        born=UncertainDate("1971-05-27"),
        documents=(Document("passport", "AB 123 4567"), Document("card", "12")),
        contacts=("+381 64 123 4567", "dragan.p@example.org"),
        tell_tales=("the baker of Dol", "Shorty", "cat"),
        places=(Place("home", "12 Quai des Exemples, Dakar"),),
    ),
    "hassan": Identity(names=(WrittenName("al-Bashir", "Mohammed Hassan"),), born=UncertainDate("1980")),
    "hala": Identity(names=(WrittenName("الشريف", "هالة"), WrittenName("", ""))),
    "awa": Identity(names=(WrittenName("Sow", "Awa"), WrittenName("", "Awatine", alone=True))),
}


def known() -> Callable[[Collection[Mark]], Mapping[Mark, Mapping[str, Meaning]]]:
    index: dict[Mark, dict[str, Meaning]] = {}
    for person, identity in PEOPLE.items():
        for mark, meaning in marks_of(identity).items():
            index.setdefault(mark, {})[person] = meaning
    return lambda marks: {mark: index[mark] for mark in marks if mark in index}


def who(text: str, *, glued: bool = False) -> list[tuple[str, str]]:
    return [(hit.person, hit.words) for hit in find_marks(text, known(), glued=glued)]


@pytest.mark.parametrize(
    ("text", "person", "words"),
    [
        ("I saw Драган Петровић there", "dragan", "Драган Петровић"),
        ("in the house of Petrovića", "dragan", "Petrovica"),
        ("с Петровичем", "dragan", "Петровичем"),
        ("حضر محمد حسن البشير", "hassan", "محمد حسن البشير"),
        ("رأيت البشير", "hassan", "البشير"),
        ("Muhamad Hasan said", "hassan", "Muhamad Hasan"),
        ("Madame Hala El-Sherif came", "hala", "Hala El-Sherif"),
        ("Madame Sow", "awa", "Sow"),
        ("her friend awatine", "awa", "awatine"),
        ("born on 27 May 1971", "dragan", "27 May 1971"),
        ("née le 27 mai 1971", "dragan", "27 mai 1971"),
        ("on May 27th, 1971", "dragan", "May 27th, 1971"),
        ("27.05.1971", "dragan", "27.05.1971"),
        ("1971/5/27", "dragan", "1971/5/27"),
        ("٢٧/٥/١٩٧١", "dragan", "٢٧/٥/١٩٧١"),
        ("passport AB1234567", "dragan", "AB1234567"),
        ("tel 0038164 1234567", "dragan", "0038164 1234567"),
        ("tel 064 123 45 67 today", "dragan", "064 123 45 67"),
        ("write to dragan.p@example.org", "dragan", "dragan.p@example.org"),
        ("The Baker of Dol said", "dragan", "The Baker of Dol"),
        ("they call him Shorty", "dragan", "Shorty"),
        ("au 12, Quai des Exemples", "dragan", "12, Quai des Exemples"),
        ("P e t r o v i c", "dragan", "Petrovic"),
    ],
)
def test_what_gives_a_person_away_is_found(text: str, person: str, words: str) -> None:
    assert who(text) == [(person, words)]


@pytest.mark.parametrize(
    "text",
    [
        "they sow seed in May 1971", "Dragan came with Mohammed", "the baker of bread", "a cat on the quai", "حسن", "بشري",
        "27 May 1972", "99.99.1971", "no. 12", "0000", "in the year 1980", "Awa", "the road to Dakar", "1.2.3",
    ],
)  # fmt: skip
def test_what_does_not_is_left(text: str) -> None:
    assert who(text) == []


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("statement_dragan_petrovic-2.pdf", "dragan"),
        ("IMGdraganpetrovic01.jpg", "dragan"),
        ("PetrovicInterview.docx", "dragan"),
        ("AB1234567.pdf", "dragan"),
    ],
)
def test_words_run_into_one_another_in_the_names_of_files(name: str, person: str) -> None:
    assert {found for found, _words in who(name, glued=True)} == {person}


@pytest.mark.parametrize("name", ["statement-2.pdf", "IMG_20250114_101500.jpg", "annex3.docx", "sows.txt"])
def test_other_files_pass(name: str) -> None:
    assert who(name, glued=True) == []


def test_each_person_is_told_once_a_line_with_the_words_around() -> None:
    hits = find_marks("Petrović and Petrović\n" + "x " * 100 + "Petrović" + " y" * 100 + "\nlast", known())

    assert [hit.person for hit in hits] == ["dragan", "dragan"]
    assert hits[0].passage == "Petrovic and Petrovic"
    assert len(hits[1].passage) == 80 + len("Petrovic") + 80


def test_parts_far_from_one_another_are_not_a_name() -> None:
    assert who("Mohammed met five other people before Hassan came") == []
    assert who("Mohammed, Mohammed") == []


def test_a_given_name_in_another_script_is_the_same_part() -> None:
    marks = marks_of(Identity(names=(WrittenName("", "Dragan"), WrittenName("", "Драган"))))

    assert len({meaning.part for meaning in marks.values()}) == 1

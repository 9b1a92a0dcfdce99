"""Whether somebody is one who is known already, told by marks alone, across scripts. Every name is made up."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dedere.casework.persons.history import Likeness, likenesses
from dedere.casework.persons.identity import Document, Identity, Place, UncertainDate, WrittenName
from dedere.casework.persons.marks import Mark, Meaning, marks_of
from support.custody import WITNESS


def known(**identities: Identity) -> Mapping[Mark, Mapping[str, Meaning]]:
    found: dict[Mark, dict[str, Meaning]] = {}
    for person, identity in identities.items():
        for mark, meaning in marks_of(identity).items():
            found.setdefault(mark, {})[person] = meaning
    return found


def named(family: str, given: str = "", **more: object) -> Identity:
    return Identity(names=(WrittenName(family, given),), **more)  # type: ignore[arg-type] # fields of an identity


def likeness_of(identity: Identity, other: Identity) -> Likeness | None:
    return likenesses(marks_of(identity), known(other=other)).get("other")


@pytest.mark.parametrize(
    "name",
    [
        ("Vukašinović", "Dragoljub"),
        ("Vukasinovich", "Dragolyub"),
        ("Вукашинович", "Драголюб"),
        ("VUKASINOVIC", "DRAGOLJUB"),
    ],
)
def test_a_name_is_found_in_every_script_and_transliteration(name: tuple[str, str]) -> None:
    assert likeness_of(named(*name), WITNESS) in {Likeness.NAME, Likeness.PERHAPS}


def test_an_arabic_spelling_alone_is_perhaps() -> None:
    assert likeness_of(named("فوكاشينوفيتش", "دراغوليوب"), named("Vukašinović", "Dragoljub")) is not None


def test_a_number_of_a_document_says_most() -> None:
    other = named("Somebody", "Else", documents=(Document("passport", "QX7718842", "RS"),))
    assert likeness_of(other, WITNESS) is Likeness.NUMBER


def test_a_family_name_and_the_day_of_birth_say_more_than_a_name() -> None:
    assert likeness_of(named("Vukasinovic", born=UncertainDate("1971-05-27")), WITNESS) is Likeness.NAME_AND_BIRTH
    assert likeness_of(named("Nobody", born=UncertainDate("1971-05-27")), WITNESS) is None


def test_a_family_name_beside_another_given_name_is_nobody() -> None:
    assert likeness_of(named("Vukašinović", "Milena"), WITNESS) is None
    assert likeness_of(named("Petrović", "Dragan"), WITNESS) is None


def test_somebody_known_by_one_name_alone_is_perhaps_anybody_of_that_name() -> None:
    assert likeness_of(named("Dragoljub"), WITNESS) is Likeness.PERHAPS


def test_a_name_and_an_address_are_perhaps() -> None:
    other = named("Vukašinović", "Milena", places=(Place("home", "14 Ulica lipa"),))
    assert likeness_of(other, WITNESS) is Likeness.PERHAPS


def test_nobody_is_like_anybody_in_an_empty_index() -> None:
    assert likenesses(marks_of(WITNESS), {}) == {}

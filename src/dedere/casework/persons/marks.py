"""What gives a protected person away, as marks; and the marks in a text, with their places.

A *mark* is a kind and a key: the sound of a word, its bones, a number, a day, a phrase. Both sides of the leak guard
work on marks alone, so that the guard keeps a keyed digest of each and no name (`dedere.crypto.blinding`).
"""

from __future__ import annotations

import datetime as dt
import enum
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from anyascii import anyascii
from babel.dates import get_month_names

from dedere.casework.persons.spelling import (
    LEAST_BARE_BONES,
    LEAST_BONES,
    LEAST_WORD,
    PARTICLES,
    bones,
    is_vowelless,
    prepare,
    sounds,
    stems,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from dedere.casework.persons.identity import Identity


class MarkKind(enum.StrEnum):
    """What kind of mark. `BARE` are the bones of a word of which one spelling has no vowels."""

    WORD = "word"
    BONES = "bones"
    BARE = "bare"
    NUMBER = "number"
    DAY = "day"
    PHRASE = "phrase"


class Weight(enum.StrEnum):
    """When a mark stops a text: always, only where the word is written with a capital, only beside another part."""

    ALONE = "alone"
    CAPITAL = "capital"
    BESIDE = "beside"


class Mark(NamedTuple):
    """One mark."""

    kind: MarkKind
    key: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a mark means for a person: its weight, and which part of the name it is (0: none)."""

    weight: Weight
    part: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a text that gives somebody away. `start` and `end` are places in `passage`, which is the line."""

    person: str
    passage: str
    start: int
    end: int

    @property
    def words(self) -> str:
        """What stands there: for those who may know it."""
        return self.passage[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Token:
    """A word or number of a text with the marks it could be; `sound` is one of its sounds, always the same one."""

    start: int
    end: int
    marks: frozenset[Mark]
    capital: bool
    sound: str


_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"[^\W\d_]+(?:['’ʼ`-][^\W\d_]+)+")
_NUMERAL_DATE = re.compile(r"\b(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{1,4})\b")
_MONTH_LANGUAGES = ("en", "fr", "es", "nl", "de", "ru", "sr", "sr_Latn", "uk", "sl", "ar", "mn", "it", "pt")
_NEAR = 3
_LEAST_NUMBER = 5
_LEAST_DIGITS = 4
_LONGEST_NUMBER = 24
_TELEPHONE = 8
_LONGEST_PHRASE = 6
_GLUED = 7


def marks_of(identity: Identity) -> Mapping[Mark, Meaning]:
    """Every mark by which the identity can be told, with its weight."""
    found: dict[Mark, Meaning] = {}
    parts: dict[str, int] = {}
    for name in identity.names:
        for word in _name_words(name.family):
            _note_word(found, word, alone=True, part=_part(parts, word))
        for word in _name_words(name.given):
            _note_word(found, word, alone=name.alone, part=_part(parts, word))
    for number in (*(each.number for each in identity.documents), *identity.contacts):
        for key in _numbers_in(number):
            _note(found, Mark(MarkKind.NUMBER, key), Meaning(Weight.ALONE))
    addresses = [piece for place in identity.places for piece in _pieces_of(place.text)]
    for phrase in (*identity.contacts, *identity.tell_tales, *addresses):
        for mark in _phrase_marks(phrase):
            _note(found, mark, Meaning(Weight.ALONE))
    if (day := identity.born.day) is not None:
        _note(found, Mark(MarkKind.DAY, day.isoformat()), Meaning(Weight.ALONE))
    return found


def find_marks(
    text: str,
    known: Callable[[Collection[Mark]], Mapping[Mark, Mapping[str, Meaning]]],
    *,
    glued: bool = False,
) -> tuple[Hit, ...]:
    """Where `text` gives somebody away; each person once a line.

    `known` answers, for marks, whose they are and what they mean. `glued`: words may run into one another, as in the
    names of files.
    """
    prepared = prepare(text)
    tokens = list(_tokens(prepared, glued=glued))
    spans = [*_phrases(tokens), *_numbers(prepared, tokens), *_days(prepared)]
    wanted = {mark for token in tokens for mark in token.marks} | {mark for _start, _end, mark in spans}
    owners = known(wanted)
    raised = [
        *((start, end, person) for start, end, mark in spans for person in owners.get(mark, {})),
        *_raised_by_words(tokens, owners),
    ]
    return tuple(_hits(prepared, raised))


def _note_word(found: dict[Mark, Meaning], word: str, *, alone: bool, part: int) -> None:
    for sound in stems(word) if alone else sounds(word):
        if len(sound) >= LEAST_WORD:
            weight = Weight.ALONE if alone else Weight.BESIDE
        else:
            weight = Weight.CAPITAL if alone else Weight.BESIDE
        _note(found, Mark(MarkKind.WORD, sound), Meaning(weight, part))
    for bare in bones(word):
        _note(found, Mark(MarkKind.BONES, bare), Meaning(_bone_weight(bare, LEAST_BONES, alone=alone), part))
        _note(found, Mark(MarkKind.BARE, bare), Meaning(_bone_weight(bare, LEAST_BARE_BONES, alone=alone), part))
    if is_vowelless(word):
        # Any spelling with vowels is compared with what has none.
        for bare in bones(word):
            _note(found, Mark(MarkKind.BONES, bare), Meaning(_bone_weight(bare, LEAST_BARE_BONES, alone=alone), part))


def _bone_weight(bare: str, least: int, *, alone: bool) -> Weight:
    return Weight.ALONE if alone and len(bare) >= least else Weight.BESIDE


def _note(found: dict[Mark, Meaning], mark: Mark, meaning: Meaning) -> None:
    """Keep the graver of two meanings."""
    order = list(Weight)
    before = found.get(mark)
    if before is None or order.index(meaning.weight) < order.index(before.weight):
        found[mark] = meaning


def _part(parts: dict[str, int], word: str) -> int:
    """The number of the part of the name that the word is: spellings that sound alike are one part."""
    keys = {*sounds(word), *(f"-{bare}" for bare in bones(word))}
    number = next((parts[key] for key in sorted(keys) if key in parts), len(set(parts.values())) + 1)
    for key in keys:
        parts.setdefault(key, number)
    return number


def _name_words(name: str) -> Iterator[str]:
    for found in _WORD.finditer(prepare(name)):
        if found[0].casefold() not in PARTICLES:
            yield found[0]


def _tokens(text: str, *, glued: bool) -> Iterator[_Token]:
    for found in _WORD.finditer(text):
        word = found[0]
        if any(character.isdigit() for character in word) and not glued:
            yield _Token(found.start(), found.end(), frozenset(), capital=False, sound=_one_sound(word))
            continue
        for start, end in _pieces(word, glued=glued):
            piece = word[start:end]
            capital = piece[:1] != piece[:1].lower() or is_vowelless(piece)
            marks = frozenset(_word_marks(piece))
            sound = _one_sound(piece) if end - start == len(word) else ""
            yield _Token(found.start() + start, found.start() + end, marks, capital=capital, sound=sound)
    for found in _JOINED.finditer(text):
        whole = re.sub(r"\W", "", found[0])
        yield _Token(found.start(), found.end(), _word_marks(whole), capital=True, sound="")


def _pieces(word: str, *, glued: bool) -> Iterator[tuple[int, int]]:
    """The word, and where words may be glued together every beginning and end of it that could be one."""
    yield 0, len(word)
    if not glued:
        return
    for part in re.finditer(r"[^\W\d_]+", word):
        if part.span() != (0, len(word)):
            yield part.span()
        if part.end() - part.start() >= _GLUED:
            yield from ((part.start(), cut) for cut in range(part.start() + LEAST_WORD, part.end()))
            yield from ((cut, part.end()) for cut in range(part.start() + 1, part.end() - LEAST_WORD + 1))


@lru_cache(maxsize=8192)
def _word_marks(word: str) -> frozenset[Mark]:
    kind = MarkKind.BARE if is_vowelless(word) else MarkKind.BONES
    marks = {Mark(MarkKind.WORD, sound) for sound in stems(word)}
    return frozenset(marks | {Mark(kind, bare) for bare in bones(word)})


def _raised_by_words(
    tokens: list[_Token], owners: Mapping[Mark, Mapping[str, Meaning]]
) -> Iterator[tuple[int, int, str]]:
    seen: list[tuple[int, _Token, str, frozenset[int]]] = []
    for place, token in enumerate(tokens):
        meant: dict[str, list[Meaning]] = {}
        for mark in token.marks:
            for person, meaning in owners.get(mark, {}).items():
                meant.setdefault(person, []).append(meaning)
        for person, meanings in meant.items():
            weights = {meaning.weight for meaning in meanings}
            if Weight.ALONE in weights or (Weight.CAPITAL in weights and token.capital):
                yield token.start, token.end, person
            seen.append((place, token, person, frozenset(meaning.part for meaning in meanings)))
    for number, (place, token, person, parts) in enumerate(seen):
        for there, other, whose, others in seen[number + 1 :]:
            if there - place > _NEAR:
                break
            if whose == person and other.start >= token.end and len(parts | others) > 1:
                yield token.start, other.end, person


def _phrase_marks(phrase: str) -> Iterator[Mark]:
    """A phrase as the sounds of its words in their order; a single word has to be long enough to say something."""
    flat = [_one_sound(found[0]) for found in _WORD.finditer(prepare(phrase))][:_LONGEST_PHRASE]
    if len(flat) > 1 or any(len(sound) > LEAST_WORD for sound in flat):
        yield Mark(MarkKind.PHRASE, " ".join(flat))


def _pieces_of(place: str) -> Iterator[str]:
    """An address, and each piece of it that is more than one word."""
    yield place
    yield from (piece for piece in place.split(",") if len(_WORD.findall(piece)) > 1)


def _phrases(tokens: list[_Token]) -> Iterator[tuple[int, int, Mark]]:
    words = [token for token in tokens if token.sound]
    for first in range(len(words)):
        for last in range(first, min(first + _LONGEST_PHRASE, len(words))):
            key = " ".join(token.sound for token in words[first : last + 1])
            yield words[first].start, words[last].end, Mark(MarkKind.PHRASE, key)


@lru_cache(maxsize=8192)
def _one_sound(word: str) -> str:
    return min(sounds(word), default="") or anyascii(word).lower()


def _numbers_in(text: str) -> Iterator[str]:
    """The letters and digits of a number; nothing where too few of them are digits.

    Of one as long as a telephone's also its end, which every way of dialling it has in common.
    """
    key = "".join(character for character in anyascii(prepare(text)).upper() if character.isalnum())
    digits = sum(character.isdigit() for character in key)
    if _LEAST_NUMBER <= len(key) <= _LONGEST_NUMBER and digits >= _LEAST_DIGITS:
        yield key
        if digits == len(key) and digits > _TELEPHONE:
            yield f"…{key[-_TELEPHONE:]}"


def _numbers(text: str, tokens: list[_Token]) -> Iterator[tuple[int, int, Mark]]:
    """Numbers as they are written, in one piece or in several."""
    for first in range(len(tokens)):
        for last in range(first, min(first + _LONGEST_PHRASE, len(tokens))):
            start, end = tokens[first].start, tokens[last].end
            if end - start > 2 * _LONGEST_NUMBER or "\n" in text[start:end]:
                break
            for key in _numbers_in(text[start:end]):
                yield start, end, Mark(MarkKind.NUMBER, key)


def _days(text: str) -> Iterator[tuple[int, int, Mark]]:
    plain = "".join(str(unicodedata.digit(each)) if each.isdigit() else each for each in text)
    for found in _NUMERAL_DATE.finditer(plain):
        one, two, three = (int(part) for part in found.groups())
        for year, month, day in ((one, two, three), (three, two, one), (three, one, two)):
            if (known := _day(year, month, day)) is not None:
                yield found.start(), found.end(), Mark(MarkKind.DAY, known.isoformat())
    for found in _spoken_date().finditer(plain.casefold()):
        number = found["before"] or found["after"]
        known = _day(int(found["year"]), _months()[found["month"]], int(number)) if number else None
        if known is not None:
            yield found.start(), found.end(), Mark(MarkKind.DAY, known.isoformat())


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if year >= dt.MINYEAR + 999 else None
    except ValueError:
        return None


@lru_cache(maxsize=1)
def _months() -> Mapping[str, int]:
    names: dict[str, int] = {}
    for language in _MONTH_LANGUAGES:
        for context in ("format", "stand-alone"):
            for number, name in get_month_names("wide", context=context, locale=language).items():
                names[prepare(name).casefold()] = number
    return names


@lru_cache(maxsize=1)
def _spoken_date() -> re.Pattern[str]:
    month = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return re.compile(
        rf"\b(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th|er|e|\.)?,?\s+(?:of\s+|de\s+|d')?)?(?P<month>{month})"
        rf"(?:\s+(?P<after>\d{{1,2}})(?:st|nd|rd|th)?)?,?\s+(?:de\s+)?(?P<year>\d{{4}})\b"
    )


def _hits(text: str, raised: list[tuple[int, int, str]]) -> Iterator[Hit]:
    seen: set[tuple[int, str]] = set()
    for start, end, person in sorted(raised, key=lambda each: (each[0], each[0] - each[1])):
        line = text.rfind("\n", 0, start) + 1
        if (line, person) in seen:
            continue
        seen.add((line, person))
        until = text.find("\n", end)
        until = len(text) if until < 0 else until
        left, right = max(line, start - _AROUND), min(until, end + _AROUND)
        yield Hit(person, text[left:right], start - left, end - left)


_AROUND = 80

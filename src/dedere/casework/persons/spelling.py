"""One name in many spellings: the sound of a word, the same whichever alphabet and transliteration it is written in.

Every word is written in Latin letters (`anyascii`), then letters that stand for one another in common transliterations
are folded together: Petrović, Petrovich, Петрович, Петровић; Mohammed, Muhamad; Youri, Jurij, Юрий. Arabic and Hebrew
write few vowels, so a word also has its *bones*: its consonants alone. Folding is coarse on purpose, since a spelling
that is missed can kill and a stop too many costs a minute; what it costs is measured in `benchmarks/leak_guard.py`.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

LEAST_WORD = 4
"""The sound of a word that speaks for itself has at least so many letters."""

LEAST_BONES = 5
"""Consonants alone speak for themselves across alphabets with vowels from so many on."""

LEAST_BARE_BONES = 4
"""The same where one of the two is written in an alphabet without vowels."""

# Small words of names that say nothing about whose they are.
PARTICLES = frozenset(
    {
        "al", "el", "ul", "as", "ash", "ad", "an", "ar", "at", "az", "abu", "abou", "bin", "ben", "ibn", "bint", "umm",
        "van", "von", "der", "den", "de", "del", "della", "di", "da", "do", "dos", "la", "le", "les", "du", "des",
        "ten", "ter", "of", "the", "and", "y", "i", "und", "et", "e", "ou", "mc", "o", "zu", "zum", "zur", "oglu",
    }
)  # fmt: skip

_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_BROKEN_LINE = re.compile(r"(?<=[^\W\d_])[-\u2010\u2011]\s*\n\s*(?=[^\W\d_])")
_SPACED_OUT = re.compile(r"\b(?:[^\W\d_][ .·_]){3,}[^\W\d_]\b")
_VOWELLESS = re.compile("[\u0590-\u05ff\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
# What Arabic writes together with a word: small words of one letter, and the article, which is never part of a sound.
_ARABIC_ARTICLE = re.compile("^[\u0648\u0641\u0628\u0644\u0643]?(?:\u0627\u0644|\u0644\u0644)(?=..)")
_ARABIC_SMALL = re.compile("^[\u0648\u0641\u0628\u0644\u0643](?=...)")
# Letters of other alphabets that look like Latin ones, for words in which both stand.
_LOOKALIKES = str.maketrans("асеорхуіјѕкмнвтАСЕОРХУІЈЅКМНВТ", "aceopxyijskmhbtACEOPXYIJSKMHBT")

_FIRST: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        ("shch|tsch|sch|tch|tsh|dzh|zh|sh|sz|cz|ts|tz|dz|ss|ç", "s"),
        ("kh", "h"),
        ("gh", "g"),
        ("th|dt", "t"),
        ("dh", "d"),
        ("ph", "f"),
        ("ck|cq|qu|q", "k"),
        ("x", "ks"),
        ("ou|oo|uu", "u"),
        ("ee", "i"),
        ("([aou])e", r"\1"),
        ("c(?=[eiy])|z", "s"),
        ("l[jy](?=[aeou])|lj", "l"),
        ("n[jy](?=[aeou])|nj", "n"),
    )
)
# What one letter can stand for; each reading is a sound of its own.
_READINGS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile("ch"), ("s", "h")),
    (re.compile("dj"), ("s", "di")),
    (re.compile("c"), ("k", "s")),
    (re.compile("j"), ("i", "s")),
)
_LAST = str.maketrans({"e": "a", "o": "u", "y": "i", "w": "v"})
_SOFT = re.compile("(?<=[bdfghklmnprstvz])iu")
_TWICE = re.compile(r"(.)\1+")
_MOST_VOWELS = 3
# Endings that case, gender and belonging add to a name, as sounds.
_ENDINGS = (
    "ugu", "umu", "iava", "iavi", "iav", "uvi", "uva", "uvu", "ava", "avi", "ami", "ima", "ina", "uvim", "avim", "um",
    "am", "im", "ui", "ai", "ih", "ah", "uv", "av", "iu", "ia", "ua", "in", "as", "a", "u", "i", "s", "t",
)  # fmt: skip
_LEAST_STEM = 4
_PREFIXES = re.compile("^(?:al|el|ul|abd[aeu]?[lrsnztd]?|abd)(?=[a-z]{4})")


def prepare(text: str) -> str:
    """`text` with what hides a word taken out: invisible characters, accents, words broken over lines or spaced out."""
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    text = _BROKEN_LINE.sub("", unicodedata.normalize("NFC", text))
    return _SPACED_OUT.sub(lambda found: re.sub(r"[ .·_]", "", found[0]), text)


def is_vowelless(word: str) -> bool:
    """Whether the word is written in an alphabet that leaves vowels out."""
    return bool(_VOWELLESS.search(word))


@lru_cache(maxsize=8192)
def sounds(word: str) -> frozenset[str]:
    """The sounds of a prepared word as it stands: one for each way in which its letters may be read."""
    return frozenset(sound for latin in _latin(word) for sound in _fold(latin))


@lru_cache(maxsize=8192)
def stems(word: str) -> frozenset[str]:
    """The sounds of a prepared word, and those without an ending or an article: what a text may have made of a name."""
    found = set(sounds(word))
    for latin in _latin(word):
        rest = _PREFIXES.sub("", latin)
        if rest != latin:
            found |= _fold(rest)
    for sound in tuple(found):
        found |= {
            sound.removesuffix(ending)
            for ending in _ENDINGS
            if sound.endswith(ending) and len(sound) - len(ending) >= _LEAST_STEM
        }
    return frozenset(found)


@lru_cache(maxsize=8192)
def bones(word: str) -> frozenset[str]:
    """The consonants of a prepared word with and without its long vowels, for comparison across alphabets.

    Which i and u are long, and so written where vowels mostly are not, a word with all its vowels does not say: each is
    taken both ways.
    """
    found = set()
    for latin in _latin(word):
        for one in {latin, _PREFIXES.sub("", latin)}:
            for sound in _fold(one.replace("w", "u")):
                found |= _stripped(sound.removesuffix("h").replace("a", "").replace("v", "f"))
    return frozenset(found - {""})


def _stripped(sound: str) -> set[str]:
    """The sound with each of its vowels left out or not; with many vowels, all or none of them."""
    vowels = [place for place, letter in enumerate(sound) if letter in "iu"]
    if len(vowels) > _MOST_VOWELS:
        choices = [(), tuple(vowels)]
    else:
        choices = [chosen for size in range(len(vowels) + 1) for chosen in itertools.combinations(vowels, size)]
    return {
        _TWICE.sub(r"\1", "".join(letter for place, letter in enumerate(sound) if place not in chosen))
        for chosen in choices
    }


def _latin(word: str) -> set[str]:
    """The word in small Latin letters, with each way in which its script may be taken."""
    spelled = {word}
    if is_vowelless(word):
        bare = _ARABIC_ARTICLE.sub("", word)
        spelled = {bare, _ARABIC_SMALL.sub("", bare)}
    elif word.translate(_LOOKALIKES) != word and re.search("[A-Za-z]", word):
        spelled |= {word.translate(_LOOKALIKES)}
    latin = {re.sub("[^a-zç]", "", anyascii(each).lower()) for each in spelled}
    return latin - {""}


def _fold(latin: str) -> set[str]:
    for pattern, by in _FIRST:
        latin = pattern.sub(by, latin)
    readings = [latin]
    for letter, choices in _READINGS:
        readings = [
            letter.sub(choice, each)
            for each, choice in itertools.product(readings, choices)
            if letter.search(each) or choice == choices[0]
        ]
    return {_SOFT.sub("u", _TWICE.sub(r"\1", each.translate(_LAST))) for each in readings}

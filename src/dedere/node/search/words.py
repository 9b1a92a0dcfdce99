"""Words as the index knows them: the same for every way of writing that a reader takes for the same.

Case, accents, Arabic vowel signs and the article, width and ligatures do not count. Scripts that leave no room between
words are taken character by character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

_WORD = re.compile(r"\w+")
# Han, kana, Thai, Lao, Myanmar, Khmer: written without spaces.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_ARTICLE = "ال"
_SHORTEST_AFTER_ARTICLE = 3
# Letters that readers of Arabic script write for each other; the dotless i of Turkish.
_ALIKE = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": None, "ı": "i"}
)
PIECES_AT_MOST = 8
# No word of any language; a database's index has a limit, and a digest is found by its beginning.
_LONGEST = 200


def words_of(text: str) -> Iterator[str]:
    """The words of a text in order, each in the form in which it is indexed and asked for."""
    if text.isascii():
        yield from (found[:_LONGEST] for found in _WORD.findall(text.lower()))
        return
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_ALIKE)
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    for found in _WORD.findall(plain):
        for word in _UNSPACED.sub(r" \g<0> ", found).split():
            long_enough = len(word) >= len(_ARTICLE) + _SHORTEST_AFTER_ARTICLE
            yield (word.removeprefix(_ARTICLE) if long_enough else word)[:_LONGEST]


def indexed(texts: Sequence[str]) -> str:
    """Several texts as one line of words."""
    return " ".join(word for text in texts for word in words_of(text))


def asked(text: str) -> list[tuple[str, list[str]]]:
    """What somebody typed, piece by piece, each with its words, which stand together; every piece must be found.

    Characters of a script without spaces are words in their order. More than eight pieces are cut off.
    """
    return [(typed, words) for typed in text.split() if (words := list(words_of(typed)))][:PIECES_AT_MOST]


def texts_in(value: object) -> Iterator[str]:
    """Every text in plain data, however deep; the names of members are not texts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        for each in value:
            yield from texts_in(each)

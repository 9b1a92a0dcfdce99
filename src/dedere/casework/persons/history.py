"""Whether somebody is one who is known already, told by marks alone: across scripts, transliterations and documents.

Both sides are marks (`dedere.casework.persons.marks`), of which an index holds keyed digests only. The answer is a
degree, never a decision: a custodian who sees it says what is to be made of it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.casework.persons.marks import MarkKind

if TYPE_CHECKING:
    from dedere.casework.persons.marks import Mark, Meaning


class Likeness(enum.StrEnum):
    """How much speaks for one person: a number of a document, a name and the day of birth, a name, less than a name."""

    NUMBER = "number"
    NAME_AND_BIRTH = "name-and-birth"
    NAME = "name"
    PERHAPS = "perhaps"


@dataclass(slots=True)
class _Met:
    """What an identity and one known person have in common."""

    number: bool = False
    day: bool = False
    phrase: bool = False
    spoken: dict[int, set[int]] = field(default_factory=dict)
    boned: dict[int, set[int]] = field(default_factory=dict)


def likenesses(marks: Mapping[Mark, Meaning], known: Mapping[Mark, Mapping[str, Meaning]]) -> Mapping[str, Likeness]:
    """Who of those known is like the one with these marks, and how much; whoever is not like them is not named.

    `known` says of each mark whose it is and what it means for them.
    """
    met: dict[str, _Met] = {}
    for mark, meaning in marks.items():
        for person, theirs in known.get(mark, {}).items():
            _note(met.setdefault(person, _Met()), mark, ours=meaning.part, theirs=theirs.part)
    single = len({meaning.part for meaning in marks.values() if meaning.part}) == 1
    found = {person: _likeness(each, single=single) for person, each in met.items()}
    return {person: likeness for person, likeness in found.items() if likeness is not None}


def _note(met: _Met, mark: Mark, *, ours: int, theirs: int) -> None:
    match mark.kind:
        case MarkKind.NUMBER:
            met.number = True
        case MarkKind.DAY:
            met.day = True
        case MarkKind.PHRASE:
            met.phrase = True
        case MarkKind.WORD:
            met.spoken.setdefault(ours, set()).add(theirs)
        case _:  # bones, of a spelling with vowels or without
            met.boned.setdefault(ours, set()).add(theirs)


def _likeness(met: _Met, *, single: bool) -> Likeness | None:
    if met.number:
        return Likeness.NUMBER
    parts = {part: met.spoken.get(part, set()) | met.boned.get(part, set()) for part in {*met.spoken, *met.boned}}
    if parts and met.day:
        return Likeness.NAME_AND_BIRTH
    if _two_parts(met.spoken):
        return Likeness.NAME
    if _two_parts(parts) or (met.spoken and single) or (parts and met.phrase):
        return Likeness.PERHAPS
    return None


def _two_parts(parts: Mapping[int, set[int]]) -> bool:
    """Whether two parts of one name are two different parts of the other."""
    return len(parts) > 1 and len(set().union(*parts.values())) > 1

"""The matrix: the legal basis for every ordered pair of States at once, for one function, crimes and day.

Promise: every cell equals what `legal_basis` finds for that pair. It is fast because States that stand alike towards an
instrument (same consent, annexes, statements, as far as the question looks at them) are answered once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dedere.treaty.basis import (
    InstrumentFinding,
    carrying_treaties,
    exclusions_of,
    instrument_basis,
    rank,
    settling_questions,
    side,
    start_for,
)
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.parties import rows_of
from dedere.treaty.question import BasisQuestion, checked
from dedere.treaty.statements import annex_notified, unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dedere.base.finding import Finding, Outcome
    from dedere.treaty.law import Law
    from dedere.treaty.model import Instrument

_Key = tuple[object, ...]
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """The best basis for one ordered pair. `demonstration`: it rests on demonstration data."""

    outcome: Outcome
    instrument: str
    demonstration: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """All ordered pairs of `states`. `question` carries function, crimes and day; its two States are examples."""

    question: BasisQuestion
    states: tuple[str, ...]
    groups: Mapping[str, int]
    cells: Mapping[tuple[int, int], Cell]

    def cell(self, requesting: str, requested: str) -> Cell:
        """The cell of one ordered pair of two different States."""
        return self.cells[self.groups[requesting], self.groups[requested]]

    def pairs(self) -> Iterator[tuple[str, str, Cell]]:
        """Every ordered pair with its cell, in order of code."""
        for requesting in self.states:
            group = self.groups[requesting]
            for requested in self.states:
                if requested != requesting:
                    yield requesting, requested, self.cells[group, self.groups[requested]]

    def counts(self) -> dict[Outcome, int]:
        """How many ordered pairs have each outcome."""
        return dict(Counter(cell.outcome for _, _, cell in self.pairs()))


def matrix(law: Law, question: BasisQuestion, *, states: tuple[str, ...] = ()) -> Matrix:
    """The matrix over `states`, the members of the United Nations unless others are named.

    Raises:
        LawQuestionError: the question or a State is not known, or fewer than two States are named.
    """
    return _matrix(law, question, states=states, sides={})


def matrices(law: Law, question: BasisQuestion, *, states: tuple[str, ...] = ()) -> dict[str, Matrix]:
    """One matrix for every crime that an instrument lists, by its word; the crimes of `question` mean nothing.

    Raises:
        LawQuestionError: as for `matrix`.
    """
    sides: dict[_Key, _Key] = {}
    words = {crime.word: crime.id for each in law.instruments.values() for crime in each.crimes.values()}
    return {
        word: _matrix(law, replace(question, crimes=(code,)), states=states, sides=sides)
        for word, code in words.items()
    }


def _matrix(law: Law, question: BasisQuestion, *, states: tuple[str, ...], sides: dict[_Key, _Key]) -> Matrix:
    codes = tuple(sorted({law.state(code).code for code in states}))
    codes = codes or tuple(sorted(state.code for state in law.states.values() if state.member))
    if len(codes) < _FEWEST:
        raise LawQuestionError("A matrix needs at least two States.")
    asked = checked(law, replace(question, requesting=codes[0], requested=codes[1]))
    keys = {
        code: tuple(_key(law, each, code, question=asked, sides=sides) for each in law.instruments.values())
        for code in codes
    }
    numbers: dict[_Key, int] = {}
    groups = {code: numbers.setdefault(key, len(numbers)) for code, key in keys.items()}
    members: dict[int, list[str]] = {}
    for code, group in groups.items():
        members.setdefault(group, []).append(code)
    profiles = {group: keys[found[0]] for group, found in members.items()}
    return Matrix(asked, codes, groups, _cells(law, asked, members=members, profiles=profiles))


def _cells(
    law: Law, question: BasisQuestion, *, members: Mapping[int, list[str]], profiles: Mapping[int, _Key]
) -> dict[tuple[int, int], Cell]:
    known: dict[_Key, InstrumentFinding] = {}
    cells = {}
    for first, requesting in members.items():
        for second, requested in members.items():
            one, other = requesting[0], requested[-1]
            if one == other:
                continue
            pair = replace(question, requesting=one, requested=other)
            found = []
            for place, instrument in enumerate(law.instruments.values()):
                key = (place, profiles[first][place], profiles[second][place])
                if key not in known:
                    known[key] = instrument_basis(law, instrument, pair)
                found.append(known[key])
            best = min(found, key=rank)
            cells[first, second] = Cell(best.finding.outcome, best.instrument, best.finding.demonstration)
    return cells


def _key(law: Law, instrument: Instrument, code: str, *, question: BasisQuestion, sides: dict[_Key, _Key]) -> _Key:
    """Everything that one State brings to the finding for one instrument; alike States have the same key."""
    parts: list[object] = []
    for treaty in carrying_treaties(instrument, question):
        place = (treaty, code)
        if place not in sides:
            sides[place] = _side_key(law, instrument, code, treaty=treaty, question=question)
        parts.append(sides[place])
        if rows_of(law, code, treaty):
            asking, asked = (
                replace(question, requesting=code, requested=""),
                replace(question, requesting="", requested=code),
            )
            for role in (asking, asked):
                parts.extend(_seen(each) for each in exclusions_of(law, code, treaty=treaty, question=role))
    if _annexed(instrument, question):
        letters = sorted({crime.annex for crime in instrument.crimes.values() if crime.annex})
        parts.extend(
            _seen(annex_notified(law, code, treaty=instrument.id, letter=letter, on=question.on)) for letter in letters
        )
    return tuple(parts)


def _side_key(law: Law, instrument: Instrument, code: str, *, treaty: str, question: BasisQuestion) -> _Key:
    standing = _seen(side(law, code, treaty=treaty, instrument=instrument, question=question))
    started = start_for(law, code, treaty=instrument.id, on=question.on) if question.conduct else None
    return *standing, bool(unread(law, code, treaty=treaty)), started


def _annexed(instrument: Instrument, question: BasisQuestion) -> bool:
    """Whether an annex may matter: a crime named is annexed, or its conduct may fall under one that is."""
    reached = {row.under for row in instrument.conduct if row.crime in {*question.crimes, "*"}}
    return any(crime.annex for crime in instrument.crimes.values() if crime.id in reached.union(question.crimes))


def _seen(finding: Finding) -> _Key:
    return finding.outcome, finding.demonstration, len(settling_questions(finding))

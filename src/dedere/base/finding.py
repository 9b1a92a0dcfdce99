"""A finding: a legal answer with three values, which never comes without its reasons."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from dedere.base.errors import DefectError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.base.reference import Reference


class Outcome(enum.StrEnum):
    """The three answers."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does-not-hold"
    UNSETTLED = "unsettled"

    def negated(self) -> Outcome:
        """The opposite; what is unsettled stays unsettled."""
        match self:
            case Outcome.HOLDS:
                return Outcome.DOES_NOT_HOLD
            case Outcome.DOES_NOT_HOLD:
                return Outcome.HOLDS
            case Outcome.UNSETTLED:
                return Outcome.UNSETTLED
            case _:
                assert_never(self)


def all_hold(outcomes: Iterable[Outcome]) -> Outcome:
    """Kleene's *and*: one failure decides; otherwise one doubt does."""
    seen = set(outcomes)
    if Outcome.DOES_NOT_HOLD in seen:
        return Outcome.DOES_NOT_HOLD
    return Outcome.UNSETTLED if Outcome.UNSETTLED in seen else Outcome.HOLDS


def any_holds(outcomes: Iterable[Outcome]) -> Outcome:
    """Kleene's *or*: one success decides; otherwise one doubt does."""
    seen = set(outcomes)
    if Outcome.HOLDS in seen:
        return Outcome.HOLDS
    return Outcome.UNSETTLED if Outcome.UNSETTLED in seen else Outcome.DOES_NOT_HOLD


@dataclass(frozen=True, slots=True)
class Finding:
    """One question, its answer, why, and on what the answer rests.

    `because` are the findings it was made of. A finding needs a reference of its own or below it: an answer
    about the law that rests on nothing is a defect and raises when it is made.
    """

    question: str
    outcome: Outcome
    reason: str
    references: tuple[Reference, ...] = ()
    because: tuple[Finding, ...] = ()
    open_question: str = ""

    def __post_init__(self) -> None:
        if not self.question or not self.reason:
            raise DefectError("A finding needs its question and its reason.")
        if not self.references and not self.because:
            raise DefectError("A finding needs at least one reference.")

    @property
    def demonstration(self) -> bool:
        """Whether it rests, anywhere, on demonstration data."""
        return any(reference.demonstration for reference in self.all_references())

    def all_references(self) -> tuple[Reference, ...]:
        """Its references and those of what it was made of, each once, in reading order."""
        found: dict[Reference, None] = dict.fromkeys(self.references)
        for part in self.because:
            found.update(dict.fromkeys(part.all_references()))
        return tuple(found)

    def open_questions(self) -> tuple[str, ...]:
        """What would have to be answered to settle it, each once, in reading order."""
        found: dict[str, None] = {}
        if self.open_question:
            found[self.open_question] = None
        for part in self.because:
            found.update(dict.fromkeys(part.open_questions()))
        return tuple(found)

    def as_json(self) -> dict[str, object]:
        """The finding as plain data, always the same keys in the same order."""
        return {
            "question": self.question,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "references": [reference.as_json() for reference in self.references],
            "because": [part.as_json() for part in self.because],
            "open_question": self.open_question,
            "demonstration": self.demonstration,
        }

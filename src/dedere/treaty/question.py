"""The question of legal basis as one value: who asks whom for what, about which crimes and conduct, on which day."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.treaty.errors import LawQuestionError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from dedere.treaty.law import Law
    from dedere.treaty.words import RequestKind


@dataclass(frozen=True, slots=True)
class ConductDates:
    """From when until when the conduct is said to have happened; both days count."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise LawQuestionError(f"Conduct cannot end on {self.last}, before it began on {self.first}.")


class OtherBasisKind(enum.StrEnum):
    """What can carry a request where no treaty does."""

    RECIPROCITY = "reciprocity"
    DOMESTIC_LAW = "domestic-law"
    AD_HOC_AGREEMENT = "ad-hoc-agreement"
    OTHER_TREATY = "other-treaty"


@dataclass(frozen=True, slots=True)
class OtherBasis:
    """Another basis as stated by an officer, with the reason. It is shown as stated, never as found."""

    kind: OtherBasisKind
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise LawQuestionError("Another basis needs its reason: the law, agreement or practice that it rests on.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisQuestion:
    """The question. `crimes` are codes or labels; `facts` are known facts by name, a fact left out is not known.

    Make it with `ask`, which checks every word of it against the law.
    """

    requesting: str
    requested: str
    function: RequestKind
    crimes: tuple[str, ...]
    on: dt.date
    conduct: ConductDates | None = None
    facts: Mapping[str, bool] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The question as plain data."""
        return {
            "requesting": self.requesting,
            "requested": self.requested,
            "function": self.function.value,
            "crimes": list(self.crimes),
            "on": self.on.isoformat(),
            "conduct": [self.conduct.first.isoformat(), self.conduct.last.isoformat()] if self.conduct else None,
            "facts": {name: self.facts[name] for name in sorted(self.facts)},
        }


def checked(law: Law, question: BasisQuestion) -> BasisQuestion:
    """The question with codes in their proper form.

    Raises:
        LawQuestionError: an unknown State, function, crime or fact, the same State twice, or no crime.
    """
    requesting, requested = law.state(question.requesting), law.state(question.requested)
    if requesting == requested:
        raise LawQuestionError(f"A State cannot ask itself: {requesting.name} stands on both sides.")
    if not question.crimes:
        raise LawQuestionError("Name at least one crime or kind of conduct.")
    known = known_facts(law)
    for fact in question.facts:
        if fact not in known:
            raise LawQuestionError(f"No rule asks for the fact {fact!r}; known facts are {', '.join(known)}.")
    return BasisQuestion(
        requesting=requesting.code,
        requested=requested.code,
        function=law.function(question.function),
        crimes=tuple(dict.fromkeys(law.crime(crime) for crime in question.crimes)),
        on=question.on,
        conduct=question.conduct,
        facts=question.facts,
    )


def known_facts(law: Law) -> tuple[str, ...]:
    """Every fact that some rule of scope asks for, in order of name."""
    found: set[str] = set()
    for each in law.instruments.values():
        found.update(element.fact for element in each.elements)
        found.update(fact for conduct in each.conduct for fact in conduct.facts)
        found.update(fact for crime in each.crimes.values() for fact in crime.defined_by)
    return tuple(sorted(found))

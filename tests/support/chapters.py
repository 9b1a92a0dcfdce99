"""A chapter of the specification: stories of one proceeding, told letter by letter, which together take every step.

Told by the Netherlands (which asks) and Senegal (which is asked), with Slovenia and Mongolia where more are needed.
Every case, person and officer is fictional.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dedere.base.identifiers import SeededIdentifiers
from dedere.casework.acts import ProceedingKind
from dedere.casework.errors import ActRefusedError
from dedere.casework.fold import fold
from dedere.casework.matters import EntryStatus
from dedere.casework.permitted import check_act
from dedere.casework.procedure import load_procedure
from support.letters import Correspondence

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.casework.acts import JSON, PartFacts, RecordedAct
    from dedere.casework.state import Proceeding

ASKING, ASKED = "NL", "SN"


class Telling(Correspondence):
    """A case being told. Remembers which steps were taken and which rules refused something."""

    def __init__(self) -> None:
        super().__init__()
        self.rules: set[str] = set()

    def asks(self, kind: str, /, *, parts: tuple[PartFacts, ...] = (), days: int = 1, **body: JSON) -> RecordedAct:
        """A letter of the asking State that the procedure permits."""
        return self._permitted(kind, body, by=ASKING, parts=parts, days=days)

    def replies(self, kind: str, /, *, parts: tuple[PartFacts, ...] = (), days: int = 1, **body: JSON) -> RecordedAct:
        """A letter of the asked State that the procedure permits."""
        return self._permitted(kind, body, by=ASKED, parts=parts, days=days)

    def refused(
        self, rule: str, kind: str, /, *, by: str, parts: tuple[PartFacts, ...] = (), days: int = 1, **body: JSON
    ) -> str:
        """A letter that a rule forbids: not permitted here, and without effect if it is sent all the same."""
        letter = self._letter(kind, body, by=by, parts=parts, days=days)
        with pytest.raises(ActRefusedError) as caught:
            check_act(self.state(), letter)
        assert caught.value.rule == rule, caught.value.sentence
        before, after = self.state().as_json(), fold(self.case, [*self.letters, letter])
        assert after.timeline[-1].status is EntryStatus.REFUSED
        assert after.timeline[-1].rule == rule
        assert {**after.as_json(), "timeline": before["timeline"]} == before
        self.rules.add(rule)
        return caught.value.sentence

    def today(self, days: int = 1) -> str:
        """The day on which the next letter will be sealed if it follows after so many days."""
        return (self.at + dt.timedelta(days=days)).date().isoformat()

    @property
    def here(self) -> Proceeding:
        """The proceeding being told of, as it stands."""
        return self.state().proceeding(self.proceeding)

    @property
    def status(self) -> str:
        """Where it stands."""
        return self.here.status

    def _permitted(
        self, kind: str, body: dict[str, JSON], *, by: str, parts: tuple[PartFacts, ...], days: int
    ) -> RecordedAct:
        letter = self._letter(kind, body, by=by, parts=parts, days=days)
        check_act(self.state(), letter)
        return self.add(letter)

    def _letter(
        self, kind: str, body: dict[str, JSON], *, by: str, parts: tuple[PartFacts, ...], days: int
    ) -> RecordedAct:
        return self.compose(
            kind,
            {name.removesuffix("_"): value for name, value in body.items()},
            by=by,
            to=ASKED if by == ASKING else ASKING,
            parts=parts,
            role="registrar" if kind == "acknowledgement" else "case-officer",
            after=dt.timedelta(days=days),
        )


class Chapter:
    """The stories of one kind of proceeding."""

    def __init__(self, kind: ProceedingKind) -> None:
        self.kind = kind
        self.stories: list[Callable[[Telling], None]] = []

    def story(self, tell: Callable[[Telling], None]) -> Callable[[Telling], None]:
        """Make a function one of the stories."""
        self.stories.append(tell)
        return tell

    def told(self) -> list[Telling]:
        """Every story, told once."""
        tellings = []
        for tell in self.stories:
            telling = Telling()
            tell(telling)
            tellings.append(telling)
        return tellings

    def steps_to_take(self) -> set[str]:
        """Every step of this proceeding but those common to all, which have a chapter of their own."""
        form = load_procedure().proceedings[self.kind]
        followed = {f"{step.id} > {then.target}" for step in form.steps for then in step.then}
        moved = {f"{step.id} > {move.kind.value} {move.target}" for step in form.steps for move in step.moves}
        begun = {f"{step.id} > {step.starts.kind.value}" for step in form.steps if step.starts}
        settled = {f"{form.kind.value} > {rule.target}" for rule in form.settlements}
        own = {step.id for step in form.steps} - common_ids(self.kind) | {step.id for step in form.measure_steps}
        return own | followed | moved | begun | settled


def common_ids(kind: ProceedingKind) -> set[str]:
    """The ids, in a proceeding, of the steps that every proceeding has."""
    form = load_procedure().proceedings[kind]
    return {step.id for step in form.steps if step.common}


def steps_taken(tellings: list[Telling]) -> set[str]:
    """The steps that had effect in these stories, those that followed of themselves included."""
    return {step for telling in tellings for entry in telling.state().timeline for step in entry.transitions}


def retold_in_any_order(telling: Telling) -> None:
    """The letters of a story make the same state in whatever order they come, however often."""
    expected = telling.state().as_json()
    for seed in range(3):
        chance = SeededIdentifiers(f"{telling.case}/{seed}")
        shuffled = sorted([*telling.letters, *telling.letters[::3]], key=lambda _: chance.new())
        assert fold(telling.case, shuffled).as_json() == expected

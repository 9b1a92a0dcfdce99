"""A case of several States: every act goes to all of them, and each holds only the copies it sent or received."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dedere.base.clock import format_instant
from dedere.casework.errors import ActRefusedError
from dedere.casework.fold import fold
from dedere.casework.matters import EntryStatus
from dedere.casework.permitted import check_act
from support.chapters import Telling

if TYPE_CHECKING:
    from dedere.casework.acts import JSON, PartFacts, RecordedAct
    from dedere.casework.state import CaseState, TeamState

MEMBERS = ("MN", "NL", "SN")


class Circle(Telling):
    """A case told among three States. `letters` holds every copy; `record_of` what one State holds."""

    def __init__(self, members: tuple[str, ...] = MEMBERS) -> None:
        super().__init__()
        self.members = members
        self._acts: list[str] = []

    def says(self, by: str, kind: str, /, *, parts: tuple[PartFacts, ...] = (), days: int = 1, **body: JSON) -> str:
        """An act of a member that the procedure permits; the result is the id that its copies share."""
        key, copies = self._copies(by, kind, body, parts=parts, days=days)
        check_act(self.state(), copies[0])
        for copy in copies:
            self.add(copy)
        self._acts.append(key)
        return key

    def forbidden(
        self, rule: str, by: str, kind: str, /, *, parts: tuple[PartFacts, ...] = (), days: int = 1, **body: JSON
    ) -> None:
        """An act of a member that a rule forbids."""
        _, copies = self._copies(by, kind, body, parts=parts, days=days)
        with pytest.raises(ActRefusedError) as caught:
            check_act(self.state(), copies[0])
        assert caught.value.rule == rule, caught.value.sentence
        after = fold(self.case, [*self.letters, *copies])
        assert after.timeline[-1].status is EntryStatus.REFUSED
        self.rules.add(rule)

    def record_of(self, state: str) -> CaseState:
        """The case as one State sees it."""
        return fold(self.case, [each for each in self.letters if state in (each.sender, each.recipient)])

    @property
    def team(self) -> TeamState:
        """The team's agreement."""
        team = self.here.team
        assert team is not None
        return team

    def _copies(
        self, by: str, kind: str, body: dict[str, JSON], *, parts: tuple[PartFacts, ...], days: int
    ) -> tuple[str, list[RecordedAct]]:
        key = f"act-{len(self._acts) + 1}"
        full = {name.removesuffix("_"): value for name, value in body.items()}
        said_at = format_instant(self.at + dt.timedelta(days=days))
        full |= {"circular": key, "circulated_at": said_at, "follows": list(self.state().ends)}
        copies = []
        for number, to in enumerate(other for other in self.members if other != by):
            # Each copy is sealed on its own, some seconds after the other.
            after = dt.timedelta(days=days, seconds=20 * number)
            copy = self.compose(kind, full, by=by, to=to, seen=(), parts=parts, after=after)
            copies.append(replace(copy, letter=f"{copy.letter}-{number}", digest=copy.digest[:-1] + str(number)))
        return key, copies

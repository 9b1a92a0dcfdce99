"""Practice partners at one table: each writes in turn, everybody reads at once. All content is fictional."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.base.identifiers import SeededIdentifiers
from dedere.casework.acts import PartFacts, ProceedingKind, RecordedAct
from dedere.casework.fold import CaseReader
from dedere.casework.permitted import check_act
from dedere.casework.practice.dice import Dice
from dedere.casework.practice.opening import first_act
from dedere.casework.practice.partner import Proposal, Temper, propose

if TYPE_CHECKING:
    from dedere.casework.acts import JSON
    from dedere.casework.state import CaseState

START = dt.datetime(2026, 2, 2, 9, 0, tzinfo=dt.UTC)


class Table:
    """Partners of two or three States and the one case they play. The same seed plays the same case."""

    def __init__(self, seed: str, tempers: dict[str, Temper]) -> None:
        self.tempers = tempers
        self.dice = Dice(SeededIdentifiers(seed))
        self.reader = CaseReader("case")
        self.now = START
        self._sent: dict[tuple[str, str], int] = {}

    @property
    def state(self) -> CaseState:
        return self.reader.state

    def open(self, kind: ProceedingKind, *, variant: str = "", as_: str = "") -> None:
        """The first State opens a proceeding."""
        opener, *others = self.tempers
        first = first_act(
            kind, dice=self.dice, today=self.now.date(), variant=variant, members=tuple(sorted(self.tempers))
        )
        body: dict[str, JSON] = {**first.body, **({"as": as_} if as_ else {})}
        self.write(
            opener, Proposal(first.kind, self.dice.identifier(), "", role=first.role, body=body, enclosed=()), others
        )

    def play(self, acts: int) -> None:
        """So many turns at most, until nobody has anything left to do."""
        idle = 0
        for turn in range(acts):
            state = list(self.tempers)[turn % len(self.tempers)]
            self.now += self.tempers[state].waits(self.dice)
            proposal = propose(self.state, side=state, temper=self.tempers[state], dice=self.dice, now=self.now)
            if proposal is None:
                idle += 1
                if idle > 3 * len(self.tempers) and self.state.closed:
                    return
                continue
            idle = 0
            here = self.state.docket.proceedings.get(proposal.proceeding)
            others = [each for each in self.tempers if each != state]
            self.write(state, proposal, list(here.others(state)) if here else others)

    def write(self, sender: str, proposal: Proposal, to: list[str]) -> None:
        """One act, which the procedure must permit, with a copy to everybody."""
        body: dict[str, JSON] = dict(proposal.body)
        circular = len(to) > 1
        if circular:
            said_at = format_instant(self.now)
            body |= {"circular": self.dice.identifier(), "circulated_at": said_at, "follows": list(self.state.ends)}
        parts = tuple(
            PartFacts(
                each.id, each.name, "text/plain", 9, hashlib.sha256(each.id.encode()).hexdigest(), each.conditions
            )
            for each in proposal.enclosed
        )
        answers = () if circular else self.state.heads
        for number, recipient in enumerate(to):
            self._sent[sender, recipient] = self._sent.get((sender, recipient), 0) + 1
            letter = RecordedAct(
                letter=self.dice.identifier(),
                digest=hashlib.sha256(self.dice.identifier().encode()).hexdigest(),
                case="case",
                proceeding=proposal.proceeding,
                sender=sender,
                recipient=recipient,
                sequence=self._sent[sender, recipient],
                answers=answers,
                sealed_at=self.now,
                kind=proposal.kind,
                officer={
                    "name": f"A of {sender}",
                    "role": proposal.role.value,
                    "approved_by": {"name": f"B of {sender}", "role": "approver"},
                },
                body=body,
                parts=parts,
            )
            if not number:
                check_act(self.state, letter)
            self.reader.add(letter)

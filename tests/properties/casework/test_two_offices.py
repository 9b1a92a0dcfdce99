"""Two or three offices that write to each other in any order always agree, and illegal acts never move a case.

The machine lets offices act on what they hold, delivers letters in any order and more than once, and lets a careless
officer send what is forbidden. All content is fictional.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dedere.base.clock import format_instant
from dedere.base.identifiers import SeededIdentifiers
from dedere.casework.acts import PartFacts, ProceedingKind, RecordedAct
from dedere.casework.errors import ActRefusedError
from dedere.casework.fold import CaseReader, fold
from dedere.casework.matters import EntryStatus
from dedere.casework.permitted import check_act
from dedere.casework.practice.dice import Dice
from dedere.casework.practice.opening import first_act
from dedere.casework.practice.partner import Proposal, Temper, propose

if TYPE_CHECKING:
    from dedere.casework.acts import JSON
    from dedere.casework.state import CaseState

START = dt.datetime(2026, 2, 2, 9, 0, tzinfo=dt.UTC)
CASE = "case"


class Offices(RuleBasedStateMachine):
    """Offices of two States, or of three in a joint team."""

    def __init__(self) -> None:
        super().__init__()
        self.states: tuple[str, ...] = ("NL", "SN")
        self.dice = Dice(SeededIdentifiers("nobody"))
        self.readers: dict[str, CaseReader] = {}
        self.under_way: list[tuple[str, RecordedAct]] = []
        self.sent: list[RecordedAct] = []
        self.careless: set[str] = set()
        self.now = START

    @initialize(
        seed=st.integers(0, 1 << 30),
        kind=st.sampled_from([kind for kind in ProceedingKind if kind is not ProceedingKind.CONSENT]),
    )
    def open(self, seed: int, kind: ProceedingKind) -> None:
        self.dice = Dice(SeededIdentifiers(str(seed)))
        if kind is ProceedingKind.JOINT_TEAM:
            self.states = ("MN", "NL", "SN")
        self.readers = {state: CaseReader(CASE) for state in self.states}
        variant = self.dice.one_of(["transfer", "transfer-interest"]) if kind is ProceedingKind.TRANSFER else ""
        first = first_act(kind, dice=self.dice, today=self.now.date(), variant=variant, members=self.states)
        proposal = Proposal(first.kind, self.dice.identifier(), "", role=first.role, body=first.body, enclosed=())
        self._send(self.states[-1], proposal, to=self.states[:-1])

    @rule(which=st.integers(0, 2), temper=st.sampled_from(Temper), hours=st.integers(1, 200))
    def act(self, which: int, temper: Temper, hours: int) -> None:
        state = self.states[which % len(self.states)]
        self.now += dt.timedelta(hours=hours)
        proposal = propose(self.readers[state].state, side=state, temper=temper, dice=self.dice, now=self.now)
        if proposal is not None:
            here = self.readers[state].state.docket.proceedings.get(proposal.proceeding)
            to = here.others(state) if here else tuple(each for each in self.states if each != state)
            self._send(state, proposal, to=to)

    @precondition(lambda self: self.under_way)
    @rule(which=st.integers(0, 50), again=st.booleans())
    def deliver(self, which: int, again: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
        place = which % len(self.under_way)
        to, letter = self.under_way[place]
        if not again:
            del self.under_way[place]
        self.readers[to].add(letter)

    @precondition(lambda self: len(self.sent) > 1)
    @rule(which=st.integers(0, 50), what=st.integers(0, 2))
    def send_something_forbidden(self, which: int, what: int) -> None:
        """A letter as it was, once more under another id: out of turn, by the wrong side, or with one officer."""
        old = self.sent[which % len(self.sent)]
        if old.is_copy or old.sender not in self.readers:
            return
        officer: dict[str, JSON] = dict(old.officer)
        if what == 0:
            officer.pop("approved_by", None)
        reader = self.readers[old.sender]
        letter = replace(
            old,
            letter=self.dice.identifier(),
            digest=hashlib.sha256(self.dice.identifier().encode()).hexdigest(),
            answers=reader.state.heads,
            sequence=self._next(old.sender, old.recipient),
            officer=officer,
            sealed_at=self.now,
        )
        try:
            check_act(reader.state, letter)
        except ActRefusedError:
            self.careless.add(letter.letter)
            before = _without_letters(reader.state)
            self._take(letter)
            assert _without_letters(reader.state) == before

    @invariant()
    def reading_on_is_reading_anew(self) -> None:
        for reader in self.readers.values():
            assert reader.state == fold(CASE, reader.records)

    @invariant()
    def whoever_holds_the_same_sees_the_same(self) -> None:
        for one in self.readers.values():
            for other in self.readers.values():
                if {each.letter for each in one.records} == {each.letter for each in other.records}:
                    assert one.state == other.state

    @invariant()
    def no_lawful_act_is_refused_by_the_record(self) -> None:
        for reader in self.readers.values():
            for entry in reader.state.timeline:
                assert entry.status is not EntryStatus.REFUSED or entry.letter in self.careless

    def teardown(self) -> None:
        for to, letter in self.under_way:
            self.readers[to].add(letter)
        states = [reader.state for reader in self.readers.values()]
        for state in states:
            assert not state.waiting
            assert state.as_json() == states[0].as_json()

    def _send(self, sender: str, proposal: Proposal, *, to: tuple[str, ...]) -> None:
        state = self.readers[sender].state
        circular = len(to) > 1
        body: dict[str, JSON] = dict(proposal.body)
        if circular:
            said_at = format_instant(self.now)
            body |= {"circular": self.dice.identifier(), "circulated_at": said_at, "follows": list(state.ends)}
        parts = tuple(
            PartFacts(
                each.id, each.name, "text/plain", 9, hashlib.sha256(each.id.encode()).hexdigest(), each.conditions
            )
            for each in proposal.enclosed
        )
        letters = [
            RecordedAct(
                letter=self.dice.identifier(),
                digest=hashlib.sha256(self.dice.identifier().encode()).hexdigest(),
                case=CASE,
                proceeding=proposal.proceeding,
                sender=sender,
                recipient=recipient,
                sequence=self._next(sender, recipient),
                answers=() if circular else state.heads,
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
            for recipient in to
        ]
        try:
            check_act(state, letters[0])
        except ActRefusedError:
            return
        for letter in letters:
            self._take(letter)

    def _take(self, letter: RecordedAct) -> None:
        self.readers[letter.sender].add(letter)
        self.sent.append(letter)
        self.under_way.append((letter.recipient, letter))

    def _next(self, sender: str, recipient: str) -> int:
        return 1 + sum((each.sender, each.recipient) == (sender, recipient) for each in self.sent)


def _without_letters(state: CaseState) -> dict[str, JSON]:
    whole = state.as_json()
    return {name: whole[name] for name in whole if name != "timeline"}


TestOffices = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")(Offices.TestCase)
TestOffices.settings = settings(
    max_examples=80, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

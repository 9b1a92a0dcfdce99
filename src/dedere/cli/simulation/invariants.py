"""What must hold, looked at after every step, and once more when the network has healed.

Each check is written from the requirement, not from the engine, so that a slip of the engine shows:

1. converge: who holds the same letters computes the same case; in the end all hold the same.
2. nothing-lost, nothing-twice: every letter and part sent is there in the end, once.
3. permitted: no act of an honest office is refused by the record, and no step is taken by a side or without officers
   that it does not allow.
4. refusal-by-law: no refusal without its consultation, a ground, reasons and alternatives.
5. prosecution: every refused extradition has its prosecution.
6. final: what has ended does not begin again.
7. signed-text: what a team's State signed is the text that stands.
8. custody: whoever signed for an item as whole signed for the file that was sent.
9. conditions: no use that a condition forbids.
10. clock-once, clock-told: every clock tells once, and none that ended is silent.
11. verifier: a third machine with the letters of a dossier computes what the offices hold.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from dedere.casework.fold import fold
from dedere.casework.matters import EntryStatus
from dedere.cli.simulation.chance import throw
from dedere.cli.simulation.plants import Plant
from dedere.cli.simulation.uses import breaks

if TYPE_CHECKING:
    from dedere.casework.acts import RecordedAct
    from dedere.casework.clocks import Firing
    from dedere.casework.docket import OpenProceeding
    from dedere.casework.matters import Entry
    from dedere.casework.state import CaseState
    from dedere.casework.transitions import Transition
    from dedere.cli.simulation.authority import Authority
    from dedere.cli.simulation.world import World

_SHORTEST_REASONS = 40
_VERIFIED_IN = 100
_PAIR = 2
_GRACE = dt.timedelta(days=4)


class Invariants:
    """Everything that must hold. Remembers what it has looked at."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], int] = defaultdict(int)
        self._told: set[tuple[str, str]] = set()
        self._ended: dict[tuple[str, str, str], str] = {}
        self._looked_at_uses: dict[str, int] = defaultdict(int)

    def after(self, world: World, authority: Authority, case: str) -> None:
        """Look at one office's case after a letter, and at whether the others that hold the same see the same."""
        world.count.checks += 1
        state = authority.state_of(case)
        self._look_at(world, authority, case, state)
        self._converge(world, authority, case, state)
        if throw(case, world.count.checks, "verify", sides=_VERIFIED_IN) == 0:
            self._verify(world, authority, case)

    def after_use(self, world: World, case: str) -> None:
        """Look at the uses that offices let through."""
        used = world.used[case]
        for each in used[self._looked_at_uses[case] :]:
            broken = breaks(each)
            if broken:
                raise world.fail("conditions", case, f"The item {each.item} was used against its condition: {broken}.")
        self._looked_at_uses[case] = len(used)

    def after_telling(self, world: World, authority: Authority, case: str, firing: Firing) -> None:
        """A clock tells a thing once."""
        key = (authority.state, firing.key)
        if key in self._told:
            raise world.fail("clock-once", case, f"{authority.state} was told twice: {firing.key}.")
        self._told.add(key)

    def at_the_end(self, world: World) -> None:
        """Look at everything once more."""
        for case, matter in world.matters.items():
            holders = [world.authorities[state] for state in matter.states]
            for authority in holders:
                self._nothing_twice(world, authority, case)
            self._nothing_lost(world, case)
            for authority in holders:
                if case in authority.disk.letters:
                    self._look_at(world, authority, case, authority.state_of(case))
                    self._clocks_told(world, authority, case)
            if case in holders[0].disk.letters:
                self._verify(world, holders[0], case)
            self._all_alike(world, holders, case)
            for entry in holders[0].state_of(case).timeline:
                world.count.steps.update(entry.transitions)

    def _look_at(self, world: World, authority: Authority, case: str, state: CaseState) -> None:
        key = (authority.state, case)
        entries = state.timeline
        first = self._seen[key] if len(entries) > self._seen[key] else 0
        new = entries[first:]
        for entry in new:
            self._permitted(world, case, state, entry)
        self._seen[key] = len(entries)
        for here in state.docket.proceedings.values():
            self._proceeding(world, authority, case, state, here)
        if any(entry.kind == "custody-receipt" for entry in new):
            self._custody(world, case, state)

    def _permitted(self, world: World, case: str, state: CaseState, entry: Entry) -> None:
        if entry.status is EntryStatus.REFUSED and entry.letter not in world.rogue:
            said = f"{entry.sender}'s {entry.kind} was refused by the record: {entry.rule}."
            raise world.fail("permitted", case, said)
        if entry.status is not EntryStatus.APPLIED:
            return
        here = state.docket.proceedings[entry.proceeding]
        for name in entry.transitions:
            step = _step(here, name)
            if step is None:
                continue
            side = here.sides[entry.sender]
            allowed = _WHOSE.get(name, step.by)
            if allowed not in (side, "any"):
                raise world.fail("permitted", case, f"{name} was taken by the {side} side.")
            if not entry.approved_by or entry.approved_by == entry.officer:
                raise world.fail("permitted", case, f"{name} was taken without a second officer.")

    def _proceeding(
        self, world: World, authority: Authority, case: str, state: CaseState, here: OpenProceeding
    ) -> None:
        self._refusals(world, case, here)
        if here.form.kind == "extradition":
            refused = {refusal.letter for refusal in here.refusals}
            opened = {each.opened_in for each in state.docket.proceedings.values() if each.form.kind == "prosecution"}
            if not refused <= opened:
                raise world.fail("prosecution", case, "An extradition was refused and nobody owes a prosecution.")
        if here.team and here.team.signed_by and here.team.signed_digest != _agreement(here):
            raise world.fail("signed-text", case, f"{', '.join(here.team.signed_by)} signed another text than stands.")
        key = (authority.state, case, here.id)
        measures = "/".join(measure.status for measure in here.measures.values())
        if key in self._ended and self._ended[key] != f"{here.status} {measures}" and not state.waiting:
            entries = state.timeline
            if all(entry.status is not EntryStatus.OVERTAKEN for entry in entries):
                raise world.fail("final", case, f"{here.form.title} went on after it had ended.")
        if here.is_final:
            self._ended[key] = f"{here.status} {measures}"

    def _refusals(self, world: World, case: str, here: OpenProceeding) -> None:
        for refusal in here.refusals:
            consulted = here.consultations.get(refusal.consultation)
            complete = refusal.grounds and refusal.alternatives and len(refusal.reasons) >= _SHORTEST_REASONS
            if consulted is None or consulted.about != "refusal" or consulted.by != refusal.by:
                raise world.fail("refusal-by-law", case, f"{refusal.by} refused without having consulted.")
            if not complete:
                raise world.fail(
                    "refusal-by-law", case, f"{refusal.by} refused without ground, reasons or alternatives."
                )

    def _custody(self, world: World, case: str, state: CaseState) -> None:
        if not state.items:
            return
        sent = {part.id: part.sha256 for letter in world.sealed[case] for part in letter.parts}
        for letter in world.sealed[case]:
            entry = state.docket.entries.get(letter.circular)
            if letter.kind != "custody-receipt" or entry is None or entry.status is not EntryStatus.APPLIED:
                continue
            rows = letter.body.get("items")
            for row in rows if isinstance(rows, list) else ():
                if row.get("intact") is True and row.get("sha256") != sent.get(str(row.get("item"))):
                    raise world.fail("custody", case, f"{letter.sender} signed for another file than was sent.")

    def _converge(self, world: World, authority: Authority, case: str, state: CaseState) -> None:
        own = authority.disk.letters[case]
        for other_state in world.matters[case].states:
            other = world.authorities[other_state]
            theirs = other.disk.letters.get(case)
            if other is authority or theirs is None or not other.up or len(theirs) != len(own):
                continue
            if theirs.keys() == own.keys() and other.state_of(case) != state:
                raise world.fail(
                    "converge", case, f"{authority.state} and {other_state} hold the same letters and see two cases."
                )

    def _verify(self, world: World, authority: Authority, case: str) -> None:
        letters: list[RecordedAct] = list(authority.disk.letters[case].values())
        if world.scenario.plant == Plant.DOSSIER_INCOMPLETE:
            letters.pop()
        letters.sort(key=lambda letter: throw(letter.letter, "order", sides=1 << 30))
        if fold(case, letters, procedure=world.procedure) != authority.state_of(case):
            raise world.fail("verifier", case, f"A verifier computes another case than {authority.state} holds.")

    def _nothing_lost(self, world: World, case: str) -> None:
        for letter in world.sealed[case]:
            sender, recipient = world.authorities[letter.sender], world.authorities[letter.recipient]
            if letter.letter not in sender.disk.letters.get(case, {}):
                continue
            there = recipient.disk.letters.get(case, {})
            if letter.letter not in there:
                said = f"The {letter.kind.value} that {letter.sender} recorded never came to {letter.recipient}."
                raise world.fail("nothing-lost", case, said)
            for part in letter.parts:
                if part.id not in recipient.disk.parts:
                    raise world.fail(
                        "nothing-lost", case, f"A part of {letter.sender} never came to {letter.recipient}."
                    )

    def _nothing_twice(self, world: World, authority: Authority, case: str) -> None:
        digests = [letter.digest for letter in authority.disk.letters.get(case, {}).values()]
        if len(set(digests)) != len(digests):
            raise world.fail("nothing-twice", case, f"{authority.state} recorded a letter twice.")

    def _all_alike(self, world: World, holders: list[Authority], case: str) -> None:
        first = holders[0].state_of(case)
        if first.waiting:
            raise world.fail("nothing-lost", case, "A letter still waits for something that never came.")
        for other in holders[1:]:
            theirs = other.state_of(case)
            if (len(holders) > _PAIR or theirs != first) and theirs.as_json() != first.as_json():
                said = f"In the end {holders[0].state} and {other.state} see two cases."
                raise world.fail("converge", case, said)

    def _clocks_told(self, world: World, authority: Authority, case: str) -> None:
        silent = authority.unsaid(case, world.scenario.end - _GRACE)
        if silent:
            raise world.fail("clock-told", case, f"{authority.state} was never told: {silent[0]}.")


def _step(here: OpenProceeding, name: str) -> Transition | None:
    return next((step for step in here.form.steps if step.id == name), None)


def _agreement(here: OpenProceeding) -> str:
    from dedere.casework.teams import agreement_digest

    return agreement_digest(here.team) if here.team else ""


# Written from the requirement: who decides, whatever the procedure in force says.
_WHOSE = {
    "extradition.grant": "requested",
    "consent.grant": "requested",
    "transit.grant": "transit",
    "mla.accept": "requested",
    "mla.result": "requested",
    "mla.withdraw": "requesting",
    "prosecution.prosecute": "prosecuting",
    "prosecution.decline": "prosecuting",
    "transfer.terminate": "sentencing",
}

"""What must hold, looked at after every step, and once more when the network has healed.

Each check is written from the requirement, not from the engine, so that a slip of the engine shows:

1. converge: who holds the same letters computes the same case; in the end all hold the same.
2. nothing-lost, nothing-twice: every letter and part sent is there in the end, once.
3. permitted: no act of an honest office is refused by the record, and no step is taken by a side, by an officer of a
   role or without a second officer that it does not allow.
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
from dedere.casework.teams import agreement_digest
from dedere.cli.simulation.chance import throw
from dedere.cli.simulation.plants import Plant
from dedere.cli.simulation.uses import breaks

if TYPE_CHECKING:
    from dedere.casework.acts import RecordedAct
    from dedere.casework.clocks import Firing
    from dedere.casework.docket import Docket, OpenProceeding
    from dedere.casework.matters import Entry
    from dedere.casework.reading import Reading
    from dedere.casework.transitions import ProceedingForm, Transition
    from dedere.cli.simulation.authority import Authority
    from dedere.cli.simulation.world import World

_SHORTEST_REASONS = 40
_VERIFIED_IN = 300
_PAIR = 2
_GRACE = dt.timedelta(days=4)


class Invariants:
    """Everything that must hold. Remembers what it has looked at.

    What follows from a reading of a case alone is looked at once for every reading, whichever offices share it, and of
    what a reading has in common with those before it only what is new.
    """

    def __init__(self) -> None:
        self._looked_at: set[Reading] = set()
        self._entries: dict[int, Entry] = {}
        self._proceedings: dict[int, OpenProceeding] = {}
        self._steps: dict[str, dict[str, Transition]] = {}
        self._told: set[tuple[str, str]] = set()
        self._ended: dict[tuple[str, str, str], tuple[str, tuple[str, ...]]] = {}
        self._looked_at_uses: dict[str, int] = defaultdict(int)

    def after(self, world: World, authority: Authority, case: str) -> None:
        """Look at one office's case after a letter, and at whether the others that hold the same see the same."""
        world.count.checks += 1
        self._look_at(world, authority, case)
        self._converge(world, authority, case)
        if world.count.checks % _VERIFIED_IN == 0:
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
                    self._look_at(world, authority, case)
                    self._clocks_told(world, authority, case)
            # Offices that came to the very same reading are verified together.
            readings = {each.reading(case): each for each in holders if case in each.disk.letters}
            for authority in readings.values():
                self._verify(world, authority, case)
            self._all_alike(world, holders, case)
            for entry in holders[0].state_of(case).timeline:
                world.count.steps.update(entry.transitions)
                if entry.status is not EntryStatus.APPLIED:
                    world.happened(f"act-{entry.status.value}")

    def _look_at(self, world: World, authority: Authority, case: str) -> None:
        reader = authority.reader(case)
        reading, docket = reader.reading, reader.reading.docket
        if reading not in self._looked_at:
            self._looked_at.add(reading)
            new = {*map(id, docket.entries.values())}.difference(self._entries)
            for entry in [each for each in docket.entries.values() if id(each) in new] if new else ():
                self._entries[id(entry)] = entry
                self._permitted(world, case, docket, entry)
                if entry.kind == "custody-receipt":
                    self._custody(world, case, entry)
            for here in docket.proceedings.values():
                self._promises(world, case, docket, here)
                if id(here) not in self._proceedings:
                    self._proceedings[id(here)] = here
                    self._refusals(world, case, here)
                    self._signed(world, case, here)
        for here in docket.proceedings.values():
            self._final(world, authority, case, here)

    def _permitted(self, world: World, case: str, docket: Docket, entry: Entry) -> None:
        if entry.status is EntryStatus.REFUSED and entry.letter not in world.rogue:
            said = f"{entry.sender}'s {entry.kind} was refused by the record: {entry.rule}."
            raise world.fail("permitted", case, said)
        if entry.status is not EntryStatus.APPLIED:
            return
        here = docket.proceedings[entry.proceeding]
        for name in entry.transitions:
            step = self._steps_of(here.form).get(name)
            if step is None:
                continue
            side = here.sides[entry.sender]
            allowed = _WHOSE.get(name, step.by)
            if allowed not in (side, "any"):
                raise world.fail("permitted", case, f"{name} was taken by the {side} side.")
            if entry.role not in _PREPARED_BY.get(entry.kind, _CASE_OFFICERS):
                raise world.fail("permitted", case, f"{name} was prepared by a {entry.role}.")
            if not entry.approved_by or entry.approved_by == entry.officer:
                raise world.fail("permitted", case, f"{name} was taken without a second officer.")

    def _steps_of(self, form: ProceedingForm) -> dict[str, Transition]:
        if form.kind not in self._steps:
            self._steps[form.kind] = {step.id: step for step in form.steps}
        return self._steps[form.kind]

    def _promises(self, world: World, case: str, docket: Docket, here: OpenProceeding) -> None:
        if here.refusals and here.form.kind == "extradition":
            refused = {refusal.letter for refusal in here.refusals}
            opened = {each.opened_in for each in docket.proceedings.values() if each.form.kind == "prosecution"}
            if not refused <= opened:
                raise world.fail("prosecution", case, "An extradition was refused and nobody owes a prosecution.")

    def _signed(self, world: World, case: str, here: OpenProceeding) -> None:
        if here.team and here.team.signed_by and here.team.signed_digest != agreement_digest(here.team):
            raise world.fail("signed-text", case, f"{', '.join(here.team.signed_by)} signed another text than stands.")

    def _final(self, world: World, authority: Authority, case: str, here: OpenProceeding) -> None:
        """What has ended stays as it is, as long as the acts that ended it are read as they were."""
        key = (authority.state, case, here.id)
        ended = self._ended.get(key)
        if ended is None and not here.is_final:
            return
        stands = "/".join([here.status, *(measure.status for measure in here.measures.values())])
        read = tuple(authority.reading(case).docket.entries)
        if ended is not None and ended[0] != stands and read[: len(ended[1])] == ended[1]:
            raise world.fail("final", case, f"“{here.form.title}” went on after it had ended.")
        if not here.is_final:
            del self._ended[key]
        elif ended is None or ended[0] != stands or read[: len(ended[1])] != ended[1]:
            self._ended[key] = (stands, read)

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

    def _custody(self, world: World, case: str, entry: Entry) -> None:
        letter = world.acts[entry.letter]
        rows = letter.body.get("items")
        if entry.status is not EntryStatus.APPLIED or not isinstance(rows, list):
            return
        for row in rows:
            if row.get("intact") is True and row.get("sha256") != world.parts.get(str(row.get("item"))):
                raise world.fail("custody", case, f"{letter.sender} signed for another file than was sent.")

    def _converge(self, world: World, authority: Authority, case: str) -> None:
        own = authority.disk.letters[case]
        reader = authority.reader(case)
        if reader.loose:
            world.happened("letter-waits")
        for other_state in world.matters[case].states:
            other = world.authorities[other_state]
            theirs = other.disk.letters.get(case)
            if other is authority or theirs is None or not other.up or len(theirs) != len(own):
                continue
            if other.reader(case).reading is reader.reading and not reader.loose and not other.reader(case).loose:
                continue
            if theirs.keys() == own.keys() and other.state_of(case) != reader.state:
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
        until = world.end - _GRACE
        if world.recorded_at[authority.state, case] > until:
            return
        silent = authority.unsaid(case, until)
        if silent:
            raise world.fail("clock-told", case, f"{authority.state} was never told: {silent[0].sentence}")


# Written from the requirement: which officers prepare an act, whatever the procedure in force says.
_CASE_OFFICERS = frozenset({"case-officer"})
_PREPARED_BY = {
    "acknowledgement": frozenset({"registrar"}),
    "result": frozenset({"case-officer", "executing-authority"}),
    "team-evidence": frozenset({"case-officer", "executing-authority"}),
}

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

"""What the officers of all authorities do: open cases, act, hurry, use evidence, and hear their clocks."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from dedere.casework.acts import ProceedingKind
from dedere.casework.conditions import check_use, conditions_on
from dedere.casework.errors import ActRefusedError, UseForbiddenError
from dedere.casework.practice.dice import Dice
from dedere.casework.practice.opening import first_act
from dedere.casework.practice.partner import Proposal, propose
from dedere.cli.simulation.chance import Stream, throw
from dedere.cli.simulation.disk import Crash
from dedere.cli.simulation.plants import Plant
from dedere.cli.simulation.scenario import Trouble
from dedere.cli.simulation.sealing import Writing, letters_for
from dedere.cli.simulation.temptations import Temptation, tempted
from dedere.cli.simulation.uses import Used, wanted

if TYPE_CHECKING:
    from dedere.casework.acts import RecordedAct
    from dedere.casework.state import CaseState
    from dedere.cli.simulation.authority import Authority
    from dedere.cli.simulation.matter import Matter
    from dedere.cli.simulation.world import World

_IDLE = dt.timedelta(days=12)
_REPAIR = dt.timedelta(hours=40)
_HURRY_PERCENT = 5
# Where a hole was made in the procedure somebody will try it.
_RASH_PERCENT = 40
_ROGUE_PERCENT = 4
_ROGUE_EVERY = 4
_USE_PERCENT = 25
_OTHER_SIDE_PERCENT = 50


class Office:
    """The officers of a world. Every case has its own stream of chance in every office."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._streams: dict[tuple[str, str], Stream] = {}
        self._wakes: dict[tuple[str, str], dt.datetime] = {}
        self._acts: Counter[str] = Counter()
        self._true: set[str] = set()
        self._hurries = world.scenario.happens(Trouble.HURRY)
        states = world.scenario.states if world.scenario.happens(Trouble.ROGUE) else ()
        self._rogues = frozenset(state for place, state in enumerate(states) if place % _ROGUE_EVERY == 1)

    def expect(self, case: Matter) -> None:
        """A case will be opened on its day."""
        self._world.agenda.put(case.opens, lambda: self._open(case))

    def wake(self, authority: Authority, case: str) -> None:
        """An officer will look at the case, sooner or later."""
        matter = self._world.matters[case]
        self._look_at(authority, case, matter.tempers[authority.state].waits(Dice(self._stream(authority, case))))

    def resume(self, authority: Authority) -> None:
        """After a restart: the clocks that stand on the disk are set again."""
        for case, when in authority.disk.alarms.items():
            if authority.plant != Plant.CLOCK_FORGOTTEN:
                self._ring(authority, case, when)

    def set_alarm(self, authority: Authority, case: str) -> None:
        """The authority's machine sets itself the next instant at which a clock may have something to tell."""
        when = authority.next_telling(case, self._world.agenda.now)
        set_before = authority.disk.alarms.get(case)
        if when is None or when >= self._world.end or (set_before is not None and set_before <= when):
            return
        authority.disk.alarms[case] = when
        self._ring(authority, case, when)

    def _stream(self, authority: Authority, case: str) -> Stream:
        key = (authority.state, case)
        if key not in self._streams:
            self._streams[key] = Stream(f"{self._world.scenario.seed}/{authority.state}/{case}")
        return self._streams[key]

    def _look_at(self, authority: Authority, case: str, after: dt.timedelta) -> None:
        key, when = (authority.state, case), self._world.agenda.now + after
        if when < self._world.end and not (key in self._wakes and self._wakes[key] <= when):
            self._wakes[key] = when
            self._world.agenda.put(when, lambda: self._look(authority, case, when))

    def _look(self, authority: Authority, case: str, planned: dt.datetime) -> None:
        if self._wakes.get((authority.state, case)) != planned:
            return
        del self._wakes[authority.state, case]
        if not authority.up:
            self._look_at(authority, case, _REPAIR)
            return
        try:
            acted = self._work(authority, case)
        except Crash:
            self._world.strike(authority)
            self._look_at(authority, case, _REPAIR)
            return
        self.set_alarm(authority, case)
        if acted:
            self.wake(authority, case)
        elif authority.state_of(case).owed:
            self._look_at(authority, case, _IDLE)

    def _open(self, case: Matter) -> None:
        authority = self._world.authorities[case.states[0]]
        if not authority.up:
            self._world.agenda.put(self._world.agenda.now + dt.timedelta(hours=30), lambda: self._open(case))
            return
        stream = self._stream(authority, case.name)
        dice = Dice(stream)
        first = first_act(
            case.kind, dice=dice, today=self._world.agenda.now.date(), variant=case.variant, members=case.states
        )
        body = dict(first.body)
        if case.wish is not None and case.wish.opens_as:
            body["as"] = case.wish.opens_as
        elif case.variant == "transfer" and dice.percent(_OTHER_SIDE_PERCENT):
            body["as"] = "administering"
        opening = Proposal(first.kind, stream.new(), "", role=first.role, body=body, enclosed=())
        try:
            self._act(authority, case.name, opening, stream)
        except Crash:
            self._world.strike(authority)
            if case.name not in authority.disk.letters:
                self._world.agenda.put(self._world.agenda.now + dt.timedelta(hours=40), lambda: self._open(case))
        else:
            self.wake(authority, case.name)

    def _work(self, authority: Authority, case: str) -> bool:
        world = self._world
        if self._acts[case] >= world.scenario.acts:
            return False
        stream, state = self._stream(authority, case), authority.state_of(case)
        dice, today = Dice(stream), (world.agenda.now + authority.skew).date()
        if dice.percent(_USE_PERCENT):
            self._use(authority, case, dice, today)
        hurry = _RASH_PERCENT if world.scenario.plant else _HURRY_PERCENT
        if self._hurries and dice.percent(hurry):
            rash = tempted(Temptation(state, authority.state, today, dice))
            if rash is not None and self._act(authority, case, rash, stream):
                return True
        if self._is_rogue(authority) and dice.percent(_ROGUE_PERCENT):
            rash = tempted(Temptation(state, authority.state, today, dice))
            if rash is not None:
                return self._act(authority, case, rash, stream, rogue=True)
        matter = world.matters[case]
        wish = matter.wish if matter.wish is not None and not self._come_true(matter, state) else None
        proposal = propose(
            state,
            side=authority.state,
            temper=matter.tempers[authority.state],
            dice=dice,
            now=world.agenda.now + authority.skew,
            leaning=wish.leaning if wish is not None else None,
        )
        return proposal is not None and self._act(authority, case, proposal, stream)

    def _come_true(self, matter: Matter, state: CaseState) -> bool:
        if matter.name not in self._true and matter.wish is not None and matter.wish.holds(state):
            self._true.add(matter.name)
        return matter.name in self._true

    def _is_rogue(self, authority: Authority) -> bool:
        return authority.state in self._rogues

    def _act(self, authority: Authority, case: str, proposal: Proposal, stream: Stream, *, rogue: bool = False) -> bool:
        """Write, check, record and queue an act. A rogue authority leaves the check out."""
        world, state = self._world, authority.state_of(case)
        recipients = self._recipients(state, authority.state, proposal, case)
        careless = authority.plant == Plant.FOUR_EYES_SKIPPED and throw(case, self._acts[case], sides=5) == 0
        writing = Writing(
            case=case,
            sender=authority.state,
            recipients=recipients,
            at=(world.agenda.now + authority.skew).replace(microsecond=0),
            sequences=authority.sequences(case, recipients),
            approved=not careless,
        )
        letters = [world.seals.seal(each) for each in letters_for(proposal, state, writing=writing, stream=stream)]
        if not rogue and not careless and not self._permitted(authority, letters[0]):
            world.count.refused_at_desk += 1
            world.happened("refused-at-the-desk")
            return False
        if rogue:
            world.count.rogue_acts += 1
            world.happened("unlawful-act")
            world.rogue.add(letters[0].circular)
        world.seal(letters)
        if world.telling:
            says = f"{authority.state} sends: {proposal.kind.value} ({proposal.step or 'opening or rash'})"
            world.tell(case, f"{says}{', unlawfully' if rogue else ''}.")
        authority.send(letters, world.agenda.now)
        self._acts[case] += 1
        world.count.acts += 1
        world.recorded(authority, letters[0])
        for letter in letters:
            world.network.post(letter)
        return True

    def _permitted(self, authority: Authority, letter: RecordedAct) -> bool:
        try:
            authority.reader(letter.case).rule_on(letter)
        except ActRefusedError:
            return False
        return True

    def _recipients(self, state: CaseState, sender: str, proposal: Proposal, case: str) -> tuple[str, ...]:
        here = state.docket.proceedings.get(proposal.proceeding)
        if here is not None:
            return here.others(sender)
        others = tuple(each for each in self._world.matters[case].states if each != sender)
        return others if proposal.body.get("opens") == ProceedingKind.JOINT_TEAM.value else others[:1]

    def _use(self, authority: Authority, case: str, dice: Dice, today: dt.date) -> None:
        state = authority.state_of(case)
        held = [item.id for item in state.items if authority.state in item.signed_for]
        if not held:
            return
        item, use = dice.one_of(held), wanted(dice, today)
        try:
            check_use(state, item, use=use)
        except UseForbiddenError:
            self._world.count.uses_forbidden += 1
            self._world.happened("use-forbidden")
            if authority.plant != Plant.CONDITION_IGNORED:
                return
        self._world.count.uses += 1
        self._world.used[case].append(Used(item, use, conditions_on(state, item)))
        self._world.recorded_use(authority, case)

    def _ring(self, authority: Authority, case: str, when: dt.datetime) -> None:
        """The authority's machine will ring then, unless it dies before."""
        life = authority.life
        self._world.agenda.put(when, lambda: self._hear(authority, case, when, life))

    def _hear(self, authority: Authority, case: str, planned: dt.datetime, life: int) -> None:
        if authority.life != life or authority.disk.alarms.get(case) != planned:
            return
        try:
            told = authority.tell(case, self._world.agenda.now)
        except Crash:
            self._world.strike(authority)
            return
        for firing in told:
            self._world.told(authority, case, firing)
        del authority.disk.alarms[case]
        self.set_alarm(authority, case)

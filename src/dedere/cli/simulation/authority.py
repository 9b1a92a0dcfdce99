"""One authority: its disk, its memory, and what its officers do. It survives crashes by its disk alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from dedere.casework.clocks import CaseClock, ClockSetting, PracticeTimes, Stage, clocks_of, firings
from dedere.casework.fold import CaseReader
from dedere.cli.simulation.disk import Disk
from dedere.cli.simulation.plants import Plant, other_order
from dedere.cli.simulation.sealing import digest_of
from dedere.protocol.delivery import OutgoingDelivery, PartProgress
from dedere.treaty.limits import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.casework.acts import RecordedAct
    from dedere.casework.clocks import Firing
    from dedere.casework.state import CaseState
    from dedere.casework.transitions import Procedure
    from dedere.treaty.law import Law

TIMES = PracticeTimes()
_PLACE = Place("UTC")


class Reckoner:
    """Reckons the clocks of a case, once for every history; offices that see the same share the work."""

    def __init__(self, law: Law) -> None:
        self._law = law
        self._known: dict[tuple[object, ...], tuple[CaseClock, ...]] = {}

    def clocks(self, state: CaseState, now: dt.datetime) -> tuple[CaseClock, ...]:
        """The clocks of the case. Only what has happened counts, not when it is asked."""
        every = state.docket.proceedings.values()
        history = tuple((here.id, here.is_final, tuple(here.events)) for here in every)
        if history not in self._known:
            setting = ClockSetting(instruments=("lhc",), place=_PLACE, now=now)
            self._known[history] = clocks_of(state, self._law, setting=setting)
        return self._known[history]


class Authority:
    """An authority of one State. `one_sided`: nobody can reach it, it fetches; `skew`: how far its clock is off."""

    def __init__(
        self, state: str, *, procedure: Procedure, reckoner: Reckoner, plant: str, crashes: Callable[[str], bool]
    ) -> None:
        self.state = state
        self.disk = Disk(crashes)
        self.up = True
        self.one_sided = False
        self.skew = dt.timedelta(0)
        self.plant = plant
        self._reckoner = reckoner
        self._procedure = other_order() if plant == Plant.OTHER_ORDER and state == "SN" else procedure
        self._forget()

    def _forget(self) -> None:
        self._readers: dict[str, CaseReader] = {}
        self._counters: dict[tuple[str, str], int] = {}
        self._told_in_memory: dict[str, set[str]] = {}

    def crash(self) -> None:
        """Everything that was not written is gone."""
        self.up = False
        self._forget()

    def restart(self, now: dt.datetime) -> None:
        """Come back from the disk alone: what was being sent is sent again."""
        self.up = True
        for name, delivery in self.disk.outbox.items():
            self.disk.outbox[name] = delivery.recovered(now)

    def reader(self, case: str) -> CaseReader:
        """The case as read so far."""
        if case not in self._readers:
            letters = self.disk.letters.get(case, {}).values()
            self._readers[case] = CaseReader(case, letters, procedure=self._procedure)
        return self._readers[case]

    def state_of(self, case: str) -> CaseState:
        """The case as it stands here."""
        return self.reader(case).state

    def sequences(self, case: str, recipients: tuple[str, ...]) -> dict[str, int]:
        """The next number to each recipient in the case."""
        if self.plant == Plant.SEQUENCE_REUSED:
            return {each: self._counters.get((case, each), 0) + 1 for each in recipients}
        return {each: self.disk.next_sequence(case, sender=self.state, recipient=each) for each in recipients}

    def send(self, letters: list[RecordedAct], now: dt.datetime) -> None:
        """Record letters of this State and queue them: one write.

        Raises:
            Crash: before or after it.
        """
        case = letters[0].case
        if self.plant == Plant.OUTBOX_BESIDE_RECORD:
            self.disk.write(case, lambda: self._record(letters))
            self.disk.write(case, lambda: self._queue(letters, now))
        else:
            self.disk.write(case, lambda: self._record_and_queue(letters, now))
        for letter in letters:
            self._counters[case, letter.recipient] = letter.sequence
            self.reader(case)
            self._take_up(letter)

    def _record_and_queue(self, letters: list[RecordedAct], now: dt.datetime) -> None:
        self._record(letters)
        self._queue(letters, now)

    def _record(self, letters: list[RecordedAct]) -> None:
        for letter in letters:
            self.disk.record(letter)

    def _queue(self, letters: list[RecordedAct], now: dt.datetime) -> None:
        for letter in letters:
            self.disk.outbox[letter.letter] = OutgoingDelivery(
                letter=letter.letter,
                partner=letter.recipient,
                queued_at=now,
                next_try=now,
                moved_at=now,
                parts=tuple(PartProgress(part.id, part.size) for part in letter.parts),
            )

    def receive(self, letter: RecordedAct) -> str:
        """Take a letter in; the result is the code of the answer, empty for a receipt.

        Raises:
            Crash: before or after the write.
        """
        if digest_of(letter) != letter.digest and self.plant != Plant.TAMPERED_ACCEPTED:
            return "body-digest"
        known = self.disk.letters.get(letter.case, {})
        if letter.letter in known:
            if self.plant == Plant.DUPLICATE_RECORDED:
                again = replace(letter, letter=f"{letter.letter}-again")
                self.disk.write(letter.case, lambda: self.disk.record(again))
                self._take_up(again)
            return ""
        if self.plant == Plant.EARLY_LETTER_DROPPED and any(name not in known for name, _ in letter.answers):
            return ""
        self.reader(letter.case)
        self.disk.write(letter.case, lambda: self.disk.record(letter))
        self._take_up(letter)
        return ""

    def receive_part(self, letter: RecordedAct, part: str) -> None:
        """Take a part in, once.

        Raises:
            Crash: before or after the write.
        """
        if part not in self.disk.parts:
            self.disk.write(letter.case, lambda: self.disk.parts.update({part: 1}))

    def _take_up(self, letter: RecordedAct) -> None:
        reader = self.reader(letter.case)
        if len(reader.records) < len(self.disk.letters[letter.case]):
            reader.add(letter)

    def clocks(self, case: str, now: dt.datetime) -> tuple[CaseClock, ...]:
        """The clocks of the case. Reckoned anew only when something happened."""
        return self._reckoner.clocks(self.state_of(case), now)

    def told(self, case: str) -> set[str]:
        """The keys of all that clocks have told in this case."""
        kept = self._told_in_memory if self.plant == Plant.CLOCK_TOLD_TWICE else self.disk.told
        return kept.setdefault(case, set())

    def tell(self, case: str, now: dt.datetime) -> tuple[Firing, ...]:
        """What clocks tell now, written down so that it is told once.

        Raises:
            Crash: before or after the write.
        """
        clocks = self.clocks(case, now)
        told = self.told(case)
        new = firings(self.state_of(case), clocks, now=now, times=TIMES, told=frozenset(told))
        if new:
            self.disk.write(case, lambda: told.update(firing.key for firing in new))
        return new

    def next_telling(self, case: str, now: dt.datetime) -> dt.datetime | None:
        """The next instant at which a clock may have something to tell."""
        instants = []
        for each in self.clocks(case, now):
            if not each.over and each.clock.warn_at is not None:
                instants += [each.clock.warn_at - dt.timedelta(days=TIMES.warn_before), each.clock.warn_at]
        state = self.state_of(case)
        for owed in state.owed:
            since = _instant(state.docket.entries[owed.since].sealed_at)
            waits = [TIMES.acknowledge_within, TIMES.remind_after, TIMES.escalate_after]
            instants += [since + dt.timedelta(days=days) for days in waits]
            if owed.by:
                instants.append(_instant(f"{owed.by}T00:00:00Z") + dt.timedelta(days=1))
        return min((instant for instant in instants if instant > now), default=None)

    def unsaid(self, case: str, until: dt.datetime) -> tuple[str, ...]:
        """The keys of ended periods that should have been told before `until` and were not."""
        told = self.told(case)
        return tuple(
            each.key
            for each in self._reckoner.clocks(self.state_of(case), until)
            if not each.over and each.clock.warn_at is not None and each.clock.warn_at < until
            if f"{each.key}/{Stage.REACHED.value}" not in told
        )


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)

"""One authority: its disk, its memory, and what its officers do. It survives crashes by its disk alone."""

from __future__ import annotations

import bisect
import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from dedere.casework.clocks import firings
from dedere.casework.fold import CaseReader
from dedere.cli.simulation.disk import Disk
from dedere.cli.simulation.plants import Plant, other_order
from dedere.cli.simulation.shared import TIMES
from dedere.protocol.delivery import OutgoingDelivery, PartProgress

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.casework.acts import RecordedAct
    from dedere.casework.clocks import CaseClock, Firing
    from dedere.casework.reading import Reading
    from dedere.casework.state import CaseState
    from dedere.casework.transitions import Procedure
    from dedere.cli.simulation.sealing import Seals
    from dedere.cli.simulation.shared import Shared

_ODD_ONE = "SN"


class Authority:
    """An authority of one State. `one_sided`: nobody can reach it, it fetches; `skew`: how far its clock is off.

    `life` counts its starts: what a machine had set itself to do is gone when it dies.
    """

    def __init__(
        self,
        state: str,
        *,
        procedure: Procedure,
        shared: Shared,
        seals: Seals,
        plant: str,
        crashes: Callable[[str], bool],
    ) -> None:
        self.state = state
        self.disk = Disk(crashes)
        self.up = True
        self.life = 0
        self.one_sided = False
        self.skew = dt.timedelta(0)
        self.plant = plant
        self._shared = shared
        self._seals = seals
        self._procedure = other_order() if plant == Plant.OTHER_ORDER and state == _ODD_ONE else procedure
        self._forget()

    def _forget(self) -> None:
        self._readers: dict[str, CaseReader] = {}
        self._counters: dict[tuple[str, str], int] = {}
        self._told_in_memory: dict[str, set[str]] = {}
        self._heard: dict[str, frozenset[dt.datetime]] = {}

    def crash(self) -> None:
        """Everything that was not written is gone."""
        self.up = False
        self.life += 1
        self._forget()

    def restart(self, now: dt.datetime) -> None:
        """Come back from the disk alone: what was being sent is sent again."""
        self.up = True
        for name, delivery in self.disk.outbox.items():
            self.disk.outbox[name] = delivery.recovered(now)

    def reader(self, case: str) -> CaseReader:
        """The case as read so far."""
        reader = self._readers.get(case)
        if reader is None:
            letters = self.disk.letters.get(case, {}).values()
            first = self._shared.first(case, self._procedure)
            reader = self._readers[case] = CaseReader(case, letters, procedure=self._procedure, first=first)
        return reader

    def reading(self, case: str) -> Reading:
        """What reading the case came to; letters that wait left out."""
        return self.reader(case).reading

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
        reader = self.reader(case)
        if self.plant == Plant.OUTBOX_BESIDE_RECORD:
            self.disk.write(case, lambda: self._record(letters))
            self.disk.write(case, lambda: self._queue(letters, now))
        else:
            self.disk.write(case, lambda: self._record_and_queue(letters, now))
        for letter in letters:
            self._counters[case, letter.recipient] = letter.sequence
            reader.add(letter)

    def _record_and_queue(self, letters: list[RecordedAct], now: dt.datetime) -> None:
        self._record(letters)
        self._queue(letters, now)

    def _record(self, letters: list[RecordedAct]) -> None:
        for letter in letters:
            self.disk.record(letter)

    def _queue(self, letters: list[RecordedAct], now: dt.datetime) -> None:
        for letter in letters:
            parts = tuple(PartProgress(part.id, part.size) for part in letter.parts)
            delivery = OutgoingDelivery(
                letter=letter.letter,
                partner=letter.recipient,
                queued_at=now,
                next_try=now,
                moved_at=now,
                parts=parts,
            )
            self.disk.queue(letter, delivery)

    def receive(self, letter: RecordedAct) -> str:
        """Take a letter in; the result is the code of the answer, empty for a receipt.

        Raises:
            Crash: before or after the write.
        """
        if self.plant != Plant.TAMPERED_ACCEPTED and not self._seals.whole(letter):
            return "body-digest"
        known = self.disk.letters.get(letter.case, {})
        if letter.letter in known:
            if self.plant == Plant.DUPLICATE_RECORDED:
                self._take_in(replace(letter, letter=f"{letter.letter}-again"))
            return ""
        if self.plant == Plant.EARLY_LETTER_DROPPED and any(name not in known for name, _ in letter.answers):
            return ""
        self._take_in(letter)
        return ""

    def _take_in(self, letter: RecordedAct) -> None:
        reader = self.reader(letter.case)
        self.disk.write(letter.case, lambda: self.disk.record(letter))
        reader.add(letter)

    def receive_part(self, letter: RecordedAct, part: str) -> None:
        """Take a part in, once.

        Raises:
            Crash: before or after the write.
        """
        if part not in self.disk.parts:
            self.disk.write(letter.case, lambda: self.disk.parts.update({part: 1}))

    def clocks(self, case: str, now: dt.datetime) -> tuple[CaseClock, ...]:
        """The clocks of the case."""
        return self._shared.clocks(self.reading(case), now)

    def told(self, case: str) -> set[str]:
        """The keys of all that clocks have told in this case."""
        kept = self._told_in_memory if self.plant == Plant.CLOCK_TOLD_TWICE else self.disk.told
        return kept.setdefault(case, set())

    def tell(self, case: str, now: dt.datetime) -> tuple[Firing, ...]:
        """What clocks tell now, written down so that it is told once.

        Raises:
            Crash: before or after the write.
        """
        reading = self.reading(case)
        instants = self._shared.instants(reading, now)
        come, heard = instants[: bisect.bisect_right(instants, now)], self._heard.get(case, frozenset())
        if heard.issuperset(come):
            return ()
        told = self.told(case)
        clocks = self._shared.clocks(reading, now)
        new = firings(self.state_of(case), clocks, now=now, times=TIMES, told=frozenset(told))
        if new:
            self.disk.write(case, lambda: told.update(firing.key for firing in new))
        self._heard[case] = heard.union(come)
        return new

    def next_telling(self, case: str, now: dt.datetime) -> dt.datetime | None:
        """The next instant at which a clock may have something to tell: now, if one has come that nobody heard."""
        instants = self._shared.instants(self.reading(case), now)
        place = bisect.bisect_right(instants, now)
        if place and not self._heard.get(case, frozenset()).issuperset(instants[:place]):
            return now
        return instants[place] if place < len(instants) else None

    def unsaid(self, case: str, until: dt.datetime) -> tuple[Firing, ...]:
        """What clocks should have told before `until` and have not."""
        told = frozenset(self.told(case))
        return firings(self.state_of(case), self.clocks(case, until), now=until, times=TIMES, told=told)

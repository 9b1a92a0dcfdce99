"""What an authority keeps through a crash. A crash can strike before or after any write, never within one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from dedere.casework.acts import RecordedAct
    from dedere.protocol.delivery import OutgoingDelivery


class Crash(BaseException):
    """The authority's machine has died. Nobody's error, and nothing that a handler of errors may stop."""


@dataclass(slots=True)
class Disk:
    """The record, the outbox, the parts, what clocks have told and what is set to ring: everything durable.

    `crashes` is asked, with the case concerned, before and after every write. `outbox` holds what is still under way,
    `delivered` the names of what is with the other side as a whole.
    """

    crashes: Callable[[str], bool]
    letters: dict[str, dict[str, RecordedAct]] = field(default_factory=dict)
    sequences: dict[tuple[str, str, str], int] = field(default_factory=dict)
    outbox: dict[str, OutgoingDelivery] = field(default_factory=dict)
    queued: dict[str, RecordedAct] = field(default_factory=dict)
    delivered: set[str] = field(default_factory=set)
    parts: dict[str, int] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)
    alarms: dict[str, dt.datetime] = field(default_factory=dict)

    def write(self, case: str, change: Callable[[], None]) -> None:
        """One transaction: all of `change` or nothing of it.

        Raises:
            Crash: before it, or after it.
        """
        if self.crashes(case):
            raise Crash
        change()
        if self.crashes(case):
            raise Crash

    def record(self, letter: RecordedAct) -> None:
        """Add a letter to its case. To be called within a write."""
        self.letters.setdefault(letter.case, {})[letter.letter] = letter
        line = (letter.case, letter.sender, letter.recipient)
        self.sequences[line] = max(self.sequences.get(line, 0), letter.sequence)

    def queue(self, letter: RecordedAct, delivery: OutgoingDelivery) -> None:
        """Put a letter into the outbox. To be called within a write."""
        self.outbox[letter.letter] = delivery
        self.queued[letter.letter] = letter

    def keep(self, letter: RecordedAct, delivery: OutgoingDelivery) -> None:
        """How far a letter of the outbox has come, which it leaves with its last receipt.

        Raises:
            Crash: before the write, or after it.
        """
        if self.crashes(letter.case):
            raise Crash
        if delivery.complete:
            self.outbox.pop(letter.letter, None)
            self.queued.pop(letter.letter, None)
            self.delivered.add(letter.letter)
        else:
            self.outbox[letter.letter] = delivery
        if self.crashes(letter.case):
            raise Crash

    def next_sequence(self, case: str, *, sender: str, recipient: str) -> int:
        """The number that the next letter of this sender to this recipient has in the case."""
        return self.sequences.get((case, sender, recipient), 0) + 1

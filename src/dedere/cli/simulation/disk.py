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
    """The record, the outbox, the parts and what clocks have told: everything durable.

    `crashes` is asked, with the case concerned, before and after every write.
    """

    crashes: Callable[[str], bool]
    letters: dict[str, dict[str, RecordedAct]] = field(default_factory=dict)
    outbox: dict[str, OutgoingDelivery] = field(default_factory=dict)
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

    def next_sequence(self, case: str, *, sender: str, recipient: str) -> int:
        """The number that the next letter of this sender to this recipient has in the case."""
        line = (sender, recipient)
        sent = (each.sequence for each in self.letters.get(case, {}).values() if (each.sender, each.recipient) == line)
        return 1 + max(sent, default=0)

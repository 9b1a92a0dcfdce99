"""The fold: the state of a case as a pure function of its letters, whatever order they arrived in.

`order` says in which order letters are read, `judge` which of them have effect. A letter that a rule forbids stays in
the timeline, marked with the rule, and changes nothing; it is called *overtaken* instead of *refused* when its author
could not have known the act that stands in its way. Two nodes and a third machine with the same letters compute the
same state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.casework.docket import Docket, texts
from dedere.casework.order import Memory, Node, act_digest, order, written
from dedere.casework.procedure import load_procedure
from dedere.casework.reading import Reading
from dedere.casework.state import CaseState, freeze

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.casework.acts import RecordedAct
    from dedere.casework.transitions import Procedure


def fold(case: str, records: Iterable[RecordedAct], *, procedure: Procedure | None = None) -> CaseState:
    """The state of the case that these letters make. Pure: no clock, no order of arrival, no law of a node."""
    procedure = procedure or load_procedure()
    ordered = order(records, procedure=procedure)
    docket = Docket(case)
    reading = Reading(docket, procedure)
    for node in ordered.nodes:
        reading.read(node)
    docket.waiting, docket.contradictions, docket.heads = ordered.waiting, ordered.contradictions, ordered.heads
    return freeze(docket)


class CaseReader:
    """Reads a case as it grows: always the state that `fold` gives, cheaper while few letters come out of turn.

    A state that was handed out is spent with the next letter; ask anew.
    """

    def __init__(self, case: str, records: Iterable[RecordedAct] = (), *, procedure: Procedure | None = None) -> None:
        self._case = case
        self._procedure = procedure or load_procedure()
        self._records = list(records)
        self._sequences: dict[tuple[str, str], int] = {}
        self._reading = Reading(Docket(case), self._procedure)
        self._read: list[Node] = []
        # Readings of some of the last lengths: what a letter out of turn goes back to.
        self._earlier: list[tuple[int, Reading]] = []
        self._memory = Memory()
        self._state: CaseState | None = None
        for record in self._records:
            self._count(record)
        if self._records:
            self._reorder()

    @property
    def records(self) -> tuple[RecordedAct, ...]:
        """The letters read, in the order in which they were added."""
        return tuple(self._records)

    @property
    def state(self) -> CaseState:
        """The state of the case as it stands."""
        if self._state is None:
            self._state = freeze(self._reading.docket)
        return self._state

    def add(self, record: RecordedAct) -> None:
        """One more letter, in whatever order."""
        self._state = None
        last = self._read[-1] if self._read else None
        self._records.append(record)
        if last is not None and self._is_copy_of(record, last):
            last.copies.append(record)
            self._reading.docket.known[record.letter] = (last.key, record.digest, record.sealed_at)
            self._reading.docket.heads = _heads_after(self._reading.docket, record)
        elif self._follows_everything(record, last):
            self._append(record)
        else:
            self._reorder()
        self._count(record)

    def _count(self, record: RecordedAct) -> None:
        line = (record.sender, record.recipient)
        self._sequences[line] = max(self._sequences.get(line, 0), record.sequence)

    def _is_next(self, record: RecordedAct) -> bool:
        docket = self._reading.docket
        if docket.waiting or docket.contradictions or record.letter in docket.known:
            return False
        return record.sequence == self._sequences.get((record.sender, record.recipient), 0) + 1

    def _is_copy_of(self, record: RecordedAct, last: Node) -> bool:
        if not record.is_copy or record.circular != last.key or not self._is_next(record):
            return False
        return act_digest(record) == last.digest and not record.answers

    def _follows_everything(self, record: RecordedAct, last: Node | None) -> bool:
        """Whether the letter can only come last: it is the next of its sender and builds on all that was read."""
        docket = self._reading.docket
        if not self._is_next(record) or record.circular in docket.entries:
            return False
        if any(letter not in docket.known for letter, _ in record.answers):
            return False
        built_on = {docket.known[letter][0] for letter, _ in record.answers} | set(texts(record.body, "follows"))
        if not built_on <= docket.entries.keys():
            return False
        # With the last act, everything that it builds on.
        whole = last is None or last.past == (1 << last.place) - 1
        return last is None or (whole and last.key in built_on)

    def _append(self, record: RecordedAct) -> None:
        place = len(self._read)
        node = Node(
            act=record,
            key=record.circular,
            at=written(record.acted_at),
            digest=act_digest(record) if record.is_copy else record.digest,
            copies=[record],
            place=place,
            past=(1 << place) - 1,
        )
        self._go_on(node)
        self._reading.docket.heads = _heads_after(self._reading.docket, record)

    def _go_on(self, node: Node, *, remember: bool = True) -> None:
        if remember and len(self._read) % _EVERY == 0:
            self._earlier.append((len(self._read), self._reading.copied()))
            del self._earlier[:-_REMEMBERED]
        self._reading.read(node)
        self._read.append(node)

    def _reorder(self) -> None:
        """Go back to where the order of reading changes, and read on from there."""
        ordered = order(self._records, procedure=self._procedure, memory=self._memory)
        same = 0
        for old, new in zip(self._read, ordered.nodes, strict=False):
            if (old.key, old.digest, old.repeats_sequence) != (new.key, new.digest, new.repeats_sequence):
                break
            same += 1
        if same < len(self._read):
            while self._earlier and self._earlier[-1][0] > same:
                self._earlier.pop()
            fresh = (0, Reading(Docket(self._case), self._procedure))
            same, self._reading = self._earlier.pop() if self._earlier else fresh
        self._read = list(ordered.nodes[:same])
        docket = self._reading.docket
        for node in self._read:
            for copy in node.copies:
                docket.known[copy.letter] = (node.key, copy.digest, copy.sealed_at)
        for node in ordered.nodes[same:]:
            self._go_on(node, remember=len(ordered.nodes) - node.place <= _EVERY * _REMEMBERED)
        docket = self._reading.docket
        docket.waiting, docket.contradictions, docket.heads = ordered.waiting, ordered.contradictions, ordered.heads


_EVERY = 3
_REMEMBERED = 6


def _heads_after(docket: Docket, record: RecordedAct) -> tuple[tuple[str, str], ...]:
    answered = {letter for letter, _ in record.answers}
    followed = set(texts(record.body, "follows"))
    left = [
        (letter, digest)
        for letter, digest in docket.heads
        if letter not in answered and docket.known[letter][0] not in followed
    ]
    return tuple(sorted([*left, (record.letter, record.digest)]))

"""The fold: the state of a case as a pure function of its letters, whatever order they arrived in.

`order` says in which order letters are read, `judge` which of them have effect. A letter that a rule forbids stays in
the timeline, marked with the rule, and changes nothing; it is called *overtaken* instead of *refused* when its author
could not have known the act that stands in its way. Two nodes and a third machine with the same letters compute the
same state.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dedere.casework.docket import Docket, texts
from dedere.casework.order import Node, Ordered, act_digest, before, order
from dedere.casework.procedure import load_procedure
from dedere.casework.reading import Reading
from dedere.casework.state import CaseState, freeze

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.casework.acts import RecordedAct
    from dedere.casework.judge import Ruling
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


def first_reading(case: str, *, procedure: Procedure | None = None) -> Reading:
    """The reading of a case in which nothing was read yet; readers that start from the same one share their work."""
    return Reading(Docket(case), procedure or load_procedure())


class CaseReader:
    """Reads a case as it grows: always the state that `fold` gives, at the cost of what is new.

    An act that crossed others is put in its place and what comes after it is read anew. Only while letters wait,
    contradict each other or are copies of one act that came apart is the whole case put in order again. States that
    were handed out stay as they are.
    """

    def __init__(
        self,
        case: str,
        records: Iterable[RecordedAct] = (),
        *,
        procedure: Procedure | None = None,
        first: Reading | None = None,
    ) -> None:
        """`first` (see `first_reading`) is shared by readers of the same case under the same procedure."""
        self._procedure = procedure or load_procedure()
        self._records: list[RecordedAct] = []
        self._nodes: list[Node] = []
        # The readings after no act, after the first, after the second …
        self._readings = [first or first_reading(case, procedure=self._procedure)]
        # Of each sender to each recipient: the last number, and the act that has it.
        self._lines: dict[tuple[str, str], tuple[int, str]] = {}
        self._loose: Ordered | None = None
        self._state: CaseState | None = None
        out_of_turn = False
        for record in records:
            self._records.append(record)
            out_of_turn = out_of_turn or not self._goes_on(record)
        if out_of_turn:
            self._reorder()

    @property
    def records(self) -> tuple[RecordedAct, ...]:
        """The letters read, in the order in which they were added."""
        return tuple(self._records)

    @property
    def reading(self) -> Reading:
        """What reading came to. Two readers that share their work and read the same hold the same one."""
        return self._readings[-1]

    @property
    def loose(self) -> bool:
        """Whether letters wait or contradict each other: then the state says more than the reading."""
        return self._loose is not None

    @property
    def state(self) -> CaseState:
        """The state of the case as it stands."""
        if self._loose is None:
            return self.reading.state
        if self._state is None:
            loose = self._loose
            self._state = freeze(
                replace(self.reading.docket, waiting=loose.waiting, contradictions=loose.contradictions)
            )
        return self._state

    def rule_on(self, record: RecordedAct) -> Ruling:
        """The steps the act would take now, as `permitted.preview_act` says it.

        Raises:
            ActRefusedError: a rule forbids it; `rule` and `provision` say which.
        """
        return self.reading.rule_on(record)

    def add(self, record: RecordedAct) -> None:
        """One more letter, in whatever order."""
        self._records.append(record)
        if not self._goes_on(record):
            self._reorder()

    def _goes_on(self, record: RecordedAct) -> bool:
        """Read the letter without putting the whole case in order again, if that is possible."""
        if self._loose is not None:
            return False
        docket = self.reading.docket
        last, before_it = self._lines.get((record.sender, record.recipient), (0, ""))
        if record.letter in docket.known or record.sequence != last + 1:
            return False
        if any(letter not in docket.known for letter, _ in record.answers):
            return False
        built_on = {docket.known[letter][0] for letter, _ in record.answers} | set(texts(record.body, "follows"))
        if before_it:
            built_on.add(before_it)
        if not built_on <= docket.entries.keys():
            return False
        if record.circular in docket.entries:
            return self._is_another_copy(record, built_on)
        self._insert(record, built_on)
        self._lines[record.sender, record.recipient] = (record.sequence, record.circular)
        return True

    def _is_another_copy(self, record: RecordedAct, built_on: set[str]) -> bool:
        """A copy of the act that was read last goes to that act; any other is put in order with everything."""
        last = self._nodes[-1]
        if last.key != record.circular or record.answers or act_digest(record) != last.digest:
            return False
        if any(not last.past >> node.place & 1 for node in self._nodes if node.key in built_on):
            return False
        chosen = min(last.act, record, key=lambda letter: letter.letter)
        del self._nodes[-1], self._readings[-1]
        self._read(replace(last, act=chosen, copies=[*last.copies, record]))
        self._lines[record.sender, record.recipient] = (record.sequence, record.circular)
        return True

    def _insert(self, record: RecordedAct, built_on: set[str]) -> None:
        """Put an act that nothing builds on yet where `order` would put it, and read on from there."""
        # After all that it builds on, and before the first act after that which is read later when both may be.
        past, earliest, left = 0, 0, len(built_on)
        for known in reversed(self._nodes) if left else ():
            if known.key in built_on:
                past |= known.past | (1 << known.place)
                earliest, left = max(earliest, known.place + 1), left - 1
                if not left:
                    break
        node = Node(
            act=record,
            key=record.circular,
            at=record.written_at,
            digest=act_digest(record) if record.is_copy else record.digest,
            copies=[record],
            past=past,
        )
        node.place = next(
            (known.place for known in self._nodes[earliest:] if before(node, known, procedure=self._procedure)),
            len(self._nodes),
        )
        later = self._nodes[node.place :]
        del self._nodes[node.place :], self._readings[node.place + 1 :]
        self._read(node)
        for known in later:
            moved = known.past & ((1 << node.place) - 1) | known.past >> node.place << (node.place + 1)
            self._read(replace(known, place=known.place + 1, past=moved))

    def _read(self, node: Node) -> None:
        self._nodes.append(node)
        self._readings.append(self.reading.after(node))

    def _reorder(self) -> None:
        """Put everything in order; go back to where the order of reading changes, and read on from there."""
        ordered = order(self._records, procedure=self._procedure)
        same = 0
        for old, new in zip(self._nodes, ordered.nodes, strict=False):
            if old.act is not new.act or (old.past, old.copies, old.repeats_sequence) != (
                new.past,
                new.copies,
                new.repeats_sequence,
            ):
                break
            same += 1
        del self._nodes[same:], self._readings[same + 1 :]
        for node in ordered.nodes[same:]:
            self._read(node)
        self._state = None
        self._loose = ordered if ordered.waiting or ordered.contradictions else None
        if self._loose is None:
            self._lines = {}
            for record in self._records:
                line = (record.sender, record.recipient)
                self._lines[line] = max(self._lines.get(line, (0, "")), (record.sequence, record.circular))

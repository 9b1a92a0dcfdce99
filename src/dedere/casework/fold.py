"""The fold: the state of a case as a pure function of its letters, whatever order they arrived in.

`order` says in which order letters are read, `judge` which of them have effect. A letter that a rule forbids stays in
the timeline, marked with the rule, and changes nothing; it is called *overtaken* instead of *refused* when its author
could not have known the act that stands in its way. Two nodes and a third machine with the same letters compute the
same state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.casework.docket import Docket, texts
from dedere.casework.order import Node, act_digest, order
from dedere.casework.procedure import load_procedure
from dedere.casework.reading import Reading
from dedere.casework.state import CaseState, freeze

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.casework.acts import RecordedAct
    from dedere.casework.transitions import Procedure


def fold(case: str, records: Iterable[RecordedAct], *, procedure: Procedure | None = None) -> CaseState:
    """The state of the case that these letters make. Pure: no clock, no order of arrival, no law of a node."""
    return freeze(_read(case, records, procedure or load_procedure())[0].docket)


class CaseReader:
    """Reads a case as it grows: always the state that `fold` gives, cheaper while letters come one after the other.

    A state that was handed out is spent with the next letter; ask anew.
    """

    def __init__(self, case: str, *, procedure: Procedure | None = None) -> None:
        self._case = case
        self._procedure = procedure or load_procedure()
        self._records: list[RecordedAct] = []
        self._sequences: dict[tuple[str, str], int] = {}
        self._reading, self._last = _read(case, (), self._procedure)
        self._state: CaseState | None = None

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
        follows_all = self._follows_everything(record)
        self._records.append(record)
        if not follows_all:
            self._reading, self._last = _read(self._case, self._records, self._procedure)
        elif record.circular in self._reading.docket.entries:
            self._take_copy(record)
        else:
            self._append(record)
        line = (record.sender, record.recipient)
        self._sequences[line] = max(self._sequences.get(line, 0), record.sequence)

    def _follows_everything(self, record: RecordedAct) -> bool:
        """Whether the letter can only come last: it is the next of its sender and builds on all that was read."""
        docket = self._reading.docket
        if docket.waiting or docket.contradictions or record.letter in docket.known:
            return False
        if record.sequence != self._sequences.get((record.sender, record.recipient), 0) + 1:
            return False
        last = self._last
        if last is not None and record.is_copy and record.circular == last.key:
            return act_digest(record) == last.digest and record.sealed_at == last.act.sealed_at
        if record.circular in docket.entries or any(letter not in docket.known for letter, _ in record.answers):
            return False
        built_on = {docket.known[letter][0] for letter, _ in record.answers} | set(texts(record.body, "follows"))
        return built_on <= set(docket.entries) and self._ends() <= built_on

    def _ends(self) -> set[str]:
        """The acts on which nothing builds yet: with the last act read, whatever it did not build on."""
        last = self._last
        if last is None:
            return set()
        whole = (1 << last.place) - 1
        return {last.key} if last.past == whole else set(self._reading.docket.entries)

    def _take_copy(self, record: RecordedAct) -> None:
        last = self._last
        if last is not None:
            self._reading.docket.known[record.letter] = (last.key, record.digest, record.sealed_at)
            self._reading.docket.heads = _heads_after(self._reading.docket, record)

    def _append(self, record: RecordedAct) -> None:
        docket = self._reading.docket
        place = len(docket.entries)
        node = Node(
            act=record,
            key=record.circular,
            at=format_instant(record.sealed_at),
            digest=act_digest(record) if record.is_copy else record.digest,
            copies=[record],
            place=place,
            past=(1 << place) - 1,
        )
        self._reading.read(node)
        self._last = node
        docket.heads = _heads_after(docket, record)


def _heads_after(docket: Docket, record: RecordedAct) -> tuple[tuple[str, str], ...]:
    answered = {letter for letter, _ in record.answers}
    followed = set(texts(record.body, "follows"))
    left = [
        (letter, digest)
        for letter, digest in docket.heads
        if letter not in answered and docket.known[letter][0] not in followed
    ]
    return tuple(sorted([*left, (record.letter, record.digest)]))


def _read(case: str, records: Iterable[RecordedAct], procedure: Procedure) -> tuple[Reading, Node | None]:
    ordered = order(records, procedure=procedure)
    docket = Docket(case)
    reading = Reading(docket, procedure)
    for node in ordered.nodes:
        reading.read(node)
    docket.waiting, docket.contradictions, docket.heads = ordered.waiting, ordered.contradictions, ordered.heads
    return reading, ordered.nodes[-1] if ordered.nodes else None

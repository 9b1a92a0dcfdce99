"""The fold: the state of a case as a pure function of its letters, whatever order they arrived in.

`order` says in which order letters are read, `judge` which of them have effect. A letter that a rule forbids stays in
the timeline, marked with the rule, and changes nothing; it is called *overtaken* instead of *refused* when its author
could not have known the act that stands in its way. Two nodes and a third machine with the same letters compute the
same state.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.casework.applying import apply
from dedere.casework.docket import Docket, text
from dedere.casework.errors import ActRefusedError
from dedere.casework.judge import judge
from dedere.casework.matters import Entry, EntryStatus
from dedere.casework.order import Node, order
from dedere.casework.procedure import load_procedure
from dedere.casework.state import CaseState, freeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dedere.casework.acts import RecordedAct
    from dedere.casework.judge import Ruling
    from dedere.casework.transitions import Procedure

# Two machines' clocks may differ; a letter sealed earlier than what it answers by more than this is refused.
CLOCK_DIFFERENCE = dt.timedelta(minutes=10)


def fold(case: str, records: Iterable[RecordedAct], *, procedure: Procedure | None = None) -> CaseState:
    """The state of the case that these letters make. Pure: no clock, no order of arrival, no law of a node."""
    procedure = procedure or load_procedure()
    ordered = order(records, procedure=procedure)
    docket = Docket(case)
    reader = _Reader(docket, procedure)
    for node in ordered.nodes:
        reader.read(node)
    docket.waiting, docket.contradictions, docket.heads = ordered.waiting, ordered.contradictions, ordered.heads
    return freeze(docket)


def check_causes(docket: Docket, act: RecordedAct) -> None:
    """Let an act through that answers known letters, as they were, and was not sealed before them.

    Raises:
        ActRefusedError: it does not.
    """
    for letter, digest in act.answers:
        if letter not in docket.known:
            raise ActRefusedError("The act answers a letter that is not here.", rule="answers-unknown")
        _, known_digest, sealed_at = docket.known[letter]
        if known_digest != digest:
            raise ActRefusedError("The act answers another text than the letter had.", rule="answers-another-text")
        if act.sealed_at + CLOCK_DIFFERENCE < sealed_at:
            raise ActRefusedError("The act was sealed before the letter that it answers.", rule="before-its-cause")


class _Reader:
    """Reads acts one after the other into a docket, and notes what became of each."""

    def __init__(self, docket: Docket, procedure: Procedure) -> None:
        self._docket = docket
        self._procedure = procedure
        self._applied: dict[str, int] = {}

    def read(self, node: Node) -> None:
        act = node.act
        try:
            ruling = self._judge(node)
        except ActRefusedError as refusal:
            self._note(node, refusal=refusal)
        else:
            steps = apply(ruling, procedure=self._procedure)
            self._note(node, steps=steps, provision=ruling.situation.step.provision)
            self._applied[act.proceeding] = self._applied.get(act.proceeding, 0) | (1 << node.place)
        for copy in node.copies:
            self._docket.known[copy.letter] = (node.key, copy.digest, copy.sealed_at)

    def _judge(self, node: Node) -> Ruling:
        if node.repeats_sequence:
            raise ActRefusedError("The sender used this place in the sequence before.", rule="sequence-repeated")
        check_causes(self._docket, node.act)
        return judge(self._docket, node.act, procedure=self._procedure)

    def _note(
        self,
        node: Node,
        *,
        refusal: ActRefusedError | None = None,
        steps: tuple[str, ...] = (),
        provision: str = "",
    ) -> None:
        act = node.act
        status = EntryStatus.APPLIED
        if refusal:
            unseen = self._applied.get(act.proceeding, 0) & ~node.past
            status = EntryStatus.OVERTAKEN if unseen else EntryStatus.REFUSED
        approver = act.officer.get("approved_by")
        self._docket.entries[node.key] = Entry(
            letter=node.key,
            digest=node.digest,
            proceeding=act.proceeding,
            kind=act.kind.value,
            title=self._procedure.acts[act.kind].title,
            sender=act.sender,
            recipients=() if act.is_copy else (act.recipient,),
            sequence=0 if act.is_copy else act.sequence,
            sealed_at=node.at,
            officer=text(act.officer, "name"),
            role=text(act.officer, "role"),
            approved_by=_name(approver),
            status=status,
            transitions=steps,
            provision=refusal.provision if refusal else provision,
            rule=refusal.rule if refusal else "",
            sentence=refusal.sentence if refusal else "",
        )


def _name(approver: object) -> str:
    approved: Mapping[str, object] = approver if isinstance(approver, dict) else {}
    name = approved.get("name")
    return name if isinstance(name, str) else ""

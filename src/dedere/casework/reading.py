"""Reads acts one after the other into a docket, and notes what became of each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.casework.applying import apply
from dedere.casework.docket import text
from dedere.casework.errors import ActRefusedError
from dedere.casework.judge import judge
from dedere.casework.matters import Entry, EntryStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.casework.acts import RecordedAct
    from dedere.casework.docket import Docket
    from dedere.casework.judge import Ruling
    from dedere.casework.order import Node
    from dedere.casework.transitions import Procedure

# Two machines' clocks may differ; a letter sealed earlier than what it answers by more than this is refused.
CLOCK_DIFFERENCE = dt.timedelta(minutes=10)


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


class Reading:
    """A docket being written. `read` takes acts in the order that `order` gives them."""

    def __init__(self, docket: Docket, procedure: Procedure) -> None:
        self.docket = docket
        self._procedure = procedure
        self._applied: dict[str, int] = {}

    def copied(self) -> Reading:
        """A reading that can go on without touching this one."""
        other = Reading(self.docket.copied(), self._procedure)
        other._applied = dict(self._applied)
        return other

    def read(self, node: Node) -> None:
        """Let one act take effect, or note the rule that forbids it."""
        act = node.act
        try:
            ruling = self._judge(node)
        except ActRefusedError as refusal:
            self._note(node, refusal=refusal)
        else:
            steps = apply(ruling, procedure=self._procedure)
            self._note(node, steps=steps, provision=ruling.situation.step.provision)
            for name in self._touched(node, act.proceeding):
                self._applied[name] = self._applied.get(name, 0) | (1 << node.place)
        for copy in node.copies:
            self.docket.known[copy.letter] = (node.key, copy.digest, copy.sealed_at)

    def _touched(self, node: Node, proceeding: str) -> set[str]:
        """The proceedings that an act has changed: its own, and those it moved, opened or widened beside it."""
        every = self.docket.proceedings.values()
        moved = {here.id for here in every if here.since == node.key}
        widened = {here.id for here in every if any(each.replied_in == node.key for each in here.conditions.values())}
        return {proceeding} | moved | widened

    def _judge(self, node: Node) -> Ruling:
        if node.repeats_sequence:
            raise ActRefusedError("The sender used this place in the sequence before.", rule="sequence-repeated")
        check_causes(self.docket, node.act)
        return judge(self.docket, node.act, procedure=self._procedure)

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
        self.docket.entries[node.key] = Entry(
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
            approved_by=_name(act.officer.get("approved_by")),
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

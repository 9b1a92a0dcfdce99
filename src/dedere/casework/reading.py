"""Reads acts one after the other into a docket, and notes what became of each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.casework.applying import apply
from dedere.casework.docket import text, texts
from dedere.casework.errors import ActRefusedError
from dedere.casework.judge import judge
from dedere.casework.matters import Entry, EntryStatus
from dedere.casework.state import CaseState, freeze

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
    """What reading some acts, in the order that `order` gives them, came to.

    `read` goes on in place, for who reads a case once. `after` leaves this reading as it is and gives the one after
    it; who reads the same act from here again gets the same reading, so a reading that was handed out with `after`
    must not be written to.
    """

    __slots__ = ("_applied", "_following", "_procedure", "_ruled", "_state", "docket")

    def __init__(self, docket: Docket, procedure: Procedure) -> None:
        self.docket = docket
        self._procedure = procedure
        self._applied: dict[str, int] = {}
        self._following: list[tuple[Node, Reading]] = []
        self._ruled: tuple[RecordedAct, Ruling] | None = None
        self._state: CaseState | None = None

    @property
    def state(self) -> CaseState:
        """The state of the case that was read so far, as if nothing waited."""
        if self._state is None:
            self._state = freeze(self.docket)
        return self._state

    def rule_on(self, act: RecordedAct) -> Ruling:
        """The steps the act would take next. What was ruled last is kept for when the act is read.

        Raises:
            ActRefusedError: a rule forbids it; `rule` and `provision` say which.
        """
        if self._ruled is None or self._ruled[0] is not act:
            check_causes(self.docket, act)
            self._ruled = (act, judge(self.docket, act, procedure=self._procedure))
        return self._ruled[1]

    def read(self, node: Node) -> None:
        """Let one act take effect in this reading, or note the rule that forbids it."""
        self.write(node, self._ruling(node))
        self._ruled = None

    def after(self, node: Node) -> Reading:
        """The reading in which this act, too, is read. This one stays as it is."""
        for known, reading in self._following:
            if (
                known.act is node.act
                and known.past == node.past
                and known.copies == node.copies
                and known.repeats_sequence == node.repeats_sequence
            ):
                return reading
        ruling = self._ruling(node)
        refused = isinstance(ruling, ActRefusedError)
        following = Reading(self.docket.noting_only() if refused else self.docket.copied(), self._procedure)
        following._applied = dict(self._applied)
        following.write(node, ruling)
        following.docket.heads = _heads_after(following.docket, node)
        self._following.append((node, following))
        self._ruled = None
        return following

    def write(self, node: Node, ruling: Ruling | ActRefusedError) -> None:
        """Write down what was ruled on an act, in this docket or in the one that this one was copied from."""
        if isinstance(ruling, ActRefusedError):
            self._note(node, refusal=ruling)
            return
        steps = apply(ruling.on(self.docket), procedure=self._procedure)
        self._note(node, steps=steps, provision=ruling.situation.step.provision)
        for name in self._touched(node):
            self._applied[name] = self._applied.get(name, 0) | (1 << node.place)

    def _ruling(self, node: Node) -> Ruling | ActRefusedError:
        if node.repeats_sequence:
            return ActRefusedError("The sender used this place in the sequence before.", rule="sequence-repeated")
        try:
            return self.rule_on(node.act)
        except ActRefusedError as refusal:
            return refusal

    def _touched(self, node: Node) -> set[str]:
        """The proceedings that an act has changed: its own, and those it moved, opened or widened beside it."""
        touched = {node.act.proceeding}
        if len(self.docket.proceedings) > 1:
            for here in self.docket.proceedings.values():
                if here.since == node.key or any(each.replied_in == node.key for each in here.conditions.values()):
                    touched.add(here.id)
        return touched

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
        for copy in node.copies:
            self.docket.known[copy.letter] = (node.key, copy.digest, copy.sealed_at)


def _heads_after(docket: Docket, node: Node) -> tuple[tuple[str, str], ...]:
    """What was read and nothing that was read answers, one act later."""
    answered = {letter for copy in node.copies for letter, _ in copy.answers}
    followed = {key for copy in node.copies for key in texts(copy.body, "follows")}
    left = [
        (letter, digest)
        for letter, digest in docket.heads
        if letter not in answered and docket.known[letter][0] not in followed
    ]
    return tuple(sorted([*left, *((copy.letter, copy.digest) for copy in node.copies)]))


def _name(approver: object) -> str:
    approved: Mapping[str, object] = approver if isinstance(approver, dict) else {}
    name = approved.get("name")
    return name if isinstance(name, str) else ""

"""Letters of the simulation: acts of two officers, with the digest that stands for the bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.casework.acts import PartFacts, RecordedAct

if TYPE_CHECKING:
    import datetime as dt

    from dedere.casework.acts import JSON
    from dedere.casework.practice.partner import Proposal
    from dedere.casework.state import CaseState
    from dedere.cli.simulation.chance import Stream

_PAIR = 2


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes, in which case and to whom, at which instant, and the next number to each recipient."""

    case: str
    sender: str
    recipients: tuple[str, ...]
    at: dt.datetime
    sequences: dict[str, int]
    approved: bool = True


def letters_for(proposal: Proposal, state: CaseState, *, writing: Writing, stream: Stream) -> list[RecordedAct]:
    """The letter that carries the act, or the copies of a circular one."""
    body: dict[str, JSON] = dict(proposal.body)
    circular = len(writing.recipients) >= _PAIR
    if circular:
        body |= {"circular": stream.new(), "circulated_at": format_instant(writing.at), "follows": list(state.ends)}
    officer: dict[str, JSON] = {"name": f"Officer A of {writing.sender}", "role": proposal.role.value}
    if writing.approved:
        officer["approved_by"] = {"name": f"Officer B of {writing.sender}", "role": "approver"}
    parts = tuple(
        PartFacts(
            each.id, each.name, "text/plain", 1_000, hashlib.sha256(each.id.encode()).hexdigest(), each.conditions
        )
        for each in proposal.enclosed
    )
    return [
        sealed(
            RecordedAct(
                letter=stream.new(),
                digest="",
                case=writing.case,
                proceeding=proposal.proceeding,
                sender=writing.sender,
                recipient=recipient,
                sequence=writing.sequences[recipient],
                answers=() if circular else state.heads,
                sealed_at=writing.at,
                kind=proposal.kind,
                officer=officer,
                body=body,
                parts=parts,
            )
        )
        for recipient in writing.recipients
    ]


def sealed(letter: RecordedAct) -> RecordedAct:
    """The letter with the digest of what it says."""
    return replace(letter, digest=digest_of(letter))


def digest_of(letter: RecordedAct) -> str:
    """The digest of everything the letter says."""
    says = (
        letter.letter,
        letter.case,
        letter.proceeding,
        letter.sender,
        letter.recipient,
        letter.sequence,
        letter.answers,
        letter.sealed_at,
        letter.kind.value,
        letter.officer,
        letter.body,
        letter.parts,
    )
    return hashlib.sha256(repr(says).encode()).hexdigest()


def tampered(letter: RecordedAct) -> RecordedAct:
    """The letter as somebody on the way changed it: other words under the same digest."""
    return replace(letter, body={**letter.body, "note": "Changed on the way."})

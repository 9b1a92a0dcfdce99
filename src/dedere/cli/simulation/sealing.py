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


class Seals:
    """Which letters are whole. What was sealed here and is still the very same value need not be read again."""

    def __init__(self) -> None:
        self._sealed: dict[str, RecordedAct] = {}

    def seal(self, letter: RecordedAct) -> RecordedAct:
        """The letter, under the digest of what it says; from here on it is known to be whole."""
        self._sealed[letter.letter] = letter
        return letter

    def whole(self, letter: RecordedAct) -> bool:
        """Whether the letter says what its digest is of."""
        return self._sealed.get(letter.letter) is letter or digest_of(letter) == letter.digest


def letters_for(proposal: Proposal, state: CaseState, *, writing: Writing, stream: Stream) -> list[RecordedAct]:
    """The letter that carries the act, or the copies of a circular one, under the digests of what they say."""
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
    letters = []
    for recipient in writing.recipients:
        name, sequence = stream.new(), writing.sequences[recipient]
        answers = () if circular else state.heads
        head = (name, writing.case, proposal.proceeding, writing.sender, recipient, sequence, answers, writing.at)
        digest = _digest((*head, proposal.kind.value, officer, body, parts))
        letters.append(
            RecordedAct(
                letter=name,
                digest=digest,
                case=writing.case,
                proceeding=proposal.proceeding,
                sender=writing.sender,
                recipient=recipient,
                sequence=sequence,
                answers=answers,
                sealed_at=writing.at,
                kind=proposal.kind,
                officer=officer,
                body=body,
                parts=parts,
            )
        )
    return letters


def digest_of(letter: RecordedAct) -> str:
    """The digest of everything the letter says."""
    return _digest(
        (
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
    )


def _digest(says: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(says).encode()).hexdigest()


def tampered(letter: RecordedAct) -> RecordedAct:
    """The letter as somebody on the way changed it: other words under the same digest."""
    return replace(letter, body={**letter.body, "note": "Changed on the way."})

"""To whom an act goes: to the one other State of its proceeding, or a copy to each where there are several.

Copies of one act share an id, an instant and what their author had seen, so that every State reads the same act
whichever copies it holds. They carry no answers: not everybody holds the letters that would be answered.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from dedere.base.clock import format_instant
from dedere.casework.acts import JSON
from dedere.casework.docket import texts
from dedere.casework.state import CaseState
from dedere.node.cases.models import Draft
from dedere.node.office import office


@dataclass(frozen=True, slots=True)
class Circulation:
    """Who gets an act, the body that every copy carries, and what the letters answer."""

    recipients: tuple[str, ...]
    body: Mapping[str, JSON]
    answers: tuple[tuple[str, str], ...]


def recipients_of(draft: Draft, state: CaseState) -> tuple[str, ...]:
    """The States to which the act of a draft goes."""
    here = state.docket.proceedings.get(draft.proceeding)
    everybody = set(here.sides) if here else set(texts(draft.body, "members"))
    return tuple(sorted(everybody - {office().state})) or (draft.case.partner,)


def circulation_of(draft: Draft, state: CaseState, *, at: dt.datetime) -> Circulation:
    """How the act of a draft leaves if it is made at this instant."""
    recipients = recipients_of(draft, state)
    if len(recipients) == 1:
        return Circulation(recipients, draft.body, _held_by(recipients[0], draft, state))
    said_at = format_instant(at)
    shared: Mapping[str, JSON] = {"circular": draft.pk, "circulated_at": said_at, "follows": list(state.ends)}
    return Circulation(recipients, {**draft.body, **shared}, ())


def _held_by(recipient: str, draft: Draft, state: CaseState) -> tuple[tuple[str, str], ...]:
    """The heads among the letters between us and the recipient: one that answers a third State's would wait forever."""
    ends = {office().state, recipient}
    letters = list(draft.case.letters.all())
    between = [each for each in letters if {each.sender, each.recipient} <= ends]
    if len(between) == len(letters):
        return state.heads
    read = [each for each in between if each.pk in state.docket.known]
    answered = {name for each in read for name, _ in each.answers}
    return tuple(sorted((each.pk, each.digest) for each in read if each.pk not in answered))


def letter_id(draft: Draft, number: int, recipient: str) -> str:
    """The identifier of a copy: the first bears the draft's own, the others one that follows from it."""
    return copy_id(draft.pk, recipient) if number else draft.pk


def copy_id(identifier: str, recipient: str) -> str:
    """The identifier that a further copy of something has for one State."""
    digest = hashlib.sha256(f"{identifier}/{recipient}".encode()).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:26]

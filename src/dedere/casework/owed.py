"""Who owes the next step, and by when: read off a docket, the same on both sides.

Only what the letters themselves say is dated here; the deadlines of the law are `clocks`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.matters import AssuranceStatus
from dedere.casework.transitions import ANY_SIDE, OTHER_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.casework.docket import Docket, OpenProceeding


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing a State owes: an act of `kind`, or a "step". `by` is a date or empty, `since` the letter that asks."""

    state: str
    proceeding: str
    kind: str
    what: str
    since: str
    by: str = ""
    subject: str = ""


def owed_in(docket: Docket) -> tuple[Owed, ...]:
    """Everything owed in a case, proceeding by proceeding."""
    found = [owed for here in docket.proceedings.values() for owed in owed_here(here)]
    return (*found, *receipts_owed(docket))


def owed_here(here: OpenProceeding) -> tuple[Owed, ...]:
    """What is owed in one proceeding, receipts for items left out."""
    if here.owed is None:
        here.owed = () if here.is_final else (*_steps(here), *_replies(here))
    return here.owed


def receipts_owed(docket: Docket) -> tuple[Owed, ...]:
    """The receipts for items that are owed in a case."""
    return tuple(_receipts(docket)) if docket.items else ()


def _steps(here: OpenProceeding) -> Iterator[Owed]:
    state = here.form.states[here.status]
    for held, side in sorted(here.sides.items()):
        if state.owes in (side, ANY_SIDE) or (state.owes == OTHER_SIDE and held != here.set_by):
            yield Owed(held, here.id, "step", state.next, here.since)


def _replies(here: OpenProceeding) -> Iterator[Owed]:
    for asking, kind, what, since, by, subject in _waiting(here):
        for state in here.sides:
            if state != asking:
                yield Owed(state, here.id, kind, what, since, by, subject)
    for condition in here.conditions.values():
        for state in here.sides:
            if condition.waits_for(state):
                what = f"Accept or decline the condition: {condition.text}"
                yield Owed(state, here.id, "conditions-reply", what, condition.letter, "", condition.id)
    if here.status_asked:
        state = here.state_with("requested")
        yield Owed(state, here.id, "progress", "Say how far the request has come", here.status_asked)


def _waiting(here: OpenProceeding) -> Iterator[tuple[str, str, str, str, str, str]]:
    """What waits for a reply: the State that waits, and the other fields of what is owed to it."""
    for question in map(here.questions.__getitem__, here.unanswered):
        what = f"Answer the question: {question.text}"
        yield question.asked_by, "answers", what, question.letter, question.answer_by, question.id
    for each in here.consultations.values():
        if each.is_open:
            what = f"Reply to the consultation on {each.about}"
            yield each.by, "consultation-reply", what, each.letter, each.reply_by, each.id
    for consent in here.consents:
        if not consent.granted:
            what = f"Reply to the request for consent: {consent.use}"
            yield consent.asked_by, "consent", what, consent.letter, consent.reply_by, ""
    for assurance in here.assurances.values():
        if assurance.status is AssuranceStatus.ASKED:
            what = f"Give or decline the assurance: {assurance.text}"
            yield assurance.asked_by, "assurance", what, assurance.letter, "", assurance.id


def _receipts(docket: Docket) -> Iterator[Owed]:
    for item in docket.items.values():
        for state in item.sent_to:
            if state not in item.signed_for:
                yield Owed(state, item.proceeding, "custody-receipt", f"Sign for {item.name}", item.letter, "", item.id)
        if set(item.returned_by) - set(item.taken_back_from):
            what = f"Sign for the return of {item.name}"
            yield Owed(item.sent_by, item.proceeding, "return-receipt", what, item.returned_in, "", item.id)

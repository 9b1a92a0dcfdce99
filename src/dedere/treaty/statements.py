"""What States have stated towards a treaty: annex notices, provisional application, reservations and declarations.

Interpretation: an annex operates between two States only when both have notified it (unverified for the LHC: see
`gen.scope.reciprocity`). A reservation has no effect before its day, after its withdrawal or after it lapses; one of
limited duration lapses at the end of its last day unless renewed. That it lapsed is settled only where its length has
been read or reviewed and the list of statements is complete for that last day: a number nobody has checked ends
nothing, and a renewal that no list could show is not known. A statement whose wording has not been read may exclude
something: not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.base.finding import Finding, Outcome, all_hold, any_holds
from dedere.base.reference import Status
from dedere.treaty.parties import known_list, rows_of
from dedere.treaty.quantity import Quantity
from dedere.treaty.wording import as_known, capital, say_day, say_list, uncapital
from dedere.treaty.words import Action

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from dedere.treaty.law import Law
    from dedere.treaty.model import ReservationKind
    from dedere.treaty.register import PartyRow

STATEMENTS = (
    Action.RESERVATION,
    Action.DECLARATION,
    Action.ANNEX_NOTIFICATION,
    Action.PROVISIONAL_APPLICATION,
)


def in_effect(law: Law, row: PartyRow, *, on: dt.date) -> Finding:
    """Whether a statement has effect on a day: begun, not withdrawn, not lapsed."""
    name = law.states[row.state].said
    question = f"Does the {_called(row)} of {name} have effect on {say_day(on)}?"
    start = row.effective or row.date
    if start is None:
        ask = f"When did the {_called(row)} of {name} take effect?"
        reason = "The day it was made is not established."
        return Finding(question, Outcome.UNSETTLED, reason, (row.reference(),), open_question=ask)
    if on < start:
        reason = f"It takes effect only on {say_day(start)}."
        return Finding(question, Outcome.DOES_NOT_HOLD, reason, (row.reference(),))
    later = [other for other in rows_of(law, row.state, row.treaty) if other.affects == row.id]
    withdrawals = [other for other in later if other.action is Action.WITHDRAWAL_OF_STATEMENT]
    ended = next((other for other in withdrawals if _begun(other, on)), None)
    if ended is not None:
        reason = f"It was withdrawn with effect from {say_day(ended.effective or ended.date or on)}."
        return Finding(question, Outcome.DOES_NOT_HOLD, reason, (row.reference(), ended.reference()))
    renewals = [other for other in later if other.action is Action.RENEWAL and _begun(other, on)]
    lasting = _not_lapsed(law, row, renewals=renewals, question=question, on=on)
    undated = [other for other in withdrawals if other.effective is None and other.date is None]
    if not undated or lasting.outcome is Outcome.DOES_NOT_HOLD:
        return lasting
    reason = "It was withdrawn, on a day that is not established."
    ask = f"When was the {_called(row)} of {name} withdrawn?"
    references = (row.reference(), *(other.reference() for other in undated))
    return Finding(question, Outcome.UNSETTLED, reason, references, open_question=ask)


def _not_lapsed(law: Law, row: PartyRow, *, renewals: Iterable[PartyRow], question: str, on: dt.date) -> Finding:
    kind = law.instruments[row.instrument].reservation_kinds.get(row.about)
    length = kind.duration if kind is not None and isinstance(kind.duration, Quantity) else None
    made_by = [row, *renewals]
    references = [each.reference() for each in made_by]
    if kind is not None and length is not None:
        references.append(law.reference_of(kind))
    lapses = [_lapse(each, length) for each in made_by]
    if None in lapses:
        begin = row.effective or row.date
        since = f" since {say_day(begin)}" if begin else ""
        return Finding(question, Outcome.HOLDS, f"In effect{since}.", tuple(references))
    last = max(day for day in lapses if day is not None)
    if on <= last:
        return Finding(question, Outcome.HOLDS, f"In effect until the end of {say_day(last)}.", tuple(references))
    recorded = any(each.expires == last for each in made_by)
    doubts = tuple(_doubts_that_it_lapsed(law, row, last=last, counted=None if recorded else kind))
    if not doubts:
        reason = f"It lapsed at the end of {say_day(last)} and was not renewed."
        return Finding(question, Outcome.DOES_NOT_HOLD, reason, tuple(references))
    reason = f"It may have lapsed at the end of {say_day(last)}: {say_list(doubts)}."
    ask = f"Did the {_called(row)} of {law.states[row.state].said} lapse on {say_day(last)}, or was it renewed?"
    references.extend(known_list(law, row.treaty, statements=True).references)
    return Finding(question, Outcome.UNSETTLED, reason, tuple(references), open_question=ask)


def _doubts_that_it_lapsed(law: Law, row: PartyRow, *, last: dt.date, counted: ReservationKind | None) -> Iterator[str]:
    """Why a lapse is not settled; `counted`: the kind whose length gave the last day, None where it is recorded."""
    if counted is not None and not law.reference_of(counted).verified:
        yield f"its length, {counted.duration}, has not been compared with the authentic text"
    known = known_list(law, row.treaty, statements=True)
    if not known.covers(last):
        until = f"goes only to {say_day(known.until)}" if known.until else "is not loaded"
        yield f"no renewal is recorded, in a list that {until}"


def _begun(row: PartyRow, on: dt.date) -> bool:
    start = row.effective or row.date
    return start is not None and start <= on


def _lapse(row: PartyRow, length: Quantity | None) -> dt.date | None:
    start = row.effective or row.date
    if row.expires is not None:
        return row.expires
    return length.after(start) if length is not None and start is not None else None


def annex_notified(law: Law, state: str, *, treaty: str, letter: str, on: dt.date) -> Finding:
    """Whether a State has notified an annex, with effect on a day."""
    name, known = law.states[state].said, known_list(law, treaty, statements=True)
    question = f"Has {name} notified Annex {letter}?"
    rows = [row for row in rows_of(law, state, treaty) if row.action is Action.ANNEX_NOTIFICATION]
    naming = [row for row in rows if letter in row.effect.get("annexes", ())]
    if naming:
        parts = tuple(in_effect(law, row, on=on) for row in naming)
        outcome = any_holds(part.outcome for part in parts)
        said = say_list(f"Annexes {say_list(row.effect['annexes'])}" for row in naming)
        reason = f"{capital(name)} notified {said}; {uncapital(parts[0].reason)}"
        return Finding(question, outcome, reason, because=parts)
    references = (*(row.reference() for row in rows), *known.references)
    others = (
        f" Its notice names {say_list(r for row in rows for r in row.effect.get('annexes', ()))} only." if rows else ""
    )
    if known.covers(on):
        reason = f"No notice of Annex {letter} is recorded, in a list complete for that day.{others}"
        return Finding(question, Outcome.DOES_NOT_HOLD, reason, references)
    reason = f"No notice of Annex {letter} by {name} is recorded; the list says nothing about that day.{others}"
    ask = f"Has {name} notified Annex {letter}?"
    return Finding(question, Outcome.UNSETTLED, reason, references, open_question=ask)


def annex_between(law: Law, states: Iterable[str], *, treaty: str, letter: str, on: dt.date) -> Finding:
    """Whether an annex operates between two States on a day; the same whichever is named first."""
    first, second = sorted(states)
    parts = tuple(annex_notified(law, state, treaty=treaty, letter=letter, on=on) for state in (first, second))
    outcome = all_hold(part.outcome for part in parts)
    rule = law.instruments[law.treaties[treaty].instrument].annexes
    names = f"{law.states[first].said} and {law.states[second].said}"
    question = f"Does Annex {letter} operate between {names}?"
    references = (law.reference_of(rule),) if rule is not None else ()
    only = "".join(f", and it operates only between States that have ({as_known(each)})" for each in references)
    said = {
        Outcome.HOLDS: f"Both have notified Annex {letter}.",
        Outcome.DOES_NOT_HOLD: f"Not both have notified Annex {letter}{only}.",
        Outcome.UNSETTLED: f"That both have notified Annex {letter} is not established.",
    }[outcome]
    return Finding(question, outcome, said, references, because=parts)


def applies_provisionally(law: Law, state: str, *, treaty: str, part: str, on: dt.date) -> Finding:
    """Whether a State applies a Part of a treaty provisionally on a day. Part "" means a Part not established."""
    name, known = law.states[state].said, known_list(law, treaty, statements=True)
    where = f"Part {part}" if part else "the Part concerned"
    question = f"Does {name} apply {where} provisionally on {say_day(on)}?"
    rows = [row for row in rows_of(law, state, treaty) if row.action is Action.PROVISIONAL_APPLICATION]
    if not rows:
        if known.covers(on):
            reason = f"No provisional application by {name} is recorded, in a list complete for that day."
            return Finding(question, Outcome.DOES_NOT_HOLD, reason, known.references)
        reason = f"No provisional application by {name} is recorded; what followed the list is not known."
        ask = f"Has {name} declared that it applies {where} provisionally?"
        return Finding(question, Outcome.UNSETTLED, reason, known.references, open_question=ask)
    parts = tuple(_covers(law, row, part=part, on=on) for row in rows)
    best = any_holds(each.outcome for each in parts)
    reason = next(each.reason for each in parts if each.outcome is best)
    return Finding(question, best, reason, because=parts)


def _covers(law: Law, row: PartyRow, *, part: str, on: dt.date) -> Finding:
    name, covered = law.states[row.state].said, row.effect.get("parts", ())
    question = f"Does the provisional application by {name} cover it?"
    said = f"Part{'s' if len(covered) > 1 else ''} {say_list(covered)}" if covered else "the whole treaty"
    effect = in_effect(law, row, on=on)
    territory = "".join(f" ({each} only)" for each in row.effect.get("territory", ()))
    if covered and part and part not in covered:
        reason = f"{capital(name)} applies {said} provisionally; that does not cover Part {part}, where this stands."
        return Finding(question, Outcome.DOES_NOT_HOLD, reason, (row.reference(),))
    if covered and not part:
        reason = f"{capital(name)} applies {said} provisionally; in which Part this request stands is not established."
        ask = "In which Part does this kind of request stand?"
        return Finding(question, Outcome.UNSETTLED, reason, (row.reference(),), open_question=ask)
    reason = f"{capital(name)} applies {said} provisionally{territory}: {uncapital(effect.reason)}"
    return Finding(question, effect.outcome, reason, because=(effect,))


def unread(law: Law, state: str, *, treaty: str) -> tuple[PartyRow, ...]:
    """Statements that are recorded but whose wording nobody has read."""
    return tuple(
        row
        for row in rows_of(law, state, treaty)
        if row.action in STATEMENTS and row.status is Status.UNSETTLED and not row.effect and not row.about
    )


def in_effect_rows(law: Law, state: str, *, treaty: str, on: dt.date) -> tuple[PartyRow, ...]:
    """The statements of a State that have effect on a day, or may have (their day is not established)."""
    return tuple(
        row
        for row in rows_of(law, state, treaty)
        if row.action in STATEMENTS and in_effect(law, row, on=on).outcome is not Outcome.DOES_NOT_HOLD
    )


def _called(row: PartyRow) -> str:
    return {
        Action.ANNEX_NOTIFICATION: "annex notice",
        Action.PROVISIONAL_APPLICATION: "declaration of provisional application",
        Action.RESERVATION: "reservation",
    }.get(row.action, "declaration")

"""Who is bound by what, on which day, and by which act.

Interpretation: consent to be bound is ratification, acceptance, approval, accession or succession; signature is not.
A State is bound while it has consented, the treaty is in force in general and for it, and no withdrawal has taken
effect; that it has not withdrawn is presumed until a withdrawal is recorded, and the reason says how far the list goes.
A list of parties says nothing about the time after it was copied: absence then is *not known*, never *no*.
A day that is not recorded but computed from a length nobody has compared with the authentic text settles nothing.
Whether a treaty whose number of instruments is not settled is in force is unsettled, until the depositary's notice or
a review settles it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dedere.base.finding import Finding, Outcome, all_hold
from dedere.treaty.wording import as_known, capital, say_day, say_list
from dedere.treaty.words import Action

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.base.reference import Reference
    from dedere.treaty.law import Law
    from dedere.treaty.model import EntryIntoForce, Treaty
    from dedere.treaty.register import PartyRow

_PAST = {
    Action.RATIFICATION: "ratified",
    Action.ACCEPTANCE: "accepted",
    Action.APPROVAL: "approved",
    Action.ACCESSION: "acceded",
    Action.SUCCESSION: "succeeded",
}


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Until when the list of parties is known to be complete; `until` None: not at all."""

    until: dt.date | None
    references: tuple[Reference, ...]

    def covers(self, on: dt.date) -> bool:
        """Whether absence from the list on that day means that there was nothing."""
        return self.until is not None and on <= self.until


def known_list(law: Law, treaty_id: str, *, statements: bool = False) -> Knowledge:
    """How far the list of parties of a treaty is known: as packaged, or as checked later with the depositary.

    `statements`: as to reservations and declarations, which some packaged lists leave out.
    """
    party_list = law.instruments[law.treaties[treaty_id].instrument].party_list
    listed = party_list.complete and (party_list.statements or not statements)
    until = party_list.as_of if listed else None
    references: tuple[Reference, ...] = (law.reference_of(party_list),)
    for row in law.parties[treaty_id]:
        if row.action is Action.LIST_CHECKED and row.date is not None and (until is None or row.date > until):
            until, references = row.date, (row.reference(),)
    return Knowledge(until, references)


def in_force(law: Law, treaty_id: str, *, on: dt.date) -> Finding:
    """Whether a treaty is in force in general on a day.

    Source: the treaty's article on entry into force, or the depositary's notice. Never computed from one State's row.
    """
    treaty = law.treaties[treaty_id]
    question = f"Is {treaty.abbreviation} in force on {say_day(on)}?"
    rule = treaty.entry_into_force
    since, references = force_since(law, treaty_id)
    if since is not None:
        holds = on >= since
        known = "" if references[0].verified else f" ({as_known(references[0])})"
        reason = f"In force since {say_day(since)}{known}." if holds else f"In force only from {say_day(since)}{known}."
        return Finding(question, _either(holds=holds), reason, references)
    if rule.instruments is not None:
        return _by_number(law, treaty, question=question, on=on)
    return _by_candidates(law, treaty, question=question, on=on)


def force_since(law: Law, treaty_id: str) -> tuple[dt.date | None, tuple[Reference, ...]]:
    """The day of general entry into force where the data or the depositary settle it, and what that rests on."""
    rule = law.treaties[treaty_id].entry_into_force
    if rule.since is not None:
        # The day may be known less well than the rule that stands in the same row.
        known = rule.status if rule.since_status is None or rule.verified_by else rule.since_status
        return rule.since, (replace(law.reference_of(rule), status=known),)
    for row in law.parties[treaty_id]:
        if row.action is Action.ENTRY_INTO_FORCE:
            return row.date, (row.reference(), law.reference_of(rule))
    if rule.instruments is not None:
        deposits = consents(law, treaty_id)
        if len(deposits) >= rule.instruments:
            counted = deposits[: rule.instruments]
            since = _after_deposit(rule, counted[-1])
            if since is not None:
                return since, (law.reference_of(rule), *(row.reference() for row in counted))
    return None, (law.reference_of(rule),)


def consents(law: Law, treaty_id: str) -> tuple[PartyRow, ...]:
    """The dated consents to be bound, in order of day."""
    return tuple(row for row in law.parties[treaty_id] if row.action.binds and row.date is not None)


def _after_deposit(rule: EntryIntoForce, row: PartyRow) -> dt.date | None:
    if rule.after is None or row.date is None:
        return None
    return rule.after.after(row.date, rounding=rule.rounding)


def _by_number(law: Law, treaty: Treaty, *, question: str, on: dt.date) -> Finding:
    rule, known = treaty.entry_into_force, known_list(law, treaty.id)
    deposited = [row for row in consents(law, treaty.id) if row.date is not None and row.date <= on]
    references = (law.reference_of(rule), *known.references, *(row.reference() for row in deposited))
    counted = f"{rule.instruments} instruments are needed; {len(deposited)} are recorded"
    if known.covers(on):
        return Finding(question, Outcome.DOES_NOT_HOLD, f"{counted}.", references)
    reason = f"{counted}, in a list that says nothing about {say_day(on)}."
    return Finding(question, Outcome.UNSETTLED, reason, references, open_question=_ask_depositary(law, treaty))


def _by_candidates(law: Law, treaty: Treaty, *, question: str, on: dt.date) -> Finding:
    rule, known = treaty.entry_into_force, known_list(law, treaty.id)
    deposited = [row for row in consents(law, treaty.id) if row.date is not None and row.date <= on]
    references = (law.reference_of(rule), *known.references, *(row.reference() for row in deposited))
    if not deposited and known.covers(on):
        return Finding(question, Outcome.DOES_NOT_HOLD, "No instrument had been deposited.", references)
    claims = []
    for number, source in sorted(rule.candidates):
        reached = len(deposited) >= number
        since = _after_deposit(rule, deposited[number - 1]) if reached else None
        if since is not None and on < since:
            claims.append(f"{number} ({source}): reached, with effect from {say_day(since)}")
        else:
            claims.append(f"{number} ({source}): {'reached' if reached else 'not reached'}")
    reason = (
        f"The number of instruments is not settled; {len(deposited)} recorded by {say_day(on)}. "
        f"Claimed: {'; '.join(claims) or 'no number'}."
    )
    ask = f"How many instruments bring {treaty.abbreviation} into force, and since when is it in force?"
    return Finding(question, Outcome.UNSETTLED, reason, references, open_question=ask)


def bound(law: Law, state: str, *, treaty: str, on: dt.date) -> Finding:
    """Whether a State is bound by a treaty on a day, and what exactly binds it.

    Args:
        law: the law.
        state: alpha-2 code.
        treaty: id of the treaty, e.g. `lhc`, `ets182`.
        on: the day.

    Raises:
        LawQuestionError: an unknown State or treaty.
    """
    name, about = law.state(state).said, law.treaty(treaty)
    question = f"Is {name} bound by {about.abbreviation} on {say_day(on)}?"
    if on < about.adopted:
        reason = f"{about.abbreviation} was adopted only on {say_day(about.adopted)}."
        references = (law.reference_of(law.instruments[about.instrument]),)
        return Finding(question, Outcome.DOES_NOT_HOLD, reason, references)
    rows = rows_of(law, state, treaty)
    spells = [row for row in rows if row.action.binds and (row.date is None or row.date <= on)]
    general = in_force(law, treaty, on=on)
    if not spells:
        consent = _no_consent(law, rows, name=name, treaty=about, on=on)
        because = (consent,) if general.outcome is Outcome.HOLDS else (consent, general)
        return Finding(question, all_hold(part.outcome for part in because), consent.reason, because=because)
    found = [_spell(law, spell, rows=rows, general=general, on=on) for spell in spells]
    best = next((each for each in found if all_hold(part.outcome for part in each) is Outcome.HOLDS), found[-1])
    outcome = all_hold(part.outcome for part in best)
    return Finding(question, outcome, _summary(name, best, outcome=outcome), because=best)


def rows_of(law: Law, state: str, treaty: str) -> tuple[PartyRow, ...]:
    """What a State did towards a treaty, in order of day, undated acts last."""
    return law.by_state.get((treaty, state.upper()), ())


def effective_day(law: Law, state: str, *, treaty: str, on: dt.date) -> dt.date | None:
    """Since when the State has been bound without a gap up to that day, as far as known; None where it is not.

    Where none of its consents is in effect on that day: since when the last of them would be.
    """
    rows = rows_of(law, state, treaty)
    spells = [row for row in rows if row.action.binds and row.date is not None and row.date <= on]
    general = in_force(law, treaty, on=on)
    outcomes = (
        all_hold(part.outcome for part in _spell(law, spell, rows=rows, general=general, on=on)) for spell in spells
    )
    current = [spell for spell, outcome in zip(spells, outcomes, strict=True) if outcome is Outcome.HOLDS]
    days = [_own_day(law, spell) for spell in current or spells[-1:]]
    return min((own.day for own in days if own.day is not None and own.settled), default=None)


def _no_consent(law: Law, rows: Iterable[PartyRow], *, name: str, treaty: Treaty, on: dt.date) -> Finding:
    known = known_list(law, treaty.id)
    signed = [row for row in rows if row.action is Action.SIGNATURE and row.date is not None and row.date <= on]
    question = f"Has {name} consented to be bound by {treaty.abbreviation}?"
    references = (*(row.reference() for row in signed), *known.references)
    days = say_list(say_day(row.date) for row in signed if row.date)
    start = f"{capital(name)} signed on {days}; signature alone does not bind." if signed else ""
    later = [row for row in rows if row.action.binds]
    if later:
        past = f"{capital(name)} {_PAST[later[0].action]} only on {say_day(later[0].date or on)}."
        references = (*references, later[0].reference())
        return Finding(question, Outcome.DOES_NOT_HOLD, f"{start} {past}".strip(), references)
    if known.covers(on):
        reason = f"{start} No consent to be bound is recorded, in a list complete for that day.".strip()
        return Finding(question, Outcome.DOES_NOT_HOLD, reason, references)
    if known.until is None:
        reason = f"{start} No list of parties to {treaty.abbreviation} is loaded.".strip()
    else:
        reason = f"{start} No consent is recorded up to {say_day(known.until)}; what followed is not known.".strip()
    ask = f"Has {name} ratified or acceded to {treaty.abbreviation}{_since(known)}?"
    return Finding(
        question, Outcome.UNSETTLED, reason, references, open_question=f"{ask} {_ask_depositary(law, treaty)}"
    )


def _since(known: Knowledge) -> str:
    return f" since {say_day(known.until)}" if known.until else ""


def _ask_depositary(law: Law, treaty: Treaty) -> str:
    return f"Ask the depositary ({law.instruments[treaty.instrument].depositary})."


def _spell(
    law: Law, consent: PartyRow, *, rows: Iterable[PartyRow], general: Finding, on: dt.date
) -> tuple[Finding, ...]:
    name, abbreviation = law.states[consent.state].said, consent.abbreviation
    question = f"Has {name} consented to be bound by {abbreviation}?"
    if consent.date is None:
        reason = f"{capital(name)} {_PAST[consent.action]}, on a day that is not established."
        ask = f"On which day did {name} deposit its instrument for {abbreviation}?"
        return (Finding(question, Outcome.UNSETTLED, reason, (consent.reference(),), open_question=ask), general)
    until = known_list(law, consent.treaty).until
    told = until is not None and consent.date <= until < on
    limits = f" No withdrawal is recorded up to {say_day(until)}." if until and told else ""
    reason = f"{capital(name)} {_PAST[consent.action]} on {say_day(consent.date)}{_made_up(consent)}.{limits}"
    parts = [Finding(question, Outcome.HOLDS, reason, (consent.reference(),)), general]
    parts.append(_in_force_for(law, consent, general=general, on=on))
    ended = next((row for row in rows if row.action is Action.WITHDRAWAL and _may_end(row, consent.date, on=on)), None)
    if ended is not None:
        parts.append(_not_withdrawn(law, ended, on=on))
    return tuple(parts)


def _may_end(notice: PartyRow, consented: dt.date, *, on: dt.date) -> bool:
    day = notice.date or notice.effective
    return day is None or consented <= day <= on


def _in_force_for(law: Law, consent: PartyRow, *, general: Finding, on: dt.date) -> Finding:
    name, abbreviation = law.states[consent.state].said, consent.abbreviation
    question = f"Is {abbreviation} in force for {name}?"
    own = _own_day(law, consent)
    references = (consent.reference(), law.reference_of(law.treaties[consent.treaty].entry_into_force))
    if own.day is None or not own.settled:
        outcome = Outcome.DOES_NOT_HOLD if general.outcome is Outcome.DOES_NOT_HOLD else Outcome.UNSETTLED
        ask = f"Since when is {abbreviation} in force for {name}?"
        reason = own.how if own.day is None else f"Expected from {say_day(own.day)} ({own.how}), which settles nothing."
        return Finding(question, outcome, reason, references, open_question=ask)
    if on < own.day:
        return Finding(question, Outcome.DOES_NOT_HOLD, f"Only from {say_day(own.day)} ({own.how}).", references)
    return Finding(question, Outcome.HOLDS, f"From {say_day(own.day)} ({own.how}).", references)


@dataclass(frozen=True, slots=True)
class _OwnDay:
    """Since when a consent has effect, how that is known, and whether it is settled."""

    day: dt.date | None
    how: str
    settled: bool = True


def _own_day(law: Law, consent: PartyRow) -> _OwnDay:
    if consent.effective is not None:
        return _OwnDay(consent.effective, "as recorded")
    rule = law.treaties[consent.treaty].entry_into_force
    since, _ = force_since(law, consent.treaty)
    if rule.later is None or consent.date is None or since is None:
        return _OwnDay(None, "The day cannot be computed before the general entry into force is settled.")
    day, reference = max(since, rule.later.after(consent.date, rounding=rule.rounding)), law.reference_of(rule)
    if reference.verified:
        return _OwnDay(day, "computed from the rule")
    return _OwnDay(day, f"computed from a rule that is {as_known(reference)}", settled=False)


def _not_withdrawn(law: Law, notice: PartyRow, *, on: dt.date) -> Finding:
    name, rule = law.states[notice.state].said, law.treaties[notice.treaty].withdrawal
    question = f"Is {name} still bound after its notice of withdrawal?"
    references = (notice.reference(), law.reference_of(rule))
    ask = f"When does the withdrawal of {name} from {notice.abbreviation} take effect?"
    said = (
        f"The withdrawal notified on {say_day(notice.date)}" if notice.date else "A withdrawal notified without a day"
    )
    if notice.effective is not None:
        ends, how = notice.effective, "as recorded"
    elif notice.date is not None:
        ends, how = rule.after.after(notice.date, rounding=rule.rounding), f"{rule.after} after notice"
    else:
        reason = f"{said} is recorded; when it takes effect is not established."
        return Finding(question, Outcome.UNSETTLED, reason, references, open_question=ask)
    if notice.effective is None and not references[1].verified:
        reason = f"{said} is expected to take effect on {say_day(ends)} ({how}: {as_known(references[1])})."
        return Finding(question, Outcome.UNSETTLED, reason, references, open_question=ask)
    if on >= ends:
        reason = f"{said} took effect on {say_day(ends)} ({how})."
        return Finding(question, Outcome.DOES_NOT_HOLD, reason, references)
    return Finding(question, Outcome.HOLDS, f"{said} takes effect only on {say_day(ends)} ({how}).", references)


def _summary(name: str, parts: tuple[Finding, ...], *, outcome: Outcome) -> str:
    deciding = [part for part in parts if part.outcome is outcome] if outcome is not Outcome.HOLDS else parts[:1]
    return " ".join(dict.fromkeys(part.reason for part in deciding)) or f"{capital(name)} has consented to be bound."


def _made_up(row: PartyRow) -> str:
    return " (demonstration data)" if row.demonstration else ""


def _either(*, holds: bool) -> Outcome:
    return Outcome.HOLDS if holds else Outcome.DOES_NOT_HOLD


def treaties_between(law: Law, first: str, second: str, *, on: dt.date) -> dict[str, Outcome]:
    """Whether each treaty, protocols included, binds both States on a day; the same whichever is named first."""
    return {
        treaty: all_hold(bound(law, state, treaty=treaty, on=on).outcome for state in (first, second))
        for treaty in law.treaties
    }

"""What an instrument reaches: kinds of request, crimes by conduct and not by label, earlier conduct, conditions.

Interpretation: an officer who names a crime says that the conduct falls under it; a fact stated to the contrary defeats
that. Conduct named otherwise may still fall under a listed crime: the facts that decide become questions. A fact that
is not known leaves a condition unsettled.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dedere.base.finding import Finding, Outcome, all_hold, any_holds
from dedere.treaty.statements import annex_between
from dedere.treaty.wording import as_known, say_day, say_list
from dedere.treaty.words import ConductBefore, RequestKind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from dedere.base.reference import Reference
    from dedere.treaty.law import Law
    from dedere.treaty.model import Conduct, Crime, Element, Function, Instrument
    from dedere.treaty.question import BasisQuestion


def function_row(instrument: Instrument, kind: RequestKind) -> Function | None:
    """What the instrument says about a kind of request."""
    return next((row for row in instrument.functions if row.request is kind), None)


def carries_function(law: Law, instrument: Instrument, kind: RequestKind) -> Finding:
    """Whether the instrument can carry this kind of request at all."""
    question = f"Does {instrument.abbreviation} provide for {kind.phrase}?"
    row = function_row(instrument, kind)
    if row is None:
        provided = say_list(each.request.phrase for each in instrument.functions if each.carries)
        reason = f"{instrument.abbreviation} does not provide for {kind.phrase}; it provides for {provided}."
        return Finding(question, Outcome.DOES_NOT_HOLD, reason, (law.reference_of(instrument),))
    references = (law.reference_of(row),)
    note = f" {row.note}" if row.note else ""
    if not row.carries:
        reason = f"It does not carry {kind.phrase}.{note}"
        return Finding(question, Outcome.DOES_NOT_HOLD, reason, references)
    part = f" in Part {row.part}" if row.part else ""
    known = as_known(references[0])
    return Finding(question, Outcome.HOLDS, f"Provided for{part} ({known}).{note}", references)


def covers_crimes(law: Law, instrument: Instrument, question: BasisQuestion) -> Finding:
    """Whether every crime or conduct named falls under the instrument between the two States."""
    parts = tuple(_covers_crime(law, instrument, crime, question=question) for crime in question.crimes)
    if len(parts) == 1:
        return parts[0]
    outcome = all_hold(part.outcome for part in parts)
    reason = " ".join(part.reason for part in parts if part.outcome is outcome)
    names = say_list(law.crime_name(crime) for crime in question.crimes)
    return Finding(f"Does {instrument.abbreviation} cover {names}?", outcome, reason, because=parts)


def names_crimes(instrument: Instrument, question: BasisQuestion) -> bool:
    """Whether the instrument itself lists every crime named, so that it is the special one."""
    return all(crime in instrument.crimes for crime in question.crimes)


def _covers_crime(law: Law, instrument: Instrument, crime: str, *, question: BasisQuestion) -> Finding:
    name = law.crime_name(crime)
    asked = f"Does {instrument.abbreviation} cover {name}?"
    ways: list[Finding] = []
    if instrument.crimes_covered == "any":
        row = function_row(instrument, question.function)
        reference = law.reference_of(row if row is not None else instrument)
        ways.append(Finding(asked, Outcome.HOLDS, "It covers any offence, by its own conditions.", (reference,)))
        ways[0] = _with_elements(law, instrument, ways[0], crimes=(crime,), question=question)
    elif crime in instrument.crimes:
        ways.append(_listed(law, instrument, instrument.crimes[crime], question=question))
    if not ways or ways[0].outcome is not Outcome.HOLDS:
        ways.extend(
            _under_other_name(law, instrument, row, question=question)
            for row in instrument.conduct
            if row.crime in {crime, "*"} and row.under != crime
        )
    if not ways:
        reason = f"{name} is not among the crimes of {instrument.abbreviation}."
        return Finding(asked, Outcome.DOES_NOT_HOLD, reason, (_list_of_crimes(law, instrument),))
    if len(ways) == 1:
        return ways[0]
    outcome = any_holds(way.outcome for way in ways)
    reason = " ".join(dict.fromkeys(way.reason for way in ways if way.outcome is outcome))
    return Finding(asked, outcome, reason, because=tuple(ways))


def _list_of_crimes(law: Law, instrument: Instrument) -> Reference:
    for crime in instrument.crimes.values():
        return law.reference(instrument.id, crime.provision)
    return law.reference_of(instrument)


def _listed(law: Law, instrument: Instrument, crime: Crime, *, question: BasisQuestion) -> Finding:
    asked = f"Is {crime.name} a crime of {instrument.abbreviation} here?"
    denied = [fact for fact in crime.defined_by if question.facts.get(fact) is False]
    if denied:
        reason = f"By the facts stated ({say_list(denied)}: no) the conduct is not {crime.name}, whatever it is called."
        return Finding(asked, Outcome.DOES_NOT_HOLD, reason, (law.reference_of(crime),))
    reference = law.reference_of(crime)
    if crime.annex:
        states = (question.requesting, question.requested)
        annex = annex_between(law, states, treaty=instrument.id, letter=crime.annex, on=question.on)
        listed = Finding(
            asked,
            annex.outcome,
            f"{crime.name} stands in Annex {crime.annex} ({as_known(reference)}). {annex.reason}",
            (reference,),
            because=(annex,),
        )
    else:
        reason = f"{crime.name} is among its crimes ({as_known(reference)})."
        listed = Finding(asked, Outcome.HOLDS, reason, (reference,))
    return _with_elements(law, instrument, listed, crimes=(crime.id,), question=question)


def _under_other_name(law: Law, instrument: Instrument, row: Conduct, *, question: BasisQuestion) -> Finding:
    under = instrument.crimes[row.under]
    asked = f"Can the conduct fall under {under.name}?"
    if not row.facts:
        listed = _listed(law, instrument, under, question=question)
        return replace(listed, question=asked)
    outcome = _known(question.facts, row.facts)
    said = {
        Outcome.HOLDS: f"By the facts stated the conduct falls under {under.name}: conduct counts, not the label.",
        Outcome.DOES_NOT_HOLD: f"By the facts stated the conduct does not fall under {under.name}.",
        Outcome.UNSETTLED: f"The conduct may fall under {under.name}: conduct counts, not the label.",
    }[outcome]
    ask = row.question if outcome is Outcome.UNSETTLED else ""
    finding = Finding(asked, outcome, said, (law.reference_of(row),), open_question=ask)
    if outcome is Outcome.DOES_NOT_HOLD or not under.annex:
        return finding
    listed = _listed(law, instrument, under, question=question)
    return Finding(asked, all_hold((outcome, listed.outcome)), f"{said} {listed.reason}", because=(finding, listed))


def _known(facts: Mapping[str, bool], wanted: Iterable[str]) -> Outcome:
    answers = {True: Outcome.HOLDS, False: Outcome.DOES_NOT_HOLD, None: Outcome.UNSETTLED}
    return all_hold(answers[facts.get(fact)] for fact in wanted)


def conditions(law: Law, instrument: Instrument, question: BasisQuestion) -> dict[str, Finding]:
    """The conditions of scope that concern the kind of request, whatever the crime, by the name of their fact."""
    return {
        element.fact.replace("-", " "): _element(law, element, question)
        for element in instrument.elements
        if not element.crimes and _concerns(element, question.function)
    }


def _concerns(element: Element, kind: RequestKind) -> bool:
    return not element.requests or kind in element.requests


def _with_elements(
    law: Law, instrument: Instrument, listed: Finding, *, crimes: tuple[str, ...], question: BasisQuestion
) -> Finding:
    parts = tuple(
        _element(law, element, question)
        for element in instrument.elements
        if set(element.crimes) & set(crimes) and _concerns(element, question.function)
    )
    if not parts:
        return listed
    outcome = all_hold((listed.outcome, *(part.outcome for part in parts)))
    reason = " ".join(part.reason for part in (listed, *parts) if part.outcome is outcome)
    return Finding(listed.question, outcome, reason, because=(listed, *parts))


def _element(law: Law, element: Element, question: BasisQuestion) -> Finding:
    references = (law.reference_of(element),)
    known = question.facts.get(element.fact)
    if known is None:
        reason = f"Not known: {element.fact.replace('-', ' ')}."
        return Finding(element.question, Outcome.UNSETTLED, reason, references, open_question=element.question)
    outcome = Outcome.HOLDS if known else Outcome.DOES_NOT_HOLD
    return Finding(element.question, outcome, element.if_yes if known else element.if_no, references)


def reaches_conduct(law: Law, instrument: Instrument, question: BasisQuestion, *, since: dt.date | None) -> Finding:
    """Whether the instrument reaches conduct of those dates; `since` is when it came to operate between the two."""
    rule = instrument.temporal
    asked = f"Does {instrument.abbreviation} reach the conduct by its dates?"
    references = (law.reference_of(rule),)
    if rule.conduct_before is ConductBefore.COVERED:
        note = f" {rule.note}" if rule.note else ""
        reason = f"Earlier conduct is covered ({as_known(references[0])}).{note}"
        return Finding(asked, Outcome.HOLDS, reason, references)
    dates = question.conduct
    if since is not None and dates is not None and dates.first >= since:
        reason = f"The conduct, from {say_day(dates.first)}, is not earlier than {say_day(since)}."
        return Finding(asked, Outcome.HOLDS, reason, references)
    if rule.conduct_before is ConductBefore.NOT_COVERED and since is not None and dates is not None:
        if dates.last < since:
            reason = f"The conduct ended on {say_day(dates.last)}, before {say_day(since)}, and is not covered."
            return Finding(asked, Outcome.DOES_NOT_HOLD, reason, references)
        reason = f"Part of the conduct is earlier than {say_day(since)} and not covered."
        ask = f"Which of the conduct happened on or after {say_day(since)}?"
        return Finding(asked, Outcome.UNSETTLED, reason, references, open_question=ask)
    if rule.conduct_before is ConductBefore.NOT_COVERED:
        reason = "Earlier conduct is not covered; the dates of the conduct, or of entry into force, are not known."
    else:
        reason = "Whether conduct before entry into force is covered is not established."
    ask = (
        f"Does {instrument.abbreviation} reach conduct before its entry into force?"
        if rule.conduct_before is ConductBefore.UNSETTLED
        else "When did the conduct happen, and since when does the treaty operate between the two States?"
    )
    if dates is None and rule.conduct_before is ConductBefore.UNSETTLED:
        ask = f"{ask} When did the conduct happen?"
    return Finding(asked, Outcome.UNSETTLED, reason, references, open_question=ask)

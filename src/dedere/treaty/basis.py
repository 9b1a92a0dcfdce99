"""Legal basis: which instrument carries a request between two States on a day, with the whole tree of reasons.

For every instrument these are asked, in this order; all must hold:
    1. it provides for the kind of request;
    2. it operates between the two: each State is bound, or applies the Part concerned provisionally;
    3. it covers every crime by conduct, annexed crimes pairwise;
    4. it reaches conduct of those dates;
    5. no statement of either State takes the request out;
    6. conditions of scope that facts of the case decide.
Not asked here: grounds of refusal, contents, and everything that domestic law adds.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.finding import Finding, Outcome, all_hold, any_holds
from dedere.base.reference import Confidence, Reference, Status
from dedere.treaty.parties import bound, effective_day, rows_of
from dedere.treaty.question import BasisQuestion, OtherBasis, OtherBasisKind, checked
from dedere.treaty.scope import (
    carries_function,
    conditions,
    covers_crimes,
    function_row,
    names_crimes,
    reaches_conduct,
)
from dedere.treaty.statements import applies_provisionally, in_effect, in_effect_rows, unread
from dedere.treaty.wording import capital, say_day, say_list
from dedere.treaty.words import Action

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.treaty.law import Law
    from dedere.treaty.model import Instrument
    from dedere.treaty.register import PartyRow

_OPERATES = "the treaty between the two States"
_RANK = {Outcome.HOLDS: 0, Outcome.UNSETTLED: 1, Outcome.DOES_NOT_HOLD: 2}


@dataclass(frozen=True, slots=True)
class InstrumentFinding:
    """What was found for one instrument. `special`: it lists the crimes itself rather than any offence.

    `operates`: whether it binds, or is applied, between the two States.
    """

    instrument: str
    finding: Finding
    special: bool
    operates: Outcome

    def as_json(self) -> dict[str, object]:
        """As plain data."""
        return {
            "instrument": self.instrument,
            "special": self.special,
            "finding": self.finding.as_json(),
            "open_questions": list(settling_questions(self.finding)),
            "unverified": list(unverified(self.finding)),
        }


@dataclass(frozen=True, slots=True)
class BasisReport:
    """The answer: every instrument, best first, and another basis where an officer stated one.

    `outcome` is the best outcome among instruments; a basis that is only stated never makes it hold.
    """

    question: BasisQuestion
    findings: tuple[InstrumentFinding, ...]
    stated: Finding | None = None

    @property
    def best(self) -> InstrumentFinding:
        """The instrument to rely on first."""
        return self.findings[0]

    @property
    def outcome(self) -> Outcome:
        """Whether any instrument carries the request."""
        return any_holds(each.finding.outcome for each in self.findings)

    def as_json(self) -> dict[str, object]:
        """As plain data, the same bytes for the same inputs once serialised."""
        return {
            "version": "dedere-basis/1",
            "question": self.question.as_json(),
            "outcome": self.outcome.value,
            "demonstration": self.best.finding.demonstration,
            "findings": [each.as_json() for each in self.findings],
            "stated": self.stated.as_json() if self.stated else None,
        }


def legal_basis(law: Law, question: BasisQuestion, *, stated: OtherBasis | None = None) -> BasisReport:
    """Every instrument's finding, best first.

    Raises:
        LawQuestionError: the question names something that the law does not know.
    """
    asked = checked(law, question)
    found = [instrument_basis(law, instrument, asked) for instrument in law.instruments.values()]
    order = {name: place for place, name in enumerate(law.instruments)}
    found.sort(key=lambda each: (*rank(each), order[each.instrument]))
    other = _stated(law, asked, stated) if stated is not None else None
    return BasisReport(asked, tuple(found), other)


def rank(each: InstrumentFinding) -> tuple[int, bool, int, int]:
    """Smaller is better: outcome, special before general, in operation before not, fewer open questions."""
    questions = len(settling_questions(each.finding))
    return (_RANK[each.finding.outcome], not each.special, _RANK[each.operates], questions)


def instrument_basis(law: Law, instrument: Instrument, question: BasisQuestion) -> InstrumentFinding:
    """Whether one instrument carries the request; `question` has been checked."""
    names = f"{law.states[question.requesting].said} to {law.states[question.requested].said}"
    asked = f"Does {instrument.abbreviation} carry {question.function.phrase} from {names}?"
    special = names_crimes(instrument, question)
    function = carries_function(law, instrument, question.function)
    if function.outcome is Outcome.DOES_NOT_HOLD:
        finding = Finding(asked, function.outcome, function.reason, because=(function,))
        return InstrumentFinding(instrument.id, finding, special=special, operates=Outcome.UNSETTLED)
    parts = {
        "the kind of request": function,
        _OPERATES: operates_between(law, instrument, question),
        "the crimes": covers_crimes(law, instrument, question),
        "the dates of the conduct": reaches_conduct(law, instrument, question, since=_since(law, instrument, question)),
        "statements of the States": not_excluded(law, instrument, question),
    }
    parts |= conditions(law, instrument, question)
    outcome = all_hold(part.outcome for part in parts.values())
    finding = Finding(asked, outcome, _because(parts, outcome), because=tuple(parts.values()))
    return InstrumentFinding(instrument.id, finding, special=special, operates=parts[_OPERATES].outcome)


def _because(parts: Mapping[str, Finding], outcome: Outcome) -> str:
    if outcome is Outcome.HOLDS:
        return "Every condition holds."
    deciding = {name: part for name, part in parts.items() if part.outcome is outcome}
    if outcome is Outcome.UNSETTLED:
        return f"Nothing stands against it, but this is not established: {say_list(deciding)}."
    return " ".join(dict.fromkeys(part.reason for part in deciding.values()))


def settling_questions(finding: Finding) -> tuple[str, ...]:
    """The questions whose answers would settle an unsettled finding; none for a settled one."""
    if finding.outcome is not Outcome.UNSETTLED:
        return ()
    found: dict[str, None] = {finding.open_question: None} if finding.open_question else {}
    for part in finding.because:
        found.update(dict.fromkeys(settling_questions(part)))
    return tuple(found)


def unverified(finding: Finding) -> tuple[str, ...]:
    """The data that a finding rests on and that nobody has compared with the authentic text, each once."""
    return tuple(dict.fromkeys(each.datum for each in finding.all_references() if not each.verified))


def operates_between(law: Law, instrument: Instrument, question: BasisQuestion) -> Finding:
    """Whether the treaties that carry this kind of request operate between the two States."""
    treaties = carrying_treaties(instrument, question)
    parts = tuple(
        side(law, state, treaty=treaty, instrument=instrument, question=question)
        for treaty in treaties
        for state in (question.requesting, question.requested)
    )
    outcome = all_hold(part.outcome for part in parts)
    reason = " ".join(dict.fromkeys(part.reason for part in parts if part.outcome is outcome))
    names = say_list(law.treaties[treaty].abbreviation for treaty in treaties)
    return Finding(f"Does {names} operate between the two States?", outcome, reason, because=parts)


def carrying_treaties(instrument: Instrument, question: BasisQuestion) -> tuple[str, ...]:
    """The treaties that must operate between the two: the convention, and the protocol that carries the request."""
    row = function_row(instrument, question.function)
    wanted = [instrument.id, row.source_treaty if row is not None else ""]
    return tuple(dict.fromkeys(treaty for treaty in wanted if treaty))


def side(law: Law, state: str, *, treaty: str, instrument: Instrument, question: BasisQuestion) -> Finding:
    """Whether one State is bound by the treaty, or applies the Part concerned provisionally."""
    binding = bound(law, state, treaty=treaty, on=question.on)
    if binding.outcome is Outcome.HOLDS or not _provisional_counts(law, instrument, treaty):
        return binding
    row = function_row(instrument, question.function)
    part = row.part if row is not None else ""
    provisional = applies_provisionally(law, state, treaty=treaty, part=part, on=question.on)
    outcome = any_holds((binding.outcome, provisional.outcome))
    if outcome is Outcome.HOLDS:
        reason = provisional.reason
    elif provisional.outcome is Outcome.DOES_NOT_HOLD and not rows_of(law, state, treaty):
        reason = binding.reason
    else:
        reason = f"{binding.reason} {provisional.reason}"
    asked = f"Is {law.states[state].said} bound, or does it apply the Part provisionally?"
    return Finding(asked, outcome, reason, because=(binding, provisional))


def _provisional_counts(law: Law, instrument: Instrument, treaty: str) -> bool:
    allowed = any("provisional" in kind for kind in instrument.reservation_kinds)
    return allowed or any(row.action is Action.PROVISIONAL_APPLICATION for row in law.parties[treaty])


def _since(law: Law, instrument: Instrument, question: BasisQuestion) -> dt.date | None:
    days = [
        start_for(law, state, treaty=instrument.id, on=question.on)
        for state in (question.requesting, question.requested)
    ]
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def start_for(law: Law, state: str, *, treaty: str, on: dt.date) -> dt.date | None:
    """Since when a State is bound or applies the treaty provisionally, as far as known."""
    starts = [effective_day(law, state, treaty=treaty, on=on)]
    for row in rows_of(law, state, treaty):
        began = row.effective or row.date
        if row.action is Action.PROVISIONAL_APPLICATION and began is not None and began <= on:
            starts.append(began)
    return min((day for day in starts if day is not None), default=None)


def not_excluded(law: Law, instrument: Instrument, question: BasisQuestion) -> Finding:
    """Whether a statement of either State takes this request out.

    Interpretation: a reservation limits the obligations of the State that made it, and, where reciprocal, lets the
    other rely on it (Vienna Convention on the Law of Treaties, Art. 21). An exclusion of a State's own counts when it
    is the requested State; when it is the requesting State, unless the statement is expressly not reciprocal. That a
    State has made no statement is presumed until one is recorded; the reason says when the list does not tell.
    """
    parts: list[Finding] = []
    unknown: list[PartyRow] = []
    for treaty in carrying_treaties(instrument, question):
        for state in (question.requesting, question.requested):
            parts.extend(exclusions_of(law, state, treaty=treaty, question=question))
            unknown.extend(unread(law, state, treaty=treaty))
    parts.extend(_unread(law, row) for row in unknown)
    asked = "Is the request free of exclusions by statements of either State?"
    if not parts:
        party_list = instrument.party_list
        limits = "" if party_list.statements else " The list used does not include statements."
        reason = f"No statement that excludes it is recorded.{limits}"
        return Finding(asked, Outcome.HOLDS, reason, (law.reference_of(party_list),))
    outcome = all_hold(part.outcome for part in parts)
    reason = " ".join(part.reason for part in parts if part.outcome is outcome)
    return Finding(asked, outcome, reason, because=tuple(parts))


def _unread(law: Law, row: PartyRow) -> Finding:
    name = law.states[row.state].said
    return Finding(
        f"Do statements of {name} exclude it?",
        Outcome.UNSETTLED,
        f"Statements of {name} are recorded whose wording was not read.",
        (row.reference(),),
        open_question=f"What do the statements of {name} towards {row.abbreviation} say?",
    )


def exclusions_of(law: Law, state: str, *, treaty: str, question: BasisQuestion) -> list[Finding]:
    """What the statements of one State, on either side of the question, do to this request."""
    found = []
    for row in in_effect_rows(law, state, treaty=treaty, on=question.on):
        kind = law.instruments[row.instrument].reservation_kinds.get(row.about)
        one_sided = kind is not None and kind.reciprocal is False
        said = _excludes(law, row, question)
        if not said or (state == question.requesting and one_sided):
            continue
        effect = in_effect(law, row, on=question.on)
        outcome = effect.outcome.negated()
        if state == question.requesting and (kind is None or kind.reciprocal is None):
            outcome = Outcome.UNSETTLED if outcome is Outcome.DOES_NOT_HOLD else outcome
        asked = f"Does a {row.action.value} of {law.states[state].said} exclude it?"
        ask = (
            ""
            if outcome is Outcome.DOES_NOT_HOLD
            else f"May the other State rely on it? {effect.open_question}".strip()
        )
        found.append(Finding(asked, outcome, said, (row.reference(),), because=(effect,), open_question=ask))
    return found


def _excludes(law: Law, row: PartyRow, question: BasisQuestion) -> str:
    name = law.states[row.state].said
    for value in row.effect.get("excludes", ()):
        what, _, which = value.partition(":")
        if what == "function" and which == question.function:
            return f"{capital(name)} has excluded {question.function.phrase}."
        if what == "crime" and which in question.crimes:
            return f"{capital(name)} has excluded {law.crime_name(which)}."
    for value in row.effect.get("conduct-from", ()):
        first = dt.date.fromisoformat(value)
        if question.conduct is None or question.conduct.first < first:
            return f"{capital(name)} accepts only conduct from {say_day(first)} on."
    return ""


def _stated(law: Law, question: BasisQuestion, stated: OtherBasis) -> Finding:
    words = {
        OtherBasisKind.RECIPROCITY: "reciprocity",
        OtherBasisKind.DOMESTIC_LAW: "domestic law",
        OtherBasisKind.AD_HOC_AGREEMENT: "an agreement for this case",
        OtherBasisKind.OTHER_TREATY: "another treaty",
    }[stated.kind]
    reference = Reference(
        place=f"statement of the officer ({words})",
        datum=f"stated/{stated.kind.value}",
        source=stated.reason,
        status=Status.UNSETTLED,
        confidence=Confidence.LOW,
    )
    name = law.states[question.requested].said
    return Finding(
        f"Can {words} carry the request?",
        Outcome.UNSETTLED,
        f"Stated by the officer, not checked here: {stated.reason}",
        (reference,),
        open_question=f"Does {name} accept {words} as a basis?",
    )

"""Refusal by law only: what comes before it, which grounds there are on these facts, and the check before it leaves.

Whether a ground is available depends on the law as this node has verified it, which the other State need not share.
It is therefore asked before a refusal is made, and the letter quotes the ground as it stood. The fold checks what both
States can see: that there was a consultation, reasons, alternatives, and no ground that the instrument rules out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.clock import parse_instant
from dedere.base.errors import InputError
from dedere.casework.docket import text
from dedere.casework.errors import ActRefusedError
from dedere.casework.matters import AssuranceStatus
from dedere.treaty.assurances import AssuranceTerms, offer_assurance
from dedere.treaty.grounds import GroundAssessment, GroundInputs, GroundReport, assess_grounds
from dedere.treaty.requestfile import request_from_tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from dedere.base.finding import Outcome
    from dedere.casework.acts import JSON, RecordedAct
    from dedere.casework.state import CaseState, Proceeding
    from dedere.treaty.assurances import Assurance
    from dedere.treaty.law import Law


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalSetting:
    """The day, the officer's answers on circumstances (by ground), and which treaties bind both States."""

    on: dt.date
    instruments: tuple[str, ...] = ()
    answers: Mapping[str, Outcome] = field(default_factory=dict)
    treaties: Mapping[str, Outcome] = field(default_factory=dict)


def grounds_for(state: CaseState, proceeding: str, *, law: Law, setting: RefusalSetting) -> GroundReport:
    """What comes before a refusal, and every ground on what is known in this proceeding.

    Raises:
        InputError: there is no such proceeding, or its request cannot be read.
        LawQuestionError: the setting names an instrument or a ground that does not exist.
    """
    here = state.proceeding(proceeding)
    known = GroundInputs(
        on=setting.on,
        instruments=setting.instruments,
        answers=setting.answers,
        assurances=tuple(_assurances(state, here)),
        treaties=setting.treaties,
        lacking=any(question.is_open for question in here.questions),
    )
    return assess_grounds(law, request_from_tables(here.request, name="letter"), known=known)


def quoted(assessment: GroundAssessment, law: Law) -> dict[str, JSON]:
    """The ground as a refusal quotes it: what it was, where it stands, and how far that was known."""
    instrument, _, identifier = assessment.datum.partition("/")
    row = next(ground for ground in law.instrument(instrument).grounds if ground.id == identifier)
    return {
        "id": identifier,
        "instrument": instrument,
        "provision": row.provision,
        "force": row.force.value,
        "status": law.reference_of(row).status.value,
        "title": assessment.title,
    }


def check_refusal(state: CaseState, record: RecordedAct, *, law: Law, setting: RefusalSetting) -> None:
    """Let a refusal through if every ground it quotes may be chosen on these facts.

    This comes beside `permitted.check_act`, on the side that refuses, before the act is approved and before it leaves.

    Raises:
        ActRefusedError: a ground is not known to the instrument, or taken away by what is known; its reason is given.
        InputError: there is no such proceeding, or its request cannot be read.
    """
    report = grounds_for(state, record.proceeding, law=law, setting=setting)
    known = {each.datum: each for each in report.assessments}
    grounds = record.body.get("grounds")
    quotes = [each for each in grounds if isinstance(each, dict)] if isinstance(grounds, (list, tuple)) else []
    if not quotes:
        raise InputError("The act quotes no ground of refusal.")
    for quote in quotes:
        datum = f"{text(quote, 'instrument')}/{text(quote, 'id')}"
        assessment = known.get(datum)
        if assessment is None:
            raise ActRefusedError(
                f"The instrument has no ground {datum[:80]} for this request.",
                rule="ground-unknown",
                provision=text(quote, "provision"),
            )
        if not assessment.may_be_chosen:
            raise ActRefusedError(
                f"The ground “{assessment.title}” is not available: {assessment.finding.reason}",
                rule="ground-unavailable",
                provision=text(quote, "provision"),
            )


def _assurances(state: CaseState, here: Proceeding) -> Iterator[Assurance]:
    """The assurances given in the proceeding, as the law's rules understand them; nothing is accepted by itself."""
    for each in here.assurances:
        if each.status is AssuranceStatus.GIVEN:
            at = parse_instant(state.docket.entries[each.replied_in].sealed_at)
            terms = AssuranceTerms(kind=each.kind, text=each.text, given_by=each.authority, authority=each.authority)
            yield offer_assurance(each.id, terms, state=each.given_by, at=at, by=each.given_by)

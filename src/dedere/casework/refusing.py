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
from dedere.base.finding import Outcome
from dedere.casework.docket import text
from dedere.casework.errors import ActRefusedError
from dedere.casework.matters import AssuranceStatus
from dedere.treaty.assurances import AssuranceTerms, offer_assurance
from dedere.treaty.grounds import GroundAssessment, GroundInputs, GroundReport, assess_grounds
from dedere.treaty.requestfile import RequestFile, RequestFileError, request_from_tables
from dedere.treaty.requestfile_schema import FORMAT
from dedere.treaty.rule_scope import treaties_relied_on
from dedere.treaty.words import Effect

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from dedere.casework.acts import JSON, JSONObject, RecordedAct
    from dedere.casework.state import CaseState, Proceeding
    from dedere.treaty.assurances import Assurance
    from dedere.treaty.law import Law

# Where a request relies on no instrument that the law knows.
CONVENTION = "lhc"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalSetting:
    """The day, the officer's answers on circumstances (by ground), and which treaties bind both States.

    A treaty on which the request relies is taken to bind where `treaties` does not settle it: what this office knows
    comes before what the other State claims.
    """

    on: dt.date
    instruments: tuple[str, ...] = ()
    answers: Mapping[str, Outcome] = field(default_factory=dict)
    treaties: Mapping[str, Outcome] = field(default_factory=dict)


def grounds_for(state: CaseState, proceeding: str, *, law: Law, setting: RefusalSetting) -> GroundReport:
    """What comes before a refusal, and every ground on what is known in this proceeding.

    Where the proceeding carries no request of its own, that of a proceeding it follows counts; of a request that
    cannot be read nothing counts but its kind, so that every circumstance is a question.

    Raises:
        InputError: there is no such proceeding.
        LawQuestionError: the setting names an instrument or a ground that does not exist.
    """
    here = state.proceeding(proceeding)
    request = _request_in(state, here)
    relied_on = tuple(name for name in request.instruments if name in law.instruments)
    known = GroundInputs(
        on=setting.on,
        instruments=setting.instruments or relied_on or (CONVENTION,),
        answers=setting.answers,
        assurances=tuple(_assurances(state, here)),
        treaties={**treaties_relied_on(law, request), **_settled(setting.treaties)},
        lacking=any(question.is_open for question in here.questions),
        kinds=state.docket.proceedings[here.id].form.ground_kinds,
    )
    return assess_grounds(law, request, known=known)


def _settled(treaties: Mapping[str, Outcome]) -> dict[str, Outcome]:
    return {name: outcome for name, outcome in treaties.items() if outcome is not Outcome.UNSETTLED}


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
    """Let a refusal through if every ground it quotes may be chosen on these facts, and is quoted as it stands.

    This comes beside `permitted.check_act`, on the side that refuses, before the act is approved and before it leaves.

    Raises:
        ActRefusedError: the instrument has no such ground for this request, or only for a postponement; it is taken
            away by what is known; it is quoted otherwise than it stands; or whether its circumstance is there is
            neither known nor said.
        InputError: there is no such proceeding, or no ground is quoted.
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
        rule, sentence = ("ground-unknown", f"The instrument has no ground {datum[:80]} for this request.")
        if assessment is not None:
            rule, sentence = _wrong_with(quote, assessment, law)
        if sentence:
            raise ActRefusedError(sentence, rule=rule, provision=text(quote, "provision"))


def _wrong_with(quote: JSONObject, assessment: GroundAssessment, law: Law) -> tuple[str, str]:
    """The rule that forbids to use a ground as quoted, and why; both empty when none does."""
    title = assessment.title
    if not assessment.may_be_chosen:
        return "ground-unavailable", f"The ground “{title}” is not available: {assessment.finding.reason}"
    if assessment.effect is Effect.POSTPONE:
        return "ground-postpones", f"The ground “{title}” carries a postponement, not a refusal."
    stands = quoted(assessment, law)
    if any(quote.get(name) != stands[name] for name in ("provision", "force", "status")):
        return "ground-misquoted", f"The ground “{title}” is quoted otherwise than it stands in the law of this office."
    if assessment.question and not text(quote, "circumstance"):
        return (
            "circumstance-unsaid",
            f"Say, for the ground “{title}”, how its circumstance is there: {assessment.question}",
        )
    return "", ""


def _request_in(state: CaseState, here: Proceeding) -> RequestFile:
    """The request that grounds are looked at for: its own, or that of a proceeding it follows."""
    followed = (each for each in state.proceedings if each.id in here.links)
    tables = here.request or next((each.request for each in followed if each.request), {})
    try:
        return request_from_tables(tables, name="letter")
    except RequestFileError:
        form = state.docket.proceedings[here.id].form
        asked = here.state_with(form.sides[0])
        other = next((each for each, _ in here.sides if each != asked), asked)
        kind = here.variant or next(iter(form.request_kinds), form.kind.value)
        request = {"kind": kind, "requesting_state": asked, "requested_state": other}
        return request_from_tables({"format": FORMAT, "request": request}, name="letter")


def _assurances(state: CaseState, here: Proceeding) -> Iterator[Assurance]:
    """The assurances given in the proceeding, as the law's rules understand them; nothing is accepted by itself."""
    for each in here.assurances:
        if each.status is AssuranceStatus.GIVEN:
            at = parse_instant(state.docket.entries[each.replied_in].sealed_at)
            terms = AssuranceTerms(kind=each.kind, text=each.text, given_by=each.authority, authority=each.authority)
            yield offer_assurance(each.id, terms, state=each.given_by, at=at, by=each.given_by)

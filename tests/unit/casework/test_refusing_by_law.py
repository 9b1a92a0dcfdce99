"""A refusal needs a ground that the instrument makes available on these facts. Everything here is fictional."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import InputError
from dedere.base.finding import Outcome
from dedere.casework.errors import ActRefusedError
from dedere.casework.findings import check_draft, proposed_questions
from dedere.casework.fold import fold
from dedere.casework.refusing import RefusalSetting, check_refusal, grounds_for, quoted
from dedere.casework.request import RequestDraft
from support.bodies import consulting, ground, refusing, request
from support.chapters import Telling
from support.lawbook import packaged
from support.requests import ON, assistance, extradition, request_of

if TYPE_CHECKING:
    from dedere.treaty.law import Law
    from support.bodies import Body


@pytest.fixture(scope="module")
def law() -> Law:
    return packaged()


def asked(tables: Body, kind: str = "request") -> Telling:
    case = Telling()
    body: Body = RequestDraft(request_of(tables)).to_body()
    case.asks(kind, **body)
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    return case


def test_the_grounds_are_those_of_the_instrument_on_these_facts(law: Law) -> None:
    case = asked(extradition("accused", "lhc"))
    national = {"ext.ground.national": Outcome.DOES_NOT_HOLD}
    report = grounds_for(case.state(), "p1", law=law, setting=RefusalSetting(on=ON, answers=national))

    assert report.before_refusal
    away = next(each for each in report.assessments if each.datum == "lhc/ext.ground.national")
    assert not away.may_be_chosen


def test_a_refusal_on_an_available_ground_is_let_through(law: Law) -> None:
    case = asked(assistance("records", "lhc"))
    setting = RefusalSetting(on=ON)
    report = grounds_for(case.state(), "p1", law=law, setting=setting)
    chosen = next(each for each in report.assessments if each.may_be_chosen and each.datum.startswith("lhc/"))
    quote = {**quoted(chosen, law), "circumstance": "Our own inquiry found it so (fictional)."}
    case.replies("consultation", **consulting("refusal"))
    case.asks("consultation-reply", consultation="k1", text="Please reconsider.")
    names = [{"measure": measure.id} for measure in case.here.measures]
    letter = case.replies("refusal", **refusing(measures=names, grounds=[quote]))

    check_refusal(case.state(), letter, law=law, setting=setting)
    assert quote["force"] in {"may", "must", "unsettled", "not-available"}


def test_a_ground_that_is_not_there_or_taken_away_is_refused(law: Law) -> None:
    case = asked(extradition("accused", "lhc"))
    case.replies("consultation", **consulting("refusal"))
    case.asks("consultation-reply", consultation="k1", text="Please reconsider.")
    setting = RefusalSetting(on=ON, answers={"ext.ground.national": Outcome.DOES_NOT_HOLD})

    unknown = case.compose("refusal", refusing(grounds=[ground("ext.ground.weather")]), by="SN", to="NL")
    with pytest.raises(ActRefusedError) as caught:
        check_refusal(case.state(), unknown, law=law, setting=setting)
    assert caught.value.rule == "ground-unknown"
    away = case.compose("refusal", refusing(grounds=[ground("ext.ground.national")]), by="SN", to="NL")
    with pytest.raises(ActRefusedError, match="not available") as caught:
        check_refusal(case.state(), away, law=law, setting=setting)
    assert caught.value.rule == "ground-unavailable"
    bare = case.compose("refusal", {}, by="SN", to="NL")
    with pytest.raises(InputError, match="no ground"):
        check_refusal(case.state(), bare, law=law, setting=setting)


def consulted(tables: Body) -> Telling:
    case = asked(tables)
    case.replies("consultation", **consulting("refusal"))
    case.asks("consultation-reply", consultation="k1", text="Please reconsider.")
    return case


def rule_for(case: Telling, law: Law, *grounds: Body) -> str:
    letter = case.compose("refusal", refusing(grounds=list(grounds)), by="SN", to="NL")
    with pytest.raises(ActRefusedError) as caught:
        check_refusal(case.state(), letter, law=law, setting=RefusalSetting(on=ON))
    return caught.value.rule


def quote_of(case: Telling, law: Law, datum: str) -> Body:
    report = grounds_for(case.state(), case.proceeding, law=law, setting=RefusalSetting(on=ON))
    return quoted(next(each for each in report.assessments if each.datum == datum), law)


def test_a_ground_is_quoted_as_it_stands_and_its_circumstance_is_said(law: Law) -> None:
    case = consulted(extradition("accused", "lhc"))
    quote = quote_of(case, law, "lhc/ext.ground.humanitarian")
    said = {"circumstance": "The person is gravely ill, as two doctors say (fictional)."}

    assert rule_for(case, law, quote) == "circumstance-unsaid"
    assert rule_for(case, law, {**quote, **said, "force": "must"}) == "ground-misquoted"
    assert rule_for(case, law, {**quote, **said, "provision": "ext.scope"}) == "ground-misquoted"
    postponing = quote_of(case, law, "lhc/ext.ground.surrender-postponed")
    assert rule_for(case, law, {**postponing, **said}) == "ground-postpones"
    letter = case.replies("refusal", **refusing(grounds=[{**quote, **said}]))
    check_refusal(fold(case.case, case.letters[:-1]), letter, law=law, setting=RefusalSetting(on=ON))
    assert case.status == "refused"


def test_a_provisional_arrest_knows_the_grounds_of_the_extradition_it_prepares(law: Law) -> None:
    case = Telling()
    case.asks("request", opens="provisional-arrest", request=request("provisional-arrest"))
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    report = grounds_for(case.state(), "p1", law=law, setting=RefusalSetting(on=ON))

    assert "lhc/ext.ground.ne-bis" in {each.datum for each in report.assessments}
    assert "lhc/mla.ground.ne-bis" not in {each.datum for each in report.assessments}


def test_a_request_that_cannot_be_read_leaves_every_circumstance_a_question(law: Law) -> None:
    case = Telling()
    case.asks("request", opens="transfer", as_="sentencing", request={"words": "that no format knows"})
    report = grounds_for(case.state(), "p1", law=law, setting=RefusalSetting(on=ON))

    assert report.assessments
    assert all(each.question or each.may_be_chosen for each in report.assessments)


def test_extradition_begun_by_consent_is_looked_at_through_the_request_for_arrest(law: Law) -> None:
    case = Telling()
    case.proceeding = "arrest"
    tables = extradition("accused", "lhc")
    tables["request"]["kind"] = "provisional-arrest"
    asked_for: Body = RequestDraft(request_of(tables)).as_json()
    case.asks("request", opens="provisional-arrest", request=asked_for)
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    case.replies("arrest", arrested_on=case.today(), place="Port (fictional)", in_custody=True)
    case.proceeding = "extradition"
    facts: Body = {"before": "Court (fictional)", "informed": True, "counsel": True, "statement": "consents"}
    case.replies(
        "person-consent", opens="extradition", as_="requested", links=["arrest"], stated_on=case.today(), **facts
    )
    report = grounds_for(case.state(), "extradition", law=law, setting=RefusalSetting(on=ON))

    national = next(each for each in report.assessments if each.datum == "lhc/ext.ground.national")
    assert "nationality stated in the request" in national.finding.reason


def test_assurances_given_in_the_case_are_put_before_the_grounds(law: Law) -> None:
    case = asked(extradition("accused", "lhc"))
    wanted: Body = {"id": "a1", "kind": "assurance.death-penalty", "text": "It is not carried out."}
    case.replies("assurance-request", assurances=[wanted, {**wanted, "id": "a2"}])
    case.asks("assurance", authority="Minister (fictional)", given=[wanted], declined=["a2"])

    report = grounds_for(case.state(), "p1", law=law, setting=RefusalSetting(on=ON))

    cures = [each.cure for each in report.assessments if each.cure and each.cure.assurance == "assurance.death-penalty"]
    assert {cure.standing.value for cure in cures} == {"offered"}


def test_what_is_missing_in_a_draft_becomes_an_itemised_question(law: Law) -> None:
    tables = assistance("records", "lhc")
    del tables["request"]["facts"]["summary"]
    findings = check_draft(RequestDraft(request_of(tables)), law, on=ON)

    questions = proposed_questions(findings)

    assert questions
    assert {"id": "q1", "field": "request.facts.summary"}.items() <= dict(questions[0]).items()  # type: ignore[arg-type] # plain JSON
    case = asked(tables)
    case.replies("questions", questions=questions)
    assert len(case.state().open_questions()) == len(questions)


def test_a_request_is_one_thing_in_a_file_in_a_draft_and_in_a_letter() -> None:
    draft = RequestDraft(request_of(assistance("records", "lhc")), ("p0",))
    body = draft.to_body()

    again = RequestDraft.from_body(body)

    assert again.as_json() == draft.as_json()
    assert again.links == ("p0",)
    assert RequestDraft.from_tables(draft.as_json()).file.data == draft.file.data
    assert (draft.kind, draft.opens, draft.act_kind) == ("mla", "mla", "request")
    measures = body["measures"]
    assert isinstance(measures, list)
    assert all(measure["kind"] == "records" for measure in measures)
    with pytest.raises(InputError):
        RequestDraft.from_body({"request": None})


def test_a_request_file_is_read_into_a_draft() -> None:
    text = (
        b'format = "dedere-request/1"\n[request]\nkind = "property"\nrequesting_state = "NL"\nrequested_state = "SN"\n'
    )

    draft = RequestDraft.parse(text, name="request.toml")

    assert draft.kind == "property"
    with pytest.raises(InputError, match="No proceeding"):
        _ = draft.opens


def test_a_joint_team_is_proposed_by_another_act() -> None:
    tables = {
        "format": "dedere-request/1",
        "request": {"kind": "jit", "requesting_state": "NL", "requested_state": "SN"},
    }

    draft = RequestDraft.from_tables(tables)

    assert (draft.opens, draft.act_kind) == ("joint-team", "proposal")
    assert "measures" not in draft.to_body()


def test_a_protocol_that_the_request_relies_on_counts_where_this_office_does_not_know_better(law: Law) -> None:
    tables = extradition("accused", "ets024")
    relying = {**tables["request"]["legal_basis"], "instruments": ["ets024", "ets098"]}
    silent, named = asked(tables), asked({**tables, "request": {**tables["request"], "legal_basis": relying}})

    def fiscal(case: Telling, **treaties: Outcome) -> set[str]:
        setting = RefusalSetting(on=ON, treaties=treaties)
        report = grounds_for(case.state(), "p1", law=law, setting=setting)
        return {each.datum for each in report.assessments if "fiscal" in each.datum}

    both = {"ets024/ext.ground.fiscal", "ets024/ext.ground.fiscal-original"}
    assert fiscal(silent) == both
    assert fiscal(named) == fiscal(named, ets098=Outcome.UNSETTLED) == {"ets024/ext.ground.fiscal"}
    assert fiscal(named, ets098=Outcome.DOES_NOT_HOLD) == {"ets024/ext.ground.fiscal-original"}

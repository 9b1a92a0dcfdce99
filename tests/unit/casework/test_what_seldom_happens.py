"""Turns that no story of a chapter takes, and that must come out right all the same. Everything here is fictional."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import InputError
from dedere.casework.acts import ActKind, parse_kind
from dedere.casework.docket import Docket, Situation
from dedere.casework.duties import DutySetting, duties_of
from dedere.casework.errors import ActRefusedError, ProcedureDataError
from dedere.casework.findings import proposed_questions
from dedere.casework.fold import CaseReader, fold
from dedere.casework.order import order
from dedere.casework.permitted import check_act
from dedere.casework.procedure import load_procedure
from dedere.casework.reading import Reading
from dedere.casework.request import RequestDraft
from dedere.casework.teams import signs_once
from dedere.treaty.contents import check_contents
from support.bodies import condition, request
from support.chapters import Telling
from support.circulars import Circle
from support.lawbook import packaged
from support.letters import digest_of, part
from support.requests import ON, assistance, request_of

if TYPE_CHECKING:
    from support.bodies import Body


def opened() -> Telling:
    case = Telling()
    case.asks("request", opens="mla", request=request(), measures=[{"id": "m1", "kind": "records"}])
    case.replies("acknowledgement", own_reference="SN-14", received_on=case.today())
    return case


def test_there_is_no_act_of_another_name() -> None:
    assert parse_kind("request") is ActKind.REQUEST
    with pytest.raises(InputError, match="adventure"):
        parse_kind("adventure")


# ---- corrections


def corrected(*changes: Body) -> Body:
    case = Telling()
    first = case.asks("request", opens="mla", request=request(), measures=[{"id": "m1", "kind": "records"}])
    case.asks("correction", corrects=first.letter, changes=list(changes), reason="A slip.")
    return dict(case.here.request)


def test_a_correction_of_the_whole_request_takes_its_place_if_it_is_one() -> None:
    other = {"request": {"kind": "mla", "title": "Another"}}

    assert corrected({"path": "request", "value": other}) == other
    assert corrected({"path": "request", "value": "nothing"}) == request()
    assert corrected({"path": "text", "value": "x"}) == request()
    deeper = corrected({"path": "request.request.facts.place.name", "value": "Dol"})
    assert deeper["request"]["facts"] == {**request()["request"]["facts"], "place": {"name": "Dol"}}


# ---- speciality


def surrendered(*, renounced: bool = False) -> Telling:
    case = Telling()
    case.proceeding = "extradition"
    case.asks("request", opens="extradition", request=request("extradition"))
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    if renounced:
        facts: Body = {"before": "Court (fictional)", "informed": True, "counsel": True}
        says: Body = {"statement": "consents", "stated_on": case.today(), "speciality_renounced": True}
        case.replies("person-consent", **says, **facts)
    decided: Body = {"authority": "Court (fictional)", "text": "Granted.", "offences": ["one"]}
    case.replies("decision", outcome="granted", decided_on=case.today(), **decided)
    case.replies("surrender-arrangement", date=case.today(), place="Airport (fictional)", detention_days=4)
    case.replies("surrender", kind="final", on=case.today(), place="Airport (fictional)", detention_days=4)
    return case


def ask_more(case: Telling, *links: str) -> None:
    case.proceeding = "consent"
    wanted: Body = {"variant": "speciality-consent", "links": list(links)}
    case.asks("request", opens="consent", request=request("speciality-consent"), **wanted)
    case.replies("acknowledgement", own_reference="SN-2", received_on=case.today())
    said: Body = {"authority": "Court (fictional)", "text": "Granted.", "offences": ["two"]}
    case.replies("decision", outcome="granted", decided_on=case.today(), **said)


def test_consent_widens_the_extradition_and_nothing_else_that_is_linked() -> None:
    case = surrendered()
    case.proceeding = "other"
    case.asks("request", opens="mla", request=request(), measures=[{"id": "m1", "kind": "records"}])
    ask_more(case, "other", "extradition")

    speciality = next(each for each in case.state().proceeding("extradition").conditions if each.id == "speciality")
    assert speciality.purposes == ("one", "two")
    assert case.state().proceeding("other").conditions == ()


def test_where_speciality_was_renounced_consent_has_nothing_to_widen() -> None:
    case = surrendered(renounced=True)
    ask_more(case, "extradition")

    assert case.state().proceeding("extradition").conditions == ()


def test_extradition_by_consent_names_an_arrest_among_other_proceedings() -> None:
    case = opened()
    facts: Body = {"before": "Court (fictional)", "informed": True, "counsel": True}
    says: Body = {"statement": "consents", "stated_on": case.today(), **facts}
    case.proceeding = "extradition"
    case.refused("links-arrest", "person-consent", by="SN", opens="extradition", as_="requested", links=["p1"], **says)


# ---- items


def test_an_item_under_no_onward_transfer_may_be_drawn_from_between_the_two_it_concerns() -> None:
    case = opened()
    case.replies("acceptance", measures=[{"measure": "m1"}])
    rule = condition("c1", "no-onward-transfer")
    wording = condition("c2", "handling")
    partly: list[Body] = [{"measure": "m1", "outcome": "partly-executed", "text": "A first lot."}]
    both = (part("a", conditions=(wording, rule)),)
    case.replies("result", measures=partly, items=[{"part": "part-a"}], parts=both)
    made: list[Body] = [{"part": "part-b", "derived_from": ["part-a"]}]
    done: list[Body] = [{"measure": "m1", "outcome": "executed", "text": "The rest."}]
    case.replies("result", measures=done, items=made, parts=(part("b", conditions=(wording, rule)),))

    assert case.state().item("part-b").derived_from == ("part-a",)


def test_an_item_made_from_another_without_its_conditions_is_not_sent() -> None:
    circle = Circle()
    clauses: list[Body] = [{"id": "law", "title": "Law", "text": "The law of the place."}]
    until: Body = {"until": "2026-12-31", "members": list(circle.members)}
    circle.says("NL", "proposal", opens="joint-team", request=request("jit"), clauses=clauses, **until)
    for member in ("SN", "MN"):
        circle.says(member, "clause-agreement", clauses=[{"clause": "law", "version": 1}])
    for member in circle.members:
        circle.says(member, "signature", agreement=circle.team.agreement, signatory="Minister (fictional)")
    rule = condition("c1", "confidentiality")
    circle.says("NL", "team-evidence", items=[{"part": "part-a"}], parts=(part("a", conditions=(rule,)),))
    made: list[Body] = [{"part": "part-b", "derived_from": ["part-a"]}]

    circle.forbidden("items-inherit-conditions", "SN", "team-evidence", items=made, parts=(part("b"),))


# ---- requests and findings


def test_measures_carry_the_deadline_and_the_words_of_the_request() -> None:
    tables = assistance("records", "lhc")
    items = tables["request"]["assistance"]["items"]
    tables["request"]["deadline"] = {"date": "2026-06-01", "reason": "Trial begins (fictional)."}
    items[0].pop("description", None)
    measures = RequestDraft(request_of(tables)).to_body()["measures"]
    assert measures == [{"id": items[0]["id"], "kind": "records", "deadline": "2026-06-01"}]
    items[0]["description"] = "Minutes of the mill (fictional)."
    del tables["request"]["deadline"]
    measures = RequestDraft(request_of(tables)).to_body()["measures"]
    assert measures == [{"id": items[0]["id"], "kind": "records", "description": items[0]["description"]}]


def test_a_question_names_its_provision_where_the_finding_has_one() -> None:
    tables = assistance("records", "lhc")
    tables["request"]["facts"] = {"statements": tables["request"]["facts"]["statements"]}
    findings = check_contents(packaged(), request_of(tables), on=ON)
    bare = [replace(finding, references=()) for finding in findings]

    assert all("provision" not in question for question in proposed_questions(bare))  # type: ignore[operator]
    assert any("provision" in question for question in proposed_questions(findings))  # type: ignore[operator]


# ---- duties and teams


def test_sides_that_the_law_does_not_name_owe_what_both_owe() -> None:
    case = Telling()
    case.asks("request", opens="transit", variant="transit", request=request("transit"))
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())

    found = duties_of(case.state(), packaged(), setting=DutySetting(instruments=("lhc",)))
    assert all(set(duty.duty.owed_by) <= {"NL", "SN"} for duty in found)


def test_a_step_of_a_team_in_another_proceeding_is_a_defect_of_the_data() -> None:
    case = opened()
    docket = case.state().docket
    step = load_procedure().transition("team.sign")
    letter = case.compose("signature", {}, by="NL", to="SN")

    with pytest.raises(ProcedureDataError, match=r"team\.sign"):
        signs_once(Situation(docket, docket.proceedings["p1"], step, letter))


# ---- reading on


def test_a_reader_that_begins_with_letters_reads_as_the_fold_does() -> None:
    case = opened()
    reader = CaseReader(case.case, case.letters)
    assert reader.state == case.state()
    assert reader.records == tuple(case.letters)
    assert CaseReader(case.case, reversed(case.letters)).state == case.state()
    letter = case.compose("acceptance", {"measures": [{"measure": "m1"}]}, by="SN", to="NL")
    unknown = replace(letter, answers=(("letter-99-nl", digest_of("x")),))
    reader.add(unknown)
    assert [each.letter for each in reader.state.waiting] == [letter.letter]
    with pytest.raises(ActRefusedError):
        check_act(reader.state, unknown)


def test_a_reader_follows_copies_that_come_out_of_turn() -> None:
    circle = Circle()
    clauses: list[Body] = [{"id": "law", "title": "Law", "text": "The law of the place."}]
    until: Body = {"until": "2026-12-31", "members": list(circle.members)}
    circle.says("NL", "proposal", opens="joint-team", request=request("jit"), clauses=clauses, **until)
    circle.says("SN", "clause-agreement", clauses=[{"clause": "law", "version": 1}])
    circle.says("MN", "clause-agreement", clauses=[{"clause": "law", "version": 1}])
    reader = CaseReader(circle.case)
    for letter in circle.letters:
        reader.add(letter)
    assert reader.state == circle.state()
    late = CaseReader(circle.case)
    for letter in [*circle.letters[2:], *circle.letters[:2], circle.letters[0]]:
        late.add(letter)
        assert late.state == fold(circle.case, late.records)
    assert late.state.as_json() == circle.state().as_json()


def test_a_letter_that_follows_an_act_not_yet_here_waits_in_a_reader_too() -> None:
    circle = Circle()
    clauses: list[Body] = [{"id": "law", "title": "Law", "text": "The law of the place."}]
    until: Body = {"until": "2026-12-31", "members": list(circle.members)}
    circle.says("NL", "proposal", opens="joint-team", request=request("jit"), clauses=clauses, **until)
    _, copies = circle._copies(
        "SN", "clause-agreement", {"clauses": [{"clause": "law", "version": 1}]}, parts=(), days=1
    )
    reader = CaseReader(circle.case, circle.letters)
    far = replace(copies[0], body={**copies[0].body, "follows": ["nl.act-77"]})
    reader.add(far)

    assert [each.answers_missing for each in reader.state.waiting] == [("nl.act-77",)]


def test_a_ruling_is_kept_for_when_its_act_is_read_and_for_no_other() -> None:
    case = opened()
    reader = CaseReader(case.case, case.letters)
    letter = case.compose("acceptance", {"measures": [{"measure": "m1"}]}, by="SN", to="NL")
    other = replace(letter, letter="letter-x", digest=digest_of("x"))

    assert reader.rule_on(letter).transitions == ("mla.accept", "measure.accept")
    assert reader.rule_on(letter) is reader.rule_on(letter)
    assert reader.rule_on(other).transitions == ("mla.accept", "measure.accept")
    assert not reader.loose
    reader.add(letter)
    assert reader.state == fold(case.case, [*case.letters, letter])
    reader.add(replace(other, sequence=9))
    assert reader.loose


def test_an_item_under_no_onward_transfer_goes_back_to_its_sender() -> None:
    case = Telling()
    clauses: list[Body] = [{"id": "law", "title": "Law", "text": "The law of the place."}]
    team: Body = {"members": ["NL", "SN"], "clauses": clauses, "until": "2026-12-31"}
    case.asks("proposal", opens="joint-team", request=request("jit"), **team)
    case.replies("clause-agreement", clauses=[{"clause": "law", "version": 1}])
    for signs in (case.asks, case.replies):
        agreed = case.here.team
        assert agreed is not None
        signs("signature", agreement=agreed.agreement, signatory="Minister (fictional)")
    rules = (condition("c1", "no-onward-transfer"), condition("c2", "handling"))
    case.asks("team-evidence", items=[{"part": "part-a"}], parts=(part("a", conditions=rules),))
    made: list[Body] = [{"part": "part-b", "derived_from": ["part-a"]}]
    case.replies("team-evidence", items=made, parts=(part("b", conditions=rules),))

    assert case.state().item("part-b").sent_to == ("NL",)


def test_the_two_members_of_a_team_owe_what_both_owe() -> None:
    case = Telling()
    clauses: list[Body] = [{"id": "law", "title": "Law", "text": "The law of the place."}]
    team: Body = {"members": ["NL", "SN"], "clauses": clauses, "until": "2026-12-31"}
    case.asks("proposal", opens="joint-team", request=request("jit"), **team)

    found = duties_of(case.state(), packaged(), setting=DutySetting(instruments=("lhc",)))
    assert all(set(duty.duty.owed_by) <= {"NL", "SN"} for duty in found)
    case.replies("notice", event="officials.caused-damage", text="A broken door.")
    found = duties_of(case.state(), packaged(), setting=DutySetting(instruments=("lhc",)))
    assert all(set(duty.duty.owed_by) <= {"NL", "SN"} for duty in found)


def test_a_body_is_told_what_it_lacks_and_not_what_it_has_right() -> None:
    case = opened()
    rule: Body = {"id": "c1", "kind": "handling", "text": 7}

    sentence = case.refused("body-shape", "conditions", by="SN", conditions=[rule])
    assert "text" in sentence
    assert "one of" not in sentence


def test_a_copy_behind_a_letter_that_its_act_does_not_build_on_is_put_in_order_anew() -> None:
    circle = Circle()
    clauses: list[Body] = [{"id": "law", "title": "Law", "text": "The law of the place."}]
    until: Body = {"until": "2026-12-31", "members": list(circle.members)}
    circle.says("NL", "proposal", opens="joint-team", request=request("jit"), clauses=clauses, **until)
    # A correction goes before an amendment that it crosses.
    slip: Body = {"corrects": "nl.act-1", "changes": [{"path": "note", "value": "x"}], "reason": "A slip."}
    aside = circle.compose("correction", slip, by="NL", to="MN", seen=())
    change: Body = {"clauses": [{"id": "costs", "title": "Costs", "text": "Each its own."}]}
    _, copies = circle._copies("NL", "amendment", change, parts=(), days=2)
    to_mongolia = replace(next(each for each in copies if each.recipient == "MN"), sequence=3)
    to_senegal = next(each for each in copies if each.recipient == "SN")
    reader = CaseReader(circle.case, [*circle.letters, aside])
    for letter in (to_senegal, to_mongolia):
        reader.add(letter)

    assert reader.state == fold(circle.case, reader.records)


def test_an_act_is_read_once_after_what_was_read() -> None:
    case = opened()
    procedure = load_procedure()
    root = Reading(Docket(case.case), procedure)
    first = order(case.letters, procedure=procedure).nodes[0]

    assert root.after(first) is root.after(first)


def test_readings_have_in_common_what_no_act_between_them_touched() -> None:
    case = opened()
    case.proceeding = "p2"
    case.asks("consultation", opens="consultation", consultation="k1", about="jurisdiction", text="Who prosecutes?")
    reader = CaseReader(case.case, case.letters)
    before = reader.reading
    plain = before.state.as_json()

    reader.add(case.replies("consultation-reply", consultation="k1", text="We do."))

    after = reader.reading.docket.proceedings
    assert after["p1"] is before.docket.proceedings["p1"]
    assert after["p2"] is not before.docket.proceedings["p2"]
    assert before.state.as_json() == plain
    assert reader.state == fold(case.case, case.letters)
    assert "p3" not in after
    assert reader.reading.docket.written("p3") is None


def test_a_letter_that_was_found_to_have_its_shape_is_not_taken_to_have_another() -> None:
    case = opened()
    good = case.compose("questions", {"questions": [{"id": "q1", "text": "Which?"}]}, by="SN", to="NL")
    check_act(case.state(), good)
    check_act(case.state(), good)

    with pytest.raises(ActRefusedError):
        check_act(case.state(), replace(good, body={"questions": "none"}))

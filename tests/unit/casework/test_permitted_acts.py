"""What a side may do next, and why it may not do the rest. Everything here is fictional."""

from __future__ import annotations

import pytest

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.casework.fold import fold
from dedere.casework.permitted import PermittedAct, permitted_acts, preview_act
from dedere.casework.prospects import PROSPECTS
from support.bodies import Body, condition, consulting, question, receipt, request
from support.chapters import Telling
from support.circulars import MEMBERS, Circle
from support.letters import part


def may(case: Telling, side: str, role: Role = Role.CASE_OFFICER) -> dict[str, PermittedAct]:
    return {each.step: each for each in permitted_acts(case.state(), side=side, role=role)}


def opened() -> Telling:
    case = Telling()
    case.asks("request", opens="mla", request=request(), measures=[{"id": "m1", "kind": "records"}])
    return case


def test_an_empty_case_permits_to_open_proceedings_only() -> None:
    permitted = permitted_acts(fold("empty", []), side="NL", role=Role.CASE_OFFICER)

    assert all(each.opens and each.proceeding == "" and each.permitted for each in permitted)
    assert {"mla", "extradition", "joint-team"} <= {each.opens for each in permitted}
    refused = permitted_acts(fold("empty", []), side="NL", role=Role.AUDITOR)
    assert {each.rule for each in refused} == {"wrong-role"}


def test_a_registrar_registers_and_an_approver_approves() -> None:
    case = opened()

    assert may(case, "SN", Role.REGISTRAR)["mla.acknowledge"].permitted
    assert not may(case, "SN", Role.REGISTRAR)["mla.acknowledge"].approves
    assert may(case, "SN", Role.APPROVER)["mla.acknowledge"].approves
    refused = may(case, "SN")["mla.acknowledge"]
    assert (refused.permitted, refused.rule) == (False, "wrong-role")


def test_a_side_is_offered_its_own_acts_and_told_why_not() -> None:
    case = opened()
    theirs, ours = may(case, "SN"), may(case, "NL")

    assert "mla.acknowledge" not in ours
    assert theirs["mla.accept"].rule == "out-of-turn"
    assert "Sent" in theirs["mla.accept"].reason
    assert theirs["mla.accept"].provision == "mla.execution"
    assert ours["mla.withdraw"].permitted
    assert may(case, "FR") == {
        each.step: each for each in permitted_acts(case.state(), side="FR", role=Role.CASE_OFFICER)
    }
    assert not any(each.proceeding for each in may(case, "FR").values())


def test_a_refusal_is_offered_after_a_consultation_only() -> None:
    case = opened()
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    assert "Consult first" in may(case, "SN")["mla.refuse"].reason
    case.replies("consultation", **consulting("refusal"))
    assert "not replied" in may(case, "SN")["mla.refuse"].reason
    case.asks("consultation-reply", consultation="k1", text="Please reconsider.")
    assert may(case, "SN")["mla.refuse"].permitted
    assert not may(case, "SN")["mla.postpone"].permitted


def test_no_measure_no_result() -> None:
    case = opened()
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())

    assert may(case, "SN")["mla.result"].rule == "measure-out-of-turn"


def test_what_waits_for_nobody_is_not_offered_and_what_waits_is() -> None:
    case = opened()
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today(), questions=[question("q1")])
    idle = {
        "mla.answer": "SN",
        "mla.consult.reply": "NL",
        "mla.reply-to-conditions": "NL",
        "mla.give-assurances": "SN",
        "mla.ask-consent": "NL",
        "mla.reply-consent": "SN",
        "mla.acknowledge-receipt-of-items": "NL",
        "mla.return-items": "NL",
        "mla.acknowledge-return": "SN",
    }
    for step, side in idle.items():
        assert may(case, side)[step].reason, step
    assert may(case, "NL")["mla.answer"].permitted
    case.replies("acceptance", measures=[{"measure": "m1"}])
    outcome = {"measure": "m1", "outcome": "executed", "text": "All."}
    rule = condition("c1")
    case.replies("result", measures=[outcome], items=[{"part": "part-a"}], parts=(part("a", conditions=(rule,)),))
    assert "signed for" in may(case, "NL")["mla.close"].reason
    for step in ("mla.reply-to-conditions", "mla.ask-consent", "mla.acknowledge-receipt-of-items"):
        assert may(case, "NL")[step].permitted, step
    case.asks("custody-receipt", items=[receipt("a", "c1")], received_on=case.today())
    assert "question is still open" in may(case, "NL")["mla.close"].reason
    case.asks("answers", answers=[{"question": "q1", "text": "So."}])
    case.asks("consent-request", conditions=["c1"], use="More.")
    assert "consent still waits" in may(case, "NL")["mla.close"].reason
    assert may(case, "SN")["mla.reply-consent"].permitted
    case.replies("consent", conditions=["c1"], granted=False)
    case.replies("conditions", conditions=[condition("c2")])
    assert "condition still waits" in may(case, "NL")["mla.close"].reason
    case.asks("conditions-reply", replies=[{"condition": "c2", "accepted": True}])
    case.asks("consultation", **consulting("costs"))
    assert "consultation is still open" in may(case, "NL")["mla.close"].reason
    assert may(case, "SN")["mla.consult.reply"].permitted
    case.replies("consultation-reply", consultation="k1", text="So be it.")
    case.asks("return", items=[{"item": "part-a"}], returned_on=case.today())
    assert may(case, "SN")["mla.acknowledge-return"].permitted
    case.replies("assurance-request", assurances=[{"id": "a1", "kind": "k", "text": "t"}])
    assert may(case, "NL")["mla.close"].permitted
    assert may(case, "NL")["mla.give-assurances"].permitted


def test_a_proceeding_without_events_offers_no_notice() -> None:
    foresee = PROSPECTS["notice-of-listed-event"]
    case = Telling()
    case.asks("consultation", opens="consultation", **consulting("costs"))
    docket = case.state().docket

    assert foresee(docket, docket.proceedings["p1"], "NL")
    mla = opened().state().docket
    assert not foresee(mla, mla.proceedings["p1"], "NL")


def test_a_preview_names_the_steps_an_act_would_take() -> None:
    case = opened()
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    letter = case.compose("acceptance", {"measures": [{"measure": "m1"}]}, by="SN", to="NL")

    assert preview_act(case.state(), letter).transitions == ("mla.accept", "measure.accept")


def test_the_state_is_asked_by_name() -> None:
    case = opened()
    state = case.state()
    here = state.proceeding("p1")

    assert (here.side_of("NL"), here.side_of("FR")) == ("requesting", "")
    assert (here.state_with("requested"), here.state_with("transit")) == ("SN", "")
    assert here.measure("m1").status == "requested"
    for missing in (lambda: here.measure("m9"), lambda: state.proceeding("p9"), lambda: state.item("i9")):
        with pytest.raises(InputError):
            missing()
    assert state.as_json()["version"] == "dedere-record/1"
    assert "docket" not in state.as_json()


def test_a_team_of_three_is_offered_its_acts() -> None:
    case = Circle()
    clause: Body = {"id": "law", "title": "Law", "text": "As agreed."}
    body: Body = {"opens": "joint-team", "request": request("jit"), "members": list(MEMBERS), "until": "2026-12-31"}
    case.says("NL", "proposal", clauses=[clause], **body)

    assert {
        each.step for each in permitted_acts(case.state(), side="MN", role=Role.CASE_OFFICER) if each.permitted
    } >= {
        "team.agree",
        "team.amend",
    }

"""A protected witness heard by video between two real nodes: the identity with the two States' custodians alone.

The Netherlands asks, Senegal hears. What is asked of the other State about earlier interviews is answered by its
custodian with one word. Everybody is fictional.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from dedere.cli.demonstration.homes import pin_each_other, run_dedere
from support.custodial import Custodians
from support.nodes import Node, all_at, running, today, until
from support.offices import request_tables
from support.spelled import found_in, spelled_below

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.network

ZONES = ["Africa/Dakar", "Europe/Amsterdam"]


def test_a_protected_witness_is_heard_by_video(tmp_path: Path) -> None:
    with ExitStack() as stack:
        asking, asked = stack.enter_context(running(tmp_path, "NL", "SN"))
        ours, theirs = (stack.enter_context(Custodians(node.office.home)) for node in (asking, asked))
        _custodians_stand_on_both_cards(asking, asked, ours, theirs)
        begun, person = _requested_with_the_identity_sealed(asking, ours)
        there = _arrived_sealed(asked, theirs, begun["case"])
        item = _heard_there(asked, theirs, begun, there)
        _the_protocol_comes_back(asking, asked, begun, item)
        _asked_whether_interviewed_before(
            asking, asked, begun["case"], {"ours": person, "theirs": there}, (ours, theirs)
        )
    for state in ("nl", "sn"):
        assert spelled_below(tmp_path / state) == []
    assert found_in((tmp_path / "NL.log").read_bytes() + (tmp_path / "SN.log").read_bytes()) == []


def _custodians_stand_on_both_cards(asking: Node, asked: Node, ours: Custodians, theirs: Custodians) -> None:
    for node, custodians in ((asking, ours), (asked, theirs)):
        custodians.do("begin")
        run_dedere("card", "rotate", str(node.office.home.folder), "--custodians")
    pin_each_other(asking.office.home, asked.office.home)


def _requested_with_the_identity_sealed(asking: Node, ours: Custodians) -> tuple[dict[str, Any], str]:
    begun = asking.do("start", opens="mla", request=request_tables(), partner="SN", title="The mill of Dol (fictional)")
    person = ours.do("protect", case=begun["case"], reference="person-2", alias="Amber")["person"]
    ours.do("send_identity", draft=begun["draft"], person=person)
    asking.leave(begun["draft"])
    return begun, person


def _arrived_sealed(asked: Node, theirs: Custodians, case: str) -> str:
    asked.take_up(case)
    arrived = until(lambda: (seen := theirs.do("person", case=case, alias="Amber"))["person"] and seen, "the identity")
    assert (arrived["name"], arrived["details"], arrived["origin"]) == ("", {}, "NL")
    assert theirs.do("look", case=case, person=arrived["person"])["is_the_witness"]
    return str(arrived["person"])


def _heard_there(asked: Node, theirs: Custodians, begun: dict[str, Any], person: str) -> str:
    case, proceeding = begun["case"], begun["proceeding"]
    asked.act(case, proceeding, "acknowledgement", own_reference="SN-1", received_on=today())
    measure = asked.case(case)["proceedings"][0]["measures"][0]["id"]
    asked.act(case, proceeding, "acceptance", measures=[{"measure": measure}])
    hearing = theirs.do("plan", case=case, person=person, zones=ZONES)["hearing"]
    until(
        lambda: theirs.do("protocol", case=case, hearing=hearing, text="Amber saw the mill burn.")["sheet"],
        "the hearing to begin",
    )
    kept = until(lambda: (seen := theirs.do("hearing", hearing=hearing))["item"] and seen, "the protocol in evidence")
    assert kept["state"] == "held"
    return str(kept["item"])


def _the_protocol_comes_back(asking: Node, asked: Node, begun: dict[str, Any], item: str) -> None:
    case, proceeding = begun["case"], begun["proceeding"]
    measure = asked.case(case)["proceedings"][0]["measures"][0]["id"]
    outcome = {"measure": measure, "outcome": "executed", "text": "Amber was heard by video."}
    draft = asked.do(
        "propose", case=case, proceeding=proceeding, kind="result", body={"measures": [outcome]}, items=[item]
    )["draft"]
    asked.leave(draft)
    came = until(
        lambda: (seen := asking.do("look_at_items", case=case))["items"] and not seen["waiting"] and seen, "it"
    )
    titles = [each["title"] for each in came["items"]]
    assert any(title.startswith("Protocol of the hearing of Amber") for title in titles)
    all_at([asking, asked], case, proceeding, asking.status(case, proceeding))


def _asked_whether_interviewed_before(
    asking: Node, asked: Node, case: str, persons: dict[str, str], custodians: tuple[Custodians, Custodians]
) -> None:
    ours, theirs = custodians
    asking.leave(ours.do("ask_partner", case=case, person=persons["ours"])["draft"])
    question = until(lambda: theirs.do("asked", case=case, person=persons["theirs"])["asked"], "the question")[0]
    assert (question["ours"], question["answer"]) == (False, "")
    told = theirs.do(
        "answer", case=case, person=persons["theirs"], letter=question["letter"], question=question["question"]
    )
    said = told["body"]["answers"][0]
    assert said == {"question": question["question"], "text": "Yes.", "values": {"interview-history": "yes"}}
    assert told["own"] == 1
    asked.leave(told["draft"])
    answered = until(
        lambda: (seen := ours.do("asked", case=case, person=persons["ours"])["asked"][0])["answer"] and seen,
        "the answer",
    )
    assert (answered["ours"], answered["answer"]) == (True, "yes")

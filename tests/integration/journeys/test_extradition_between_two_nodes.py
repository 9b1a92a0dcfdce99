"""Provisional arrest, extradition and surrender between two real nodes, and what a refusal opens. All fictional."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dedere.casework.request import RequestDraft
from dedere.cli.demonstration.office import DeedRefusedError
from dedere.treaty.requestfile_schema import FORMAT
from support.nodes import Node, all_at, running, today
from support.request_parts import ARREST
from support.requests import extradition, request_of, side_procedure

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.network

REASONS = "A doctor appointed by the court finds that the person would not survive the journey (fictional)."


def asked_for_arrest() -> dict[str, object]:
    tables = side_procedure("provisional-arrest", "provisional_arrest", ARREST, "lhc")
    return RequestDraft(request_of(tables)).as_json()


def asked_for_extradition() -> dict[str, object]:
    return RequestDraft(request_of(extradition("accused", "lhc"))).as_json()


def arrested(asking: Node, asked: Node) -> tuple[str, str]:
    """A case in which the person was arrested, and its first proceeding."""
    begun = asking.start("provisional-arrest", asked_for_arrest(), partner=asked.state, title="Tesk (fictional)")
    case, arrest = begun["case"], begun["proceeding"]
    asked.act(case, arrest, "acknowledgement", own_reference="SN-1", received_on=today())
    asked.act(case, arrest, "arrest", arrested_on=today(), place="Dakar (fictional)", in_custody=True)
    all_at([asking, asked], case, arrest, "arrested")
    return case, arrest


def test_from_arrest_to_surrender_and_from_a_refusal_to_prosecution(tmp_path: Path) -> None:
    with running(tmp_path, "NL", "SN") as (asking, asked):
        case, arrest = arrested(asking, asked)
        _the_clock_of_the_arrest_runs_on_both_sides(case, asking, asked)
        extradited = _surrendered(case, arrest, asking, asked)
        _more_is_consented_to(case, extradited, asking, asked)
        _a_refusal_opens_the_prosecution(asking, asked)


def _the_clock_of_the_arrest_runs_on_both_sides(case: str, *nodes: Node) -> None:
    for node in nodes:
        clocks = {clock["event"]: clock for clock in node.do("look_at_clocks", case=case)["clocks"]}
        assert not clocks["arrest.provisional"]["over"], node.state


def _surrendered(case: str, arrest: str, asking: Node, asked: Node) -> str:
    both = [asking, asked]
    begun = asking.start("extradition", asked_for_extradition(), case=case, links=[arrest])
    here = begun["proceeding"]
    all_at(both, case, arrest, "file-sent")
    asked.act(case, here, "acknowledgement", own_reference="SN-1", received_on=today())
    all_at(both, case, arrest, "followed")
    clocks = asked.do("look_at_clocks", case=case)["clocks"]
    assert all(clock["over"] for clock in clocks if clock["event"] == "arrest.provisional")
    wanted = [{"id": "a1", "kind": "assurance.life-review", "text": "A life sentence is reviewed."}]
    asked.act(case, here, "assurance-request", assurances=wanted)
    decision = {"outcome": "granted", "decided_on": today(), "authority": "Court (fictional)", "text": "Granted."}
    with pytest.raises(DeedRefusedError, match="assurance that was asked for"):
        asked.act(case, here, "decision", offences=["genocide"], **decision)
    all_at(both, case, here, "registered")
    asking.act(case, here, "assurance", authority="Minister (fictional)", given=wanted)
    all_at(both, case, here, "registered")
    asked.act(case, here, "decision", offences=["genocide"], **decision)
    place = {"place": "Dakar airport (fictional)", "detention_days": 3}
    asked.act(case, here, "surrender-arrangement", date=today(), **place)
    asked.act(case, here, "surrender", kind="final", on=today(), **place)
    all_at(both, case, here, "surrendered")
    conditions = {each["kind"]: each for each in _proceeding(asking, case, here)["conditions"]}
    assert conditions["speciality"]["purposes"] == ["genocide"]
    assert conditions["no-onward-transfer"]["status"] == "accepted"
    return str(here)


def _more_is_consented_to(case: str, extradited: str, asking: Node, asked: Node) -> None:
    request: dict[str, object] = {"format": FORMAT, "request": {"kind": "speciality-consent"}}
    begun = asking.start("speciality-consent", request, case=case, links=[extradited])
    here = begun["proceeding"]
    asked.act(case, here, "acknowledgement", own_reference="SN-2", received_on=today())
    more = {"outcome": "granted", "decided_on": today(), "authority": "Court (fictional)", "text": "Granted."}
    asked.act(case, here, "decision", offences=["torture"], **more)
    all_at([asking, asked], case, here, "granted")
    speciality = next(
        each for each in _proceeding(asking, case, extradited)["conditions"] if each["kind"] == "speciality"
    )
    assert speciality["purposes"] == ["genocide", "torture"]


def _a_refusal_opens_the_prosecution(asking: Node, asked: Node) -> None:
    begun = asking.start("extradition", asked_for_extradition(), partner="SN", title="Another (fictional)")
    case, here = begun["case"], begun["proceeding"]
    both = [asking, asked]
    asked.act(case, here, "acknowledgement", own_reference="SN-3", received_on=today())
    quote = asked.do("look_at_grounds", case=case, proceeding=here)["quotes"]["lhc/ext.ground.humanitarian"]
    refusal = {
        "consultation": "k1",
        "grounds": [{**quote, "circumstance": "The person is gravely ill, as two doctors say (fictional)."}],
        "reasons": REASONS,
        "alternatives": [{"kind": "postpone", "considered": "The illness will not pass."}],
    }
    with pytest.raises(DeedRefusedError, match="Consult first"):
        asked.act(case, here, "refusal", **refusal)
    consultation = {"consultation": "k1", "about": "refusal", "text": "The person is gravely ill."}
    asked.act(case, here, "consultation", **consultation)
    all_at(both, case, here, "registered")
    asking.act(case, here, "consultation-reply", consultation="k1", text="We hear you.")
    all_at(both, case, here, "registered")
    away = {**quote, "id": "ext.ground.national", "provision": "ext.grounds", "circumstance": "A national."}
    with pytest.raises(DeedRefusedError, match="not available"):
        asked.act(case, here, "refusal", **{**refusal, "grounds": [away]})
    asked.act(case, here, "refusal", **refusal)
    all_at(both, case, here, "refused")
    tracks = [each for each in asking.case(case)["proceedings"] if each["kind"] == "prosecution"]
    assert [track["status"] for track in tracks] == ["owed"]
    track = tracks[0]["id"]
    asked.act(case, track, "referral", referred_on=today(), authority="Prosecutor (fictional)")
    decided = {"outcome": "prosecute", "decided_on": today(), "authority": "Prosecutor (fictional)", "text": "Charged."}
    asked.act(case, track, "decision", **decided)
    asked.act(case, track, "outcome", outcome="convicted", on=today(), text="Convicted (fictional).")
    all_at(both, case, track, "ended")
    asking.act(case, track, "closure", text="With thanks.")
    all_at(both, case, track, "closed")


def _proceeding(node: Node, case: str, identifier: str) -> dict[str, Any]:
    return next(each for each in node.case(case)["proceedings"] if each["id"] == identifier)

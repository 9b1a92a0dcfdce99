"""A joint investigation team of three States on three real nodes: negotiated, signed, at work, ended. Fictional."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dedere.casework.request import RequestDraft
from dedere.cli.demonstration.office import DeedRefusedError
from support.nodes import Node, all_at, running, today, until
from support.requests import joint_team, request_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.network

MEMBERS = ("NL", "SI", "SN")
CLAUSES = [
    {"id": "purpose", "title": "Purpose", "text": "The attack on Dol (fictional)."},
    {"id": "law", "title": "Law", "text": "The law of the place of work."},
]


def test_three_states_agree_on_a_team_share_evidence_and_end_it(tmp_path: Path) -> None:
    with running(tmp_path, *MEMBERS) as nodes:
        dutch, slovene, senegalese = nodes
        request = RequestDraft(request_of(joint_team("lhc"))).as_json()
        proposed: dict[str, object] = {"members": list(MEMBERS), "clauses": CLAUSES, "until": today(200)}
        begun = dutch.start("jit", request, partner="SN", title="Team Dol (fictional)", body=proposed)
        case, here = begun["case"], begun["proceeding"]
        all_at(nodes, case, here, "negotiated")
        longer = {"id": "law", "title": "Law", "text": "The law of the place of work, and fair trial."}
        slovene.act(case, here, "amendment", clauses=[longer])
        _agreed(nodes, case, here)
        with pytest.raises(DeedRefusedError, match="stands at version 2"):
            senegalese.act(case, here, "clause-agreement", clauses=[{"clause": "law", "version": 1}])
        for node, versions in ((slovene, {"purpose": 1}), (dutch, {"law": 2}), (senegalese, {"purpose": 1, "law": 2})):
            listed = [{"clause": name, "version": version} for name, version in versions.items()]
            node.act(case, here, "clause-agreement", clauses=listed)
            _agreed(nodes, case, here)
        all_at(nodes, case, here, "signing")
        for node in nodes:
            agreement = _team(node, case, here)["agreement"]
            node.act(case, here, "signature", agreement=agreement, signatory="Minister (fictional)")
            _agreed(nodes, case, here)
        all_at(nodes, case, here, "active")
        with pytest.raises(DeedRefusedError):
            slovene.act(case, here, "amendment", clauses=[longer])
        _evidence_goes_to_both(case, here, nodes, tmp_path)
        dutch.act(case, here, "extension", until=today(400), reason="The work is not done.")
        _agreed(nodes, case, here)
        for node in (slovene, senegalese):
            node.act(case, here, "extension-agreement", until=today(400))
            _agreed(nodes, case, here)
        assert {_team(node, case, here)["until"] for node in nodes} == {today(400)}
        for node in nodes:
            node.act(case, here, "team-end", on=today(), reason="The work is done.")
            _agreed(nodes, case, here)
        all_at(nodes, case, here, "evaluated")
        senegalese.act(case, here, "evaluation", text="It went well (fictional).")
        _agreed(nodes, case, here)
        dutch.act(case, here, "closure", text="With thanks.")
        all_at(nodes, case, here, "closed")


def _evidence_goes_to_both(case: str, here: str, nodes: Sequence[Node], folder: Path) -> None:
    dutch, *others = nodes
    path = folder / "survey.txt"
    path.write_text("A survey of Dol (fictional).\n" * 1_000, encoding="utf-8")
    begun = dutch.do("begin_act_with_file", case=case, proceeding=here, kind="team-evidence", body={}, path=str(path))
    dutch.leave(begun["draft"])
    _agreed(nodes, case, here)
    for node in others:
        items = until(lambda node=node: _whole(node, case), f"the survey at {node.state}")  # type: ignore[misc]
        receipt = {"item": items[0]["item"], "sha256": items[0]["sha256"], "intact": True}
        node.act(case, here, "custody-receipt", items=[receipt], received_on=today())
        _agreed(nodes, case, here)
    assert _item(dutch, case)["signed_for"] == [other.state for other in others]


def _whole(node: Node, case: str) -> list[dict[str, Any]]:
    seen = node.do("look_at_items", case=case)
    return [] if seen["waiting"] else list(seen["items"])


def _item(node: Node, case: str) -> dict[str, Any]:
    return dict(node.case(case)["items"][0])


def _agreed(nodes: Sequence[Node], case: str, here: str) -> None:
    """Wait until every node holds the same record."""

    def same() -> bool:
        states = [node.case(case) for node in nodes]
        ours = [len(state["timeline"]) for state in states]
        return len(set(ours)) == 1 and len({state["record_digest"] for state in states}) == 1

    until(same, f"three nodes to agree on {here}")


def _team(node: Node, case: str, here: str) -> dict[str, Any]:
    found = next(each for each in node.case(case)["proceedings"] if each["id"] == here)
    return dict(found["team"])

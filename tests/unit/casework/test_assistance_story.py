"""One request for assistance from beginning to end; every person and case is fictional."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.base.identifiers import SeededIdentifiers
from dedere.casework.fold import fold
from support.letters import Correspondence, digest_of, part

if TYPE_CHECKING:
    from dedere.casework.acts import JSON

REQUEST: dict[str, JSON] = {
    "opens": "mla",
    "request": {"request": {"kind": "mla", "facts": {"summary": "A mill burned (fictional)."}}},
    "measures": [{"id": "m1", "kind": "records"}, {"id": "m2", "kind": "hearing-video"}],
}


def story() -> Correspondence:
    case = Correspondence()
    case.write("request", REQUEST, by="NL", to="SN")
    case.write(
        "acknowledgement",
        {
            "own_reference": "SN-2026-14",
            "received_on": "2026-03-03",
            "questions": [{"id": "q1", "text": "Which mill?", "measure": "m1"}],
        },
        by="SN",
        to="NL",
        role="registrar",
    )
    case.write("answers", {"answers": [{"question": "q1", "text": "The one by the river."}]}, by="NL", to="SN")
    case.write("acceptance", {"measures": [{"measure": "m1"}, {"measure": "m2"}]}, by="SN", to="NL")
    condition = {"id": "c1", "kind": "use-limitation", "text": "For this case only.", "purposes": ["this case"]}
    case.write(
        "result",
        {
            "measures": [
                {"measure": "m1", "outcome": "executed", "text": "The ledger of the mill."},
                {"measure": "m2", "outcome": "not-executed", "text": "The witness has moved."},
            ],
            "items": [{"part": "part-ledger", "measure": "m1"}],
        },
        by="SN",
        to="NL",
        parts=(part("ledger", conditions=(condition,)),),
    )
    case.write(
        "custody-receipt",
        {
            "received_on": "2026-03-07",
            "items": [
                {
                    "item": "part-ledger",
                    "sha256": digest_of("ledger"),
                    "intact": True,
                    "condition_replies": [{"condition": "c1", "accepted": True}],
                }
            ],
        },
        by="NL",
        to="SN",
    )
    case.write("closure", {"text": "Thank you."}, by="NL", to="SN")
    return case


def test_a_request_is_carried_through_to_its_closure() -> None:
    state = story().state()

    proceeding = state.proceedings[0]
    assert proceeding.status == "closed"
    assert [measure.status for measure in proceeding.measures] == ["executed", "not-executed"]
    assert state.closed
    assert not state.waiting
    assert all(entry.status == "applied" for entry in state.timeline)


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_arrival_does_not_matter(seed: int) -> None:
    case = story()
    chance = SeededIdentifiers(str(seed))
    shuffled = sorted([*case.letters, *case.letters[:3]], key=lambda _: chance.new())

    assert fold(case.case, shuffled).as_json() == case.state().as_json()

"""Every scenario of the protocol, made afresh: accepted, or refused at the layer and with the code it names."""

from __future__ import annotations

import pytest

from dedere.protocol.codes import registry
from support.scenarios import TOPICS, scenarios_of
from support.vectors import Scenario, perform

ALL = [scenario for topic in TOPICS for scenario in scenarios_of(topic)]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    assert perform(scenario.operation, scenario.given) == scenario.expected


def test_no_two_scenarios_have_one_name() -> None:
    assert len({scenario.name for scenario in ALL}) == len(ALL)


def test_every_refusal_names_a_registered_code_at_its_layer() -> None:
    refusals = [scenario.expected for scenario in ALL if scenario.expected["result"] == "refused"]

    # An answer that is no receipt is one code, whichever layer showed it (P-087).
    assert all(registry()[each["code"]].layer == each["layer"] for each in refusals if each["code"] != "receipt-wrong")

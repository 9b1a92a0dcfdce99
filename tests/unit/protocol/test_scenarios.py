"""Every scenario of the protocol, made afresh: accepted, or refused at the layer and with the code it names."""

from __future__ import annotations

import pytest

from support.scenarios import containers, letters
from support.vectors import Scenario, perform

ALL = [scenario for topic in (containers, letters) for scenario in topic.scenarios()]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    assert perform(scenario.operation, scenario.given) == scenario.expected

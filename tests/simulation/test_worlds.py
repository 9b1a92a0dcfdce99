"""Worlds of many authorities: the invariants hold, chance is the seed's alone, and every planted fault is caught.

Every State, officer and case is fictional.
"""

from __future__ import annotations

import pytest

from dedere.cli.simulation.plants import Plant
from dedere.cli.simulation.running import all_steps, run
from dedere.cli.simulation.scenario import Scenario
from dedere.cli.simulation.shrinking import shrink
from dedere.cli.simulation.story import story

# The invariants by which each fault may show; which of them it is hangs on the seed.
CAUGHT_BY = {
    Plant.OUTBOX_BESIDE_RECORD: {"nothing-lost"},
    Plant.RECEIPT_BEFORE_RECORD: {"nothing-lost"},
    Plant.DUPLICATE_RECORDED: {"permitted", "nothing-twice", "converge"},
    Plant.TAMPERED_ACCEPTED: {"converge", "verifier", "permitted"},
    Plant.EARLY_LETTER_DROPPED: {"nothing-lost"},
    Plant.SEQUENCE_REUSED: {"permitted"},
    Plant.PART_FORGOTTEN: {"nothing-lost"},
    Plant.CARRIER_TRUSTED: {"nothing-lost"},
    Plant.FOUR_EYES_SKIPPED: {"permitted"},
    Plant.OTHER_ORDER: {"converge", "verifier"},
    Plant.CLOCK_TOLD_TWICE: {"clock-once"},
    Plant.CLOCK_FORGOTTEN: {"clock-told"},
    Plant.CONDITION_IGNORED: {"conditions"},
    Plant.DOSSIER_INCOMPLETE: {"verifier"},
    Plant.REFUSAL_WITHOUT_CONSULTATION: {"refusal-by-law"},
    Plant.PROSECUTION_NOT_OPENED: {"prosecution"},
    Plant.SIGNED_TEXT_CHANGED: {"signed-text"},
    Plant.WITHDRAWN_EXECUTED: {"final"},
    Plant.RECEIPT_FOR_ANOTHER_FILE: {"custody"},
    Plant.WRONG_SIDE_ACTS: {"permitted"},
    Plant.WRONG_ROLE_ACTS: {"permitted"},
}

# Seeds whose chance shows a fault soon, for those that the first seed hides for long.
SHOWN_SOON_BY = {
    Plant.RECEIPT_BEFORE_RECORD: 5,
    Plant.SEQUENCE_REUSED: 3,
    Plant.OUTBOX_BESIDE_RECORD: 8,
    Plant.EARLY_LETTER_DROPPED: 8,
    Plant.CLOCK_FORGOTTEN: 8,
}


def planted(plant: Plant, *, cases: int = 40) -> Scenario:
    return Scenario(
        authorities=6,
        cases=cases,
        days=300,
        seed=SHOWN_SOON_BY.get(plant, 1),
        plant=plant.value,
        crashes_often=plant.shows_in_a_crash,
        shows_at=plant.shows_at,
    )


@pytest.mark.parametrize("plant", Plant)
def test_a_planted_fault_is_caught_and_its_story_names_it(plant: Plant) -> None:
    outcome = run(planted(plant))
    assert outcome.violation is not None
    assert outcome.violation.invariant in CAUGHT_BY[plant]

    told = shrink(outcome, tries=4)

    assert told.violation is not None
    assert told.violation.invariant == outcome.violation.invariant
    text = story(told)
    assert text.startswith(f"Broken: {told.violation.invariant}. ")
    assert f"Planted: {plant.value}: {plant.describes}." in text
    assert "What must hold: " in text
    assert "To see it again: dedere simulate" in text


@pytest.mark.parametrize("seed", range(1, 4))
def test_many_crashes_break_no_invariant(seed: int) -> None:
    outcome = run(Scenario(authorities=6, cases=20, days=300, seed=seed, crashes_often=True))

    assert outcome.violation is None, story(outcome)
    assert outcome.count.crashes > 20


def test_the_same_seed_tells_the_same_story() -> None:
    scenario = Scenario(authorities=4, cases=6, days=150, seed=7)

    assert run(scenario, telling=True) == run(scenario, telling=True)


def test_another_seed_is_another_world() -> None:
    one, two = (run(Scenario(authorities=4, cases=6, days=150, seed=seed)) for seed in (1, 2))

    assert one.count != two.count


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 4))
def test_a_large_world_reaches_every_step_and_every_trouble(seed: int) -> None:
    outcome = run(Scenario(seed=seed))

    assert outcome.violation is None
    assert outcome.unreached == ()
    assert outcome.reached >= all_steps()


# A thousand seeds in blocks of fifty, so that each block is bounded by the time a test may take.
@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_a_thousand_seeds_of_fifty_cases_break_no_invariant(block: int) -> None:
    for seed in range(block * 50 + 1, block * 50 + 51):
        outcome = run(Scenario(cases=50, seed=seed))
        assert outcome.violation is None, f"Seed {seed}: {outcome.violation}"

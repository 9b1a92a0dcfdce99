"""Three authorities, a network that does its worst, crashes at writes: nothing is lost, nothing happens twice."""

from __future__ import annotations

import pytest

from dedere.transport.faulty import Fault, Weather
from support.simulator import Simulation

SEEDS = [f"seed {number}" for number in range(4)]
LONG = [f"long seed {number}" for number in range(60)]


def run(seed: str, *, letters: int = 5, weather: Weather | None = None) -> Simulation:
    simulation = Simulation(seed, weather=weather or Weather())
    numbers: dict[tuple[str, str], int] = {}
    for _ in range(letters):
        for sender in simulation.states:
            recipient = simulation.states[(simulation.states.index(sender) + 1 + simulation.throw(2)) % 3]
            numbers[sender, recipient] = numbers.get((sender, recipient), 0) + 1
            simulation.write(sender, recipient, numbers[sender, recipient])
        simulation.round()
    for _ in range(20):
        simulation.round()
    simulation.calm()
    for _ in range(60):
        if simulation.finished():
            break
        simulation.round()
    return simulation


def in_both_records(simulation: Simulation) -> bool:
    return all(
        simulation.nodes[sender].sent(letter_id).digest == simulation.nodes[recipient].taken(letter_id).digest
        for sender, recipient, letter_id in simulation.letters
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_arrives_once_and_both_records_agree(seed: str) -> None:
    simulation = run(seed)

    assert simulation.finished()
    assert in_both_records(simulation)
    assert all(len(simulation.nodes[sender].sent(letter).receipts) >= 1 for sender, _, letter in simulation.letters)


@pytest.mark.slow
@pytest.mark.parametrize("seed", LONG)
def test_everything_arrives_once_for_many_seeds(seed: str) -> None:
    simulation = run(seed, letters=12)

    assert simulation.finished()
    assert in_both_records(simulation)


def test_the_simulation_does_its_worst() -> None:
    simulation = run("worst", letters=8)

    happened = {fault for line in simulation.lines.values() for fault in line.happened}
    assert happened == set(Fault)
    assert simulation.crashes + sum(mortal.deaths for mortal in simulation.mortals) > 3
    assert any(node.refusals for node in simulation.nodes.values()) or simulation.finished()


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault not in {Fault.NONE, Fault.DELAY}])
def test_a_network_that_knows_one_fault_only_loses_nothing(fault: Fault) -> None:
    simulation = run(f"only {fault}", letters=2, weather=Weather(((fault, 60),)))

    assert simulation.finished()
    assert in_both_records(simulation)


def test_the_same_seed_is_the_same_run() -> None:
    one, two = run("again"), run("again")

    assert [line.happened for line in one.lines.values()] == [line.happened for line in two.lines.values()]
    assert one.crashes == two.crashes

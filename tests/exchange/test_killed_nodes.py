"""Both nodes are killed with SIGKILL at random points of a long exchange: nothing is lost, nothing comes twice."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, for a test
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from dedere.cli.demonstration.homes import NETHERLANDS, SENEGAL, pin_each_other
from support.correspondence import Desk
from support.running import kill, new_node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.network


class Exchange:
    """Two nodes at work, their officers, and the hand that pulls the plug."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.nodes = {cast.state: new_node(folder, cast) for cast in (NETHERLANDS, SENEGAL)}
        pin_each_other(self.nodes["NL"].home, self.nodes["SN"].home)
        self.kills: list[str] = []

    @contextmanager
    def at_work(self) -> Iterator[dict[str, Desk]]:
        with ExitStack() as stack:
            desks = {state: stack.enter_context(Desk(node.home.folder)) for state, node in self.nodes.items()}
            for state, node in self.nodes.items():
                desks[state].do("begin")
                node.start()
                stack.callback(node.stop)
            yield desks

    def kill_something(self) -> None:
        """One process of one node, or the whole of it as a power cut would; it starts again at once."""
        state = self.chance.choice(sorted(self.nodes))
        node, whole, which = self.nodes[state], self.chance.random() < 0.4, self.chance.random()
        processes = node.processes()
        if whole or not processes:
            self.kills.append(f"{state} whole")
            node.kill()
            node.start()
        else:
            self.kills.append(f"{state} one of {len(processes)}")
            kill(processes[int(which * len(processes))])


def exchange(folder: Path, *, seed: int, letters: int, kills: int, within: float) -> None:
    """Each side asks for a quarter of `letters`, each acknowledges what it is asked; what must hold in the end."""
    two = Exchange(folder, seed)
    deadline = time.monotonic() + within
    with two.at_work() as desks, ThreadPoolExecutor(3) as threads:
        asked = [
            threads.submit(desks[state].do, "ask", partner=partner, count=letters // 4)
            for state, partner in (("NL", "SN"), ("SN", "NL"))
        ]
        _kill_until_written(two, asked, kills=kills // 2)
        left: dict[str, dict[str, int]] = {}
        while True:
            for desk in desks.values():
                desk.do("reply")
            left = {state: desk.do("outstanding") for state, desk in desks.items()}
            if sum(each["sent"] for each in left.values()) == letters and _nothing(left):
                break
            assert time.monotonic() < deadline, (left, two.kills)
            if len(two.kills) < kills:
                two.kill_something()
            time.sleep(two.chance.uniform(0.3, 1.5))
        assert len(two.kills) == kills
        reports = {state: desk.do("report") for state, desk in desks.items()}
    _judge(reports["NL"], reports["SN"], letters)


def _kill_until_written(two: Exchange, asked: list[Future[Any]], *, kills: int) -> None:
    while not all(future.done() for future in asked):
        if len(two.kills) < kills:
            two.kill_something()
        time.sleep(two.chance.uniform(0.3, 2.0))


def _nothing(left: dict[str, dict[str, int]]) -> bool:
    return all(each[what] == 0 for each in left.values() for what in ("to seal", "to send", "to be acknowledged"))


def _judge(ours: dict[str, Any], theirs: dict[str, Any], letters: int) -> None:
    assert ours["records"] == theirs["records"]
    assert ours["sent"] == theirs["received"]
    assert theirs["sent"] == ours["received"]
    assert len(ours["sent"]) + len(theirs["sent"]) == letters
    for report in (ours, theirs):
        assert set(report["applied"].values()) == {1}
        assert len(report["applied"]) == letters
        # Each letter was sealed, delivered and received once, by the word of the log.
        assert {times for noted in report["noted"].values() for times in noted} == {1}


def test_two_hundred_letters_survive_sigkill_on_both_sides(tmp_path: Path) -> None:
    exchange(tmp_path, seed=20261124, letters=200, kills=12, within=400)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_letters_survive_many_kills(tmp_path: Path, seed: int) -> None:
    exchange(tmp_path, seed=seed, letters=600, kills=60, within=1800)

"""Where several machines share a database, one worker works and the others wait: the server sees to it."""

from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING

import psycopg
import pytest

from dedere.node.home import DatabasePlace, Home
from dedere.node.jobs import turns
from dedere.node.jobs.worker import Worker
from dedere.node.office import Office, using
from support.homes import fresh_home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.cluster import Cluster

    TurnOf = Callable[[Home], turns.Turn]


def shared(home: Home, cluster: Cluster) -> Home:
    return dataclasses.replace(home, records=DatabasePlace(cluster.make_database()))


@pytest.fixture
def turn_of() -> Iterator[Callable[[Home], turns.Turn]]:
    """Makes places that are given back at the end."""
    made: list[turns.Turn] = []

    def make(home: Home) -> turns.Turn:
        made.append(turns.Turn(home))
        return made[-1]

    yield make
    for turn in made:
        turn.give_back()


def test_a_second_worker_waits_for_the_end_of_the_first(tmp_path: Path, cluster: Cluster, turn_of: TurnOf) -> None:
    home = shared(fresh_home(tmp_path / "nl"), cluster)
    first, second = turn_of(home), turn_of(home)
    assert first.take()
    assert first.is_held()
    assert not second.take()
    first.give_back()
    assert not first.is_held()
    assert second.take()


def test_a_worker_whose_connection_ends_has_lost_its_place_and_notices(
    tmp_path: Path, cluster: Cluster, turn_of: TurnOf
) -> None:
    home = shared(fresh_home(tmp_path / "nl"), cluster)
    first, second = turn_of(home), turn_of(home)
    assert first.take()
    with psycopg.connect(home.records.address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    assert not first.is_held()
    assert second.take()
    assert not first.take(), "it may come back only when the place is free"


def test_a_server_that_is_gone_gives_the_place_to_nobody_until_it_is_back(
    tmp_path: Path, cluster: Cluster, turn_of: TurnOf
) -> None:
    home = shared(fresh_home(tmp_path / "nl"), cluster)
    turn = turn_of(home)
    assert turn.take()
    cluster.stop()
    try:
        assert not turn.is_held()
        assert not turn.take()
    finally:
        cluster.start()
    assert turn.take()
    turn.give_back()


def test_on_one_machine_the_place_is_the_supervisors_to_give(tmp_path: Path) -> None:
    turn = turns.Turn(fresh_home(tmp_path / "nl"))
    assert turn.take()
    assert turn.is_held()
    turn.give_back()


def test_a_worker_that_waits_ends_when_it_is_told_and_says_why_it_waits(
    tmp_path: Path, cluster: Cluster, turn_of: TurnOf, caplog: pytest.LogCaptureFixture
) -> None:
    home = shared(fresh_home(tmp_path / "nl"), cluster)
    holder = turn_of(home)
    assert holder.take()
    with using(Office(home)), caplog.at_level("WARNING"):
        worker = Worker()
        threading.Timer(0.2, worker.stop).start()
        assert worker.run()
    assert "another worker works on this database" in caplog.text

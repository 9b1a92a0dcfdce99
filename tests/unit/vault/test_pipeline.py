"""A stage consumes in order, and its errors reach whoever feeds it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from dedere.vault.pipeline import Stage

if TYPE_CHECKING:
    from collections.abc import Callable


def test_pieces_are_consumed_in_order_in_another_thread() -> None:
    seen: list[bytes] = []
    threads: set[int] = set()

    def consume(piece: bytes) -> None:
        seen.append(piece)
        threads.add(threading.get_ident())

    with Stage(consume) as stage:
        for number in range(50):
            assert stage.write(bytes([number])) == 1
        stage.finish()
    assert seen == [bytes([number]) for number in range(50)]
    assert threads != {threading.get_ident()}


def feed(consume: Callable[[bytes], None], count: int) -> None:
    with Stage(consume) as stage:
        for _ in range(count):
            stage.write(b"piece")
        stage.finish()


@pytest.mark.parametrize("count", [1, 50])
def test_an_error_is_raised_in_the_feeder_which_never_waits_for_ever(count: int) -> None:
    def consume(_piece: bytes) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        feed(consume, count)


def test_an_error_of_the_feeder_ends_the_thread_and_drops_what_waits() -> None:
    stage = Stage(lambda _piece: None)

    def break_off() -> None:
        with stage:
            stage.write(b"piece")
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert not stage.alive


def test_a_block_left_without_an_end_ends_the_thread() -> None:
    with Stage(lambda _piece: None) as stage:
        stage.write(b"piece")
    assert not stage.alive

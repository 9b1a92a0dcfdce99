"""Work passed along in pieces: each stage in a thread of its own, so that two cores hash and seal at once.

Hashing and the cipher release the interpreter's lock on large pieces. The queue between two stages is short, so
memory stays constant however fast one side is.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

_WAITING = 2


class Stage:
    """A thread that consumes pieces in order. An error in it is raised again in whoever feeds it.

    Used as a context manager: leaving the block without `finish` (because of an error) stops the thread and drops
    what still waits.
    """

    def __init__(self, consume: Callable[[bytes], object]) -> None:
        self._consume = consume
        self._pieces: queue.Queue[bytes | None] = queue.Queue(_WAITING)
        self._error: BaseException | None = None
        self._dropping = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.alive:
            self._dropping = True
            self._pieces.put(None)
            self._thread.join()

    def write(self, piece: bytes, /) -> int:
        """Hand on the next piece; waits when the stage is behind."""
        self._raise()
        self._pieces.put(piece)
        return len(piece)

    def finish(self) -> None:
        """Wait until every piece is consumed."""
        self._pieces.put(None)
        self._thread.join()
        self._raise()

    def _run(self) -> None:
        # After an error the queue is still emptied, so that whoever feeds it never waits for ever.
        while (piece := self._pieces.get()) is not None:
            if self._error is None and not self._dropping:
                try:
                    self._consume(piece)
                except BaseException as error:  # noqa: BLE001 - carried to the feeding thread and raised there
                    self._error = error

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

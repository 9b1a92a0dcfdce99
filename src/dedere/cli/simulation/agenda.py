"""Virtual time: what happens when. Things at the same instant happen in the order in which they were put down."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable


class Agenda:
    """What is still to happen. `now` moves only forward."""

    def __init__(self, begin: dt.datetime) -> None:
        self.now = begin
        self._number = 0
        self._entries: list[tuple[dt.datetime, int, Callable[[], object]]] = []

    def put(self, when: dt.datetime, what: Callable[[], object]) -> None:
        """Put something down for an instant; what lies in the past happens next."""
        self._number += 1
        heapq.heappush(self._entries, (max(when, self.now), self._number, what))

    def next(self) -> Callable[[], object] | None:
        """What happens next, with `now` moved to it; nothing when nothing is left."""
        if not self._entries:
            return None
        self.now, _, what = heapq.heappop(self._entries)
        return what

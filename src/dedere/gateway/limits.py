"""Bounds of the door: how often, how many at once, which nonces were seen. In memory, by caller, each bounded itself.

Requirements P-190 to P-195. One caller's appetite is never another's hunger: every bound is kept by caller, and a
caller that is not known is kept by its network address.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.protocol.errors import DoorRefusedError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

_MAX_CALLERS = 4096
_MAX_NONCES = 200_000


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class RateLimit:
    """A bucket for each caller: `burst` requests at once, `per_second` over time (P-191)."""

    def __init__(self, *, per_second: float, burst: int) -> None:
        self._per_second = per_second
        self._burst = burst
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, caller: str, now: dt.datetime) -> None:
        """Count one request of `caller`.

        Raises:
            DoorRefusedError: too many (`too-many-requests`).
        """
        moment = now.timestamp()
        with self._lock:
            bucket = self._buckets.pop(caller, None) or _Bucket(float(self._burst), moment)
            elapsed = max(0.0, moment - bucket.at)
            bucket.level = min(float(self._burst), bucket.level + elapsed * self._per_second)
            bucket.at = moment
            self._buckets[caller] = bucket
            while len(self._buckets) > _MAX_CALLERS:
                self._buckets.popitem(last=False)
            if bucket.level < 1:
                raise DoorRefusedError("Too many requests.", code="too-many-requests")
            bucket.level -= 1


class AtOnce:
    """How many requests of one caller are served at the same time (P-192)."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._serving: dict[str, int] = {}
        self._lock = threading.Lock()

    @contextmanager
    def place(self, caller: str) -> Iterator[None]:
        """A place for one request of `caller`, given back at the end.

        Raises:
            DoorRefusedError: all its places are taken (`too-many-requests`).
        """
        with self._lock:
            taken = self._serving.get(caller, 0)
            if taken >= self._most:
                raise DoorRefusedError("Too many requests at once.", code="too-many-requests")
            self._serving[caller] = taken + 1
        try:
            yield
        finally:
            with self._lock:
                left = self._serving[caller] - 1
                if left:
                    self._serving[caller] = left
                else:
                    del self._serving[caller]


class NonceMemory:
    """The nonces seen until their requests expire (P-193).

    Forgetting them at a restart is harmless: every act of a partner gives the same result when it is repeated.
    """

    def __init__(self, most: int = _MAX_NONCES) -> None:
        self._most = most
        self._seen: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = threading.Lock()

    def require_new(self, caller: str, nonce: str, *, expires: dt.datetime, now: dt.datetime) -> None:
        """Remember `nonce` of `caller` until `expires`.

        Raises:
            DoorRefusedError: it was seen (`request-replayed`).
        """
        moment = now.timestamp()
        with self._lock:
            while self._seen and next(iter(self._seen.values())) < moment:
                self._seen.popitem(last=False)
            if (caller, nonce) in self._seen:
                raise DoorRefusedError("The request was made before.", code="request-replayed")
            while len(self._seen) >= self._most:
                self._seen.popitem(last=False)
            self._seen[caller, nonce] = expires.timestamp()

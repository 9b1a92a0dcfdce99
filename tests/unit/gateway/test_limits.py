"""The bounds of the door: each kept by caller, none forgotten, none without end."""

from __future__ import annotations

import datetime as dt

import pytest

from dedere.gateway.limits import AtOnce, NonceMemory, RateLimit
from dedere.protocol.errors import DoorRefusedError
from support.exchange import NOW

SECOND = dt.timedelta(seconds=1)


def test_p191_a_burst_passes_and_then_the_rate_holds() -> None:
    limit = RateLimit(per_second=2, burst=3)
    for _ in range(3):
        limit.take("NL", NOW)

    with pytest.raises(DoorRefusedError) as error:
        limit.take("NL", NOW)
    assert error.value.code == "too-many-requests"
    limit.take("NL", NOW + SECOND)


def test_p191_one_callers_appetite_is_not_anothers() -> None:
    limit = RateLimit(per_second=1, burst=1)
    limit.take("NL", NOW)

    limit.take("SN", NOW)


def test_p191_a_clock_that_goes_back_gives_nothing() -> None:
    limit = RateLimit(per_second=1, burst=1)
    limit.take("NL", NOW)

    with pytest.raises(DoorRefusedError):
        limit.take("NL", NOW - SECOND)


def test_p191_the_memory_of_callers_is_bounded() -> None:
    limit = RateLimit(per_second=0.001, burst=1)
    for number in range(5000):
        limit.take(f"address {number}", NOW)

    limit.take("address 0", NOW)
    with pytest.raises(DoorRefusedError):
        limit.take("address 4999", NOW)


def test_p192_places_are_given_back() -> None:
    places = AtOnce(2)
    with places.place("NL"), places.place("NL"):
        with pytest.raises(DoorRefusedError), places.place("NL"):
            pass
        with places.place("SN"):
            pass

    with places.place("NL"):
        pass


def test_p193_a_nonce_counts_once_until_it_expires() -> None:
    memory = NonceMemory()
    memory.require_new("NL", "one", expires=NOW + SECOND, now=NOW)
    memory.require_new("SN", "one", expires=NOW + SECOND, now=NOW)

    with pytest.raises(DoorRefusedError) as error:
        memory.require_new("NL", "one", expires=NOW + SECOND, now=NOW)
    assert error.value.code == "request-replayed"
    memory.require_new("NL", "one", expires=NOW + 3 * SECOND, now=NOW + 2 * SECOND)


def test_p193_the_memory_of_nonces_is_bounded() -> None:
    memory = NonceMemory(most=2)
    for word in ("one", "two", "three"):
        memory.require_new("NL", word, expires=NOW + SECOND, now=NOW)

    memory.require_new("NL", "one", expires=NOW + SECOND, now=NOW)
    with pytest.raises(DoorRefusedError):
        memory.require_new("NL", "three", expires=NOW + SECOND, now=NOW)

"""The client against the real door, in memory."""

from __future__ import annotations

from dedere.base.clock import FixedClock
from support import exchange
from support.doors import MemoryNode, client_of, sealed_part, transport_to


def test_a_letter_is_delivered_and_its_receipt_accepted() -> None:
    clock = FixedClock(exchange.NOW)
    ours, theirs = MemoryNode("NL", clock), MemoryNode("SN", clock)
    ours.send(exchange.plain_letter())

    ours.work({"SN": client_of(ours, "SN", transport=transport_to(theirs))})

    assert ours.finished()
    assert theirs.taken(exchange.identifier("letter")).letter == exchange.plain_letter()


def test_parts_follow_their_letter() -> None:
    clock = FixedClock(exchange.NOW)
    ours, theirs = MemoryNode("NL", clock), MemoryNode("SN", clock)
    part, sealed = sealed_part("recording", b"a fictional recording " * 50_000)
    ours.send(exchange.plain_letter(parts=(part,)), parts=(sealed,))
    client = client_of(ours, "SN", transport=transport_to(theirs))

    ours.work({"SN": client})
    ours.work({"SN": client})

    assert ours.finished()
    assert theirs.disk.rows["bytes", exchange.identifier("letter"), part.id] == sealed

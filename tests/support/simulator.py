"""Authorities that exchange letters over the worst network, with crashes at writes, all from one seed.

The client, the door, the protocol and the cryptography are the real ones; the network (`transport.faulty`), the disk
and the clock are simulated. After every round `check` looks at what must always hold.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2

from dedere.base.clock import FixedClock
from dedere.base.identifiers import SeededIdentifiers
from dedere.protocol.receipt import accept_machine_receipt
from dedere.transport.faulty import FAIR, FaultyTransport, Weather
from support import exchange
from support.doors import CrashError, MemoryNode, client_of, sealed_part, transport_to
from support.exchange import plain_letter

if TYPE_CHECKING:
    from dedere.protocol.letter import Part
    from dedere.transport.client import NodeClient

ROUND = dt.timedelta(seconds=20)


class Mortal(httpx2.BaseTransport):
    """The way to a node that may die while it answers: the caller sees a broken connection, the node starts again."""

    def __init__(self, node: MemoryNode) -> None:
        self._node = node
        self.deaths = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return transport_to(self._node).handle_request(request)
        except CrashError:
            self.deaths += 1
            self._node.restart()
            raise httpx2.ReadError("The partner died while it answered.", request=request) from None


@dataclass
class Simulation:
    """The authorities, their lines to each other, and what they sent."""

    seed: str
    states: tuple[str, ...] = ("NL", "SN", "MN")
    weather: Weather = field(default_factory=Weather)

    def __post_init__(self) -> None:
        self.clock = FixedClock(exchange.NOW)
        self.chance = SeededIdentifiers(f"simulation {self.seed}")
        self.nodes = {state: MemoryNode(state, self.clock, seed=self.seed) for state in self.states}
        self.lines: dict[tuple[str, str], FaultyTransport] = {}
        self.mortals: list[Mortal] = []
        self.clients: dict[str, dict[str, NodeClient]] = {state: {} for state in self.states}
        self.letters: list[tuple[str, str, str]] = []
        self.crashes = 0
        self.is_calm = False
        for state, node in self.nodes.items():
            node.trust = exchange.directory(*self.states)
            for other in self.states:
                if other != state:
                    self._connect(node, other)

    def throw(self, sides: int) -> int:
        """A number from 0 to `sides` - 1."""
        return int.from_bytes(self.chance.random_bytes(8), "big") % sides

    def write(self, sender: str, recipient: str, number: int) -> None:
        """A letter, sometimes with a part."""
        word = f"{self.seed} {sender} {recipient} {number}"
        parts: tuple[Part, ...] = ()
        sealed: tuple[bytes, ...] = ()
        if self.throw(3) == 0:
            part, data = sealed_part(word, f"a fictional part {word} ".encode() * 200, recipient)
            parts, sealed = (part,), (data,)
        letter = plain_letter(
            sender,
            recipient,
            id=exchange.identifier(word),
            case=exchange.identifier(f"case {sender} {recipient}"),
            sequence=number,
            parts=parts,
            sealed_at=self.clock.now(),
        )
        try:
            self.nodes[sender].send(letter, parts=sealed)
        except CrashError:
            # Nothing was queued: the officer does it again.
            self.crashes += 1
            self.nodes[sender].restart()
            self.nodes[sender].send(letter, parts=sealed)
        self.letters.append((sender, recipient, letter.id))

    def round(self) -> None:
        """Everybody does what is due, some die at it; time passes."""
        for state, node in self.nodes.items():
            if not self.is_calm and self.throw(6) == 0:
                victim = self.nodes[self.states[self.throw(len(self.states))]]
                victim.disk.crash_at = victim.disk.writes + 1 + self.throw(4)
            try:
                node.work(self.clients[state])
            except CrashError:
                self.crashes += 1
                node.restart()
        self.clock.advance(ROUND)
        self.check()

    def calm(self) -> None:
        """From now on the network is fair and nobody dies; what was held back arrives."""
        self.is_calm = True
        for node in self.nodes.values():
            node.disk.crash_at = 0
        for line in self.lines.values():
            line.weather = FAIR
            line.release()

    def finished(self) -> bool:
        """Whether everything is there."""
        return all(node.finished() for node in self.nodes.values())

    def check(self) -> None:
        """What must hold after every step."""
        for sender, recipient, letter_id in self.letters:
            sent = self.nodes[sender].sent(letter_id)
            taken = self.nodes[recipient].disk.rows.get(("in", letter_id))
            if sent.delivery.is_there:
                # Delivered means: it is there, the very bytes, and the receipt proves it.
                assert taken is not None
                assert taken.digest == sent.digest
                now, trust = self.clock.now(), self.nodes[sender].trust
                accept_machine_receipt(sent.receipts[0], sent.facts, directory=trust, now=now)
            if taken is not None:
                assert taken.letter == sent.letter
            for part, data, progress in zip(sent.letter.parts, sent.parts, sent.delivery.parts, strict=True):
                if progress.receipted:
                    assert self.nodes[recipient].disk.rows["bytes", letter_id, part.id] == data
        for state, node in self.nodes.items():
            # Nothing is taken in that nobody sent to it.
            known = {letter_id for _, recipient, letter_id in self.letters if recipient == state}
            assert {row.letter.id for row in node.disk.of_kind("in")} <= known

    def _connect(self, node: MemoryNode, other: str) -> None:
        mortal = Mortal(self.nodes[other])
        self.mortals.append(mortal)
        chance = SeededIdentifiers(f"line {self.seed} {node.state} {other}")
        line = FaultyTransport(mortal, chance=chance, clock=self.clock, weather=self.weather)
        self.lines[node.state, other] = line
        self.clients[node.state][other] = client_of(node, other, transport=line)

"""A whole node in memory for tests of the exchange: a door, an outbox, a disk that can fail at any write.

It uses the protocol, the client and the gateway as a real node does, and keeps everything in one dictionary that stands
for the disk. `Disk.crash_at` makes a chosen write the last: the node is then as a killed process would leave it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO

import httpx2
from django.core.handlers.wsgi import WSGIRequest
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern

from dedere.base.errors import DedereError, FacilityError
from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto.age import parse_recipient, split_sealed
from dedere.crypto.age import seal as seal_bytes
from dedere.crypto.merkle import MerkleTree
from dedere.gateway.endpoints import Gateway
from dedere.protocol.card import key_id
from dedere.protocol.container import Signing
from dedere.protocol.delivery import OutgoingDelivery, PartnerLine, Work, choose_work
from dedere.protocol.errors import DoorRefusedError, PartRefusedError
from dedere.protocol.intake import Arrival, KnownLetter, check_letter
from dedere.protocol.letter import Letter, Part
from dedere.protocol.log import (
    Checkpoint,
    Countersignature,
    Head,
    accept_checkpoint,
    accept_countersignature,
    pack_checkpoint,
    pack_countersignature,
)
from dedere.protocol.mailbox import MailboxEntry, MailboxPart
from dedere.protocol.parts import ExpectedPart
from dedere.protocol.receipt import (
    MachineReceipt,
    PartReceipt,
    SentLetter,
    accept_machine_receipt,
    accept_part_receipt,
    pack_receipt,
)
from dedere.transport.client import NodeClient, Wire
from dedere.transport.errors import PartnerUnreachableError
from dedere.transport.http_signature import ClientIdentity
from support import exchange, pki

if TYPE_CHECKING:
    import datetime as dt
    from wsgiref.types import StartResponse, WSGIEnvironment

    from dedere.base.clock import Clock
    from dedere.protocol.trust import TrustDirectory


class CrashError(BaseException):
    """The process dies here. Not an Exception: nothing may catch it on the way."""


class Disk:
    """Everything that survives. Each `put` is one atomic write."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, ...], Any] = {}  # each kind of key has its own kind of row
        self.writes = 0
        self.crash_at = 0

    def put(self, key: tuple[str, ...], row: object) -> None:
        self.writes += 1
        if self.writes == self.crash_at:
            raise CrashError
        self.rows[key] = row

    def of_kind(self, kind: str) -> list[Any]:
        return [row for key, row in sorted(self.rows.items()) if key[0] == kind]


@dataclass(frozen=True)
class Taken:
    """A letter that was taken in."""

    letter: Letter
    digest: str
    receipt: bytes


@dataclass(frozen=True)
class Sent:
    """A letter on its way, with the bytes that travel."""

    delivery: OutgoingDelivery
    letter: Letter
    digest: str
    sealed: bytes
    parts: tuple[bytes, ...] = ()
    receipts: tuple[bytes, ...] = ()

    @property
    def facts(self) -> SentLetter:
        return SentLetter.of(self.letter, self.digest)


class MemoryNode:
    """One authority: implements the gateway's `Door`, and sends."""

    def __init__(self, state: str, clock: Clock, *, seed: str = "") -> None:
        self.state = state
        self.clock = clock
        self.disk = Disk()
        self.ids = SeededIdentifiers(f"{seed}/{state}")
        self.trust = exchange.directory()
        self.lines: dict[str, PartnerLine] = {}
        self.refusals: list[str] = []
        self.log = MerkleTree()
        self.gateway = Gateway(door=lambda: self, state=lambda: self.state, clock=clock)

    # The door

    def directory(self) -> TrustDirectory:
        return self.trust

    def own_cards(self) -> tuple[bytes, ...]:
        return (exchange.card_of(self.state).container,)

    def letter_with_id(self, letter_id: str) -> KnownLetter | None:
        row = self.disk.rows.get(("in", letter_id)) or self.disk.rows.get(("out", letter_id))
        return KnownLetter(row.letter.id, row.digest) if row else None

    def letter_at(self, *, sender: str, case: str, sequence: int) -> KnownLetter | None:
        for row in (*self.disk.of_kind("in"), *self.disk.of_kind("out")):
            if (row.letter.sender.state, row.letter.case, row.letter.sequence) == (sender, case, sequence):
                return KnownLetter(row.letter.id, row.digest)
        return None

    def receive_letter(self, *, partner: str | None, letter_id: str, sealed: bytes, at: dt.datetime) -> bytes:
        receiver = exchange.receiver_of(self.state, directory=self.trust)
        try:
            received = check_letter(sealed, receiver, arrival=Arrival(at, partner, letter_id), record=self)
        except DedereError as error:
            self.refusals.append(error.code)
            raise
        if received.duplicate:
            return self.taken(received.letter.id).receipt
        receipt = MachineReceipt(
            letter=received.letter.id,
            sender=received.letter.sender,
            container_sha256=received.digest,
            sealed_sha256=received.sealed_sha256,
            received_at=at,
            received_by=exchange.card_of(self.state).party,
            parts=tuple(part.id for part in received.letter.parts),
        )
        packed = pack_receipt(receipt, signing=Signing(pki.state(self.state).gateway.signer, at))
        self.disk.put(("in", received.letter.id), Taken(received.letter, received.digest, packed))
        return packed

    def begin_part(self, *, partner: str, letter_id: str, part_id: str, length: int, at: dt.datetime) -> int:  # noqa: ARG002 - the port has it
        expected = self._expected(partner, letter_id, part_id)
        if length != expected.part.sealed_size:
            raise PartRefusedError("Another length was announced.", code="part-length")
        return expected.offset

    def part_offset(self, *, partner: str, letter_id: str, part_id: str) -> tuple[int, int]:
        expected = self._expected(partner, letter_id, part_id)
        return expected.offset, expected.part.sealed_size

    def append_part(
        self, *, partner: str, letter_id: str, part_id: str, offset: int, length: int, pieces: Iterable[bytes]
    ) -> int:
        expected = self._expected(partner, letter_id, part_id)
        expected.require_piece(offset=offset, length=length)
        key = ("bytes", letter_id, part_id)
        here = self.disk.rows.get(key, b"") + b"".join(pieces)
        if len(here) == expected.part.sealed_size:
            try:
                self._receipt_part(expected, here)
            except PartRefusedError:
                self.disk.put(key, b"")
                raise
        self.disk.put(key, here)
        return len(here)

    def part_receipt(self, *, partner: str, letter_id: str, part_id: str) -> bytes:
        self._expected(partner, letter_id, part_id)
        receipt: bytes | None = self.disk.rows.get(("receipt", letter_id, part_id))
        if receipt is None:
            raise PartRefusedError("The part is not whole.", code="part-pending")
        return receipt

    def mailbox_list(self, *, partner: str) -> tuple[MailboxEntry, ...]:
        waiting = [row for row in self.disk.of_kind("out") if row.delivery.partner == partner]
        return tuple(
            MailboxEntry(
                row.letter.id,
                0 if row.delivery.is_there else len(row.sealed),
                tuple(MailboxPart(part.part, part.sealed_size) for part in row.delivery.parts if not part.receipted),
            )
            for row in waiting
            if not row.delivery.complete
        )

    def mailbox_letter(self, *, partner: str, letter_id: str) -> bytes:
        return self._waiting(partner, letter_id).sealed

    def mailbox_part(self, *, partner: str, letter_id: str, part_id: str) -> BinaryIO:
        row = self._waiting(partner, letter_id)
        return io.BytesIO(row.parts[_index(row.letter, part_id)])

    def mailbox_receipt(
        self,
        *,
        partner: str,
        letter_id: str,
        part_id: str | None,
        receipt: bytes,
        at: dt.datetime,  # noqa: ARG002 - the port has it
    ) -> None:
        row = self._waiting(partner, letter_id)
        if part_id is None:
            self._keep_receipt(row, receipt)
        else:
            self._keep_part_receipt(row, part_id, receipt)

    def held_head(self, *, partner: str) -> bytes:
        row: tuple[Checkpoint, bytes] | None = self.disk.rows.get(("head", partner))
        if row is None:
            raise DoorRefusedError("No head.", code="unknown-object")
        return row[1]

    def take_checkpoint(self, *, partner: str, checkpoint: bytes, at: dt.datetime) -> bytes:
        row: tuple[Checkpoint, bytes] | None = self.disk.rows.get(("head", partner))
        held = row[0].head if row else None
        found = accept_checkpoint(checkpoint, sender=partner, held=held, directory=self.trust, now=at)
        given = Countersignature(
            log=found.log,
            head=found.head,
            checkpoint_sha256=hashlib.sha256(checkpoint).hexdigest(),
            by=exchange.card_of(self.state).party,
            held_at=at,
        )
        packed = pack_countersignature(given, signing=Signing(pki.state(self.state).gateway.signer, at))
        self.disk.put(("head", partner), (found, packed))
        return packed

    def own_checkpoint(self, *, partner: str, after: int, at: dt.datetime) -> bytes:
        del partner
        if not 0 <= after <= self.log.size or not self.log.size:
            raise DoorRefusedError("No such head.", code="unknown-object")
        proof = self.log.consistency_proof(after) if after else ()
        checkpoint = Checkpoint(
            log=exchange.card_of(self.state).party,
            at=at,
            head=Head(self.log.size, self.log.root().hex()),
            after=after,
            proof=tuple(step.hex() for step in proof),
        )
        return pack_checkpoint(checkpoint, signing=Signing(pki.state(self.state).gateway.signer, at))

    def take_countersignature(self, *, partner: str, countersignature: bytes, at: dt.datetime) -> None:
        found = accept_countersignature(countersignature, by=partner, of=self.state, directory=self.trust, now=at)
        self.disk.put(("witness", partner), found)

    def taken(self, letter_id: str) -> Taken:
        row: Taken = self.disk.rows["in", letter_id]
        return row

    # The outbox

    def send(self, letter: Letter, *, parts: tuple[bytes, ...] = ()) -> None:
        """Queue `letter`, whose parts are described already and travel as `parts`."""
        container = exchange.pack(letter)
        sealed = exchange.seal(container, letter.recipient.state)
        delivery = OutgoingDelivery.queue(letter, self.clock.now())
        digest = hashlib.sha256(container).hexdigest()
        self.disk.put(("out", letter.id), Sent(delivery, letter, digest, sealed, parts))

    def restart(self) -> None:
        """The process died and starts again: what it held in memory is gone, what was being sent is queued."""
        self.disk.crash_at = 0
        self.lines = {}
        self.gateway = Gateway(door=lambda: self, state=lambda: self.state, clock=self.clock)
        for row in self.disk.of_kind("out"):
            self._store(row, row.delivery.recovered(self.clock.now()))

    def work(self, clients: dict[str, NodeClient]) -> int:
        """Do what is due once; how many pieces of work that were."""
        rows = {row.letter.id: row for row in self.disk.of_kind("out")}
        now = self.clock.now()
        chosen = choose_work((row.delivery for row in rows.values()), self.lines, now=now)
        for work in chosen:
            self._carry(work, clients[work.partner])
        return len(chosen)

    def finished(self) -> bool:
        """Whether everything that was sent is there with its parts."""
        return all(row.delivery.complete for row in self.disk.of_kind("out"))

    def sent(self, letter_id: str) -> Sent:
        row: Sent = self.disk.rows["out", letter_id]
        return row

    def _carry(self, work: Work, client: NodeClient) -> None:
        line = self.lines.get(work.partner, PartnerLine(work.partner))
        row = self.sent(work.letter)
        try:
            if work.part is None:
                row = self._store(row, row.delivery.sending())
                self._keep_receipt(row, client.deliver_letter(row.letter.id, row.sealed))
            else:
                self._push(row, work.part, client)
            self.lines[work.partner] = line.answered()
        except DedereError as error:
            row, now = self.sent(work.letter), self.clock.now()
            exposed = not isinstance(error, PartnerUnreachableError) or error.exposed
            self._store(row, row.delivery.failed(now, error.code, chance=self.ids, exposed=exposed))
            if isinstance(error, FacilityError):
                self.lines[work.partner] = line.unreachable(now, chance=self.ids)

    def _push(self, row: Sent, part_id: str, client: NodeClient) -> None:
        index = _index(row.letter, part_id)

        def moved(offset: int) -> None:
            now = self.sent(row.letter.id)
            self._store(now, now.delivery.part_moved(part_id, offset, now=self.clock.now()))

        source = io.BytesIO(row.parts[index])
        receipt = client.push_part(row.letter.id, row.letter.parts[index], source, progress=moved)
        self._keep_part_receipt(self.sent(row.letter.id), part_id, receipt)

    def _keep_receipt(self, row: Sent, data: bytes) -> None:
        now = self.clock.now()
        receipt = accept_machine_receipt(data, row.facts, directory=self.trust, now=now)
        row = replace(row, receipts=(*row.receipts, data))
        self._store(row, row.delivery.delivered(now, received_at=receipt.received_at))

    def _keep_part_receipt(self, row: Sent, part_id: str, data: bytes) -> None:
        now = self.clock.now()
        part = row.letter.parts[_index(row.letter, part_id)]
        accept_part_receipt(data, part, letter=row.facts, directory=self.trust, now=now)
        self._store(row, row.delivery.part_delivered(part_id, now=now))

    def _store(self, row: Sent, delivery: OutgoingDelivery) -> Sent:
        row = replace(row, delivery=delivery)
        self.disk.put(("out", row.letter.id), row)
        return row

    def _expected(self, partner: str, letter_id: str, part_id: str) -> ExpectedPart:
        row: Taken | None = self.disk.rows.get(("in", letter_id))
        if row is None or row.letter.sender.state != partner or part_id not in {part.id for part in row.letter.parts}:
            raise DoorRefusedError("No such part.", code="unknown-object")
        part = row.letter.parts[_index(row.letter, part_id)]
        return ExpectedPart(letter_id, part, len(self.disk.rows.get(("bytes", letter_id, part_id), b"")))

    def _receipt_part(self, expected: ExpectedPart, sealed: bytes) -> None:
        _, payload = split_sealed(sealed) if sealed.startswith(b"age-") else (b"", sealed)
        digests = hashlib.sha256(sealed).hexdigest(), hashlib.sha256(payload).hexdigest()
        expected.require_whole(sealed_size=len(sealed), sealed_sha256=digests[0], payload_sha256=digests[1])
        now = self.clock.now()
        receipt = PartReceipt(
            letter=expected.letter,
            part=expected.part.id,
            sealed_size=len(sealed),
            sealed_sha256=digests[0],
            payload_sha256=digests[1],
            received_at=now,
            received_by=exchange.card_of(self.state).party,
        )
        packed = pack_receipt(receipt, signing=Signing(pki.state(self.state).gateway.signer, now))
        self.disk.put(("receipt", expected.letter, expected.part.id), packed)

    def _waiting(self, partner: str, letter_id: str) -> Sent:
        row: Sent | None = self.disk.rows.get(("out", letter_id))
        if row is None or row.delivery.partner != partner:
            raise DoorRefusedError("No such letter.", code="unknown-object")
        return row


def sealed_part(word: str, plain: bytes, recipient: str = "SN") -> tuple[Part, bytes]:
    """A true part: its facts and the sealed bytes that travel."""
    recipients = [parse_recipient(text) for text in exchange.card_of(recipient).card.letter_recipients]
    sealed = seal_bytes(plain, recipients, chance=SeededIdentifiers(word))
    _, payload = split_sealed(sealed)
    part = exchange.part_of(
        word,
        len(plain),
        sha256=hashlib.sha256(plain).hexdigest(),
        sealed_size=len(sealed),
        sealed_sha256=hashlib.sha256(sealed).hexdigest(),
        payload_sha256=hashlib.sha256(payload).hexdigest(),
    )
    return part, sealed


def _index(letter: Letter, part_id: str) -> int:
    return [part.id for part in letter.parts].index(part_id)


def wsgi_of(gateway: Gateway) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    """The gateway as a WSGI application, without a settings' URL configuration."""
    resolver = URLResolver(RegexPattern(r"^/"), gateway.urls())

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        request = WSGIRequest(environ)
        try:
            view, args, kwargs = resolver.resolve(request.path_info)
            response = view(request, *args, **kwargs)
        except Resolver404:
            response = gateway.elsewhere(request)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        yield b"" if request.method == "HEAD" else response.content

    return application


def transport_to(node: MemoryNode) -> httpx2.BaseTransport:
    """An in-memory network to the node's door."""
    return httpx2.WSGITransport(app=wsgi_of(node.gateway))


def client_of(sender: MemoryNode, recipient: str, *, transport: httpx2.BaseTransport) -> NodeClient:
    """The sender's client for the authority of `recipient`."""
    identity = ClientIdentity(
        pki.state(sender.state).gateway.signer, key_id(pki.state(sender.state).gateway.certificate.decode())
    )
    card = exchange.card_of(recipient).card
    return NodeClient(card, identity, clock=sender.clock, ids=sender.ids, wire=Wire(transport=transport))

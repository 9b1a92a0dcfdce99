"""Heads of audit logs between partners: signed, proven to extend what is held, countersigned, kept.

Requirements P-240 to P-249 (docs/protocol/log.md). Each authority keeps an audit log as a Merkle tree (RFC 9162). A
*checkpoint* is the signed word *my log has this size and this root*, with the proof that it extends the head that the
partner holds. The partner verifies, keeps it and answers a *countersignature*: *I hold this head since then*. From then
on the log cannot be rewritten unnoticed up to that size: whoever shows two logs is convicted by its own signature.

Nothing of an entry travels, only sizes and hashes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.crypto.errors import ProofError
from dedere.crypto.merkle import verify_consistency
from dedere.protocol.container import open_container, pack_container, require_passed, verify_container
from dedere.protocol.content import Checked, require_member, write_content
from dedere.protocol.errors import ContentRefusedError, OrderRefusedError, ProtocolRefusedError, ReceiptRefusedError
from dedere.protocol.intake import CLOCK_TOLERANCE
from dedere.protocol.letter import Party, read_instant
from dedere.protocol.receipt import RECEIPT_LIMITS

if TYPE_CHECKING:
    import datetime as dt

    from dedere.protocol.container import OpenedContainer, Signing
    from dedere.protocol.trust import TrustDirectory

CHECKPOINT_VERSION = "dedere-log-checkpoint/1"
COUNTERSIGNATURE_VERSION = "dedere-log-countersignature/1"
CHECKPOINT_MEMBER = "checkpoint.json"
COUNTERSIGNATURE_MEMBER = "countersignature.json"


@dataclass(frozen=True, slots=True)
class Head:
    """A log's size in entries and its root in hexadecimal."""

    size: int
    root: str

    def as_json(self) -> dict[str, object]:
        """The head as plain data."""
        return {"size": self.size, "root": self.root}

    @classmethod
    def from_json(cls, value: Checked) -> Head:
        """The head that `value`, checked by its schema, describes."""
        return cls(value["size"], value["root"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """*The log of `log` had this head at `at`*, and `proof` (hexadecimal) shows that it extends the first `after`."""

    log: Party
    at: dt.datetime
    head: Head
    after: int
    proof: tuple[str, ...]
    version: str = field(default=CHECKPOINT_VERSION)

    def as_json(self) -> dict[str, object]:
        """The content of `checkpoint.json`."""
        return {
            "version": self.version,
            "log": self.log.as_json(),
            "at": format_instant(self.at),
            "head": self.head.as_json(),
            "after": self.after,
            "proof": list(self.proof),
        }

    @classmethod
    def from_json(cls, value: Checked) -> Checkpoint:
        """The checkpoint that `value`, checked by its schema, describes."""
        return cls(
            log=Party.from_json(value["log"]),
            at=read_instant(value["at"]),
            head=Head.from_json(value["head"]),
            after=value["after"],
            proof=tuple(value["proof"]),
            version=value["version"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersignature:
    """*The authority `by` holds since `held_at` that the log of `log` had this head*, signed in that checkpoint."""

    log: Party
    head: Head
    checkpoint_sha256: str
    by: Party
    held_at: dt.datetime
    version: str = field(default=COUNTERSIGNATURE_VERSION)

    def as_json(self) -> dict[str, object]:
        """The content of `countersignature.json`."""
        return {
            "version": self.version,
            "log": self.log.as_json(),
            "head": self.head.as_json(),
            "checkpoint_sha256": self.checkpoint_sha256,
            "by": self.by.as_json(),
            "held_at": format_instant(self.held_at),
        }

    @classmethod
    def from_json(cls, value: Checked) -> Countersignature:
        """The countersignature that `value`, checked by its schema, describes."""
        return cls(
            log=Party.from_json(value["log"]),
            head=Head.from_json(value["head"]),
            checkpoint_sha256=value["checkpoint_sha256"],
            by=Party.from_json(value["by"]),
            held_at=read_instant(value["held_at"]),
            version=value["version"],
        )


def pack_checkpoint(checkpoint: Checkpoint, *, signing: Signing) -> bytes:
    """The signed container; `signing.signer` is the gateway key."""
    return _pack(CHECKPOINT_MEMBER, checkpoint.as_json(), signing)


def pack_countersignature(countersignature: Countersignature, *, signing: Signing) -> bytes:
    """The signed container; `signing.signer` is the gateway key."""
    return _pack(COUNTERSIGNATURE_MEMBER, countersignature.as_json(), signing)


def read_checkpoint(data: bytes) -> tuple[OpenedContainer, Checkpoint]:
    """The checkpoint in `data`, unverified.

    Raises:
        ContainerRefusedError, ContentRefusedError
    """
    opened, value = _open(data, CHECKPOINT_MEMBER, "log-checkpoint")
    return opened, Checkpoint.from_json(value)


def read_countersignature(data: bytes) -> tuple[OpenedContainer, Countersignature]:
    """The countersignature in `data`, unverified.

    Raises:
        ContainerRefusedError, ContentRefusedError
    """
    opened, value = _open(data, COUNTERSIGNATURE_MEMBER, "log-countersignature")
    return opened, Countersignature.from_json(value)


def accept_checkpoint(
    data: bytes, *, sender: str, held: Head | None, directory: TrustDirectory, now: dt.datetime
) -> Checkpoint:
    """The checkpoint in `data`, when it is `sender`'s true word and extends the head of its log that is `held` here.

    Raises:
        ProtocolRefusedError: `log-after` where the proof begins at another size than ours; `log-contradicts` where it
            does not lead from the head held here (P-244); or as a receipt would be refused.
    """
    opened, checkpoint = read_checkpoint(data)
    if checkpoint.log.state != sender:
        raise OrderRefusedError("The checkpoint is of another authority's log.", code="log-contradicts")
    if checkpoint.at > now + CLOCK_TOLERANCE:
        raise OrderRefusedError("The checkpoint is dated in the future; one clock is wrong.", code="log-time")
    _verify(opened, checkpoint.log, at=checkpoint.at, directory=directory, now=now)
    if checkpoint.after != (0 if held is None else held.size):
        raise OrderRefusedError("The checkpoint does not begin at the head that is held here.", code="log-after")
    require_extends(checkpoint.head, held, checkpoint.proof)
    return checkpoint


def require_extends(head: Head, held: Head | None, proof: tuple[str, ...]) -> None:
    """Return only if the log at `head` begins with the log at `held`; nothing held: whatever it is (P-244).

    Raises:
        OrderRefusedError: `log-contradicts`.
    """
    if held is None:
        if proof:
            raise OrderRefusedError("There is no earlier head that could be extended.", code="log-after")
        return
    try:
        verify_consistency(
            first=held.size,
            second=head.size,
            first_root=bytes.fromhex(held.root),
            second_root=bytes.fromhex(head.root),
            proof=[bytes.fromhex(step) for step in proof],
        )
    except ProofError as error:
        sentence = f"The log is not the one whose head is held here: {error}"
        raise OrderRefusedError(sentence, code="log-contradicts") from error


def accept_countersignature(
    data: bytes, *, by: str, of: str, directory: TrustDirectory, now: dt.datetime
) -> Countersignature:
    """The countersignature in `data`, when it is the partner `by`'s true word about the log of `of` (P-245).

    Whether `of`'s log has that head is for the caller to compare.

    Raises:
        ReceiptRefusedError: it is not; the code is `receipt-wrong`, as for every answer that proves nothing.
    """
    with _judging():
        opened, found = read_countersignature(data)
        _verify(opened, found.by, at=found.held_at, directory=directory, now=now)
    if (found.by.state, found.log.state) != (by, of):
        raise ReceiptRefusedError("The countersignature is of another authority or of another's log.")
    return found


def verified_head(data: bytes, *, directory: TrustDirectory, now: dt.datetime) -> tuple[Party, Head]:
    """Whose log had which head, by a checkpoint or a countersignature whose signature holds: for whoever kept one.

    Raises:
        ProtocolRefusedError: it is neither, or not signed as its card promises.
    """
    opened = open_container(data, limits=RECEIPT_LIMITS)
    if CHECKPOINT_MEMBER in opened.members:
        checkpoint = read_checkpoint(data)[1]
        _verify(opened, checkpoint.log, at=checkpoint.at, directory=directory, now=now)
        return checkpoint.log, checkpoint.head
    found = read_countersignature(data)[1]
    _verify(opened, found.by, at=found.held_at, directory=directory, now=now)
    return found.log, found.head


@contextmanager
def _judging() -> Iterator[None]:
    try:
        yield
    except ProtocolRefusedError as error:
        raise ReceiptRefusedError(f"The answer is no countersignature: {error}", layer=error.layer) from error


def _pack(member: str, value: dict[str, object], signing: Signing) -> bytes:
    return pack_container(
        {member: write_content(value)},
        signer=signing.signer,
        signed_at=signing.signed_at,
        timestamper=signing.timestamper,
    )


def _open(data: bytes, member: str, kind: str) -> tuple[OpenedContainer, Checked]:
    opened = open_container(data, limits=RECEIPT_LIMITS)
    value = require_member(opened, member, kinds=(kind,))
    if opened.members.keys() != {member} or opened.padded:
        raise ContentRefusedError(f"It has {member} and nothing else.", code="content-missing")
    return opened, value


def _verify(
    opened: OpenedContainer, party: Party, *, at: dt.datetime, directory: TrustDirectory, now: dt.datetime
) -> None:
    """P-241: signed by a gateway key of the party's card, valid at that instant."""
    card = directory.card_for_letter(party.card, sealed_at=at, now=now).card
    if card.state != party.state:
        raise ContentRefusedError("It names another State than its card.", code="content-schema")
    report = verify_container(opened, trusted=card.gateway_certificates, stamps=card.timestamp_certificates, at=at)
    require_passed(report)

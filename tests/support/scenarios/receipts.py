"""Scenarios of receipts: proof that counts, and proof of something else."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.protocol.container import Signing, pack_container
from dedere.protocol.letter import Party
from dedere.protocol.receipt import RECEIPT_MEMBER, MachineReceipt, PartReceipt, pack_receipt
from support import pki
from support.exchange import NOW, card_of, identifier, part_of
from support.scenarios import Row
from support.vectors import Scenario, encode, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.vectors import Given

PART = part_of("film")
_DIGEST = hashlib.sha256(b"container").hexdigest()
_OTHER = hashlib.sha256(b"other").hexdigest()


def machine(**changes: object) -> MachineReceipt:
    """The receipt of SN for a letter of NL."""
    values: dict[str, object] = {
        "letter": identifier("letter"),
        "sender": card_of("NL").party,
        "container_sha256": _DIGEST,
        "sealed_sha256": _OTHER,
        "received_at": NOW,
        "received_by": card_of("SN").party,
        "parts": (PART.id,),
    }
    return MachineReceipt(**{**values, **changes})  # type: ignore[arg-type] # the caller names fields


def of_part(**changes: object) -> PartReceipt:
    """The receipt of SN for a part."""
    values: dict[str, object] = {
        "letter": identifier("letter"),
        "part": PART.id,
        "sealed_size": PART.sealed_size,
        "sealed_sha256": PART.sealed_sha256,
        "payload_sha256": PART.payload_sha256,
        "received_at": NOW,
        "received_by": card_of("SN").party,
    }
    return PartReceipt(**{**values, **changes})  # type: ignore[arg-type] # the caller names fields


def given(receipt: MachineReceipt | PartReceipt | bytes, *, signer: str = "SN", use: str = "gateway") -> Given:
    """What NL knows when `receipt` comes back."""
    key = getattr(pki.state(signer), use).signer
    data = receipt if isinstance(receipt, bytes) else pack_receipt(receipt, signing=Signing(key, NOW))
    return {
        "receipt_b64": encode(data),
        "chains_b64": [[encode(card_of(state).container)] for state in ("NL", "SN")],
        "now": format_instant(NOW),
        "sent": {"id": identifier("letter"), "container_sha256": _DIGEST, "recipient": "SN", "parts": [PART.id]},
        "part": PART.as_json(),
    }


def _more_members() -> bytes:
    signer = pki.state("SN").gateway.signer
    packed = pack_receipt(machine(), signing=Signing(signer, NOW))
    content = exchange_member(packed)
    return pack_container({RECEIPT_MEMBER: content, "more.txt": b""}, signer=signer, signed_at=NOW)


def exchange_member(packed: bytes) -> bytes:
    """The JSON of a packed receipt."""
    start = packed.index(b'{"container_sha256"')
    return packed[start : packed.index(b"PK\x03\x04", start)]


ROWS: tuple[Row, ...] = (
    Row("signed-by-sender", "Signed by ourselves", "P-082", lambda: given(machine(), signer="NL"), "signature", "receipt-wrong"),
    Row("signed-by-authority", "Signed by the authority key instead of the gateway's", "P-082", lambda: given(machine(), use="authority"), "signature", "receipt-wrong"),
    Row("other-letter", "For another letter", "P-083", lambda: given(machine(letter=identifier("other"))), "signature", "receipt-wrong"),
    Row("other-container", "For other bytes", "P-083", lambda: given(machine(container_sha256=_OTHER)), "signature", "receipt-wrong"),
    Row("other-parts", "It expects a part that was not announced", "P-083", lambda: given(machine(parts=(identifier("x"),))), "signature", "receipt-wrong"),
    Row("other-receiver", "From another State than the recipient", "P-083", lambda: given(machine(received_by=card_of("NL").party), signer="NL"), "signature", "receipt-wrong"),
    Row("state-under-other-card", "A State under the card of another", "P-082", lambda: given(machine(received_by=Party("SN", card_of("NL").digest)), signer="NL"), "signature", "receipt-wrong"),
    Row("unknown-card", "Under a card that nobody pinned", "P-082", lambda: given(machine(received_by=Party("SN", _OTHER))), "trust", "receipt-wrong"),
    Row("before-card", "From before the card was valid", "P-082", lambda: given(machine(received_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))), "trust", "receipt-wrong"),
    Row("part-receipt-instead", "The receipt of a part instead", "P-084", lambda: given(of_part()), "content", "receipt-wrong"),
    Row("more-members", "A receipt with another member", "P-080", lambda: given(_more_members()), "content", "receipt-wrong"),
    Row("cut", "A receipt that was cut", "P-080", lambda: given(pack_receipt(machine(), signing=Signing(pki.state("SN").gateway.signer, NOW))[:-5]), "container", "receipt-wrong"),
)  # fmt: skip
PART_ROWS: tuple[Row, ...] = (
    Row("part-other", "For another part", "P-085", lambda: given(of_part(part=identifier("x"))), "signature", "receipt-wrong"),
    Row("part-other-digest", "For a part with another digest", "P-085", lambda: given(of_part(sealed_sha256=_OTHER)), "signature", "receipt-wrong"),
    Row("part-other-size", "For a part of another size", "P-085", lambda: given(of_part(sealed_size=1)), "signature", "receipt-wrong"),
    Row("part-by-authority", "Signed by the authority key", "P-085", lambda: given(of_part(), use="authority"), "signature", "receipt-wrong"),
    Row("part-machine-instead", "The receipt of the letter instead", "P-085", lambda: given(machine()), "content", "receipt-wrong"),
)  # fmt: skip


def scenarios() -> Iterator[Scenario]:
    """Every scenario of this topic."""
    yield Scenario(
        "receipt-sound",
        "A true machine receipt",
        ("P-080", "P-081"),
        "accept-machine-receipt",
        given(machine()),
        {"result": "accepted", "letter": identifier("letter"), "parts": [PART.id]},
    )
    yield Scenario(
        "receipt-part-sound",
        "A true part receipt",
        ("P-085",),
        "accept-part-receipt",
        given(of_part()),
        {"result": "accepted", "part": PART.id},
    )
    for operation, rows in (("accept-machine-receipt", ROWS), ("accept-part-receipt", PART_ROWS)):
        for row in rows:
            yield Scenario(
                f"receipt-{row.name}",
                row.title,
                (row.requirement,),
                operation,
                row.given(),
                refused(row.layer, row.code),
            )

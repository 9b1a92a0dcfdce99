"""Vectors: one scenario a file, language-neutral, and the program that runs one (`vectors/README.md`).

`given` holds plain JSON; bytes are base64 under keys that end in `_b64`. What comes out is `accepted` with facts, or
`refused` with the layer and the registered code.
"""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dedere.base.clock import parse_instant
from dedere.crypto.age import parse_identity
from dedere.protocol.archive import ArchiveLimits
from dedere.protocol.card import CARD_LIMITS, CardChain, Revocation, fingerprint
from dedere.protocol.container import open_container, size_class
from dedere.protocol.errors import ProtocolRefusedError
from dedere.protocol.intake import Arrival, IntakeLimits, KnownLetter, Receiver, check_letter
from dedere.protocol.letter import LETTER_LIMITS, Part
from dedere.protocol.parts import ExpectedPart
from dedere.protocol.receipt import RECEIPT_LIMITS, SentLetter, accept_machine_receipt, accept_part_receipt
from dedere.protocol.trust import TrustDirectory
from dedere.protocol.waiting import Placed, in_causal_order
from dedere.transport.http_signature import RequestHead, require_signed
from support.exchange import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# JSON whose shape each operation knows.
Given = dict[str, Any]
Outcome = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """One scenario. `name` is its file name, `requirements` are those of docs/protocol that it shows."""

    name: str
    title: str
    requirements: tuple[str, ...]
    operation: str
    given: Given = field(repr=False)
    expected: Outcome

    def as_json(self) -> dict[str, object]:
        return {
            "version": "dedere-vector/1",
            "title": self.title,
            "requirements": list(self.requirements),
            "operation": self.operation,
            "given": self.given,
            "expected": self.expected,
        }


def refused(layer: str, code: str) -> Outcome:
    return {"result": "refused", "layer": layer, "code": code}


def encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def replace_texts(value: object, texts: Mapping[str, str]) -> Any:  # JSON in, the same shape out
    """`value` with whole texts replaced: shared cards stand in the vectors by name."""
    if isinstance(value, dict):
        return {key: replace_texts(item, texts) for key, item in value.items()}
    if isinstance(value, list):
        return [replace_texts(item, texts) for item in value]
    return texts.get(value, value) if isinstance(value, str) else value


def perform(operation: str, given: Given) -> Outcome:
    """What our implementation does with a scenario."""
    try:
        return {"result": "accepted", **_OPERATIONS[operation](given)}
    except ProtocolRefusedError as error:
        return refused(error.layer.value, error.code)


def _open(given: Given) -> Outcome:
    limits: Mapping[str, ArchiveLimits] = {"letter": LETTER_LIMITS, "card": CARD_LIMITS, "receipt": RECEIPT_LIMITS}
    opened = open_container(decode(given["container_b64"]), limits=limits[given["kind"]])
    return {"members": sorted(opened.members), "digest": opened.digest, "signatures": len(opened.signatures)}


def _directory(given: Given) -> TrustDirectory:
    chains = [CardChain.of(map(decode, chain)) for chain in given["chains_b64"]]
    revocations = [
        Revocation(item["card"], parse_instant(item["since"]), item["compromised"])
        for item in given.get("revocations", [])
    ]
    return TrustDirectory(chains, revocations)


def _intake(given: Given) -> Outcome:
    receiver = Receiver(
        state=given["state"],
        own_cards=frozenset(given["own_cards"]),
        identities=tuple(parse_identity(text) for text in given["identities"]),
        directory=_directory(given),
        limits=IntakeLimits(**given.get("limits", {})),
    )
    arrival = Arrival(parse_instant(given["now"]), given["caller"], given.get("announced_id"))
    record = Record()
    for known in given.get("known", []):
        letter = KnownLetter(known["id"], known["digest"])
        record.letters[known["id"]] = letter
        if "sequence" in known:
            record.places[known["sender"], known["case"], known["sequence"]] = letter
    received = check_letter(decode(given["sealed_b64"]), receiver, arrival=arrival, record=record)
    return {"letter": received.letter.id, "digest": received.digest, "duplicate": received.duplicate}


def _chain(given: Given) -> Outcome:
    chain = CardChain.of(map(decode, given["cards_b64"]))
    return {"newest": chain.newest.digest, "fingerprint": chain.newest.fingerprint}


def _letter_card(given: Given) -> Outcome:
    sealed_at, now = parse_instant(given["sealed_at"]), parse_instant(given["now"])
    found = _directory(given).card_for_letter(given["card"], sealed_at=sealed_at, now=now)
    return {"card": found.digest}


def _sent(given: Given) -> SentLetter:
    sent = given["sent"]
    return SentLetter(sent["id"], sent["container_sha256"], sent["recipient"], tuple(sent["parts"]))


def _machine_receipt(given: Given) -> Outcome:
    now = parse_instant(given["now"])
    receipt = accept_machine_receipt(decode(given["receipt_b64"]), _sent(given), directory=_directory(given), now=now)
    return {"letter": receipt.letter, "parts": list(receipt.parts)}


def _part_receipt(given: Given) -> Outcome:
    now = parse_instant(given["now"])
    part = Part.from_json(given["part"])
    receipt = accept_part_receipt(
        decode(given["receipt_b64"]), part, letter=_sent(given), directory=_directory(given), now=now
    )
    return {"part": receipt.part}


def _causal_order(given: Given) -> Outcome:
    letters = [
        Placed(item["id"], item["sender"], item["sequence"], tuple(item["answers"])) for item in given["letters"]
    ]
    ready, waiting = in_causal_order(letters)
    return {
        "ready": [letter.id for letter in ready],
        "waiting": [{"id": each.id, "letters": list(each.letters), "sequence": each.sequence} for each in waiting],
    }


def _piece(given: Given) -> Outcome:
    expected = ExpectedPart(given["letter"], Part.from_json(given["part"]), given["held"])
    expected.require_piece(offset=given["offset"], length=given["length"])
    return {"held": given["offset"] + given["length"]}


def _whole_part(given: Given) -> Outcome:
    expected = ExpectedPart(given["letter"], Part.from_json(given["part"]))
    expected.require_whole(**given["found"])
    return {}


def _request(given: Given) -> Outcome:
    head = RequestHead(given["method"], given["url"], given["headers"])
    now: dt.datetime = parse_instant(given["now"])
    caller = require_signed(head, _directory(given), recipient=given["recipient"], now=now)
    return {"caller": caller.caller.state}


_OPERATIONS: dict[str, Callable[[Given], Outcome]] = {
    "open-container": _open,
    "take-in-letter": _intake,
    "follow-cards": _chain,
    "card-for-letter": _letter_card,
    "accept-machine-receipt": _machine_receipt,
    "accept-part-receipt": _part_receipt,
    "order-letters": _causal_order,
    "take-piece": _piece,
    "take-part": _whole_part,
    "admit-request": _request,
    "fingerprint": lambda given: {"fingerprint": fingerprint(given["digest"])},
    "size-class": lambda given: {"size": size_class(given["size"])},
}

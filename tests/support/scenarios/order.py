"""Scenarios of order and pieces: what may be folded now, which piece of a part is next, which size is padded to."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from support.exchange import identifier, part_of
from support.scenarios import Row
from support.vectors import Scenario, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.vectors import Given

A, B, C, D = (identifier(word) for word in ("a", "b", "c", "d"))
PART = part_of("film")
_OTHER = hashlib.sha256(b"other").hexdigest()


def _letter(name: str, sender: str, sequence: int, *answers: str) -> dict[str, object]:
    return {"id": name, "sender": sender, "sequence": sequence, "answers": list(answers)}


def _ordered(
    name: str, title: str, letters: list[dict[str, object]], ready: list[str], *waiting: dict[str, object]
) -> Scenario:
    expected = {"result": "accepted", "ready": ready, "waiting": sorted(waiting, key=lambda each: str(each["id"]))}
    return Scenario(f"order-{name}", title, ("P-111",), "order-letters", {"letters": letters}, expected)


def _waits(name: str, *letters: str, sequence: int = 0) -> dict[str, object]:
    return {"id": name, "letters": list(letters), "sequence": sequence}


def _piece(offset: int, length: int, *, held: int = 0) -> Given:
    return {"letter": A, "part": PART.as_json(), "held": held, "offset": offset, "length": length}


def _whole(**changes: object) -> Given:
    found = {
        "sealed_size": PART.sealed_size,
        "sealed_sha256": PART.sealed_sha256,
        "payload_sha256": PART.payload_sha256,
        **changes,
    }
    return {"letter": A, "part": PART.as_json(), "found": found}


PIECES: tuple[Row, ...] = (
    Row("gap", "A piece after a gap", "P-141", lambda: _piece(10, 10), "parts", "part-offset"),
    Row("again", "A piece that is here already", "P-141", lambda: _piece(0, 10, held=10), "parts", "part-offset"),
    Row("empty", "An empty piece", "P-142", lambda: _piece(0, 0), "parts", "part-length"),
    Row("too-long", "A byte more than announced", "P-142", lambda: _piece(0, PART.sealed_size + 1), "parts", "part-length"),
    Row("after-end", "A piece after the last", "P-142", lambda: _piece(PART.sealed_size, 1, held=PART.sealed_size), "parts", "part-length"),
)  # fmt: skip
WHOLES: tuple[Row, ...] = (
    Row("size", "A whole of another size", "P-144", lambda: _whole(sealed_size=1), "parts", "part-length"),
    Row("digest", "A whole with other sealed bytes", "P-144", lambda: _whole(sealed_sha256=_OTHER), "parts", "part-digest"),
    Row("payload", "A whole with another payload", "P-144", lambda: _whole(payload_sha256=_OTHER), "parts", "part-digest"),
)  # fmt: skip


def scenarios() -> Iterator[Scenario]:
    """Every scenario of this topic."""
    question = [_letter(A, "NL", 1), _letter(B, "SN", 1, A), _letter(C, "NL", 2, B)]
    yield _ordered("straight", "Request, question, answer", question, [A, B, C])
    yield _ordered("reversed", "The same, arrived the other way round", question[::-1], [A, B, C])
    crossing = [_letter(A, "NL", 1), _letter(B, "SN", 1, A), _letter(C, "NL", 2, A)]
    yield _ordered("crossing", "Two letters that crossed on the way", crossing, [A, *([C, B])])
    yield _ordered("gap", "The second of three is not here", [question[0], question[2]], [A], _waits(C, B))
    yield _ordered(
        "number-gap", "A number is missing", [_letter(A, "NL", 1), _letter(D, "NL", 3)], [A], _waits(D, sequence=2)
    )
    alone = [_letter(C, "NL", 2, B)]
    yield _ordered("alone", "Only the last is here", alone, [], _waits(C, B, sequence=1))
    behind = [_letter(C, "NL", 2, B), _letter(D, "NL", 3)]
    yield _ordered(
        "behind", "One waits behind one that waits", behind, [], _waits(C, B, sequence=1), _waits(D, sequence=2)
    )
    ring = [_letter(A, "NL", 1, B), _letter(B, "SN", 1, A)]
    yield _ordered("ring", "Two that answer each other wait forever", ring, [], _waits(A, B), _waits(B, A))
    for size, whole in (
        (0, 16384),
        (16384, 16384),
        (16385, 24576),
        (24577, 32768),
        (500_000, 524288),
        (786433, 1048576),
    ):
        yield Scenario(
            f"size-class-{size}",
            f"{size} bytes",
            ("P-026",),
            "size-class",
            {"size": size},
            {"result": "accepted", "size": whole},
        )
    yield Scenario(
        "piece-first", "The first piece", ("P-141",), "take-piece", _piece(0, 10), {"result": "accepted", "held": 10}
    )
    yield Scenario("part-whole", "The announced part", ("P-144",), "take-part", _whole(), {"result": "accepted"})
    for prefix, operation, rows in (("piece", "take-piece", PIECES), ("part", "take-part", WHOLES)):
        for row in rows:
            yield Scenario(
                f"{prefix}-{row.name}",
                row.title,
                (row.requirement,),
                operation,
                row.given(),
                refused(row.layer, row.code),
            )

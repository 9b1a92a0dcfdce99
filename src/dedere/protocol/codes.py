"""The registry of codes: the word, its layer, its sentence, its HTTP status, what the other side learns and does then.

Requirements P-090 to P-094 (docs/protocol/codes.md). A code that is not told goes out as `refused`: the partner
learns that the letter was not taken, our log holds the real one. Nothing here depends on the letter's content.
"""

from __future__ import annotations

import enum
import functools
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from dedere.base.errors import DedereError, DefectError, FacilityError
from dedere.protocol.errors import Layer

if TYPE_CHECKING:
    from collections.abc import Mapping


class Then(enum.StrEnum):
    """What the sender does with the answer."""

    RETRY = "retry"
    """The cause may pass: the delivery stays queued and is tried again, forever."""
    STOP = "stop"
    """The same bytes will never be taken: the delivery is refused, an officer decides."""


@dataclass(frozen=True, slots=True)
class RegisteredCode:
    """One row of the registry."""

    code: str
    layer: Layer
    status: int
    then: Then
    told: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Told:
    """What goes out: a registered code, its sentence, the HTTP status."""

    code: str
    sentence: str
    status: int
    then: Then

    def as_json(self) -> dict[str, str]:
        """The body of a refusal."""
        return {"version": "dedere-refusal/1", "code": self.code, "sentence": self.sentence, "then": self.then.value}


@functools.cache
def registry() -> Mapping[str, RegisteredCode]:
    """Every registered code by its word, as the published table `schema/codes-1.toml` lists them."""
    text = resources.files("dedere.protocol").joinpath("schema", "codes-1.toml").read_text("utf-8")
    return {
        code: RegisteredCode(
            code, Layer(row["layer"]), row["status"], Then(row["then"]), told=row["told"], sentence=row["sentence"]
        )
        for code, row in tomllib.loads(text).items()
    }


def answer_for(error: DedereError) -> Told:
    """What the other side is told of `error`: its own registered code where that may be told, else `refused`.

    P-091: an error that is not registered is never told, whatever its text; trouble of our own (disk, database,
    clock, a defect) is told as `facility` so that the sender keeps the letter and tries again.
    """
    row = registry().get(error.code)
    if row is None and isinstance(error, FacilityError | DefectError):
        row = registry()["facility"]
    if row is None:
        row = registry()["refused"]
    if not row.told:
        hidden, row = row, registry()["refused"]
        status = hidden.status if hidden.layer is Layer.DOOR else row.status
        return Told(row.code, row.sentence, status, hidden.then)
    return Told(row.code, row.sentence, row.status, row.then)


def what_then(code: str) -> Then:
    """What the sender does on hearing `code`; one not known here is retried: losing a letter is worse (P-093)."""
    row = registry().get(code)
    return row.then if row is not None else Then.RETRY

"""A reference: where a statement about the law stands, and how far it has been verified."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Status(enum.StrEnum):
    """How the content of a datum is known."""

    READ = "read"
    REPORTED = "reported"
    RECALLED = "recalled"
    MODELLED = "modelled"
    UNSETTLED = "unsettled"


class Confidence(enum.StrEnum):
    """How sure whoever wrote the datum was of it."""

    CERTAIN = "certain"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Reference:
    """One place that a statement rests on.

    `place` is what a lawyer would cite, e.g. "UNCAC Art. 46(15)"; `datum` is the stable id of the row;
    `verified_by` names the review that compared it with the authentic text, empty when nobody has.
    """

    place: str
    datum: str
    source: str
    status: Status
    confidence: Confidence
    verified_by: str = ""
    demonstration: bool = False

    @property
    def verified(self) -> bool:
        """Whether the content was read, or a legal officer has compared it with the authentic text."""
        return not self.demonstration and (self.status is Status.READ or self.verified_by != "")

    def as_json(self) -> dict[str, object]:
        """The reference as plain data, always the same keys."""
        return {
            "place": self.place,
            "datum": self.datum,
            "source": self.source,
            "status": self.status.value,
            "confidence": self.confidence.value,
            "verified": self.verified,
            "verified_by": self.verified_by,
            "demonstration": self.demonstration,
        }

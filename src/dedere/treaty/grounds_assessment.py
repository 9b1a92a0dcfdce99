"""What an assessment of grounds says: availability, circumstance, readings, cure, alternatives, steps before it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.finding import Finding, Outcome

if TYPE_CHECKING:
    from dedere.base.reference import Reference
    from dedere.treaty.grounds_circumstances import Circumstance
    from dedere.treaty.words import Alternative, Effect, Force


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do before a ground is used, why, and where that stands."""

    what: str
    why: str
    references: tuple[Reference, ...]

    def as_json(self) -> dict[str, object]:
        """The step as plain data."""
        return {
            "what": self.what,
            "why": self.why,
            "references": [reference.as_json() for reference in self.references],
        }


class Availability(enum.StrEnum):
    """What the instrument makes of a ground, before the facts are looked at."""

    MANDATORY = "mandatory"
    AVAILABLE = "available"
    CURABLE = "curable"
    NOT_AVAILABLE = "not-available"
    UNSETTLED = "unsettled"


class CureStanding(enum.StrEnum):
    """How far the assurance that would cure a ground has come."""

    NONE = "none"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Cure:
    """The assurance that would take a ground away."""

    assurance: str
    gist: str
    given_by: str
    standing: CureStanding
    reference: Reference | None

    def as_json(self) -> dict[str, object]:
        """The cure as plain data."""
        return {
            "assurance": self.assurance,
            "gist": self.gist,
            "given_by": self.given_by,
            "standing": self.standing.value,
            "reference": self.reference.as_json() if self.reference else None,
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a ground's force, and what it would mean on these facts."""

    force: Force
    means: str

    def as_json(self) -> dict[str, str]:
        """The reading as plain data."""
        return {"force": self.force.value, "means": self.means}


@dataclass(frozen=True, slots=True)
class GroundAssessment:
    """One ground on these facts.

    `may_be_chosen` is false only where a verified bar, a circumstance that is not there or an accepted assurance
    takes it away. `finding` answers "may the request be refused (or postponed) on this ground?" with its reasons.
    """

    datum: str
    title: str
    gist: str
    effect: Effect
    availability: Availability
    circumstance: Circumstance
    readings: tuple[Reading, ...]
    may_be_chosen: bool
    warnings: tuple[str, ...]
    cure: Cure | None
    alternatives: tuple[Alternative, ...]
    finding: Finding

    @property
    def question(self) -> str:
        """What has to be answered; empty where the circumstance is known."""
        return self.circumstance.question if self.circumstance.outcome is Outcome.UNSETTLED else ""

    def as_json(self) -> dict[str, object]:
        """The assessment as plain data, always the same keys in the same order."""
        return {
            "datum": self.datum,
            "title": self.title,
            "gist": self.gist,
            "effect": self.effect.value,
            "availability": self.availability.value,
            "circumstance": self.circumstance.outcome.value,
            "circumstance_known_by": self.circumstance.how,
            "question": self.question,
            "readings": [reading.as_json() for reading in self.readings],
            "may_be_chosen": self.may_be_chosen,
            "warnings": list(self.warnings),
            "cure": self.cure.as_json() if self.cure else None,
            "alternatives": [alternative.value for alternative in self.alternatives],
            "finding": self.finding.as_json(),
        }


@dataclass(frozen=True, slots=True)
class GroundReport:
    """What comes before a refusal, then every ground, then what has to be answered."""

    before_refusal: tuple[Step, ...]
    assessments: tuple[GroundAssessment, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """Every open question once, in the order of the grounds."""
        return tuple(dict.fromkeys(each.question for each in self.assessments if each.question))

    def as_json(self) -> dict[str, object]:
        """The report as plain data, always the same keys in the same order."""
        return {
            "before_refusal": [step.as_json() for step in self.before_refusal],
            "assessments": [each.as_json() for each in self.assessments],
            "questions": list(self.questions),
        }

"""What a victim wants to hear and how, what they are to be told because it happened, and what they claim.

What a State owes victims by law stands in the law's data (`roles.duties_to`). Which events a victim hears of is the
victim's own choice; which events those are in the vocabulary of the record is said here.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dedere.base.errors import InputError
from dedere.treaty.words import Measure


class Channel(enum.StrEnum):
    """How a victim wants to be reached."""

    COUNSEL = "counsel"
    SUPPORT_SERVICE = "support-service"
    LETTER = "letter"
    TELEPHONE = "telephone"
    MAIL = "e-mail"
    NOT_AT_ALL = "not-at-all"


class Topic(enum.StrEnum):
    """What a victim may want to hear of."""

    REQUESTS = "requests"
    ARREST = "arrest"
    RELEASE = "release"
    SURRENDER = "surrender"
    PROSECUTION = "prosecution"
    SENTENCE = "sentence"
    PROPERTY = "property"


class Part(enum.StrEnum):
    """What part a victim takes in the proceedings."""

    NONE = "none"
    HEARD = "heard"
    PARTY = "party"


class Reparation(enum.StrEnum):
    """What a victim claims."""

    RESTITUTION = "restitution"
    COMPENSATION = "compensation"
    REHABILITATION = "rehabilitation"
    SATISFACTION = "satisfaction"
    OTHER = "other"


class ClaimStage(enum.StrEnum):
    """How far a claim has come."""

    MADE = "made"
    ORDERED = "ordered"
    PAID = "paid"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


CLAIM_FOLLOWS: Mapping[ClaimStage, tuple[ClaimStage, ...]] = {
    ClaimStage.MADE: (ClaimStage.ORDERED, ClaimStage.REFUSED, ClaimStage.WITHDRAWN),
    ClaimStage.ORDERED: (ClaimStage.PAID, ClaimStage.WITHDRAWN),
    ClaimStage.PAID: (),
    ClaimStage.REFUSED: (),
    ClaimStage.WITHDRAWN: (),
}

EVENTS: Mapping[Topic, frozenset[str]] = {
    Topic.REQUESTS: frozenset({"request.executed", "request.refused", "request.postponed"}),
    Topic.ARREST: frozenset({"arrest.provisional"}),
    Topic.RELEASE: frozenset({"person.released", "person.escaped"}),
    Topic.SURRENDER: frozenset(
        {"extradition.granted", "extradition.refused", "person.surrendered", "transfer.effected"}
    ),
    Topic.PROSECUTION: frozenset({"case.referred", "prosecution.outcome"}),
    Topic.SENTENCE: frozenset({"enforcement.ended", "sentence.completed", "sentence.no-longer-enforceable"}),
    Topic.PROPERTY: frozenset({"property.handed-over"}),
}

_PROPERTY = (Measure.FREEZING, Measure.CONFISCATION, Measure.ASSET_RETURN, Measure.RESTITUTION)


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened in a case: an event in the law's vocabulary and its day."""

    event: str
    on: dt.date

    @property
    def key(self) -> str:
        """What names it in the records of who was told."""
        return f"{self.event}/{self.on.isoformat()}"


def to_tell(news: Iterable[News], *, topics: Iterable[str], told: Iterable[str]) -> tuple[News, ...]:
    """What of the news a victim wants and was not told (`told` are keys), each once, the oldest first."""
    wanted = {event for topic in topics if topic in set(Topic) for event in EVENTS[Topic(topic)]}
    known = set(told)
    found = {each.key: each for each in news if each.event in wanted and each.key not in known}
    return tuple(sorted(found.values(), key=lambda each: (each.on, each.event)))


def is_about_property(measure: str) -> bool:
    """Whether a measure of this kind freezes, confiscates or gives back property."""
    return any(measure in set(Measure) and Measure(measure).refines(wider) for wider in _PROPERTY)


def require_claim_step(now: ClaimStage, following: ClaimStage, *, since: dt.date, on: dt.date, today: dt.date) -> None:
    """Let a step of a claim through if it can follow `now`, on a day that neither lies ahead nor before the last.

    Raises:
        InputError: it cannot.
    """
    if following not in CLAIM_FOLLOWS[now]:
        raise InputError(f"A claim that is {now.value} cannot become {following.value}.")
    if on < since:
        raise InputError(f"This day lies before {since.isoformat()}, the day of the step before it.")
    if on > today:
        raise InputError("This day lies ahead: what has not happened yet is not recorded.")

"""Measures that protect a person: what they can be, how one comes about and ends, and how it binds another State.

What a court may order, and on which conditions, is the law of each State; nothing of that is said here.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping

from dedere.base.errors import InputError
from dedere.casework.conditions import ConditionKind


class Protection(enum.StrEnum):
    """What protects a person."""

    NON_DISCLOSURE = "non-disclosure"
    DISTORTION = "distortion"
    VIDEO_TESTIMONY = "video-testimony"
    IN_CAMERA = "in-camera"
    RELOCATION = "relocation"
    OTHER = "other"


class Stage(enum.StrEnum):
    """How far a measure has come."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    IN_FORCE = "in-force"
    ENDED = "ended"


class Risk(enum.StrEnum):
    """How great the danger to a person was held to be."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    EXTREME = "extreme"


FOLLOWS: Mapping[Stage, tuple[Stage, ...]] = {
    Stage.ASKED: (Stage.GRANTED, Stage.REFUSED),
    Stage.GRANTED: (Stage.IN_FORCE, Stage.ENDED),
    Stage.REFUSED: (),
    Stage.IN_FORCE: (Stage.ENDED,),
    Stage.ENDED: (),
}
"""What may come next; what was refused or has ended is asked for anew."""

BINDING = frozenset({Stage.GRANTED, Stage.IN_FORCE})
"""The stages in which a measure can be put to another State."""

_CONDITIONS: Mapping[Protection, ConditionKind] = {Protection.NON_DISCLOSURE: ConditionKind.CONFIDENTIALITY}
_SAID: Mapping[Protection, str] = {
    Protection.NON_DISCLOSURE: "the identity is disclosed to nobody who does not need it",
    Protection.DISTORTION: "face and voice are distorted wherever the person is seen or heard",
    Protection.VIDEO_TESTIMONY: "the person is heard by video link",
    Protection.IN_CAMERA: "the public is excluded while the person is heard",
}


def require_step(now: Stage, following: Stage, *, since: dt.date, on: dt.date, today: dt.date) -> None:
    """Let a step through if it can follow `now`, on a day that neither lies ahead nor before the step before it.

    Raises:
        InputError: it cannot.
    """
    if following not in FOLLOWS[now]:
        raise InputError(f"A measure that is {_words(now)} cannot become {_words(following)}.")
    if on < since:
        raise InputError(f"This day lies before {since.isoformat()}, the day of the step before it.")
    if on > today:
        raise InputError("This day lies ahead: what has not happened yet is not recorded.")


def require_sayable(kind: Protection, text: str) -> None:
    """Nothing, unless something is said about a relocation: that it was asked for is all that may be written.

    Raises:
        InputError: it is.
    """
    if kind is Protection.RELOCATION and text.strip():
        raise InputError(
            "Nothing about a relocation is written here but that it was asked for: leave the description empty."
        )


def require_can_bind(kind: Protection) -> None:
    """Nothing, unless the measure is one of which another State must never learn.

    Raises:
        InputError: it is a relocation.
    """
    if kind is Protection.RELOCATION:
        raise InputError("A relocation is not put to another State: only the protection services speak of it.")


def as_condition(identifier: str, kind: Protection, *, person: str, text: str) -> dict[str, object]:
    """The measure as a condition that a letter carries. `person` is what the letter calls the person: the alias.

    Raises:
        InputError: nothing says what the measure asks of the other State, or it may not be put to one.
    """
    require_can_bind(kind)
    said = ". ".join(each.strip().rstrip(".") for each in (_SAID.get(kind, ""), text) if each.strip())
    if not said:
        raise InputError("Say what the measure asks of the other State.")
    return {
        "id": identifier,
        "kind": _CONDITIONS.get(kind, ConditionKind.HANDLING).value,
        "text": f"Protection of {person}: {said}.",
    }


def _words(stage: Stage) -> str:
    return stage.value.replace("-", " ")

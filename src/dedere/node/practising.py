"""Whether this node is a practice partner: a program that answers by rules in the place of officers."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from dedere.base.errors import InputError
from dedere.casework.practice.partner import Temper

_SLOWEST = 3600.0


@dataclass(frozen=True, slots=True)
class Practice:
    """How the partner is. `pace`: how many seconds stand for an hour of its time."""

    temper: Temper
    pace: float

    @classmethod
    def parse(cls, temper: str, pace: float) -> Practice:
        """The practice of this temper and pace.

        Raises:
            InputError: there is no such temper, or the pace is no pace.
        """
        tempers = [each.value for each in Temper]
        if temper not in tempers:
            raise InputError(f"A practice partner is one of: {', '.join(tempers)}.")
        if not 0 < pace <= _SLOWEST:
            raise InputError("The pace is the number of seconds that stand for an hour: more than 0, at most 3600.")
        return cls(Temper(temper), pace)

    def as_text(self) -> str:
        """As the supervisor hands it to the processes of the node."""
        return f"{self.temper.value}@{self.pace}"


def practice() -> Practice | None:
    """How this node practises; None when it is an office like any other.

    Raises:
        InputError: the settings do not say how.
    """
    text: str = getattr(settings, "DEDERE_PRACTICE", "")
    if not text:
        return None
    temper, _, pace = text.partition("@")
    try:
        return Practice.parse(temper, float(pace))
    except ValueError as error:
        raise InputError("The practice is written like helpful@1.0.") from error

"""What one examination found."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Verdict(enum.StrEnum):
    """`wrong` harms now or keeps the node from being served; `advice` is unsafe or will harm; `unknown`: not seen."""

    GOOD = "good"
    ADVICE = "advice"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Examined:
    """One sentence about one topic; it ends with the remedy where there is something to be done."""

    topic: str
    verdict: Verdict
    sentence: str

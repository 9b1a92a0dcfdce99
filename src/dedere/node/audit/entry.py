"""The form of an audit entry: what a leaf covers, what an export holds. Knows no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from dedere.base.clock import format_instant

VERSION = "dedere-audit/1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, as it is hashed and exported."""

    sequence: int
    at: dt.datetime
    actor: str
    action: str
    subject: str
    case: str
    details: Mapping[str, object]

    def as_json(self) -> dict[str, object]:
        """The entry as plain data: the exact value whose canonical JSON is a leaf of the tree."""
        return {
            "version": VERSION,
            "sequence": self.sequence,
            "at": format_instant(self.at),
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "case": self.case,
            "details": dict(self.details),
        }

"""The form of an audit entry: what a leaf covers, what an export holds. Knows no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from dedere.base.clock import format_instant

VERSION = "dedere-audit/1"


def entry_json(
    *, sequence: int, at: dt.datetime, actor: str, action: str, subject: str, case: str, details: Mapping[str, object]
) -> dict[str, object]:
    """The entry as plain data: the exact value whose canonical JSON is hashed into the tree."""
    return {
        "version": VERSION,
        "sequence": sequence,
        "at": format_instant(at),
        "actor": actor,
        "action": action,
        "subject": subject,
        "case": case,
        "details": dict(details),
    }

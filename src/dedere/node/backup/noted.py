"""That a backup was made: noted in the home, so that its absence is noticed. The note itself is in no backup."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.node.keys import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.node.home import Home


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest backup that was made of a home. `complaints` is how many files were left out as damaged."""

    at: dt.datetime
    files: int
    complaints: int


def note_backup(home: Home, *, at: dt.datetime, files: int, complaints: int) -> None:
    """Remember that a backup was finished."""
    about = {"at": at.isoformat(), "files": files, "complaints": complaints}
    write_private(_note(home), json.dumps(about).encode("ascii"))


def last_backup(home: Home) -> LastBackup | None:
    """The newest one; None where none was made here, or the note cannot be read."""
    try:
        about = json.loads(_note(home).read_bytes())
        return LastBackup(dt.datetime.fromisoformat(about["at"]), int(about["files"]), int(about["complaints"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note(home: Home) -> Path:
    return home.run / "backed-up.json"

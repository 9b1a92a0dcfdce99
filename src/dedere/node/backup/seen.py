"""Which files were copied before: digests by path, size and time of change. Losing this costs only reading again."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from pathlib import Path


class SeenFiles:
    """A small database beside the home's locks."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        try:
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS seen (path TEXT PRIMARY KEY, size INTEGER, changed INTEGER, digest TEXT)"
            )
        except sqlite3.DatabaseError:
            self._connection.close()
            path.unlink()
            self._connection = sqlite3.connect(path, isolation_level=None)
            self._connection.execute(
                "CREATE TABLE seen (path TEXT PRIMARY KEY, size INTEGER, changed INTEGER, digest TEXT)"
            )
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.execute("BEGIN")

    def digest(self, path: Path, facts: os.stat_result) -> str:
        """The digest of this very file, empty when it is new or changed."""
        row = self._connection.execute(
            "SELECT digest FROM seen WHERE path = ? AND size = ? AND changed = ?",
            (str(path), facts.st_size, facts.st_mtime_ns),
        ).fetchone()
        return str(row[0]) if row else ""

    def remember(self, path: Path, facts: os.stat_result, digest: str) -> None:
        """Keep a digest for the next run."""
        self._connection.execute(
            "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", (str(path), facts.st_size, facts.st_mtime_ns, digest)
        )

    def close(self) -> None:
        """Write what was remembered."""
        self._connection.execute("COMMIT")
        self._connection.close()

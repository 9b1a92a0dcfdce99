"""What keeps the embedded database quick as it grows."""

from __future__ import annotations

from django.db import connection

# Rows of an index that are counted; the rest is reckoned from them.
_SAMPLE = 1000


def refresh_statistics() -> None:
    """Have SQLite count its rows anew, from a sample: only then does it choose the indexes that were made for lists.

    Another database does this by itself.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={_SAMPLE}")
        cursor.execute("ANALYZE")

"""One worker at a time works on a database, wherever it runs; others wait, and one of them takes over when it is gone.

On one machine the supervisor sees to that. Where several share a PostgreSQL server, a home copied to a second machine
say, the server does: the place belongs to a connection, and is free as soon as that ends, however it ends.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from dedere.base.errors import FacilityError
from dedere.node.databases import connection_words, is_embedded, require_psycopg

if TYPE_CHECKING:
    from dedere.node.home import Home

# Any number that is not the one of writers (`node.postgresql`).
_WORKER = 0x776F726B


class Turn:
    """The place of the one worker."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._connection: Any = None  # psycopg is an extra

    def take(self) -> bool:
        """Take the place if it is free; whether it is ours. A server that does not answer gives it to nobody."""
        if is_embedded(self._home):
            return True
        psycopg = require_psycopg()
        try:
            if self._connection is None:
                self._connection = psycopg.connect(**connection_words(self._home), autocommit=True)
            return bool(self._connection.execute("SELECT pg_try_advisory_lock(%s)", [_WORKER]).fetchone()[0])
        except (psycopg.Error, FacilityError):
            self.give_back()
            return False

    def is_held(self) -> bool:
        """Whether the place that was taken is still ours: the connection that it belongs to lives."""
        if self._connection is None:
            return is_embedded(self._home)
        try:
            self._connection.execute("SELECT 1")
        except require_psycopg().Error:
            self.give_back()
            return False
        return True

    def give_back(self) -> None:
        """Leave the place to the next one."""
        if self._connection is not None:
            with contextlib.suppress(require_psycopg().Error):
                self._connection.execute("SELECT pg_advisory_unlock_all()")
            self._connection.close()
            self._connection = None

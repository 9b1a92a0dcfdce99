"""PostgreSQL on which writers take turns, as they do on SQLite.

Every write of the node reads what stands (the record of a case, the peaks of the log) and adds what follows from it. On
SQLite a transaction has the database for itself from its beginning; here it takes one lock of the database at its
beginning, and gives it back with its end, whatever that is. Reads outside transactions wait for nobody. What takes long
(signing, sealing, hashing) is done before a transaction, so that turns are short.
"""

from __future__ import annotations

from django.db import DatabaseError
from django.db.backends.postgresql import base

# Any number of our own: advisory locks are named by numbers, and belong to one database.
_TURN = 0x64656465


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin with the turn to write."""

    def set_autocommit(
        self,
        autocommit: bool,  # noqa: FBT001 - the signature is the library's
        force_begin_transaction_with_broken_autocommit: bool = False,  # noqa: FBT001, FBT002 - see above
    ) -> None:
        """Leaving autocommit begins a transaction: wait for the turn, at most `lock_timeout`."""
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if autocommit:
            return
        try:
            with self.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
        except DatabaseError:
            if self.connection is not None and self.is_usable():
                self.connection.rollback()
            self.close()
            raise

    def close_if_unusable_or_obsolete(self) -> None:
        """Between two pieces of work connections are looked over; one in a transaction is at work."""
        if not self.in_atomic_block:
            super().close_if_unusable_or_obsolete()

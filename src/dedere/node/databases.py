"""The node's database as the command line sees it, without Django: a file of the home, or a PostgreSQL server.

What the checks, the backup and the move need to ask is plain SQL that both understand.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from dedere.base.errors import FacilityError, InputError
from dedere.node.home import Home
from dedere.node.passphrases import read_secret

# Seconds. A server that does not answer is said to be gone; a writer waits as long as on SQLite.
CONNECT_WITHIN = 10
WRITE_WITHIN = 30
# A process that hangs between two writes must not stop all others.
IDLE_WITHIN = 120


def is_embedded(home: Home) -> bool:
    """Whether the records lie in a file of the home."""
    return not home.records.address


def describe(home: Home) -> str:
    """Where the records lie, for a sentence; never with a secret."""
    return f"the database {home.database}" if is_embedded(home) else f"the database at {home.records.address}"


def connection_words(home: Home) -> dict[str, str]:
    """How a PostgreSQL server is reached, in libpq's own words.

    Raises:
        FacilityError: the password is not where the settings say.
    """
    parts = urlsplit(home.records.address)
    words = {name: value for name, value in parse_qsl(parts.query) if value}
    words["dbname"] = unquote(parts.path.removeprefix("/"))
    if parts.username:
        words["user"] = unquote(parts.username)
    if parts.hostname:
        words["host"] = parts.hostname
    if parts.port:
        words["port"] = str(parts.port)
    if home.records.password:
        words["password"] = read_secret(home, home.records.password)
    words.setdefault("connect_timeout", str(CONNECT_WITHIN))
    return words


@contextmanager
def reading(home: Home) -> Iterator[Any]:
    """A connection (DB-API) that only reads. On SQLite no file is left behind where nobody has the database open.

    Raises:
        FacilityError: there is no database, or it does not answer.
    """
    if not is_embedded(home):
        with _postgresql(home) as connection:
            yield connection
        return
    if not home.database.is_file():
        raise FacilityError(f"The database {home.database} is missing: restore it from the backup.")
    try:
        with closing(_sqlite(home)) as found:
            yield found
    except sqlite3.Error as error:
        raise FacilityError(
            f"The database {home.database} cannot be opened ({error}): restore it from the backup."
        ) from error


def require_unused(home: Home) -> None:
    """Let a database pass that holds no node's records yet; a file that is still to be made does not.

    Raises:
        InputError: it is in use.
        FacilityError: the server does not answer.
    """
    if is_embedded(home):
        return
    with reading(home) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT to_regclass('django_migrations')")
        if cursor.fetchone() != (None,):
            raise InputError(f"The database at {home.records.address} is in use: make an empty one for the node.")


def _sqlite(home: Home) -> sqlite3.Connection:
    quiet = not home.database.with_name(f"{home.database.name}-wal").exists()
    return sqlite3.connect(f"{home.database.as_uri()}?{'immutable=1' if quiet else 'mode=ro'}", uri=True)


@contextmanager
def _postgresql(home: Home) -> Iterator[Any]:
    psycopg = require_psycopg()
    try:
        with psycopg.connect(**connection_words(home), options="-c default_transaction_read_only=on") as connection:
            yield connection
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise FacilityError(f"The database at {home.records.address} does not answer ({reason}).") from error


def require_psycopg() -> Any:
    """The PostgreSQL driver, which is an extra of the package; it is loaded only where it is used.

    Raises:
        FacilityError: it is not installed.
    """
    try:
        import psycopg  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise FacilityError(
            "A PostgreSQL database needs the driver: install it with `pip install dedere[postgresql]`."
        ) from error
    return psycopg

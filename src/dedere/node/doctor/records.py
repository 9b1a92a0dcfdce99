"""The database and the processes, asked without Django."""

from __future__ import annotations

import datetime as dt
import fcntl
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dedere.base.errors import FacilityError
from dedere.node import checking
from dedere.node.databases import describe, is_embedded, reading
from dedere.node.doctor.examined import Examined, Verdict

if TYPE_CHECKING:
    from dedere.node.doctor.examining import Patient
    from dedere.node.home import Home

SILENT_AFTER = dt.timedelta(minutes=1)
OLDEST_SERVER = 14
_OVER_A_NETWORK = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs")


def latest_entry(home: Home) -> dt.datetime | None:
    """When the newest entry of the log was written; None where there is none, or no log."""
    rows = _rows_if_any(home, "SELECT max(at) FROM audit_event")
    return _instant(rows[0][0]) if rows and rows[0][0] is not None else None


def examine_database(patient: Patient) -> Iterator[Examined]:
    """Whether the records answer, and whether what the database says is written stays written."""
    home = patient.home
    for sentence in checking.database(home):
        yield Examined("database", Verdict.WRONG, sentence)
        return
    if is_embedded(home):
        yield from _embedded(patient)
        return
    yield from _server(home)


def _embedded(patient: Patient) -> Iterator[Examined]:
    home = patient.home
    kind = patient.machine.file_system_of(home.database)
    if kind.startswith(_OVER_A_NETWORK):
        yield Examined(
            "database",
            Verdict.WRONG,
            f"{home.database} lies on a network file system ({kind}), which loses SQLite's locks: keep the home on a "
            "disk of this machine, or move to PostgreSQL with `dedere node move`.",
        )


def _server(home: Home) -> Iterator[Examined]:
    version = int(_rows(home, "SHOW server_version_num")[0][0]) // 10_000
    if version < OLDEST_SERVER:
        sentence = f"The server is PostgreSQL {version}: {OLDEST_SERVER} or newer is needed."
        yield Examined("database", Verdict.WRONG, sentence)
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        if _rows(home, f"SHOW {setting}")[0][0] == "off":
            yield Examined(
                "database",
                Verdict.WRONG,
                f"The server may lose what it has confirmed when the power goes: set {setting} = on in its settings.",
            )
    ((encrypted, address),) = _rows(
        home, "SELECT ssl, inet_server_addr()::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    )
    if not encrypted and address is not None and not address.startswith(("127.", "::1")):
        yield Examined(
            "database",
            Verdict.WRONG,
            f"Records travel in clear to {describe(home)}: add ?sslmode=verify-full to the address, and a certificate "
            "to the server.",
        )


def examine_processes(patient: Patient) -> Iterator[Examined]:
    """Whether a worker that should be at work has been seen lately."""
    home = patient.home
    rows = _rows_if_any(home, "SELECT process, at FROM jobs_heartbeat")
    if not _is_served(home):
        yield Examined("processes", Verdict.UNKNOWN, "Nothing serves this home now: `dedere node serve` does.")
        return
    seen = [patient.clock.now() - _instant(at) for _name, at in rows]
    if not any(age < SILENT_AFTER for age in seen):
        yield Examined(
            "processes",
            Verdict.WRONG,
            "The home is served and no worker has been seen for a minute: letters wait. Look at the node's log.",
        )


def _is_served(home: Home) -> bool:
    try:
        with (home.run / "supervisor.lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _rows(home: Home, query: str) -> list[tuple[Any, ...]]:  # whatever the columns hold
    """The rows of a query.

    Raises:
        FacilityError: the database does not answer it.
    """
    with reading(home) as connection:
        cursor = connection.cursor()
        cursor.execute(query)
        return list(cursor.fetchall())


def _rows_if_any(home: Home, query: str) -> list[tuple[Any, ...]]:
    """The same; none from a database that has no such table yet, or does not answer, which is said elsewhere."""
    try:
        return _rows(home, query)
    except FacilityError:
        return []


def _instant(value: object) -> dt.datetime:
    """A column's instant: SQLite gives text without a zone, which is UTC."""
    found = dt.datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
